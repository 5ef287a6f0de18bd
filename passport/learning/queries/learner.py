"""What a learner sees of their own learning."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from passport.kernel.ids import derived_id
from passport.learning.engine import lessons
from passport.learning.engine import state as states
from passport.learning.engine.typed import Texts
from passport.learning.models import Assignment, AssignmentEnd, Completion, Progress
from passport.learning.policies import check_learns
from passport.library.models import Course
from passport.node.queries import Prepared
from passport.people.models import Membership
from passport.records.facts import Verb
from passport.records.queries import answers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from passport.kernel.actor import Actor
    from passport.records.facts import Response


@dataclass(frozen=True, slots=True)
class LessonStanding:
    """Where a person stands in a lesson. `percent` is 100 exactly when it is done."""

    percent: int = 0
    done: bool = False
    place: int = 0
    """Where to go on: the page (from 1) or second at which the person was last; 0: at first."""
    attempts: int = 0
    failed: int = 0
    best: int | None = None
    """The best score, 0-100; None before a first attempt was handed in."""


NOT_BEGUN: Final = LessonStanding()
STANDING: Final = ("percent", "completed_at", "place", "attempts", "failed", "best")


def standing_of(row: Mapping[str, Any]) -> LessonStanding:
    return _standing(*(row[name] for name in STANDING))


def _standing(  # noqa: PLR0917 - the order of `STANDING`
    percent: int, completed_at: int | None, place: int, attempts: int, failed: int, best: int | None
) -> LessonStanding:
    return LessonStanding(percent, completed_at is not None, place, attempts, failed, best)


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """A person's progress in one course, for a page that has the course's lessons at hand."""

    lessons: Mapping[UUID, LessonStanding]
    """The lessons that the person began."""
    completed: frozenset[UUID] = frozenset()
    """The versions that the person completed."""

    @property
    def is_complete(self) -> bool:
        """Tell whether any version was completed: no later edit takes that away."""
        return bool(self.completed)

    def of(self, lesson: UUID) -> LessonStanding:
        return self.lessons.get(lesson, NOT_BEGUN)

    def percent(self, lessons: Sequence[UUID]) -> int:
        """Return how much of the lessons shown is done, 0-100."""
        return _percent([self.of(lesson) for lesson in lessons])

    def next_of(self, lessons: Iterable[UUID]) -> UUID | None:
        """Return the first of the lessons shown that isn't done."""
        return next((lesson for lesson in lessons if not self.of(lesson).done), None)


def _percent(standings: Sequence[LessonStanding]) -> int:
    return sum(each.percent for each in standings) // max(1, len(standings))


def course_progress(by: Actor, course: UUID) -> CourseProgress:
    """Return how far `by` is in a course: two queries, however many lessons."""
    person = check_learns(by)
    return CourseProgress(
        lessons={lesson: _standing(*stands) for lesson, *stands in _in_course(person, course)},
        completed=frozenset(version for (version,) in _completed_of(person, course)),
    )


_in_course: Prepared[tuple[Any, ...]] = Prepared(
    lambda person, course: Progress.objects.filter(person=person, course=course).values_list(
        "lesson", *STANDING
    )
)
_completed_of: Prepared[tuple[UUID]] = Prepared(
    lambda person, course: Completion.objects.filter(person=person, course=course).values_list(
        "version"
    )
)


@dataclass(frozen=True, slots=True)
class CourseStanding:
    """A course on the home page. Its title and picture are the library's."""

    course: UUID
    percent: int = 0
    done: int = 0
    """How many of its lessons are done."""
    lessons: int = 0
    """How many it has in the version that is shown now; 0 while none is here."""
    next_lesson: UUID | None = None
    """Where to go on: the first lesson that isn't done."""
    completed: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A course that was given to the person or to their class, and isn't complete."""

    standing: CourseStanding
    personal: bool
    at: int
    """When, in ms since 1970."""


@dataclass(frozen=True, slots=True)
class Home:
    """What a learner's home page offers."""

    go_on: list[CourseStanding] = field(default_factory=list)
    """Courses begun and not complete; the one of the latest act first."""
    assigned: list[Given] = field(default_factory=list)
    """The latest first; a course given twice stands once."""


def home(by: Actor) -> Home:
    """Return what `by` may go on with and what is assigned to them; four queries."""
    person = check_learns(by)
    begun: dict[UUID, dict[UUID, LessonStanding]] = {}
    for course, lesson, *stands in _begun(person):
        begun.setdefault(course, {})[lesson] = _standing(*stands)
    completed = {course for (course,) in _completed(person)}
    given = _given(person)
    open_courses = [course for course in {**begun, **given} if course not in completed]
    shown = dict(_shown(*open_courses)) if open_courses else {}
    standings = {
        course: _course_standing(course, shown[course], begun.get(course, {}))
        for course in open_courses
        if course in shown
    }
    return Home(
        go_on=[standings[course] for course in begun if course in standings],
        assigned=[
            Given(standings[course], personal=personal, at=at)
            for course, (personal, at) in given.items()
            if course in standings
        ],
    )


def _assignments(person: UUID) -> QuerySet[Assignment, Any]:
    groups = Membership.objects.filter(person=person, departure=None).values("group")
    mine = Assignment.objects.filter(person=person) | Assignment.objects.filter(group__in=groups)
    standing = mine.exclude(pk__in=AssignmentEnd.objects.values("assignment"))
    return standing.order_by("-at", "pk").values_list("course", "person", "at")


