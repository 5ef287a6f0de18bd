"""What a command says: sentences for people, the same as data for scripts, and an exit code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class Exit(IntEnum):
    """Exit codes, the same for every command."""

    DONE = 0
    REFUSED = 1
    """Nothing was changed; the sentence says why."""
    USAGE = 2
    """The command was not understood (argparse's own code)."""
    IN_PART = 3
    """Some of what was asked was done; the sentences say what was not."""
    NOT_SET_UP = 4
    """There is no node in this folder yet."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of a command."""

    lines: list[str]
    data: Any = None
    """What `--json` prints; the lines where a command has nothing better."""
    exit: Exit = Exit.DONE


def table(rows: Sequence[tuple[str, ...]], heads: tuple[str, ...]) -> list[str]:
    """Lay rows out in columns."""
    if not rows:
        return ["Nothing yet."]
    widths = [max(len(row[at]) for row in (heads, *rows)) for at in range(len(heads))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (heads, *rows)
    ]
