"""Progress of one person in one lesson, as a join over the set of events. Pure.

Every part is a sum over distinct events, or a minimum or maximum, so any order of arrival gives
the same state, and the states of two sets that share no event join into the state of their union.
The storage key keeps one event from being added twice. No content is needed to build a state;
`standing` reads it beside what the lesson asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from uuid import UUID

import msgspec

from passport.records.facts import EventBody, Verb

if TYPE_CHECKING:
    from collections.abc import Iterable

    from passport.learning.engine.lessons import Lesson

WATCHED_SHARE: Final = 90
"""Percent of the distinct seconds of a recording that make it watched."""
RECORDING: Final = "0"
"""The key of `State.seen` for seconds; for pages it is how many there are, since a translation may
have another number of them."""
UNMARKED: Final = -1

type Piece = tuple[int, int, int]
"""(first, past the last, when first seen in ms): pages or seconds."""


class Answered(msgspec.Struct, array_like=True):
    """A question's first and last answer in one attempt."""

    first: tuple[int, int]
    """(stamp, mark)"""
    last: tuple[int, int]


class Attempt(msgspec.Struct, array_like=True):
    """One go at a quiz."""

    questions: dict[str, Answered] = {}
    """Until a node has decided the attempt: then they have no more to say, and are left out."""
    handed_in: int | None = None
    """When first handed in, in ms."""
    passed_at: int | None = None
    """When it was first found passed, in ms."""
    score: int | None = None
    """The best score that a node decided."""
    undecided: int | None = None
    """When it was first handed in at a node that didn't hold the quiz, in ms."""


class State(msgspec.Struct, array_like=True):
    """The join. Encoded it is a JSON array."""

    spent: int = 0
    opens: int = 0
    views: int = 0
    answers: int = 0
    answer_ms: int = 0
    last_at: int = 0
    latest: tuple[int, UUID] = (0, UUID(int=0))
    """(stamp, version) of the last act."""
    place: tuple[int, int] = (0, 0)
    """(stamp, page or second) of the last page or stretch seen."""
    versions: list[UUID] = []
    """The versions in which the person acted, sorted."""
    seen: dict[str, list[Piece]] = {}
    attempts: dict[str, Attempt] = {}
    """By attempt id in hex."""


_encoder: Final = msgspec.json.Encoder(order="deterministic", uuid_format="hex")
_decoder: Final = msgspec.json.Decoder(State)
decode = _decoder.decode
encode = _encoder.encode


def add(state: State, event: EventBody, stamp: int, mark: int | None = None) -> None:
    """Add one event that isn't in the state yet; `mark` stands in for one that no node decided."""
    state.spent += event.spent
    state.last_at = max(state.last_at, event.at)
    if stamp >= state.latest[0]:
        state.latest = max(state.latest, (stamp, event.version))
    if event.version not in state.versions:
        state.versions = sorted([*state.versions, event.version])
    adder = _ADDERS.get(event.verb)
    if adder is not None:
        adder(state, event, stamp, mark)


def _add_opened(state: State, event: EventBody, stamp: int, mark: int | None) -> None:
    del event, stamp, mark
    state.opens += 1


def _add_viewed(state: State, event: EventBody, stamp: int, mark: int | None) -> None:
    del mark
    page, of = event.data.page, event.data.of
    if page is None or of is None:
        return
    state.views += 1
    state.place = max(state.place, (stamp, page))
    state.seen[str(of)] = paint(state.seen.get(str(of), []), (page, page + 1, event.at))


def _add_watched(state: State, event: EventBody, stamp: int, mark: int | None) -> None:
    del mark
    start, end = event.data.start, event.data.end
    if start is None or end is None or start >= end:
        return
    state.place = max(state.place, (stamp, end))
    state.seen[RECORDING] = paint(state.seen.get(RECORDING, []), (start, end, event.at))


def _add_answered(state: State, event: EventBody, stamp: int, mark: int | None) -> None:
    data = event.data
    if data.attempt is None or data.question is None:
        return
    state.answers += 1
    state.answer_ms += data.ms or 0
    attempt = _attempt(state, data.attempt)
    if attempt.score is not None:
        return
    decided = data.mark if data.mark is not None else mark
    entry = (stamp, UNMARKED if decided is None else decided)
    before = attempt.questions.get(data.question)
    if before is None:
        attempt.questions[data.question] = Answered(entry, entry)
    else:
        before.first, before.last = min(before.first, entry), max(before.last, entry)


