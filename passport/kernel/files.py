"""Files that are whole or absent, on a disk that may lose its power at any moment.

Written under a hidden name, flushed, then renamed, and the folder flushed too: a name that exists is a
file whose every byte is on the disk. What a cut leaves behind is hidden, and `sweep` removes it.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Final

from passport.kernel.errors import NoRoom

PART: Final = ".part-"
"""How the name of a file begins that is still being written."""
FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_OWNER_ONLY: Final = 0o600
_OLD_SECONDS: Final = 3600
"""Nothing that is being written rests for so long."""


def write(path: Path, content: bytes, *, mode: int = _OWNER_ONLY) -> None:
    """Put bytes under a name; on return they are on the disk. Raises `NoRoom`."""
    with writing(path, mode=mode) as file:
        file.write(content)


@contextmanager
def writing(path: Path, *, mode: int = _OWNER_ONLY, anew: bool = True) -> Iterator[IO[bytes]]:
    """Give a file to write to; it gets its name when the block ends well, else nothing is left.

    `anew` False never takes the place of a file that is there (raises `FileExistsError`). Raises
    `NoRoom` where the disk is full.
    """
    make_folder(path.parent)
    with _room_in_words(), NamedTemporaryFile(dir=path.parent, prefix=PART, delete=False) as file:
        part = Path(file.name)
        try:
            yield file
            file.flush()
            if mode != _OWNER_ONLY:  # the name was given as its owner's only
                part.chmod(mode)
            os.fsync(file.fileno())
            if anew:
                part.replace(path)
            else:
                path.hardlink_to(part)
                part.unlink()
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    flush_folder(path.parent)


def append(path: Path, line: bytes) -> None:
    """Add a line to a file that only grows; on return it is on the disk.

    A line that a power cut left without its end is ended first, so that it harms no other.
    """
    make_folder(path.parent)
    is_new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, _OWNER_ONLY)
    with _room_in_words(), os.fdopen(handle, "r+b", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        if size and os.pread(handle, 1, size - 1) != b"\n":
            line = b"\n" + line
        file.write(line + b"\n")
        os.fsync(handle)
    if is_new:
        flush_folder(path.parent)


def make_folder(folder: Path, *, mode: int = 0o777) -> None:
    """Make a folder, and those above it; their names are on the disk on return."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode, exist_ok=True)
    flush_folder(folder.parent)


def rename(path: Path, to: Path) -> None:
    """Give a file another name in the same folder, for good."""
    path.replace(to)
    flush_folder(to.parent)


def flush_folder(folder: Path) -> None:
    """Have a folder's names written to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def half_written(folder: Path) -> list[Path]:
    """Find what cuts have left in a folder and those in it. A clock set back doesn't hide any."""
    now = time.time()
    return [
        path
        for path in sorted(folder.rglob(f"{PART}*"))
        if path.is_file() and abs(now - path.stat().st_mtime) > _OLD_SECONDS
    ]


def sweep(folder: Path) -> int:
    """Remove what cuts have left; returns how many files it was."""
    found = half_written(folder)
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


@contextmanager
def _room_in_words() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        if problem.errno in FULL:
            raise NoRoom("The disk is full. Please make room and try again.") from problem
        raise
