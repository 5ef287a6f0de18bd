"""Taking what learners did: every answer, once, on disk before it is acknowledged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID

import msgspec

from passport.kernel.errors import NotFound, PassportError
from passport.learning import policies
from passport.learning.engine import lessons, marking
from passport.learning.engine import state as states
from passport.learning.engine.board import Board, Line
from passport.learning.engine.notes import note_completions, note_enrolments
from passport.learning.errors import Unreadable
from passport.learning.models import Completion, How
from passport.node.actions import close_tails, open_tails, writes_batched
from passport.node.models import Stream, StreamKind
from passport.records import actions as records
from passport.records.errors import NotAnEvent
from passport.records.facts import EVENT, EventBody, EventData, Response, Verb, encode_event
from passport.records.models import Event
from passport.records.policies import check_event
from passport.records.queries import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from passport.kernel.actor import Actor
    from passport.learning.engine.lessons import Lesson
    from passport.node.actions import Tail

type Outcome = Literal["accepted", "already here", "refused"]


class DeviceData(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What the verbs need (`records.facts`); a device decides no marks."""

    page: int | None = None
    of: int | None = None
    start: int | None = None
    end: int | None = None
    attempt: UUID | None = None
    question: str | None = None
    response: Response | None = None
    ms: int | None = None


