"""A node's time over restarts, and how long it ran: whatever is done to its clock (R037, R048, C28)."""

from __future__ import annotations

import pytest

from passport.kernel.actor import Actor
from passport.node import actions, queries
from passport.node.models import Boot
from tests.support.clocks import DAY, HOUR, MINUTE, SECOND, YEAR, FakeTime, date

NOW = date(2026, 5, 1)


class Machine(FakeTime):
    """A node whose worker notes the time every two minutes."""

    def work(self, ms: int) -> None:
        with self.used():
            for _ in range(ms // (queries.NOTE_SECONDS * SECOND)):
                self.run(queries.NOTE_SECONDS * SECOND)
                actions.keep_running(by=Actor.machine())

    def start(self, *, off: int = 0, wall: int | None = None) -> None:
        self.reboot(off=off, wall=wall)
        with self.used():
            actions.resume_time()
            actions.keep_running(by=Actor.machine())

    def ran(self) -> int:
        with self.used():
            return queries.running_ms()


@pytest.fixture
def machine(node: None) -> Machine:
    made = Machine(NOW)
    with made.used():
        actions.keep_running(by=Actor.machine())
    return made


def test_a_hub_rebooted_at_1970_goes_on_from_where_it_was(machine: Machine) -> None:
    machine.work(HOUR)
    before = machine.clock.now_ms()
    machine.start(off=3 * DAY, wall=date(1970))
    machine.work(HOUR)
    assert before < machine.clock.now_ms() - HOUR <= before + 5 * MINUTE


def test_a_power_cut_between_two_notes_gives_no_time_twice(machine: Machine) -> None:
    machine.work(HOUR)
    machine.run(119 * SECOND)
    last = machine.clock.now_ms()
    machine.start(wall=date(1970))
    assert machine.clock.now_ms() > last


def test_a_right_clock_is_believed_at_every_start(machine: Machine) -> None:
    for _ in range(20):
        machine.run(90 * SECOND)
        machine.start(off=5 * SECOND)
    assert machine.clock.now_ms() == machine.true


def test_running_time_counts_no_time_switched_off_and_survives_restarts(machine: Machine) -> None:
    machine.work(2 * HOUR)
    machine.start(off=30 * DAY)
    machine.work(HOUR)
    machine.start(off=DAY, wall=date(1970))
    machine.work(HOUR)
    assert machine.ran() == 4 * HOUR


@pytest.mark.parametrize("jump", [-56 * YEAR, -HOUR, HOUR, 50 * YEAR])
def test_running_time_is_the_same_whatever_is_done_to_the_clock(
    machine: Machine, jump: int
) -> None:
    machine.work(2 * HOUR)
    machine.wall += jump
    machine.work(2 * HOUR)
    machine.wall -= jump
    machine.work(2 * HOUR)
    assert machine.ran() == 6 * HOUR


def test_a_second_process_that_keeps_the_time_counts_nothing_twice(machine: Machine) -> None:
    machine.work(HOUR)
    second = Machine(machine.true)
    with second.used():
        actions.resume_time()
    for _ in range(30):
        machine.work(2 * MINUTE)
        second.run(2 * MINUTE)
        with second.used():
            actions.keep_running(by=Actor.machine())
    assert abs(machine.ran() - 2 * HOUR) <= 2 * MINUTE


def test_a_leap_begins_a_new_stretch_and_is_noted_once(machine: Machine) -> None:
    machine.work(HOUR)
    before = machine.clock.now_ms()
    machine.wall += YEAR
    machine.work(HOUR)
    boot = Boot.objects.get()
    assert (boot.number, boot.before) == (2, before + 2 * MINUTE)
    assert boot.began == before + 2 * MINUTE + YEAR


def test_ten_thousand_notes_are_one_row(machine: Machine) -> None:
    for _ in range(50):
        machine.work(20 * MINUTE)
        machine.start(off=HOUR)
    assert Boot.objects.count() == 1


def test_commands_before_there_is_a_node_need_no_time(settings: object, tmp_path: object) -> None:
    settings.KEY_FILE = tmp_path / "node.key"  # type: ignore[attr-defined,operator]
    actions.resume_time()
