"""What is wrong with a course folder: every finding, by file and line, in a plain sentence."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import override

import msgspec


class Severity(StrEnum):
    """An error keeps a course from being published; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One finding. `line` counts from 1; 0 means the file as a whole.

    `message` is an English sentence and a gettext msgid, with `%(name)s` places for `params`:
    doors translate it. `sentence` is the English one, ready to print.
    """

    file: str
    line: int
    severity: Severity
    message: str
    params: dict[str, str] = {}

    @override
    def __hash__(self) -> int:
        return hash((self.file, self.line, self.severity, self.sentence))

    @property
    def sentence(self) -> str:
        """The finding in English."""
        return self.message % self.params if self.params else self.message

    @property
    def place(self) -> str:
        """Where to look: "course.toml:12", or the file alone."""
        return f"{self.file}:{self.line}" if self.line else self.file


class Report:
    """Collects problems; asking it is cheap, and nothing is ever raised for bad input."""

    def __init__(self) -> None:
        """Begin with nothing found."""
        self._found: dict[Problem, None] = {}

    def error(self, file: str, line: int, message: str, /, **params: object) -> None:
        """Note something that keeps the course from being published."""
        self._add(file, line, Severity.ERROR, message, params)

    def warning(self, file: str, line: int, message: str, /, **params: object) -> None:
        """Note something that the author should know."""
        self._add(file, line, Severity.WARNING, message, params)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of them, each once, by file and line."""
        return tuple(sorted(self._found, key=lambda p: (p.file, p.line, p.severity, p.sentence)))

    def _add(
        self, file: str, line: int, severity: Severity, message: str, params: dict[str, object]
    ) -> None:
        said = {name: str(value) for name, value in params.items()}
        problem = Problem(file=file, line=line, severity=severity, message=message, params=said)
        self._found.setdefault(problem)


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of them keeps the course from being published."""
    return any(problem.severity is Severity.ERROR for problem in problems)
