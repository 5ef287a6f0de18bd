"""A class at a glance: names from people, progress from learning, titles from courses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from passport.kernel.actor import Actor
from passport.learning import queries as learning
from passport.library import queries as library
from passport.people import queries as people


@dataclass(frozen=True, slots=True)
class Line:
    """One learner."""

    person: UUID
    name: str
    avatar: int
    here: bool
    last_seen: datetime | None
    course: str
    """The title of the course that they are in; "" before the first lesson."""
    colour: str
    lesson: str
    percent: int
    done: bool
    stuck: str
    """The title of the lesson in which two attempts or more have failed; "" where all is well."""
    stuck_lesson: UUID | None
    failed: int
    lessons_done: int
    minutes: int
    """Active time in all."""


@dataclass(frozen=True, slots=True)
class Glance:
    """A class now."""

    group: people.ClassGroup
    lines: tuple[Line, ...]

    @property
    def here(self) -> int:
        return sum(line.here for line in self.lines)

    @property
    def stuck(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.stuck)


def glance(by: Actor, group: UUID) -> Glance:
    """Return a class at a glance, by name, so that nobody jumps about while one looks.

    Raises `NotFound` for classes of other sites.
    """
    known = people.class_list(by, group)
    board = {row.person: row for row in learning.class_board(by, group)}
    rows = board.values()
    wanted = {row.lesson for row in rows if row.lesson} | {row.stuck for row in rows if row.stuck}
    lessons = library.lesson_names(lessons=wanted, language=by.language)
    courses = library.course_cards(
        by=by, language=by.language, courses={row.course for row in rows if row.course}
    )
    return Glance(
        known.group,
        tuple(
            _line(
                learner,
                board.get(learner.person, learning.BoardRow(learner.person)),
                lessons,
                courses,
            )
            for learner in known.learners
        ),
    )


def _line(
    learner: people.Learner,
    row: learning.BoardRow,
    lessons: dict[UUID, library.LessonName],
    courses: dict[UUID, library.CourseCard],
) -> Line:
    course = courses.get(row.course) if row.course else None
    lesson = lessons.get(row.lesson) if row.lesson else None
    stuck = lessons.get(row.stuck) if row.stuck else None
    return Line(
        person=learner.person,
        name=learner.name,
        avatar=learner.avatar,
        here=row.here is not None,
        last_seen=learner.last_seen,
        course=course.title if course else "",
        colour=course.colour if course else "",
        lesson=lesson.title if lesson else "",
        percent=row.percent,
        done=row.done,
        stuck=stuck.title if stuck else ("?" if row.stuck else ""),
        stuck_lesson=row.stuck,
        failed=row.failed,
        lessons_done=row.lessons_done,
        minutes=row.spent // 60_000,
    )
