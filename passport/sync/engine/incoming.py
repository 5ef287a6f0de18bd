"""Blobs that arrive in pieces: each piece is a small file until all are here, then the whole is checked.

Pieces come in any order, twice, and from several sticks; a power cut costs at most the one that was
being written.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from passport.kernel.errors import PassportError
from passport.library import actions as library
from passport.library import queries
from passport.sync.engine.wire import RUN_BYTES, PieceLine

BLOB_BYTES = 4 * 1024**3
HEX = frozenset("0123456789abcdef")


def take_pieces(pieces: Iterable[tuple[PieceLine, bytes]]) -> int:
    """Keep pieces of blobs that the library lacks; returns how many blobs are whole now."""
    missing = set(queries.missing_blobs())
    return sum(_take_piece(line, piece) for line, piece in pieces if line.blob in missing)


def _take_piece(line: PieceLine, piece: bytes) -> bool:
    """Keep a piece; tells whether its blob is whole with it."""
    if not _is_sane(line, piece):
        return False
    if len(piece) == line.size:
        return _taken(line.blob, piece)
    folder = _folder(line.blob)
    folder.mkdir(parents=True, exist_ok=True)
    hidden, path = folder / f".{line.offset}", folder / str(line.offset)
    with hidden.open("wb") as file:
        file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    hidden.rename(path)
    offsets = range(0, line.size, RUN_BYTES)
    if not all((folder / str(offset)).exists() for offset in offsets):
        return False
    return _put_together(line.blob, folder, [folder / str(offset) for offset in offsets])


def _taken(blob: str, source: Path | bytes) -> bool:
    try:
        library.take_blob(sha256=blob, source=source)
    except PassportError:
        return False
    return True


def _is_sane(line: PieceLine, piece: bytes) -> bool:
    return (
        len(line.blob) == 64  # noqa: PLR2004 - SHA-256 in hex
        and HEX.issuperset(line.blob)
        and 0 <= line.offset < max(line.size, 1) <= BLOB_BYTES
        and line.offset % RUN_BYTES == 0
        and len(piece) == min(RUN_BYTES, line.size - line.offset)
    )


def _folder(blob: str) -> Path:
    return Path(settings.DATA) / "incoming" / blob


def _put_together(blob: str, folder: Path, pieces: list[Path]) -> bool:
    whole = folder / "whole"
    with whole.open("wb") as file:
        for piece in pieces:
            file.write(piece.read_bytes())
    try:
        return _taken(blob, whole)
    finally:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
