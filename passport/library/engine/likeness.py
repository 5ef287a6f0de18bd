"""What new files have in common with files that are elsewhere already.

Found by chunks (`chunks.py`), whatever course, version or language they are in; then what lies between
is compared byte by byte, so that the size of the chunks doesn't matter to what an edit costs.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from passport.library.engine.chunks import cuts_of

PLACES: Final = 4
"""A chunk is looked for in so many places: silence and blank frames are everywhere."""
RUNS: Final = 2_000
"""So often is a file compared anew after a place where it parts: a bound for the time it takes."""
WORTH_SAYING: Final = 256
"""A stretch shorter than this costs nearly as much to say as to send."""
_BLOCK: Final = 64 * 1024
_CELL: Final = 64
"""Where two files part they are compared so many bytes at a time, until they are one again."""


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
            found[file.sha256] = _filled(file, matched, files)
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


def _filled(file: File, copies: Sequence[Copy], files: dict[str, File]) -> list[Copy]:
    """Find between the stretches what is the same although it shares its chunk with a change."""
    first, last = copies[0].source, copies[-1].source
    ends = Copy(first, 0, 0, 0), Copy(last, files[last].size, file.size, 0)
    with ExitStack() as opened:
        handles = {
            name: opened.enter_context(files[name].path.open("rb")).fileno()
            for name in {copy.source for copy in copies}
        }
        gaps = _Gaps(opened.enter_context(file.path.open("rb")).fileno(), handles)
        result: list[Copy] = []
        for left, right in pairwise([ends[0], *copies, ends[1]]):
            _join(result, left)
            for copy in gaps.filled(left.end, right.start, [left, right]):
                _join(result, copy)
        return [copy for copy in result if copy.length >= WORTH_SAYING]


def _join(copies: list[Copy], copy: Copy) -> None:
    """Add a stretch at the end, to the last one where both go on together."""
    last = copies[-1] if copies else None
    if last and (last.source, last.end, last.at + last.length) == (
        copy.source,
        copy.start,
        copy.at,
    ):
        copies[-1] = last._replace(length=last.length + copy.length)
    else:
        copies.append(copy)


@dataclass(slots=True)
class _Gaps:
    """What lies between stretches, compared with where it would be had nothing moved.

    That is where the file would have gone on as before the gap, and where it would have come from as
    it goes on behind it: so an insertion, or a number changed in its place, costs its own bytes.
    """

    new: int
    sources: dict[str, int]
    runs_left: int = RUNS

    def filled(self, start: int, end: int, guides: Sequence[Copy]) -> Iterator[Copy]:
        if not guides:
            return
        guide, *others = guides
        shift = guide.at - guide.start
        at = start
        for begin, until in self._runs(self.sources[guide.source], shift, start, end):
            yield from self.filled(at, begin, others)
            yield Copy(guide.source, begin + shift, begin, until - begin)
            at = until
        yield from self.filled(at, end, others)

    def _runs(self, source: int, shift: int, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield from where to where the new file is what stands in the source, so far shifted."""
        free = at = max(start, -shift)
        while at < end and self.runs_left:
            size = min(_BLOCK, end - at)
            cell = _same_cell(os.pread(self.new, size, at), os.pread(source, size, at + shift))
            if cell is None:
                at += size
                continue
            begin = at + cell
            begin -= _same_behind(self.new, begin, source, begin + shift, begin - free)
            until = begin + _same_ahead(self.new, begin, source, begin + shift, end - begin)
            yield begin, until
            self.runs_left -= 1
            free = at = until


def _same_cell(one: bytes, other: bytes) -> int | None:
    """Find the first cell that is the same in both."""
    cells = range(0, min(len(one), len(other)), _CELL)
    return next((at for at in cells if one[at : at + _CELL] == other[at : at + _CELL]), None)


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
