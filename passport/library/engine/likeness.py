"""What new files have in common with files that are elsewhere already.

Found by chunks (`chunks.py`), whatever course, version or language they are in; then each stretch is
made longer, byte by byte, to where the two files really part.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from passport.library.engine.chunks import cuts_of

PLACES: Final = 4
"""A chunk is looked for in so many places: silence and blank frames are everywhere."""
WORTH_SAYING: Final = 256
"""A stretch shorter than this costs nearly as much to say as to send."""
_BLOCK: Final = 64 * 1024


class Copy(NamedTuple):
    """A stretch of a new file that is the same as one of another file."""

    source: str
    """The other file's name."""
    at: int
    """Where the stretch begins there."""
    start: int
    """Where it begins in the new file."""
    length: int

    @property
    def end(self) -> int:
        return self.start + self.length


class File(Protocol):
    """A blob that is here."""

    @property
    def sha256(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def path(self) -> Path: ...


type Places = dict[bytes, list[tuple[str, int]]]


def alike(new: Sequence[File], held: Iterable[File]) -> dict[str, list[Copy]]:
    """Find for each new file what it has in common with held ones, and with the new ones before it.

    Memory goes with the new files alone: about 10 KB a megabyte of them.
    """
    places: Places = {digest: [] for file in new for digest, _ in _cuts(file)}
    files = {file.sha256: file for file in new}
    for file in held:
        if _add(places, file):
            files[file.sha256] = file
    found = {}
    for file in new:
        matched = _matched(file, places)
        if matched:
            found[file.sha256] = _lengthened(file, matched, files)
        _add(places, file)
    return found


def _cuts(file: File) -> Iterator[tuple[bytes, int]]:
    with suppress(OSError):  # gone, or unreadable: then nothing is like it
        yield from cuts_of(file.sha256, file.path)


def _add(places: Places, file: File) -> bool:
    """Note where wanted chunks stand in a file; tells whether one does."""
    at, stands = 0, False
    for digest, length in _cuts(file):
        known = places.get(digest)
        if known is not None:
            stands = True
            if len(known) < PLACES:
                known.append((file.sha256, at))
        at += length
    return stands


def _matched(file: File, places: Places) -> list[Copy]:
    """Join chunks that follow one another in both files."""
    copies: list[Copy] = []
    start = 0
    for digest, length in _cuts(file):
        known = places.get(digest)
        if known:
            last = copies[-1] if copies else None
            if last and last.end == start and (last.source, last.at + last.length) in known:
                copies[-1] = last._replace(length=last.length + length)
            else:
                copies.append(Copy(*known[0], start, length))
        start += length
    return copies


def _lengthened(file: File, copies: Sequence[Copy], files: dict[str, File]) -> list[Copy]:
    """Move the ends of stretches to where the bytes part."""
    first, last = copies[0].source, copies[-1].source
    anchored = [
        Copy(first, 0, 0, 0),  # files that part in their first chunk may begin alike all the same
        *copies,
        Copy(last, files[last].size, file.size, 0),
    ]
    with ExitStack() as opened:
        handles = {
            name: opened.enter_context(files[name].path.open("rb")).fileno()
            for name in {copy.source for copy in copies}
        }
        new = opened.enter_context(file.path.open("rb")).fileno()
        result: list[Copy] = []
        for number, copy in enumerate(anchored):
            source = handles[copy.source]
            free = copy.start - (result[-1].end if result else 0)
            back = _same_behind(new, copy.start, source, copy.at, min(free, copy.at))
            following = anchored[number + 1].start if number + 1 < len(anchored) else file.size
            ahead = _same_ahead(new, copy.end, source, copy.at + copy.length, following - copy.end)
            if copy.length + back + ahead >= WORTH_SAYING:
                result.append(
                    Copy(copy.source, copy.at - back, copy.start - back, copy.length + back + ahead)
                )
    return result


def _same_ahead(a: int, at: int, b: int, bt: int, most: int) -> int:
    same = 0
    while same < most:
        size = min(_BLOCK, most - same)
        one, other = os.pread(a, size, at + same), os.pread(b, size, bt + same)
        if one != other or not one:
            return same + _same_beginning(one, other)
        same += len(one)
    return same


def _same_behind(a: int, at: int, b: int, bt: int, most: int) -> int:
    same = 0
    while same < most:
        size = min(_BLOCK, most - same)
        one, other = os.pread(a, size, at - same - size), os.pread(b, size, bt - same - size)
        if one != other or not one:
            return same + _same_beginning(one[::-1], other[::-1])
        same += len(one)
    return same


def _same_beginning(one: bytes, other: bytes) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