class DeviceEvent(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One thing that a learner did, as the device noted it."""

    id: UUID
    verb: str
    version: UUID
    lesson: UUID
    at: int
    spent: int = 0
    data: DeviceData = msgspec.field(default_factory=DeviceData)


@dataclass(slots=True)
class Receipt:
    """What became of one event, and how its lesson stands now."""

    id: str
    """The event's id in hex, or what stood in its place."""
    outcome: Outcome
    refusal: PassportError | None = None
    lesson: UUID | None = None
    percent: int = 0
    done: bool = False
    course_done: bool = False
    mark: int | None = None
    """Of an answer, 0-100; None where the quiz isn't here."""
    score: int | None = None
    """Of an attempt that was handed in, 0-100."""
    passed: bool | None = None


@dataclass(slots=True)
class Taken:
    """What a device sent: events that can be read, and a refusal for each that can't."""

    events: list[DeviceEvent] = field(default_factory=list)
    refused: list[Receipt] = field(default_factory=list)
    person: UUID | None = None
    """Whose the device says they are; None where it doesn't say."""


class _Post(msgspec.Struct):
    events: list[DeviceEvent]
    person: UUID | None = None


class _LoosePost(msgspec.Struct):
    events: list[msgspec.Raw]
    person: UUID | None = None


class _LooseEvent(msgspec.Struct):
    id: str = ""


_post: Final = msgspec.json.Decoder(_Post)
_loose_post: Final = msgspec.json.Decoder(_LoosePost)
_event: Final = msgspec.json.Decoder(DeviceEvent)
_loose_event: Final = msgspec.json.Decoder(_LooseEvent)


def read_events(content: bytes) -> Taken:
    """Read `{"person": …, "events": […]}`; `person` may be absent.

    One bad event is refused alone; raises `Unreadable` where the whole can't be read.
    """
    try:
        post = _post.decode(content)
        return Taken(post.events, person=post.person)
    except msgspec.ValidationError:
        pass
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise Unreadable("This can't be read: %(problem)s", problem=str(problem)) from problem
    try:
        loose = _loose_post.decode(content)
    except msgspec.ValidationError as problem:
        raise Unreadable("This can't be read: %(problem)s", problem=str(problem)) from problem
    taken = Taken(person=loose.person)
    for part in loose.events:
        try:
            taken.events.append(_event.decode(part))
        except msgspec.ValidationError as problem:
            refusal = NotAnEvent("This can't be read: %(problem)s", problem=str(problem))
            taken.refused.append(Receipt(_id_of(part), "refused", refusal))
    return taken


def _id_of(part: msgspec.Raw) -> str:
    try:
        return _loose_event.decode(part).id[:36]
    except msgspec.ValidationError:
        return ""


def record(*, by: Actor, events: Sequence[DeviceEvent]) -> list[Receipt]:
    """Take what a learner did into their own stream; returns a receipt for each, in order.

    On return every accepted event is on disk. An id that is known already answers "already here";
    an event that can't be true is refused with a sentence, and the others are taken. The node marks
    answers and decides attempts. Raises `NotLearning`, `TooMuch`, and `NotFound` for a person whose
    stream isn't here. R031, R036, C10.
    """
    person = policies.check_learns(by)
    policies.check_amount(len(events))
    bodies = [_body(event) for event in events]
    return _record(_Work(person, bodies)) if bodies else []


def _body(event: DeviceEvent) -> EventBody:
    said = event.data
    return EventBody(
        id=event.id,
        verb=event.verb,
        version=event.version,
        lesson=event.lesson,
        at=event.at,
        spent=event.spent,
        data=EventData(
            page=said.page,
            of=said.of,
            start=said.start,
            end=said.end,
            attempt=said.attempt,
            question=said.question,
            response=said.response,
            ms=said.ms,
        ),
    )


@dataclass(slots=True)
class _Work:
    """What one request brings."""

    person: UUID
    events: list[EventBody]
    refusals: dict[int, PassportError] = field(init=False)

    def __post_init__(self) -> None:
        """Look at each event before the writer is bothered with it."""
        self.refusals = {}
        for place, event in enumerate(self.events):
            try:
                check_event(event)
                _check_lesson(event)
            except PassportError as refusal:
                self.refusals[place] = refusal

    def good(self) -> Iterable[EventBody]:
        return (
            event for place, event in enumerate(self.events) if place not in self.refusals
        )


_KINDS: Final[dict[str, frozenset[str]]] = {
    Verb.VIEWED: frozenset({"article", "document"}),
    Verb.WATCHED: frozenset({"video", "audio"}),
    Verb.ANSWERED: frozenset({"quiz"}),
    Verb.SUBMITTED: frozenset({"quiz"}),
}


def _check_lesson(event: EventBody) -> None:
    """Refuse what the lesson has no place for. Nothing is refused because content isn't here yet."""
    version = lessons.version(event.version)
    if version is None:
        return
    lesson = version.lessons.get(event.lesson)
    if lesson is None:
        raise NotAnEvent("This lesson isn't part of that course.")
    kinds = _KINDS.get(event.verb)
    if kinds is not None and lesson.kind not in kinds:
        raise NotAnEvent("“%(verb)s” doesn't fit this lesson.", verb=event.verb)
    if event.verb == Verb.VIEWED and event.data.of not in lesson.totals:
        raise NotAnEvent("This lesson doesn't have %(of)s pages.", of=event.data.of)
    if event.verb == Verb.ANSWERED and lesson.whole and event.data.question not in lesson.questions:
        raise NotAnEvent("There is no such question in this quiz.")


@writes_batched
def _record(works: list[_Work]) -> list[list[Receipt] | BaseException]:
    """Take the events of many requests in one go."""
    return _Round(works).run()


class _Round:
    """One run of the writer over what is waiting: a handful of statements for all of it."""

    def __init__(self, works: list[_Work]) -> None:
        self.works = works
        self.known = known([event.id for work in works for event in work.good()])
        persons = {work.person for work in works}
        self.streams = {
            stream.key: stream
            for stream in Stream.objects.filter(kind=StreamKind.PERSON, key__in=persons)
        }
        self.board = Board((work.person, event.lesson) for work in works for event in work.good())
        self.tails: dict[UUID, Tail] = {}
        self.rows: list[Event] = []

    def run(self) -> list[list[Receipt] | BaseException]:
        busy = {
            work.person
            for work in self.works
            if any(event.id not in self.known for event in work.good())
        }
        by_stream = open_tails(stream for key, stream in self.streams.items() if key in busy)
        self.tails = {tail.stream.key: tail for tail in by_stream.values()}
        taken = [self._take(work) for work in self.works]
        done = self.board.settle()
        self._note(done)
        completed = self._completed()
        return [
            self._receipts(work, each, completed) if isinstance(each, list) else each
            for work, each in zip(self.works, taken, strict=True)
        ]

    def _take(self, work: _Work) -> list[Receipt] | BaseException:
        if work.person not in self.streams:
            return NotFound("This person isn't known here.")
        receipts = []
        for place, event in enumerate(work.events):
            receipt = Receipt(event.id.hex, "accepted", lesson=event.lesson)
            if place in work.refusals:
                receipt.outcome, receipt.refusal = "refused", work.refusals[place]
            elif event.id in self.known:
                receipt.outcome = "already here"
            else:
                self.known.add(event.id)
                self._add(work.person, event)
                receipt.mark = event.data.mark
                receipt.score, receipt.passed = event.data.score, event.data.passed
            receipts.append(receipt)
        return receipts

    def _add(self, person: UUID, event: EventBody) -> None:
        lesson = lessons.lesson(event.version, event.lesson)
        if lesson is not None and lesson.questions:
            _decide(event, lesson, self.board.line(person, event.lesson))
        row = Event(id=event.id, lesson=event.lesson, verb=event.verb)
        self.tails[person].add(row, EVENT, encode_event(event))
        self.rows.append(row)
        self.board.add(person, event, row.hlc)

    def _note(self, done: list[Line]) -> None:
        if not self.rows:
            return
        records.note_events(self.rows)
        self.board.save()
        begun = {
            (line.person, line.course)
            for line in self.board.lines.values()
            if line.fresh and line.changed and line.course is not None
        }
        if begun:
            note_enrolments(self.tails.__getitem__, begun, How.STARTED)
        finished = {(line.person, line.course) for line in done if line.course is not None}
        if finished:
            note_completions(self.tails.__getitem__, finished)
        close_tails(self.tails.values())

    def _receipts(
        self, work: _Work, receipts: list[Receipt], completed: set[tuple[UUID, UUID]]
    ) -> list[Receipt]:
        for receipt in receipts:
            if receipt.lesson is None or receipt.outcome == "refused":
                continue
            line = self.board.line(work.person, receipt.lesson)
            stands = self.board.stands(line)
            receipt.percent = stands.percent
            receipt.done = stands.completed_at is not None
            receipt.course_done = (
                receipt.done and line.course is not None and (work.person, line.course) in completed
            )
        return receipts

    def _completed(self) -> set[tuple[UUID, UUID]]:
        """Return who has completed which course, for the lines that are done."""
        lines = [line for line in self.board.lines.values() if self.board.is_done(line)]
        if not lines:
            return set()
        completions = Completion.objects.filter(
            person__in={line.person for line in lines}, course__in={line.course for line in lines}
        )
        return set(completions.values_list("person", "course"))


def _decide(event: EventBody, lesson: Lesson, line: Line) -> None:
    """Put the node's decision into the event."""
    data = event.data
    if event.verb == Verb.ANSWERED and data.question is not None and data.response is not None:
        data.mark = marking.mark(lesson.questions[data.question], data.response)
    elif event.verb == Verb.SUBMITTED and data.attempt is not None:
        attempt = line.state.attempts.get(data.attempt.hex, states.Attempt())
        data.score = states.score_of(attempt, lesson)
        data.passed = data.score >= lesson.pass_mark
