"""What a hub's clock is corrected to, by what is known of it: a table of cases (R048, C15, C28)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passport.fleet.engine.timeline import Evidence, Quality, Source, Timeline
from passport.fleet.policies import worth_noting
from tests.support.clocks import DAY, HOUR, MINUTE, YEAR, date

WRONG = date(1970)
TRUE = date(2026, 5, 1)
BEHIND = TRUE - WRONG


def start(node: int, boot: int = 1, wall: int = 0) -> Evidence:
    return Evidence(Source.START, node, wall, boot)


def leap(before: int, after: int, boot: int = 2) -> Evidence:
    return Evidence(Source.LEAP, after, before, boot)


def country(node: int, reference: int) -> Evidence:
    return Evidence(Source.COUNTRY, node, reference)


def devices(node: int, reference: int, count: int = 5) -> Evidence:
    return Evidence(Source.DEVICES, node, reference, devices=count)


def parcel(node: int, reference: int) -> Evidence:
    return Evidence(Source.PARCEL, node, reference)


def arrival(node: int, reference: int) -> Evidence:
    return Evidence(Source.ARRIVAL, node, reference)


C, D = Quality.COUNTRY, Quality.DEVICES
EARLY, LATE, NONE = Quality.NO_EARLIER, Quality.NO_LATER, Quality.UNKNOWN

CASES: dict[str, tuple[list[Evidence], int, int, Quality]] = {
    "nothing is known": ([], WRONG, WRONG, NONE),
    "a start alone says nothing": ([start(WRONG)], WRONG + DAY, WRONG + DAY, NONE),
    "the country was met after the event": (
        [start(WRONG), country(WRONG + DAY, TRUE)], WRONG + HOUR, TRUE - 23 * HOUR, C,
    ),
    "the country was met before the event": (
        [start(WRONG), country(WRONG + DAY, TRUE)], WRONG + 3 * DAY, TRUE + 2 * DAY, C,
    ),
    "the nearest meeting counts, for crystals drift": (
        [start(WRONG), country(WRONG, TRUE), country(WRONG + 400 * DAY, TRUE + 400 * DAY + HOUR)],
        WRONG + 390 * DAY, TRUE + 390 * DAY + HOUR, C,
    ),
    "a clock that is ahead": (
        [start(date(2080)), country(date(2080), TRUE)], date(2080) + DAY, TRUE + DAY, C,
    ),
    "devices agree": ([start(WRONG), devices(WRONG, TRUE)], WRONG + HOUR, TRUE + HOUR, D),
    "the country is better than devices": (
        [start(WRONG), devices(WRONG, TRUE + DAY), country(WRONG, TRUE)], WRONG, TRUE, C,
    ),
    "a parcel on a stick: no earlier than it was made, and the time since": (
        [start(WRONG), parcel(WRONG + DAY, TRUE)], WRONG + 2 * DAY, TRUE + DAY, EARLY,
    ),
    "the best of several parcels holds for the whole stretch": (
        [start(WRONG), parcel(WRONG + DAY, TRUE), parcel(WRONG + 2 * DAY, TRUE + 9 * DAY)],
        WRONG + DAY, TRUE + 8 * DAY, EARLY,
    ),
    "a right clock stays right when a parcel took a week": (
        [start(TRUE), parcel(TRUE, TRUE - 7 * DAY)], TRUE + DAY, TRUE + DAY, NONE,
    ),
    "no event is later than its arrival": (
        [start(date(2080)), arrival(date(2080) + DAY, TRUE)], date(2080), TRUE - DAY, LATE,
    ),
    "a right clock stays right however late the stick came": (
        [start(TRUE), arrival(TRUE + DAY, TRUE + 90 * DAY)], TRUE, TRUE, NONE,
    ),
    "devices that say earlier than a parcel was made are wrong": (
        [start(WRONG), parcel(WRONG, TRUE), devices(WRONG, TRUE - YEAR)], WRONG, TRUE, EARLY,
    ),
    "devices that say later than the arrival are wrong": (
        [start(WRONG), devices(WRONG, TRUE + YEAR), arrival(WRONG + DAY, TRUE)],
        WRONG, TRUE - DAY, LATE,
    ),
    "a start ends what an offset holds for": (
        [start(WRONG), country(WRONG, TRUE), start(WRONG + DAY, 2)],
        WRONG + 2 * DAY, WRONG + 2 * DAY + BEHIND - 2 * DAY, EARLY,
    ),
    "what comes before a stretch that is known is no later than that": (
        [start(date(2080)), start(date(2080) + DAY, 2), country(date(2080) + DAY, TRUE)],
        date(2080), TRUE, LATE,
    ),
    "the second start is known by itself": (
        [start(WRONG), start(WRONG + DAY, 2), country(WRONG + DAY, TRUE)],
        WRONG + 2 * DAY, TRUE + DAY, C,
    ),
    "set right by hand: what was noted before the leap is right too": (
        [start(WRONG), leap(WRONG + DAY, TRUE), country(TRUE + HOUR, TRUE + HOUR)],
        WRONG + HOUR, TRUE - 23 * HOUR, C,
    ),
    "set wrong by hand: what is known from before the leap holds after it": (
        [start(TRUE), country(TRUE, TRUE), leap(TRUE + DAY, TRUE + 50 * YEAR)],
        TRUE + 50 * YEAR + HOUR, TRUE + DAY + HOUR, C,
    ),
    "two leaps": (
        [
            start(WRONG), leap(WRONG + DAY, date(2000)), leap(date(2000) + DAY, TRUE, 3),
            devices(TRUE, TRUE + 9 * DAY),
        ],
        WRONG, TRUE + 9 * DAY - 2 * DAY, D,
    ),
    "a leap over a start that was never noted joins nothing": (
        [start(WRONG), leap(WRONG + DAY, TRUE, boot=4), country(TRUE, TRUE)],
        WRONG, WRONG, NONE,
    ),
    "before the first note": ([start(TRUE), country(TRUE, TRUE)], TRUE - DAY, TRUE - DAY, NONE),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=list(CASES))
def test_when_it_happened(case: str) -> None:
    evidence, noted, expected, quality = CASES[case]
    found = Timeline(evidence).at(noted)
    assert (found.ms, found.quality) == (expected, quality)


@pytest.mark.parametrize("case", CASES, ids=list(CASES))
def test_the_order_of_arrival_of_the_evidence_changes_nothing(case: str) -> None:
    evidence, noted, expected, quality = CASES[case]
    found = Timeline(evidence[::-1]).at(noted)
    assert (found.ms, found.quality) == (expected, quality)


def test_the_evidence_that_decided_is_shown() -> None:
    rows = [start(WRONG), parcel(WRONG + DAY, TRUE), start(WRONG + 2 * DAY, 2)]
    assert Timeline(rows).at(WRONG + 3 * DAY).evidence == (rows[1], rows[2])


@given(st.lists(st.integers(0, 10 * DAY), min_size=2, max_size=8), st.integers(-60, 60))
def test_durations_and_order_between_two_starts_are_those_of_the_hub(
    noted: list[int], years: int
) -> None:
    """R048: an offset of years moves all of them together."""
    node = date(2040)
    known = Timeline([start(node), country(node + DAY, node + DAY + years * YEAR // 2)])
    corrected = [known.at(node + ms).ms for ms in noted]
    assert [a - corrected[0] for a in corrected] == [ms - noted[0] for ms in noted]


NOTED = {
    "at a start": ([], start(1), True),
    "the same start again": ([start(1)], start(1), False),
    "a parcel after the start": ([start(1)], parcel(2, DAY), True),
    "the same parcel again": ([start(1), parcel(2, DAY)], parcel(2 + HOUR, DAY), False),
    "a later parcel": ([start(1), parcel(2, DAY)], parcel(2, 2 * DAY), True),
    "devices after a parcel": ([start(1), parcel(2, DAY)], devices(3, DAY), True),
    "a parcel after devices": ([start(1), devices(3, DAY)], parcel(4, 2 * DAY), False),
    "devices that drift, at once": ([devices(3, DAY)], devices(4, DAY + HOUR), False),
    "devices that drift, a day later": ([devices(3, DAY)], devices(DAY + 3, DAY), True),
    "the country after devices": ([devices(3, DAY)], country(4, DAY), True),
    "devices after the country": ([country(4, DAY)], devices(5, 9 * DAY), False),
    "the country again": ([country(4, DAY)], country(4 + HOUR, DAY + HOUR + MINUTE), False),
    "the country, drifted": ([country(4, DAY)], country(4 + HOUR, DAY + HOUR + 3 * MINUTE), True),
    "the country, drifted as far as the round trip is long": (
        [country(4, DAY)],
        Evidence(Source.COUNTRY, 4 + HOUR, DAY + HOUR + 3 * MINUTE, trip=2 * MINUTE),
        False,
    ),
}


@pytest.mark.parametrize("case", NOTED, ids=list(NOTED))
def test_only_what_says_more_is_worth_a_note(case: str) -> None:
    known, new, worth = NOTED[case]
    assert worth_noting(known, new) is worth
