"""Files by the hash of what is in them, kept whole on a disk that may lose power at any moment.

A file appears under its name only after its bytes were hashed, found right and flushed, so a name
that exists is a file that is whole (until the disk rots: see scrubbing). Media that pages may show
lie in one folder, what only the node may read (texts and quizzes with their keys) in another.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Final

from django.conf import settings

from passport.kernel.errors import Damaged
from passport.library.errors import NoRoom

RESERVE: Final = 256 * 1024 * 1024
"""Bytes of the disk that content never takes: they are for learners' answers (DESIGN section 6)."""
PRIVATE: Final = frozenset({"json"})
"""Extensions that no page is ever served."""
_PIECE: Final = 1024 * 1024
_PART: Final = ".part-"
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
    target.parent.mkdir(parents=True, exist_ok=True)
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    _check_room(target.parent, size)
    part = _written_part(target.parent, source, sha256)
    part.replace(target)
    _flush_folder(target.parent)


def adopt(sha256: str, extension: str, part: Path) -> None:
    """Give a whole file on this disk its place, without copying it; it is on the disk on return.

    Raises `Damaged`, and leaves the file where it was, when its bytes are others than the name says.
    """
    with part.open("r+b") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise Damaged("This file is not what its name says; it was changed on the way.")
        os.fsync(file.fileno())
    target = place_of(sha256, extension)
    target.parent.mkdir(parents=True, exist_ok=True)
    part.chmod(0o644)  # a web server in front may read media itself
    part.replace(target)
    _flush_folder(target.parent)


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


def sweep() -> None:
    """Remove what a power cut left half-written, a day later: nothing is written for so long.

    A day either way: files of a time when the clock was years ahead must not stay for years.
    """
    now = time.time()
    for folder in (Path(settings.MEDIA), Path(settings.MEDIA).parent / "lessons"):
        if folder.is_dir():
            for part in folder.glob(f"{_PART}*"):
                if abs(now - part.stat().st_mtime) > _DAY:
                    part.unlink(missing_ok=True)


def check_room(size: int) -> None:
    """Raise `NoRoom` when the disk hasn't so many bytes for content."""
    _check_room(Path(settings.MEDIA).parent, size)


def _check_room(folder: Path, size: int) -> None:
    if shutil.disk_usage(folder).free < size + RESERVE:
        raise NoRoom("There is too little room on the disk for this content.")


def _written_part(folder: Path, source: Path | bytes, sha256: str) -> Path:
    with NamedTemporaryFile(dir=folder, prefix=_PART, delete=False) as sink:
        part = Path(sink.name)
        try:
            found = _copy(source, sink)
            sink.flush()
            os.fsync(sink.fileno())
        except OSError as problem:
            part.unlink(missing_ok=True)
            if problem.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise NoRoom("There is too little room on the disk for this content.") from problem
            raise
    if found != sha256:
        part.unlink(missing_ok=True)
        raise Damaged("This file is not what its name says; it was changed on the way.")
    part.chmod(0o644)  # a web server in front may read media itself
    return part


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


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
