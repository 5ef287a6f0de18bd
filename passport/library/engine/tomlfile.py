"""Reading TOML with the line of every key, so that a finding can say where to look.

`tomllib` gives values without places. A document that it accepts is well-formed, so a second walk
over the text needs no checks of its own: it only follows brackets, quotes and keys.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

import msgspec

Path = tuple[str | int, ...]
_AT_LINE: Final = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR: Final = re.compile(r"[^,\]}\n#]+")
_BLANK: Final = re.compile(r"(?:\s|#[^\n]*)*")


class Toml(msgspec.Struct, frozen=True):
    """A document: its values, and the line (from 1) of each key and array element."""

    values: dict[str, Any]
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing around it."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return 1


class BadToml(msgspec.Struct, frozen=True):
    """What the parser said, and where (0 when it could not say)."""

    line: int
    said: str


def parse(text: str) -> Toml | BadToml:
    """Read a document; never raises for bad input."""
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        said = str(error)
        match = _AT_LINE.search(said)
        at = int(match[1]) if match and match[1] else text.count("\n") + 1 if match else 0
        return BadToml(at, _AT_LINE.sub("", said).strip())
    try:
        lines = _Walk(text).lines()
    except (IndexError, RecursionError):  # a place is a help, never a failure
        lines = {}
    return Toml(values, lines)


class _Walk:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}

    def lines(self) -> dict[Path, int]:
        table: Path = ()
        self._blank()
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._blank()
        return self.found

    def _header(self) -> Path:
        array = self.text.startswith("[[", self.at)
        line = self._line()
        self.at += 2 if array else 1
        path = self._in_last_elements(self._key(), leave_last=array)
        self.at += 2 if array else 1
        if array:
            self.counts[path] = self.counts.get(path, -1) + 1
            path = (*path, self.counts[path])
        self.found.setdefault(path, line)
        return path

    def _in_last_elements(self, key: Path, *, leave_last: bool) -> Path:
        """`[lesson.title]` after `[[lesson]]` belongs to the last lesson."""
        path: Path = ()
        for number, part in enumerate(key):
            path = (*path, part)
            last = leave_last and number == len(key) - 1
            if path in self.counts and not last:
                path = (*path, self.counts[path])
        return path

    def _pair(self, table: Path) -> None:
        line = self._line()
        path = table + self._key()
        self.found.setdefault(path, line)
        self.at += 1  # the equals sign
        self._space()
        self._value(path)

    def _key(self) -> Path:
        parts: list[str | int] = []
        while True:
            self._space()
            if self.text[self.at] in "\"'":
                start = self.at + 1
                self._string()
                parts.append(self.text[start : self.at - 1])
            else:
                parts.append(self._take(_BARE))
            self._space()
            if self.text[self.at] != ".":
                return tuple(parts)
            self.at += 1

    def _value(self, path: Path) -> None:
        opening = self.text[self.at]
        if opening in "\"'":
            self._string()
        elif opening == "[":
            self._list(path)
        elif opening == "{":
            self._inline_table(path)
        else:
            self._take(_SCALAR)

    def _list(self, path: Path) -> None:
        self.at += 1
        number = 0
        while True:
            self._blank()
            if self.text[self.at] == "]":
                break
            self.found.setdefault((*path, number), self._line())
            self._value((*path, number))
            number += 1
            self._blank()
            if self.text[self.at] == ",":
                self.at += 1
        self.at += 1

    def _inline_table(self, path: Path) -> None:
        self.at += 1
        while True:
            self._blank()
            if self.text[self.at] == "}":
                break
            self._pair(path)
            self._blank()
            if self.text[self.at] == ",":
                self.at += 1
        self.at += 1

    def _string(self) -> None:
        quote = self.text[self.at]
        closing = quote * 3 if self.text.startswith(quote * 3, self.at) else quote
        self.at += len(closing)
        while not self.text.startswith(closing, self.at):
            self.at += 2 if quote == '"' and self.text[self.at] == "\\" else 1
        self.at += len(closing)
        while len(closing) == 3 and self.text.startswith(quote, self.at):  # noqa: PLR2004
            self.at += 1  # up to two quotes may stand before the closing three

    def _space(self) -> None:
        while self.text[self.at] in " \t":
            self.at += 1

    def _blank(self) -> None:
        self._take(_BLANK)

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise IndexError  # not what tomllib accepts: give up on places
        self.at = match.end()
        return match[0]

    def _line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1
