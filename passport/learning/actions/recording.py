"""Taking what learners did: every answer, once, on disk before it is acknowledged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID

import msgspec

from passport.kernel.actor import Actor
from passport.kernel.encoding import UNREADABLE
from passport.kernel.errors import NotFound, PassportError
from passport.learning import policies
from passport.learning.engine import lessons, marking
from passport.learning.engine import state as states
from passport.learning.engine.board import Board, Line
from passport.learning.engine.notes import note_completions, note_enrolments
from passport.learning.engine.typed import hide_text, is_typed, streams_with_keys
from passport.learning.errors import Unreadable
from passport.learning.models import Completion, How
from passport.node.actions import close_tails, open_person_tails, writes_batched
from passport.records import actions as records
from passport.records.actions import NewEvent
from passport.records.errors import NotAnEvent
from passport.records.facts import EVENT, EventBody, EventData, Verb, encode_event
from passport.records.policies import check_event
from passport.records.queries import known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from passport.learning.engine.lessons import Lesson
    from passport.node.actions import Tail

type Outcome = Literal["accepted", "already here", "refused"]


class DeviceData(EventData, forbid_unknown_fields=True, kw_only=True):
    """What the verbs need (`records.facts`). What the node decides, a device leaves out."""


class DeviceEvent(EventBody, forbid_unknown_fields=True, kw_only=True):
    """One thing that a learner did, as the device noted it: a body without the node's decisions."""

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
    """Whose they are, where the device says so."""


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
    """Read `{"person"?, "events": […]}`. One bad event is refused alone; raises `Unreadable`."""
    try:
        post = _post.decode(content)
        return Taken(post.events, person=post.person)
    except msgspec.ValidationError:
        pass
    except UNREADABLE as problem:
        raise Unreadable("This can't be read: %(problem)s", problem=str(problem)) from problem
    try:
        loose = _loose_post.decode(content)
    except UNREADABLE as problem:
        raise Unreadable("This can't be read: %(problem)s", problem=str(problem)) from problem
    taken = Taken(person=loose.person)
    for part in loose.events:
        try:
            taken.events.append(_event.decode(part))
        except UNREADABLE as problem:
            refusal = NotAnEvent("This can't be read: %(problem)s", problem=str(problem))
            taken.refused.append(Receipt(_id_of(part), "refused", refusal))
    return taken


def _id_of(part: msgspec.Raw) -> str:
    try:
        return _loose_event.decode(part).id[:36]
    except UNREADABLE:
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
    return _record(_Work(person, [_item(event) for event in events])) if events else []


@dataclass(slots=True)
class _Item:
    """One event on its way, with what was found out about it before the writer is bothered."""

    event: EventBody
    lesson: Lesson | None = None
    """The lesson as the event's version has it; None while that isn't here."""
    typed: bool = False
    """The answer may hold free text, which is kept under the person's key."""
    refusal: PassportError | None = None
    line: Line | None = None
    outcome: Outcome = "refused"


@dataclass(slots=True)
class _Work:
    """What one request brings."""

    person: UUID
    items: list[_Item]


def _item(event: DeviceEvent) -> _Item:
    item = _Item(event)
    try:
        check_event(event)
        item.lesson = _lesson_of(event)
        item.typed = is_typed(event, item.lesson)
    except PassportError as refusal:
        item.refusal = refusal
    return item


_KINDS: Final[dict[str, frozenset[str]]] = {
    Verb.VIEWED: frozenset({"article", "document"}),
    Verb.WATCHED: frozenset({"video", "audio"}),
    Verb.ANSWERED: frozenset({"quiz"}),
    Verb.SUBMITTED: frozenset({"quiz"}),
}


def _lesson_of(event: EventBody) -> Lesson | None:
    """Return the lesson; refuse what it has no place for, but nothing for want of content here."""
    version = lessons.version(event.version)
    if version is None:
        return None
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
    return lesson


@writes_batched
def _record(works: list[_Work]) -> list[list[Receipt] | BaseException]:
    """Take the events of many requests in one go."""
    return _Round(works).run()


