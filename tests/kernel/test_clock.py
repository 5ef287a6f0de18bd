"""Node time: never back, at the right rate, whatever the wall clock does (R037, R048, C28)."""

from __future__ import annotations

import threading

import pytest

from passport.kernel.clock import LAST_DAY_MS, Clock, Leap, next_stamp, stamp_ms
from tests.support.clocks import DAY, HOUR, MINUTE, YEAR, FakeTime, date

NOW = date(2026, 5, 1)


def test_it_begins_with_the_wall_clock_and_goes_on_by_itself() -> None:
    time = FakeTime(NOW)
    time.run(90 * MINUTE)
    assert time.clock.now_ms() == NOW + 90 * MINUTE
    assert time.clock.leap is None


@pytest.mark.parametrize("back", [MINUTE, DAY, 56 * YEAR, 200 * YEAR])
def test_a_wall_clock_that_is_set_back_changes_nothing(back: int) -> None:
    time = FakeTime(NOW)
    time.wall -= back
    time.run(3 * HOUR)
    assert time.clock.now_ms() == NOW + 3 * HOUR
    assert time.clock.leap is None


@pytest.mark.parametrize("ahead", [5 * MINUTE, DAY, 50 * YEAR])
def test_one_that_is_set_forward_is_followed_and_remembered(ahead: int) -> None:
    time = FakeTime(NOW)
    time.run(HOUR)
    time.wall += ahead
    assert time.clock.now_ms() == NOW + HOUR + ahead
    assert time.clock.leap == Leap(NOW + HOUR, NOW + HOUR + ahead)
    time.run(HOUR)
    assert time.clock.now_ms() == NOW + 2 * HOUR + ahead


def test_forward_and_back_again_leaves_it_forward_at_the_right_rate() -> None:
    time = FakeTime(NOW)
    time.wall += 50 * YEAR
    ahead = time.clock.now_ms()
    time.wall -= 50 * YEAR
    time.run(HOUR)
    assert time.clock.now_ms() == ahead + HOUR


def test_small_steps_are_followed_and_are_no_leap() -> None:
    time = FakeTime(NOW)
    time.wall += MINUTE
    assert time.clock.now_ms() == NOW + MINUTE
    assert time.clock.leap is None


def test_two_leaps_count_as_one_until_they_are_noted() -> None:
    time = FakeTime(date(1970))
    time.wall = date(2020)
    time.clock.now_ms()
    first = time.clock.leap
    assert first is not None
    time.wall = NOW
    time.clock.now_ms()
    assert time.clock.leap == Leap(date(1970), NOW)
    time.clock.forget_leap(first)
    assert time.clock.leap == Leap(date(1970), NOW)
    time.clock.forget_leap(Leap(date(1970), NOW))
    assert time.clock.leap is None


@pytest.mark.parametrize("wall", [-YEAR, LAST_DAY_MS, 300_000 * YEAR])
def test_a_wall_clock_that_shows_nonsense_is_no_clock(wall: int) -> None:
    assert FakeTime(NOW, wall=wall).clock.now_ms() == 0
    time = FakeTime(NOW)
    time.wall = wall
    assert time.clock.now_ms() == NOW
    assert next_stamp(LAST_DAY_MS, 0) < 2**62


def test_a_start_goes_on_after_what_was_known_and_keeps_a_better_wall_clock() -> None:
    behind = FakeTime(NOW, wall=date(1970))
    behind.clock.go_on_after(NOW, 4 * MINUTE)
    assert behind.clock.now_ms() == behind.clock.since_ms == NOW + 4 * MINUTE
    right = FakeTime(NOW)
    right.clock.go_on_after(NOW - DAY, 4 * MINUTE)
    assert right.clock.now_ms() == right.clock.since_ms == NOW


def test_it_goes_back_for_no_thread_while_somebody_turns_the_wall_clock() -> None:
    wall, tick = [NOW * 1_000_000], [0]

    def monotonic() -> int:
        tick[0] += 1000
        return tick[0]

    clock = Clock(wall=lambda: wall[0], monotonic=monotonic)
    went_back: list[tuple[int, int]] = []

    def watch() -> None:
        before = 0
        for _ in range(3000):
            now = clock.now_ms()
            if now < before:
                went_back.append((before, now))
            before = now

    threads = [threading.Thread(target=watch) for _ in range(4)]
    for thread in threads:
        thread.start()
    for step in range(2000):
        wall[0] = (NOW + (step % 7) * DAY) * 1_000_000
    for thread in threads:
        thread.join()
    assert not went_back


def test_stamps_of_node_time_are_read_back() -> None:
    assert stamp_ms(next_stamp(NOW, 0)) == NOW
    assert next_stamp(NOW, next_stamp(NOW + DAY, 0)) == next_stamp(NOW + DAY, 0) + 1
