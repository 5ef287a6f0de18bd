"""Files by the hash of what is in them, kept whole on a disk that may lose power at any moment.

A file appears under its name only after its bytes were hashed, found right and flushed, so a name
that exists is a file that is whole (until the disk rots: see scrubbing). Media that pages may show
lie in one folder, what only the node may read (texts and quizzes with their keys) in another.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Final

from django.conf import settings

from passport.kernel import files
from passport.kernel.errors import Damaged
from passport.node.policies import check_room

PRIVATE: Final = frozenset({"json"})
"""Extensions that no page is ever served."""
_PIECE: Final = 1024 * 1024
_DAY: Final = 24 * 3600
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


def place_of(sha256: str, extension: str) -> Path:
    """Where a blob lies, whether it is here or not."""
    folder = settings.MEDIA.parent / "lessons" if extension in PRIVATE else settings.MEDIA
    return Path(folder) / f"{sha256}.{extension}"


def is_sha256(text: str) -> bool:
    """Whether this can be the name of a blob."""
    return _SHA256.fullmatch(text) is not None


def is_here(sha256: str, extension: str, size: int) -> bool:
    """Whether the file is there with the right size; a cheap look, not a proof."""
    try:
        return place_of(sha256, extension).stat().st_size == size
    except OSError:
        return False


def keep(sha256: str, extension: str, source: Path | bytes) -> None:
    """Copy bytes to their place and return once they are on the disk.

    Raises `Damaged` when the bytes are others than the name says, `NoRoom` when the disk is full.
    """
    target = place_of(sha256, extension)
    check_room(target.parent, len(source) if isinstance(source, bytes) else source.stat().st_size)
    # A web server in front may read media itself.
    with files.writing(target, mode=0o644) as sink:
        if _copy(source, sink) != sha256:
            raise Damaged("This file is not what its name says; it was changed on the way.")


def adopt(sha256: str, extension: str, part: Path) -> None:
    """Give a whole file on this disk its place, without copying it; it is on the disk on return.

    Raises `Damaged`, and leaves the file where it was, when its bytes are others than the name says.
    """
    with part.open("r+b") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise Damaged("This file is not what its name says; it was changed on the way.")
        os.fsync(file.fileno())
    target = place_of(sha256, extension)
    files.make_folder(target.parent)
    part.chmod(0o644)  # a web server in front may read media itself
    files.rename(part, target)


def is_whole(sha256: str, extension: str) -> bool:
    """Whether the file's bytes are still the ones that its name says (R035)."""
    try:
        with place_of(sha256, extension).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def discard(sha256: str, extension: str) -> None:
    """Remove a file; fine if it is gone already."""
    place_of(sha256, extension).unlink(missing_ok=True)


def check_content_room(size: int) -> None:
    """Raise `NoRoom` when the disk hasn't so many bytes for content."""
    check_room(Path(settings.MEDIA).parent, size)


def _copy(source: Path | bytes, sink: IO[bytes]) -> str:
    hashed = hashlib.sha256()
    for piece in _pieces(source):
        hashed.update(piece)
        sink.write(piece)
    return hashed.hexdigest()


def _pieces(source: Path | bytes) -> Iterator[bytes]:
    with BytesIO(source) if isinstance(source, bytes) else source.open("rb") as opened:
        while piece := opened.read(_PIECE):
            yield piece
