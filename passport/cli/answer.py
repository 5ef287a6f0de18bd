"""What a command says: sentences for people, the same as data for scripts, and an exit code."""

from __future__ import annotations

import json
import sys
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


def confirmed(question: str, word: str) -> bool:
    """Ask before what can't be undone: whoever means it types the word."""
    print(question, file=sys.stderr)
    try:
        typed = input(f"Type {word} to go on: ")
    except EOFError:
        return False
    return typed.strip() == word


def database_trouble(problem: Exception) -> Answer:
    """Say in a sentence what the database means."""
    said = str(problem)
    if "no such table" in said or "unable to open" in said:
        return Answer(
            ["There is no node in this folder yet. `passport init` makes one."],
            None,
            Exit.NOT_SET_UP,
        )
    if "full" in said:
        return Answer(
            ["The disk is full. Nothing was changed; please make room and try again."],
            None,
            Exit.REFUSED,
        )
    return Answer([f"The database refuses: {said}."], None, Exit.REFUSED)


def show(answer: Answer, *, as_json: bool) -> None:
    """Print it: refusals go to standard error."""
    if as_json:
        data = {"lines": answer.lines} if answer.data is None else answer.data
        print(json.dumps(data, ensure_ascii=False, indent=2, default=str))
        return
    stream = sys.stderr if answer.exit is Exit.REFUSED else sys.stdout
    print("\n".join(answer.lines), file=stream)
