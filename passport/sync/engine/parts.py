"""A blob as far as it is here: a file with holes, and beside it a note of what is in it.

What is written is on the disk before the note says so. A power cut leaves the note as it was, and
what was being written is sent again; nothing is believed of the file itself before its hash is right.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Self

import msgspec
from django.conf import settings

from passport.kernel import files
from passport.kernel.encoding import canonical, read
from passport.kernel.errors import Damaged

BLOCK = 1024 * 1024


class Wait(msgspec.Struct, array_like=True):
    """A stretch to copy from a blob, as soon as that one is here."""

    source: str
    at: int
    start: int
    length: int
    digest: bytes


class Note(msgspec.Struct):
    """What is here of a blob."""

    size: int
    here: list[tuple[int, int]] = []
    """From and to, in order, none touching another."""
    waiting: list[Wait] = []
    plain: bool = False
    """Copying has failed; only bytes help."""
    senders: list[str] = []
    refused: list[str] = []
    """Nothing of this blob is taken from them any more: a whole with parts of theirs was wrong."""

    @property
    def lacking(self) -> int:
        return self.size - sum(end - start for start, end in self.here)

    def has(self, start: int, end: int) -> bool:
        return any(begin <= start and end <= until for begin, until in self.here)

    def gaps(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield what of a stretch isn't here."""
        for begin, until in self.here:
            if start < min(begin, end):
                yield start, min(begin, end)
            start = max(start, until)
        if start < end:
            yield start, end

    def add(self, start: int, end: int) -> int:
        """Note that a stretch is here; returns how much of it is new."""
        before = self.lacking
        apart = [one for one in self.here if one[1] < start or end < one[0]]
        touching = [one for one in self.here if not (one[1] < start or end < one[0])]
        begin = min([start, *(one[0] for one in touching)])
        until = max([end, *(one[1] for one in touching)])
        self.here = sorted([*apart, (begin, until)])
        return before - self.lacking


class Part:
    """A blob that is being put together, open for writing."""

    def __init__(self, name: str, size: int, file: BinaryIO) -> None:
        self.name = name
        self.path = path_of(name)
        self.note = note_of(name, size)
        self._file = file

    @classmethod
    @contextmanager
    def opened(cls, name: str, size: int) -> Iterator[Self]:
        """Open it; at the end what was written is on the disk, and then noted."""
        with path_of(name).open("r+b" if path_of(name).exists() else "w+b") as file:
            part = cls(name, size, file)
            yield part
            if part.path.exists():
                part.flush()

    def write(self, start: int, content: bytes | memoryview) -> int:
        """Put bytes in their place, where there are none yet; returns how many."""
        for begin, until in self.note.gaps(start, start + len(content)):
            self._file.seek(begin)
            self._file.write(content[begin - start : until - start])
        return self.note.add(start, start + len(content))

    def copy(self, source: Path, wait: Wait) -> int:
        """Copy a stretch; 0 when the bytes there can't be read, or aren't those that were promised."""
        hashed, done = sha256(), 0
        for block in _blocks(source, wait.at, wait.length):
            hashed.update(block)
            done += len(block)
        if done != wait.length or hashed.digest() != wait.digest:
            return 0
        new, start = 0, wait.start
        for block in _blocks(source, wait.at, wait.length):
            new += self.write(start, block)
            start += len(block)
        return new

    def flush(self) -> None:
        """Have it on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        _write_note(self.name, self.note)

    def begin_again(self, note: Note) -> None:
        """Drop the bytes, which made a wrong whole."""
        self.path.unlink()
        _write_note(self.name, note)


def _blocks(source: Path, at: int, length: int) -> Iterator[bytes]:
    """Read a stretch; ends early where the file does, or can't be read."""
    try:
        with source.open("rb") as file:
            file.seek(at)
            while length and (block := file.read(min(BLOCK, length))):
                yield block
                length -= len(block)
    except OSError:
        return


# The folder


def folder() -> Path:
    return Path(settings.DATA) / "incoming"


def path_of(name: str) -> Path:
    return folder() / f"{name}.part"


def noted() -> list[str]:
    """Return the blobs of which something is here."""
    return sorted(path.stem for path in folder().glob("*.json"))


def note_of(name: str, size: int = 0) -> Note:
    """Read what is here of a blob; what can't be read is nothing, nor is a note without its file."""
    try:
        note = read(_note_path(name).read_bytes(), Note)
    except (OSError, Damaged):
        return Note(size)
    if size not in {0, note.size}:
        return Note(size)
    if note.here and note.here[-1][1] > _length(path_of(name)):
        note.here = []
    return note


def is_begun(name: str) -> bool:
    """Tell whether there is a file of it here."""
    return path_of(name).is_file()


def _length(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def forget(name: str) -> None:
    """Leave nothing: the blob has its place, or isn't wanted any more."""
    path_of(name).unlink(missing_ok=True)
    _note_path(name).unlink(missing_ok=True)


def _note_path(name: str) -> Path:
    return folder() / f"{name}.json"


def _write_note(name: str, note: Note) -> None:
    files.write(_note_path(name), canonical(note))
