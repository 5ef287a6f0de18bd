"""Progress is a join: any order, any grouping, any node gives the same state."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from passport.learning.engine import state as states
from passport.learning.engine.lessons import Lesson
from passport.learning.engine.marking import Key
from passport.learning.engine.state import Standing, State, paint, standing
from passport.records.facts import EventBody, EventData

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

LESSON = UUID(int=1)
VERSIONS = [UUID(int=10), UUID(int=11)]
ATTEMPTS = [UUID(int=100), UUID(int=101), UUID(int=102)]

viewed = some.builds(
    lambda page, of: ("viewed", EventData(page=min(page, of), of=of)),
    some.integers(1, 4),
    some.integers(2, 4),
)
watched = some.builds(
    lambda start, length: ("watched", EventData(start=start, end=start + length)),
    some.integers(0, 25),
    some.integers(1, 12),
)
answered = some.builds(
    lambda attempt, question, mark: (
        "answered",
        EventData(attempt=attempt, question=question, response="b", ms=5, mark=mark),
    ),
    some.sampled_from(ATTEMPTS),
    some.sampled_from(["q1", "q2"]),
    some.sampled_from([None, 0, 50, 100]),
)
submitted = some.builds(
    lambda attempt, score: (
        "submitted",
        EventData(attempt=attempt, score=score, passed=None if score is None else score >= 60),
    ),
    some.sampled_from(ATTEMPTS),
    some.sampled_from([None, 0, 60, 100]),
)
others = some.sampled_from(
    [("opened", EventData()), ("danced", EventData()), ("viewed", EventData())]
)


@some.composite
def histories(draw: some.DrawFn) -> list[tuple[int, EventBody]]:
    """Return (stamp, event) with distinct ids; stamps of two origins may be equal."""
    acts = draw(some.lists(viewed | watched | answered | submitted | others, max_size=25))
    history = []
    for number, (verb, data) in enumerate(acts):
        event = EventBody(
            id=UUID(int=number),
            verb=verb,
            version=draw(some.sampled_from(VERSIONS)),
            lesson=LESSON,
            at=draw(some.integers(0, 40)),
            spent=draw(some.integers(0, 5)),
            data=data,
        )
        history.append((draw(some.integers(0, 30)), event))
    return history


def state_of(history: Iterable[tuple[int, EventBody]]) -> State:
    state = State()
    for stamp, event in history:
        states.add(state, event, stamp)
    return state


def lesson(kind: str, version: UUID = VERSIONS[0], totals: tuple[int, ...] = (3, 4)) -> Lesson:
    questions = {name: Key(kind="one", right=("b",)) for name in ("q1", "q2")}
    return Lesson(
        LESSON, UUID(int=2), version, kind, totals, questions if kind == "quiz" else {}, 60
    )


@given(histories(), some.randoms())
def test_the_order_of_arrival_does_not_matter(
    history: list[tuple[int, EventBody]], luck: Random
) -> None:
    shuffled = list(history)
    luck.shuffle(shuffled)
    assert states.encode(state_of(shuffled)) == states.encode(state_of(history))


@given(histories(), some.integers(0, 25))
def test_two_nodes_come_to_the_state_of_the_union(
    history: list[tuple[int, EventBody]], cut: int
) -> None:
    here, there = state_of(history[:cut]), state_of(history[cut:])
    assert states.encode(states.join(here, there)) == states.encode(state_of(history))
    assert states.encode(states.join(there, here)) == states.encode(state_of(history))


@given(histories())
def test_a_state_comes_back_from_the_disk_as_it_was(history: list[tuple[int, EventBody]]) -> None:
    state = state_of(history)
    assert states.decode(states.encode(state)) == state


@given(histories(), histories(), some.sampled_from(["article", "audio", "document", "quiz"]))
def test_what_is_done_stays_done(
    history: list[tuple[int, EventBody]], more: list[tuple[int, EventBody]], kind: str
) -> None:
    # (Only decided attempts: whether an undecided one passed follows from answers still to come.)
    known = [lesson(kind, version) for version in VERSIONS]
    before = standing(state_of(decided(history)), known)
    after = standing(state_of(decided([*history, *more])), known)
    if before.completed_at is not None:
        assert after.completed_at is not None
        assert after.completed_at <= before.completed_at
        assert after.percent == 100
    assert (after.percent == 100) == (after.completed_at is not None)


strokes_of_paint = some.tuples(some.integers(0, 12), some.integers(1, 6), some.integers(0, 9))


@given(some.lists(strokes_of_paint, max_size=8))
def test_painting_keeps_the_earliest_time_everywhere(strokes: list[tuple[int, int, int]]) -> None:
    pieces: list[states.Piece] = []
    expected: dict[int, int] = {}
    for first, length, at in strokes:
        pieces = paint(pieces, (first, first + length, at))
        for second in range(first, first + length):
            expected[second] = min(at, expected.get(second, at))
    painted = {second: at for first, past, at in pieces for second in range(first, past)}
    assert painted == expected
    assert all(
        left[1] < right[0] or (left[1] == right[0] and left[2] != right[2])
        for left, right in pairwise(pieces)
    )


def decided(history: list[tuple[int, EventBody]]) -> list[tuple[int, EventBody]]:
    return [
        (stamp, event)
        for stamp, event in history
        if event.verb != "submitted" or event.data.passed is not None
    ]


def watch(*stretches: tuple[int, int, int]) -> State:
    state = State()
    for number, (start, end, at) in enumerate(stretches):
        event = EventBody(
            id=UUID(int=number), verb="watched", version=VERSIONS[0], lesson=LESSON, at=at,
            data=EventData(start=start, end=end),
        )  # fmt: skip
        states.add(state, event, number)
    return state


@pytest.mark.parametrize(
    ("stretches", "percent", "completed_at"),
    [
        ([], 0, None),
        ([(0, 10, 1)], 50, None),
        ([(0, 10, 1), (0, 10, 2)], 50, None),
        ([(0, 17, 1)], 85, None),
        ([(0, 18, 7)], 100, 7),
        ([(2, 20, 7)], 100, 7),
        ([(0, 10, 5), (10, 18, 3)], 100, 5),
        ([(0, 9, 1), (11, 20, 2)], 100, 2),
        ([(0, 500, 4)], 100, 4),
        ([(20, 40, 4)], 0, None),
    ],
)
def test_a_recording_of_twenty_seconds(
    stretches: list[tuple[int, int, int]], percent: int, completed_at: int | None
) -> None:
    result = standing(watch(*stretches), [lesson("audio", totals=(20,))])
    assert result == Standing(percent, completed_at)


def test_a_recording_whose_length_is_unknown_is_never_done() -> None:
    assert standing(watch((0, 500, 1)), [lesson("audio", totals=())]) == Standing(0, None)
