"""What a facilitator sees of the learners of their own site, and nobody of another (C42)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from passport.kernel.errors import NotFound
from passport.kernel.permissions import Permission
from passport.learning.engine.typed import Texts
from passport.learning.models import Assignment, AssignmentEnd, Completion, Enrolment, Progress
from passport.learning.policies import STUCK_AFTER, check_sees_class
from passport.learning.queries.learner import STANDING, LessonStanding, standing_of
from passport.people import queries as people
from passport.people.models import Group, Membership, Person
from passport.records.facts import Verb
from passport.records.queries import answers

if TYPE_CHECKING:
    from datetime import datetime

    from passport.kernel.actor import Actor
    from passport.records.facts import Response


@dataclass(slots=True)
class BoardRow:
    """One learner of a class at a glance."""

    person: UUID
    here: datetime | None = None
    """When they last did something on this node, where that was within five minutes."""
    course: UUID | None = None
    lesson: UUID | None = None
    """Where they are: the lesson of their latest act."""
    percent: int = 0
    """How far they are in it."""
    done: bool = False
    last_at: int = 0
    """When that was, in ms since 1970 by the device's clock."""
    stuck: UUID | None = None
    """The lesson, not done, in which two attempts or more have failed; the latest of several."""
    failed: int = 0
    """How many attempts failed there."""
    lessons_done: int = 0
    spent: int = 0
    """Active time in all, in ms."""


def class_board(by: Actor, group: UUID) -> list[BoardRow]:
    """Return a class at a glance: who is here, where each one is, who is stuck; five queries.

    Names come with `people.queries.class_list`. Raises `NotFound` for classes of other sites.
    """
    here = people.here_now(by, group)
    board = {
        person: BoardRow(person, here=here.get(person)) for person in people.members_of(by, group)
    }
    rows = Progress.objects.filter(person__in=board).order_by("stamp", "lesson")
    for person, course, lesson, percent, completed_at, failed, spent, last_at in rows.values_list(
        "person", "course", "lesson", "percent", "completed_at", "failed", "spent", "last_at"
    ):
        row = board[person]
        row.course, row.lesson, row.percent, row.last_at = course, lesson, percent, last_at
        row.done = completed_at is not None
        row.lessons_done += row.done
        row.spent += spent
        if failed >= STUCK_AFTER and not row.done:
            row.stuck, row.failed = lesson, failed
    return list(board.values())


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """A course that is given to a class, or to one of its learners."""

    id: UUID
    course: UUID
    person: UUID | None
    """None: the whole class."""
    at: int
    """When, in ms since 1970."""


def assignments_of(by: Actor, group: UUID) -> list[AssignmentRow]:
    """Return what is assigned to a class and its learners now, the latest first."""
    check_sees_class(by, Group.objects.filter(pk=group).values_list("site", flat=True).first())
    members = Membership.objects.filter(group=group, departure=None).values("person")
    rows = (
        Assignment.objects.filter(Q(group=group) | Q(person__in=members))
        .exclude(pk__in=AssignmentEnd.objects.values("assignment"))
        .order_by("-at", "pk")
    )
    return [AssignmentRow(*row) for row in rows.values_list("pk", "course", "person", "at")]


@dataclass(slots=True)
class CourseRecord:
    """What one learner did in one course."""

    course: UUID
    lessons: dict[UUID, LessonStanding] = field(default_factory=dict)
    """The lessons that the learner began."""
    spent: int = 0
    """Active time, in ms."""
    last_at: int = 0
    """The latest act, in ms since 1970 by the device's clock; 0: nothing done yet."""
    completed_at: int | None = None
    """When some version was completed, in ms since 1970."""


def record_of(by: Actor, person: UUID) -> list[CourseRecord]:
    """Return the courses that somebody is in: one's own, or one's own learner's.

    The course of the latest act first. Raises `NotFound` for anybody else's.
    """
    check_knows(by, person)
    records = {
        course: CourseRecord(course)
        for course in Enrolment.objects.filter(person=person).values_list("course", flat=True)
    }
    rows = Progress.objects.filter(person=person, course__isnull=False)
    for row in rows.values("course", "lesson", "spent", "last_at", *STANDING):
        record = records.setdefault(row["course"], CourseRecord(row["course"]))
        record.lessons[row["lesson"]] = standing_of(row)
        record.spent += row["spent"]
        record.last_at = max(record.last_at, row["last_at"])
    done = Completion.objects.filter(person=person).order_by("-at").values_list("course", "at")
    for course, at in done:
        records.setdefault(course, CourseRecord(course)).completed_at = at
    return sorted(records.values(), key=lambda record: (-record.last_at, record.course))


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to one question."""

    question: str
    response: Response | None
    """None: it was typed, and the person's key isn't here."""
    mark: int | None
    """0-100; None where the quiz wasn't here when it was given."""
    ms: int
    """Response time."""
    at: int
    """When, in ms since 1970 by the device's clock."""


