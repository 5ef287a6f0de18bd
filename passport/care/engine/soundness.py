"""How sound a file of SQLite is, looked at without Django, which could not open a broken one (C21)."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Final


def damage(path: Path) -> list[str]:
    """Return what SQLite's own check finds, at most twenty things; none: it is sound."""
    try:
        raw = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            raw.text_factory = bytes
            said = [
                row[0].decode(errors="replace") for row in raw.execute("PRAGMA integrity_check(20)")
            ]
            raw.execute("SELECT count(*) FROM django_migrations").fetchone()
        finally:
            raw.close()
    except (sqlite3.Error, UnicodeDecodeError) as problem:
        return [str(problem)]
    return [] if said == ["ok"] else said


def mend_indexes(path: Path) -> None:
    """Write every index again from its table; what can't be is found by the next look."""
    try:
        raw = sqlite3.connect(path, isolation_level=None)
        try:
            raw.executescript("PRAGMA synchronous=FULL; REINDEX; PRAGMA wal_checkpoint(TRUNCATE);")
        finally:
            raw.close()
    except (sqlite3.Error, UnicodeDecodeError):
        return


_ABOUT_INDEX: Final = re.compile(
    r"row \d+ missing from index|wrong # of entries in index|non-unique entry in index"
    r"|rowid not at end-of-record for row \d+ of index"
)


def is_only_indexes(path: Path, said: list[str]) -> bool:
    """Tell whether all that was found lies in indexes, which can be made again from their tables."""
    trees = _index_trees(path)

    def is_of_index(line: str) -> bool:
        tree = re.search(r"Tree (\d+)", line)
        return bool(_ABOUT_INDEX.search(line)) or (tree is not None and int(tree[1]) in trees)

    return bool(said) and all(
        is_of_index(one) for line in said for one in line.splitlines() if one.strip("* ")
    )


def _index_trees(path: Path) -> set[int]:
    try:
        raw = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            return {
                row[0]
                for row in raw.execute("SELECT rootpage FROM sqlite_master WHERE type = 'index'")
            }
        finally:
            raw.close()
    except (sqlite3.Error, UnicodeDecodeError):
        return set()
