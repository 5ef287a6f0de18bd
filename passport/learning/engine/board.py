"""The rows of `Progress` while events are added: read once, changed in memory, written once.

Plain SQL, because every answer of every learner comes through here.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING, Final, Self

from django.db import connection

from passport.learning.engine import lessons, marking
from passport.learning.engine import state as states
from passport.learning.engine.state import State, standing
from passport.learning.engine.typed import Texts
from passport.node.models import insert_rows, uuid_writer
from passport.records.facts import Verb, decode_event
from passport.records.queries import rows_of_lessons

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from passport.learning.engine.lessons import Lesson
    from passport.learning.engine.state import Standing
    from passport.node.models import Value
    from passport.records.facts import EventBody

_COLUMNS: Final = (
    "person", "lesson", "course", "version", "percent", "completed_at", "spent", "opens", "views",
    "answers", "answer_ms", "attempts", "failed", "best", "place", "last_at", "stamp", "waits_for",
    "state",
)  # fmt: skip
_REPLACE: Final = "ON CONFLICT (person, lesson) DO UPDATE SET " + ", ".join(
    f"{name} = excluded.{name}" for name in _COLUMNS[2:]
)
_AT_ONCE: Final = 400


@dataclass(slots=True)
class Line:
    """One person's progress in one lesson."""

    person: UUID
    lesson: UUID
    state: State
    fresh: bool
    """There was no row yet."""
    was_done: bool
    course: UUID | None = None
    stands: Standing | None = None
    changed: bool = False
    waits_for: UUID | None = None


class Board:
    """Some lines of progress, at work."""

    def __init__(self, places: Iterable[tuple[UUID, UUID]]) -> None:
        """Read the lines of (person, lesson) pairs: one query for each 400."""
        self.lines: dict[tuple[UUID, UUID], Line] = {}
        self.texts: dict[UUID, Texts] = {}
        write = uuid_writer()
        wanted = {(write(pair[0]), write(pair[1])): pair for pair in dict.fromkeys(places)}
        cast = "::uuid" if connection.vendor == "postgresql" else ""
        with connection.cursor() as cursor:
            for part in batched(wanted, _AT_ONCE):
                marks = ", ".join([f"(%s{cast}, %s{cast})"] * len(part))
                cursor.execute(
                    "SELECT person, lesson, completed_at, state FROM learning_progress"  # noqa: S608 - marks only
                    f" WHERE (person, lesson) IN (VALUES {marks})",
                    [each for pair in part for each in pair],
                )
                for person, lesson, completed_at, state in cursor.fetchall():
                    pair = wanted[person, lesson]
                    self.lines[pair] = Line(
                        *pair, states.decode(state), fresh=False, was_done=completed_at is not None
                    )

    @classmethod
    def recounted(cls, places: Iterable[tuple[UUID, UUID]]) -> Self:
        """Build lines again from all the events of (person, lesson) pairs."""
        pairs = set(places)
        board = cls(pairs)
        for pair in pairs:
            line = board.line(*pair)
            line.state, line.changed = State(), True
        persons, its_lessons = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
        for person, stamp, body in rows_of_lessons(persons, its_lessons):
            event = decode_event(body)
            if (person, event.lesson) in pairs:
                board.add(board.line(person, event.lesson), event, stamp)
        return board

    def stands(self, line: Line) -> Standing:
        """Return what a line comes to."""
        if line.stands is None:
            line.stands = _settle(line)
        return line.stands

    def is_done(self, line: Line) -> bool:
        return self.stands(line).completed_at is not None

    def line(self, person: UUID, lesson: UUID) -> Line:
        """Return a line that was asked for at the start, a new one where there is no row."""
        found = self.lines.get((person, lesson))
        if found is None:
            found = Line(person, lesson, State(), fresh=True, was_done=False)
            self.lines[person, lesson] = found
        return found

    def add(self, line: Line, event: EventBody, stamp: int) -> None:
        """Add an event that was not counted before."""
        self.add_all(line, [(event, stamp)])

    def add_all(self, line: Line, acts: Iterable[tuple[EventBody, int]]) -> None:
        """Add events (body, stamp) that were not counted before."""
        state, person = line.state, line.person
        for event, stamp in acts:
            states.add(state, event, stamp, self._mark_of(person, event))
        line.changed = True
        line.stands = None

    def _mark_of(self, person: UUID, event: EventBody) -> int | None:
        """Mark an answer that no node has marked; None when it needs none, or the quiz isn't here."""
        data = event.data
        if data.mark is not None or event.verb != Verb.ANSWERED or data.question is None:
            return None
        lesson = lessons.lesson(event.version, event.lesson)
        key = None if lesson is None else lesson.questions.get(data.question)
        if key is None:
            return None
        response = self.texts.setdefault(person, Texts(person)).response_of(event)
        return None if response is None else marking.mark(key, response)

    def settle(self) -> list[Line]:
        """Work out what the changed lines come to; returns those that are done now and were not."""
        done = []
        for line in self.lines.values():
            if line.changed:
                line.stands = _settle(line)
                if line.stands.completed_at is not None and not line.was_done:
                    done.append(line)
        return done

    def save(self) -> None:
        """Write the changed lines, in one statement."""
        as_value = uuid_writer()
        rows: list[tuple[Value, ...]] = []
        for line in self.lines.values():
            stands, state = line.stands, line.state
            if not line.changed or stands is None:
                continue
            rows.append(
                (
                    as_value(line.person),
                    as_value(line.lesson),
                    None if line.course is None else as_value(line.course),
                    as_value(state.latest[1]),
                    stands.percent,
                    stands.completed_at,
                    state.spent,
                    state.opens,
                    state.views,
                    state.answers,
                    state.answer_ms,
                    stands.attempts,
                    stands.failed,
                    stands.best,
                    state.place[1],
                    state.last_at,
                    state.latest[0],
                    None if line.waits_for is None else as_value(line.waits_for),
                    states.encode(state),
                )
            )
        insert_rows("learning_progress", _COLUMNS, rows, conflict=_REPLACE)


def _settle(line: Line) -> Standing:
    known: list[Lesson] = []
    line.waits_for = None
    for version_id in line.state.versions:
        version = lessons.version(version_id)
        lesson = None if version is None else version.lessons.get(line.lesson)
        if version is None or (lesson is not None and not lesson.whole):
            line.waits_for = version_id
        if version is not None:
            line.course = version.course
        if lesson is not None:
            known.append(lesson)
    return standing(line.state, known)