class _Round:
    """One run of the writer over what is waiting: a handful of statements for all of it."""

    def __init__(self, works: list[_Work]) -> None:
        self.works = works
        good = [
            (work.person, item.event) for work in works for item in work.items if not item.refusal
        ]
        self.known = known([event.id for _person, event in good])
        self.tails = open_person_tails({work.person for work in works})
        self.board = Board((person, event.lesson) for person, event in good)
        typed = {work.person for work in works for item in work.items if item.typed}
        self.streams = streams_with_keys(typed) if typed else {}
        self.used: dict[UUID, Tail] = {}
        self.rows: list[NewEvent] = []

    def run(self) -> list[list[Receipt] | BaseException]:
        for work in self.works:
            if work.person in self.tails:
                self._take(work)
        done = self.board.settle()
        self._save(done)
        completed = self._completed()
        return [
            [self._receipt(work.person, item, completed) for item in work.items]
            if work.person in self.tails
            else NotFound("This person isn't known here.")
            for work in self.works
        ]

    def _take(self, work: _Work) -> None:
        person = work.person
        tail = self.tails[person]
        for item in work.items:
            if item.refusal is not None:
                continue
            event = item.event
            item.line = self.board.line(person, event.lesson)
            if event.id in self.known:
                item.outcome = "already here"
                continue
            item.outcome = "accepted"
            self.known.add(event.id)
            if item.lesson is not None and item.lesson.questions:
                _decide(event, item.lesson, item.line)
            if item.typed:
                hide_text(event, self.streams.get(person))
            body = encode_event(event)
            link = tail.link(EVENT, body)
            place = tail.origin.pk, tail.stream_id, link
            self.rows.append(NewEvent(event.id, event.lesson, event.verb, *place, body))
            self.board.add(item.line, event, link.hlc)
            self.used[person] = tail

    def _save(self, done: list[Line]) -> None:
        if not self.rows:
            return
        records.note_events(self.rows)
        self.board.save()
        close_tails(self.used.values())
        begun = {
            (line.person, line.course)
            for line in self.board.lines.values()
            if line.fresh and line.changed and line.course is not None
        }
        if begun:
            note_enrolments(Actor.machine(), begun, How.STARTED)
        finished = {(line.person, line.course) for line in done if line.course is not None}
        if finished:
            note_completions(Actor.machine(), finished)

    def _completed(self) -> set[tuple[UUID, UUID]]:
        """Return who has completed which course, for the lines that are done."""
        lines = [line for line in self.board.lines.values() if self.board.is_done(line)]
        if not lines:
            return set()
        completions = Completion.objects.filter(
            person__in={line.person for line in lines}, course__in={line.course for line in lines}
        )
        return set(completions.values_list("person", "course"))

    def _receipt(self, person: UUID, item: _Item, completed: set[tuple[UUID, UUID]]) -> Receipt:
        event, line = item.event, item.line
        if line is None:
            return Receipt(event.id.hex, "refused", item.refusal)
        stands = self.board.stands(line)
        done = stands.completed_at is not None
        return Receipt(
            event.id.hex,
            item.outcome,
            lesson=event.lesson,
            percent=stands.percent,
            done=done,
            course_done=done and line.course is not None and (person, line.course) in completed,
            mark=event.data.mark,
            score=event.data.score,
            passed=event.data.passed,
        )


def _decide(event: EventBody, lesson: Lesson, line: Line) -> None:
    """Put the node's decision into the event."""
    data = event.data
    if event.verb == Verb.ANSWERED and data.question is not None and data.response is not None:
        data.mark = marking.mark(lesson.questions[data.question], data.response)
    elif event.verb == Verb.SUBMITTED and data.attempt is not None:
        attempt = line.state.attempts.get(data.attempt.hex, states.Attempt())
        decided = attempt.score
        data.score = states.score_of(attempt, lesson) if decided is None else decided
        data.passed = data.score >= lesson.pass_mark
