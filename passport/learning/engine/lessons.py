"""What the library says of a version's lessons, as far as completion and marking need it.

A version never changes once it is published, so what was read once is remembered for good.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from uuid import UUID

from passport.kernel.errors import NotFound
from passport.learning.engine.marking import Key
from passport.library import queries as library
from passport.library.errors import NotHere

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson as one version has it."""

    id: UUID
    course: UUID
    version: UUID
    kind: str
    totals: tuple[int, ...] = ()
    """Pages or seconds, one figure for each translation that differs."""
    questions: Mapping[str, Key] = field(default_factory=dict)
    """What is right, by question id; empty where the quiz itself isn't here yet."""
    pass_mark: int = 0
    first_counts: bool = True
    """Feedback comes at once, so only the first answer to a question says something."""
    attempts: int = 0
    """How many are allowed; 0: any number."""

    @property
    def whole(self) -> bool:
        """Tell whether all is here to decide with."""
        return self.kind != QUIZ or bool(self.questions)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a course."""

    id: UUID
    course: UUID
    number: int
    lessons: Mapping[UUID, Lesson]
    """In the order of the course."""


QUIZ: Final = "quiz"
_known: Final[dict[UUID, Version]] = {}


def version(version_id: UUID) -> Version | None:
    """Return a version, or None while it isn't here."""
    known = _known.get(version_id)
    if known is None:
        known = _read(version_id)
        if known is not None and all(lesson.whole for lesson in known.lessons.values()):
            _known[version_id] = known
    return known


def lesson(version_id: UUID, lesson_id: UUID) -> Lesson | None:
    """Return a lesson as a version has it; None when either isn't here."""
    found = version(version_id)
    return None if found is None else found.lessons.get(lesson_id)


def versions_of(course: UUID) -> list[Version]:
    """Return the versions of a course that are here, the newest first."""
    ids = library.version_ids(course)
    found = [each for each in map(version, ids) if each is not None]
    return sorted(found, key=lambda each: each.number, reverse=True)


def _read(version_id: UUID) -> Version | None:
    try:
        manifest = library.version_manifest(version_id)
    except NotFound:
        return None
    found = {}
    for each in manifest.lessons:
        totals = {content.pages or content.seconds for content in each.content.values()} - {0}
        lesson = Lesson(each.id, manifest.course, version_id, each.kind, tuple(sorted(totals)))
        found[each.id] = _with_key(lesson) if each.kind == QUIZ else lesson
    return Version(version_id, manifest.course, manifest.number, found)


def _with_key(lesson: Lesson) -> Lesson:
    try:
        quiz = library.quiz(lesson.version, lesson.id)
    except (NotFound, NotHere):
        return lesson
    keys = {}
    for question in quiz.show.questions:
        answer = quiz.key[question.id]
        keys[question.id] = Key(
            kind=answer.kind,
            right=answer.right,
            answers=answer.answers,
            number=answer.number or "0",
            tolerance=answer.tolerance,
            gaps=answer.gaps,
            pairs=tuple(side.id for side in question.left),
        )
    return replace(
        lesson,
        questions=keys,
        pass_mark=quiz.show.pass_mark,
        first_counts=quiz.show.feedback == "at once",
        attempts=quiz.show.attempts,
    )
