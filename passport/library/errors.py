"""Refusals of this room."""

from __future__ import annotations

from passport.kernel.errors import Invalid, NoRoom, PassportError
from passport.library.engine.problems import Problem

__all__ = ["CourseRefused", "NoRoom", "NotHere"]


class NotHere(PassportError):
    """The content is known but its file is not on this node, or not whole; it will be fetched."""


class CourseRefused(Invalid):
    """A course folder with errors. `problems` holds them all, warnings included."""

    problems: tuple[Problem, ...]

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Say how many errors there are; the list says where."""
        self.problems = problems
        errors = sum(problem.severity == "error" for problem in problems)
        super().__init__("The course can't be published: %(errors)s errors.", errors=errors)
