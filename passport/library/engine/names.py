"""Names of files inside a course: what a reference means, and what is only litter."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath
from typing import Final

_LEFT_BY_SYSTEMS: Final = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})


def inside(base: str, reference: str) -> str | None:
    """Return the name that `reference`, found in the file `base`, means; None if it climbs out.

    >>> inside("lessons/apples.en.md", "../apple.svg")
    'apple.svg'
    """
    if not reference or "\\" in reference or "\0" in reference or reference.startswith("/"):
        return None
    if len(reference) > 1 and reference[1] == ":":
        return None
    parts: list[str] = list(PurePosixPath(base).parent.parts)
    for part in reference.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return unicodedata.normalize("NFC", "/".join(parts)) or None


def is_litter(name: str) -> bool:
    """Whether a file was left there by an operating system or an editor."""
    parts = name.split("/")
    return any(
        (part.startswith(".") and part != "..") or part.endswith("~") or part in _LEFT_BY_SYSTEMS
        for part in parts
    )