_assigned: Prepared[tuple[UUID, UUID | None, int]] = Prepared(_assignments)
_begun: Prepared[tuple[Any, ...]] = Prepared(
    lambda person: (
        Progress.objects.filter(person=person, course__isnull=False)
        .order_by("-stamp")
        .values_list("course", "lesson", *STANDING)
    )
)
_completed: Prepared[tuple[UUID]] = Prepared(
    lambda person: Completion.objects.filter(person=person).values_list("course")
)
_shown: Prepared[tuple[UUID, UUID]] = Prepared(
    lambda *courses: Course.objects.filter(pk__in=courses, current__isnull=False).values_list(
        "pk", "current_id"
    )
)


def _given(person: UUID) -> dict[UUID, tuple[bool, int]]:
    """Return course → (personal, when), the latest first."""
    given: dict[UUID, tuple[bool, int]] = {}
    for course, whom, at in _assigned(person):
        personal, first_at = given.get(course, (False, at))
        given[course] = (personal or whom is not None, first_at)
    return given


def _course_standing(
    course: UUID, version_id: UUID, begun: Mapping[UUID, LessonStanding]
) -> CourseStanding:
    version = lessons.version(version_id)
    if version is None:
        return CourseStanding(course)
    standings = [begun.get(lesson, NOT_BEGUN) for lesson in version.lessons]
    return CourseStanding(
        course=course,
        percent=_percent(standings),
        done=sum(1 for each in standings if each.done),
        lessons=len(standings),
        next_lesson=next(
            (
                lesson
                for lesson, each in zip(version.lessons, standings, strict=True)
                if not each.done
            ),
            None,
        ),
    )


@dataclass(frozen=True, slots=True)
class Learnt:
    """A version of a course that somebody completed."""

    course: UUID
    version: UUID
    at: int
    """When the last lesson was done, in ms since 1970."""


def learnt(by: Actor) -> list[Learnt]:
    """Return what `by` has completed, the latest first."""
    rows = Completion.objects.filter(person=check_learns(by)).order_by("-at", "pk")
    return [Learnt(*row) for row in rows.values_list("course", "version", "at")]


def resume(by: Actor, lesson: UUID) -> LessonStanding:
    """Return where `by` stands in a lesson and where to go on; one query."""
    rows = Progress.objects.filter(person=check_learns(by), lesson=lesson)
    row = rows.values(*STANDING).first()
    return NOT_BEGUN if row is None else standing_of(row)


@dataclass(frozen=True, slots=True)
class Attempt:
    """The go at a quiz that is open, or the next one."""

    id: UUID
    """What answers are sent under. The next one's id follows from how many there were, so a page
    that is loaded again asks in the same order."""
    seed: int
    """Shuffles questions and choices; remembered with the attempt, since it follows from the id."""
    number: int
    """Counts from 1."""
    answers: Mapping[str, Response | None]
    """What was answered so far, by question: what counts is the first answer where feedback comes
    at once, else the last."""
    marks: Mapping[str, int]
    """0-100, of those answers; an answer that isn't marked yet is left out."""
    left: int | None
    """How many attempts are left, this one counted; None: any number."""
    standing: LessonStanding


def attempt(by: Actor, lesson: UUID, version: UUID, *, wish: UUID | None = None) -> Attempt:
    """Return the open attempt of `by` at a quiz of this version, or the one to begin; two queries.

    `wish` names the attempt that a device has begun and not sent yet; it is granted unless that one
    was handed in.
    """
    person = check_learns(by)
    row = Progress.objects.filter(person=person, lesson=lesson).values(*STANDING, "state").first()
    state = states.State() if row is None else states.decode(bytes(row["state"]))
    quiz = lessons.lesson(version, lesson)
    handed_in = sum(1 for each in state.attempts.values() if each.handed_in is not None)
    unfinished = {
        name: max(each.last[0] for each in one.questions.values())
        for name, one in state.attempts.items()
        if one.handed_in is None and one.questions
    }
    wished = None if wish is None else state.attempts.get(wish.hex, states.Attempt())
    if wish is not None and wished is not None and wished.handed_in is None:
        key = wish
    elif unfinished:
        key = UUID(max(unfinished, key=unfinished.__getitem__))
    else:
        key = derived_id("attempt", person, lesson, str(len(state.attempts)))
    first_counts = quiz is None or quiz.first_counts
    said, marks = _answers_so_far(person, lesson, key, first_counts=first_counts)
    return Attempt(
        id=key,
        seed=int.from_bytes(key.bytes[-4:]),
        number=handed_in + 1,
        answers=said,
        marks=marks,
        left=max(0, quiz.attempts - handed_in) if quiz is not None and quiz.attempts else None,
        standing=NOT_BEGUN if row is None else standing_of(row),
    )


def _answers_so_far(
    person: UUID, lesson: UUID, attempt_id: UUID, *, first_counts: bool
) -> tuple[dict[str, Response | None], dict[str, int]]:
    texts = Texts(person)
    said: dict[str, Response | None] = {}
    marks: dict[str, int] = {}
    for _stamp, event in answers(person, lesson):
        data = event.data
        if event.verb != Verb.ANSWERED or data.attempt != attempt_id:
            continue
        if data.question is None:
            continue
        if first_counts and data.question in said:
            continue
        said[data.question] = texts.response_of(event)
        if data.mark is not None:
            marks[data.question] = data.mark
    return said, marks
