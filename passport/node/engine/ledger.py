"""The ledger of erasures: who was erased, kept beside the key file so that no backup takes it back.

One line an erasure, the canonical body of its entry, written before the erasure counts as done. The
first line says which file this is: only the ledger that has lain here from the node's beginning knows
every erasure, and a copy of it may lack the last ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from django.conf import settings

from passport.kernel import files
from passport.kernel.encoding import canonical, read
from passport.kernel.errors import Damaged
from passport.node.engine.keyring import place_of


class _Beginning(msgspec.Struct):
    ledger: str
    """Where this very file lies; a copy lies elsewhere."""


def place() -> Path:
    """Where the ledger lies."""
    return Path(settings.KEY_FILE).parent / "erased.jsonl"


def begin(erased: Iterable[bytes] = ()) -> None:
    """Begin a ledger that knows every erasure up to now; takes the place of one that doesn't."""
    with files.writing(place()) as file:
        beginning = _Beginning(place_of(Path(file.name)))  # which the renaming doesn't change
        file.writelines(line + b"\n" for line in (canonical(beginning), *erased))


def append(body: bytes) -> None:
    """Remember one more; on disk on return. Remembering twice does no harm."""
    files.append(place(), body)


def is_complete() -> bool:
    """Tell whether this is the file that was begun here, which therefore lacks nothing."""
    try:
        with place().open("rb") as file:
            return read(file.readline(), _Beginning).ledger == place_of(place())
    except (OSError, Damaged):
        return False


def erased() -> Iterator[bytes]:
    """Read the bodies, in their order; a line that a power cut left half is passed over."""
    try:
        file = place().open("rb")
    except FileNotFoundError:
        return
    with file:
        for line in file:
            try:
                body = read(line, dict[str, object])
            except Damaged:
                continue
            if "ledger" not in body:
                yield line.rstrip(b"\n")


def written_at() -> float:
    """Return when somebody was last erased, in seconds since 1970; 0 where nobody was."""
    return place().stat().st_mtime if any(erased()) else 0.0
