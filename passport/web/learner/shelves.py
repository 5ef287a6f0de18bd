"""What is the same for every learner, remembered for a few seconds: a class opens a page together.

What has just been published shows that much later, and nothing else does: who may see what is part
of the question.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final
from uuid import UUID

from passport.kernel.actor import Actor
from passport.library import queries as library
from passport.library.policies import hidden_from
from passport.library.queries import CourseCard, CoursePage

SECONDS: Final = 5.0
ROOM_FOR: Final = 200

_held: dict[tuple[object, ...], tuple[float, object]] = {}


def first_courses(by: Actor, language: str, size: int) -> tuple[CourseCard, ...]:
    """The beginning of the catalogue."""
    key = ("first", hidden_from(by), language, size)
    return _remembered(key, lambda: library.first_courses(by=by, language=language, size=size))


def course_page(by: Actor, course: UUID, language: str) -> CoursePage:
    """A course and its lessons. Raises `NotFound`, which is never remembered."""
    key = ("course", hidden_from(by), language, course)
    return _remembered(key, lambda: library.course_page(by=by, course_id=course, language=language))


def forget() -> None:
    """Ask the library again."""
    _held.clear()


def _remembered[T](key: tuple[object, ...], ask: Callable[[], T]) -> T:
    now = time.monotonic()
    held = _held.get(key)
    if held is not None and now - held[0] < SECONDS:
        return held[1]  # type: ignore[return-value] # the key says what it is
    if len(_held) >= ROOM_FOR:
        _held.clear()
    answer = ask()
    _held[key] = (now, answer)
    return answer
