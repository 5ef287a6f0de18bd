"""What the library says of a version's lessons, as far as completion and marking need it.

A version never changes once it is published, so what was read once is remembered for good.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from passport.learning.engine.marking import Key


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
        return self.kind != "quiz" or bool(self.questions)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a course."""

    id: UUID
    course: UUID
    number: int
    lessons: Mapping[UUID, Lesson]
    """In the order of the course."""


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