def _add_submitted(state: State, event: EventBody, stamp: int, mark: int | None) -> None:
    del stamp, mark
    data = event.data
    if data.attempt is None:
        return
    attempt = _attempt(state, data.attempt)
    attempt.handed_in = _least(attempt.handed_in, event.at)
    if data.score is None:
        attempt.undecided = _least(attempt.undecided, event.at)
        return
    attempt.score = _most(attempt.score, data.score)
    attempt.questions = {}
    if data.passed:
        attempt.passed_at = _least(attempt.passed_at, event.at)


_ADDERS: Final = {
    Verb.OPENED.value: _add_opened,
    Verb.VIEWED.value: _add_viewed,
    Verb.WATCHED.value: _add_watched,
    Verb.ANSWERED.value: _add_answered,
    Verb.SUBMITTED.value: _add_submitted,
}


def _attempt(state: State, attempt: UUID) -> Attempt:
    name = f"{attempt.int:032x}"  # `hex` costs a call more, for every answer
    known = state.attempts.get(name)
    if known is None:
        known = state.attempts[name] = Attempt()
    return known


def _least(left: int | None, right: int | None) -> int | None:
    return min(left, right) if left is not None and right is not None else _either(left, right)


def _most(left: int | None, right: int | None) -> int | None:
    return max(left, right) if left is not None and right is not None else _either(left, right)


def _either(left: int | None, right: int | None) -> int | None:
    return right if left is None else left


def paint(pieces: list[Piece], new: Piece) -> list[Piece]:
    """Lay one stretch over the others: everywhere the earliest time stays.

    The pieces are sorted, don't overlap, and neighbours with the same time are one, so that equal
    coverings are equal lists.
    """
    first, past, at = new
    if not pieces or pieces[-1][1] < first:
        return [*pieces, new]
    edges = sorted({first, past, *(edge for piece in pieces for edge in piece[:2])})
    painted: list[Piece] = []
    inside = 0
    for left, right in pairwise(edges):
        while inside < len(pieces) and pieces[inside][1] <= left:
            inside += 1
        old = pieces[inside][2] if inside < len(pieces) and pieces[inside][0] <= left else None
        seen_at = _least(old, at if first <= left < past else None)
        if seen_at is None:
            continue
        if painted and painted[-1][1] == left and painted[-1][2] == seen_at:
            painted[-1] = (painted[-1][0], right, seen_at)
        else:
            painted.append((left, right, seen_at))
    return painted


def join(left: State, right: State) -> State:
    """Return the state of the union of two sets of events that share none."""
    joined = decode(encode(left))
    joined.spent += right.spent
    joined.opens += right.opens
    joined.views += right.views
    joined.answers += right.answers
    joined.answer_ms += right.answer_ms
    joined.last_at = max(left.last_at, right.last_at)
    joined.latest = max(left.latest, right.latest)
    joined.place = max(left.place, right.place)
    joined.versions = sorted({*left.versions, *right.versions})
    for of, pieces in right.seen.items():
        for piece in pieces:
            joined.seen[of] = paint(joined.seen.get(of, []), piece)
    for name, attempt in right.attempts.items():
        joined.attempts[name] = _join_attempts(joined.attempts.get(name, Attempt()), attempt)
    return joined


def _join_attempts(left: Attempt, right: Attempt) -> Attempt:
    questions = dict(left.questions)
    for name, answered in right.questions.items():
        before = questions.get(name, answered)
        questions[name] = Answered(
            min(before.first, answered.first), max(before.last, answered.last)
        )
    score = _most(left.score, right.score)
    return Attempt(
        questions=questions if score is None else {},
        handed_in=_least(left.handed_in, right.handed_in),
        passed_at=_least(left.passed_at, right.passed_at),
        score=score,
        undecided=_least(left.undecided, right.undecided),
    )


