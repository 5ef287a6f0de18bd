"""Where a file may be cut so that an edit moves few cuts: content-defined chunks (FastCDC 2020).

Only whoever sends cuts files, and what it finds alike is said in bytes from and to, so two nodes
need not cut alike (`docs/decisions/0006`). The cuts of a file never change, since its name is its
hash: they are kept beside the files as a cache that may be thrown away at any time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from struct import Struct
from tempfile import NamedTemporaryFile
from typing import Final

from django.conf import settings
from pyfastcdc import FastCDC

AVERAGE: Final = 32 * 1024
"""Ends of stretches are found byte by byte, so this matters only where edits stand closer together
than chunks do: 200 edits in 25 MB cost 108 times what they changed; with 64 KiB, 477 times. The
index is 500 bytes a megabyte."""
SHORTEST: Final = AVERAGE // 4
LONGEST: Final = AVERAGE * 4
WORTH_CUTTING: Final = 2 * AVERAGE
"""A file smaller than this goes as it is."""
_CUTTER: Final = b"FastCDC 2020, 8-32-128 KiB, level 1, no seed\n"
_CHECK: Final = 32
_LINE: Final = Struct(">16sI")
"""The beginning of a chunk's SHA-256, and its length: enough to find a likeness, which the receiver
checks in full."""

type Cut = tuple[bytes, int]


def cuts_of(name: str, path: Path) -> Iterator[Cut]:
    """Yield the chunks of a blob, in order; each file is cut once. Raises `OSError`."""
    known = Path(settings.MEDIA).parent / "chunks" / name
    lines = _read(known)
    if lines is None:
        lines = _cut(path)
        _write(known, lines)
    return _LINE.iter_unpack(lines)


def _cut(path: Path) -> bytes:
    cutter = FastCDC(AVERAGE, min_size=SHORTEST, max_size=LONGEST)
    with path.open("rb") as file:  # as a stream: mapped, a film would count as our memory
        return b"".join(
            _LINE.pack(sha256(chunk.data).digest()[:16], chunk.length)
            for chunk in cutter.cut_stream(file)
        )


def _read(known: Path) -> bytes | None:
    try:
        content = known.read_bytes()
    except OSError:
        return None
    lines = content[_CHECK:]
    is_sound = content[:_CHECK] == _check(lines) and len(lines) % _LINE.size == 0
    return lines if is_sound else None


def _write(known: Path, lines: bytes) -> None:
    """Keep for the next time. Not flushed: what a power cut spoils is noticed and made again."""
    with suppress(OSError):
        known.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=known.parent, prefix=".part-", delete=False) as file:
            file.write(_check(lines) + lines)
        Path(file.name).replace(known)


def _check(lines: bytes) -> bytes:
    return sha256(_CUTTER + lines).digest()
