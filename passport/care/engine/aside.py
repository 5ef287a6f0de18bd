"""What was taken out of the way: rows that don't hold, and databases that others took the place of.

Kept beside for whoever looks into the matter, for a month at most: what is erased must not live on
in a copy (`tidy`).
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from django.conf import settings

from passport.care.engine.chains import Row
from passport.kernel import files
from passport.kernel.clock import moment, now_ms
from passport.kernel.encoding import canonical
from passport.node import queries as node

KEPT_DAYS: Final = 30


def folder() -> Path:
    """Where it all lies."""
    return Path(settings.DATA) / "aside"


def dated(name: str) -> Path:
    """Return a name there that says when."""
    return folder() / f"{date_of(now_ms())}-{name}"


def date_of(ms: int) -> str:
    """Write a moment so that names sort by it."""
    return f"{moment(ms):%Y-%m-%d-%H%M%S}"


def keep(stream: str, origin: str, row: Row) -> None:
    """Write a row of the journal down as it was found; on disk on return."""
    line = canonical({"stream": stream, "origin": origin, **row._asdict()})
    files.append(folder() / "journal.jsonl", line)


def kept_since() -> float:
    """Return since when copies are kept, in seconds since 1970: a month, or since the last erasure."""
    return max(time.time() - KEPT_DAYS * 86_400, node.last_erasure())


def tidy() -> None:
    """Destroy what is older than it may be."""
    latest = kept_since()
    for path in folder().rglob("*") if folder().is_dir() else ():
        if path.is_file() and path.stat().st_mtime < latest:
            path.unlink(missing_ok=True)