@dataclass(slots=True)
class AttemptRecord:
    """One go at a quiz, with every answer in the order in which it was given."""

    id: UUID
    version: UUID
    answers: list[Answer] = field(default_factory=list)
    handed_in: int | None = None
    """When, in ms since 1970; None: not yet."""
    score: int | None = None
    passed: bool = False


def answers_of(by: Actor, person: UUID, lesson: UUID) -> list[AttemptRecord]:
    """Return somebody's attempts at a quiz, the earliest first: one's own, or one's own learner's.

    Raises `NotFound` for anybody else's.
    """
    check_knows(by, person)
    texts = Texts(person)
    attempts: dict[UUID, AttemptRecord] = {}
    for _stamp, event in answers(person, lesson):
        data = event.data
        if data.attempt is None:
            continue
        record = attempts.setdefault(data.attempt, AttemptRecord(data.attempt, event.version))
        if event.verb == Verb.ANSWERED and data.question:
            said = texts.response_of(event)
            record.answers.append(Answer(data.question, said, data.mark, data.ms or 0, event.at))
        elif event.verb == Verb.SUBMITTED:
            record.handed_in = event.at if record.handed_in is None else record.handed_in
            record.score = max(record.score or 0, data.score or 0)
            record.passed = record.passed or bool(data.passed)
    return list(attempts.values())


@dataclass(frozen=True, slots=True)
class TimeToComplete:
    """How much active time a course took, up to now."""

    course: UUID
    ms: int


@dataclass(frozen=True, slots=True)
class Measures:
    """The six measures of one learner (R084), from the same rows online and off."""

    enrolments: int
    """In how many courses the person is."""
    lessons_completed: int
    time_to_complete: tuple[TimeToComplete, ...]
    """For each course completed, active time measured by the device's monotonic clock (R048)."""
    response_ms: int | None
    """Mean time to an answer, rounded down; None before the first answer."""
    page_views: int
    """Pages of articles and documents seen to their end, each time counted."""
    quiz_answers: int
    quiz_attempts: int
    """Handed in."""
    quiz_failed: int
    courses_completed: int
    spent: int
    """Active time in all, in ms."""


def measures(by: Actor, person: UUID) -> Measures:
    """Return the six measures of oneself or of one's own learner. Raises `NotFound`."""
    check_knows(by, person)
    rows = list(
        Progress.objects.filter(person=person).values(
            "course", "completed_at", "spent", "views", "answers", "answer_ms", "attempts", "failed"
        )
    )
    completed = set(Completion.objects.filter(person=person).values_list("course", flat=True))
    answered = sum(row["answers"] for row in rows)
    return Measures(
        enrolments=Enrolment.objects.filter(person=person).count(),
        lessons_completed=sum(1 for row in rows if row["completed_at"] is not None),
        time_to_complete=tuple(
            TimeToComplete(course, sum(row["spent"] for row in rows if row["course"] == course))
            for course in sorted(completed)
        ),
        response_ms=sum(row["answer_ms"] for row in rows) // answered if answered else None,
        page_views=sum(row["views"] for row in rows),
        quiz_answers=answered,
        quiz_attempts=sum(row["attempts"] for row in rows),
        quiz_failed=sum(row["failed"] for row in rows),
        courses_completed=len(completed),
        spent=sum(row["spent"] for row in rows),
    )


def check_knows(by: Actor, person: UUID) -> None:
    """Raise `NotFound` unless `by` is this person or sees a class at a site of theirs."""
    if by.is_machine or by.person == person or by.may(Permission.SEE_CLASS):
        return
    sites = set(
        Membership.objects.filter(person=person, departure=None).values_list("site", flat=True)
    )
    home = Person.objects.filter(pk=person).values_list("site", flat=True).first()
    if not any(by.may(Permission.SEE_CLASS, site=site) for site in {*sites, home} if site):
        raise NotFound("There is no such person.")