# What a state comes to, beside what the lesson asks for


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands in a lesson."""

    percent: int
    completed_at: int | None
    attempts: int = 0
    failed: int = 0
    best: int | None = None


def standing(state: State, lessons: Iterable[Lesson]) -> Standing:
    """Read a state beside the lesson as each version that the person acted in has it.

    The lesson is done when one of those versions is satisfied; what was done in an older version
    stays done. Nothing is done because it was opened (C55).
    """
    percent, completed = 0, None
    known = tuple(lessons)
    for lesson in known:
        reached, at = _METERS[lesson.kind](state, lesson)
        percent = max(percent, reached)
        completed = _least(completed, at)
    handed_in = [each for each in state.attempts.values() if each.handed_in is not None]
    results = [_result(each, known) for each in handed_in]
    return Standing(
        percent=percent if completed is None else 100,
        completed_at=completed,
        attempts=len(results),
        failed=sum(1 for _score, passed_at in results if passed_at is None),
        best=max((score for score, _at in results), default=None),
    )


def _pages(state: State, lesson: Lesson) -> tuple[int, int | None]:
    percent, completed = 0, None
    for total in lesson.totals:
        covered = _covered(state.seen.get(str(total), []), 1, total + 1)
        seen = sum(length for _at, length in covered)
        percent = max(percent, min(99, seen * 100 // total))
        if seen == total:
            completed = _least(completed, max(at for at, _length in covered))
    return percent, completed


def _seconds(state: State, lesson: Lesson) -> tuple[int, int | None]:
    percent, completed = 0, None
    for total in lesson.totals:
        covered = _covered(state.seen.get(RECORDING, []), 0, total)
        seen = sum(length for _at, length in covered)
        percent = max(percent, min(99, seen * 100 // total))
        wanted = -(-total * WATCHED_SHARE // 100)
        if seen >= wanted:
            completed = _least(completed, _reached(covered, wanted))
    return percent, completed


def _covered(pieces: list[Piece], first: int, past: int) -> list[tuple[int, int]]:
    """Return (when, how many) for what was seen between two bounds."""
    lengths = (
        (at, min(end, past) - max(start, first))
        for start, end, at in pieces
        if start < past and end > first
    )
    return list(lengths)


def _reached(covered: list[tuple[int, int]], wanted: int) -> int:
    so_far = 0
    for at, length in sorted(covered):
        so_far += length
        if so_far >= wanted:
            return at
    raise AssertionError


def _quiz(state: State, lesson: Lesson) -> tuple[int, int | None]:
    completed, percent = None, 0
    total = max(1, len(lesson.questions))
    for attempt in state.attempts.values():
        answered = sum(1 for name in attempt.questions if name in lesson.questions)
        percent = max(percent, min(99, max(answered * 100 // total, attempt.score or 0)))
        completed = _least(completed, _result(attempt, (lesson,))[1])
    return percent, completed


def _result(attempt: Attempt, lessons: Iterable[Lesson]) -> tuple[int, int | None]:
    """Return (score, passed when) of an attempt that was handed in."""
    best, passed_at = attempt.score or 0, attempt.passed_at
    if attempt.score is not None or attempt.undecided is None:
        return best, passed_at
    for lesson in lessons:
        score = score_of(attempt, lesson)
        best = max(best, score)
        if lesson.questions and score >= lesson.pass_mark:
            passed_at = _least(passed_at, attempt.undecided)
    return best, passed_at


def score_of(attempt: Attempt, lesson: Lesson) -> int:
    """Return the mean mark over all questions of a quiz, 0-100, rounded down.

    With feedback at once the first answer to a question counts, since what follows has seen the
    right one; else the last.
    """
    total = 0
    for name in lesson.questions:
        answered = attempt.questions.get(name)
        if answered is not None:
            total += max(0, (answered.first if lesson.first_counts else answered.last)[1])
    return total // max(1, len(lesson.questions))


def _nothing(state: State, lesson: Lesson) -> tuple[int, int | None]:
    del state, lesson
    return 0, None


_METERS: Final = {
    "article": _pages,
    "document": _pages,
    "video": _seconds,
    "audio": _seconds,
    "quiz": _quiz,
}
"""The one rule of completion of each kind."""
