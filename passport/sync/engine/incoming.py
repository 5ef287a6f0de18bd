"""Blobs that arrive: whole, in pieces, or as copies of what is here already, from anybody we know.

They come in any order, twice, and from several sticks. The one thing believed is the hash by which
the country has named a blob, and its size: so it doesn't matter who brings it, and the old version
of a course stays until the last byte of the new one was checked.
"""

from __future__ import annotations

import errno
import fcntl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree

from passport.kernel.actor import Actor
from passport.kernel.encoding import read
from passport.kernel.errors import Damaged
from passport.library import actions as library
from passport.library import queries
from passport.library.errors import NoRoom
from passport.node.models import Peer
from passport.sync.engine import parts
from passport.sync.engine.parts import Note, Part, Wait
from passport.sync.engine.wire import RUN_BYTES, Content, Copied, Copies, Opened, PieceLine, unpack

STRETCHES = 20_000
"""A blob is copied together from no more stretches than this."""
SAID_BLOBS = 500
SAID_STRETCHES = 500
"""A peer is told of so many blobs, and of so many stretches of each, that they are here."""


@dataclass(slots=True)
class Brought:
    """What came of the content in a file."""

    blobs: int = 0
    """Whole now."""
    size: int = 0
    """Bytes that were not here before."""
    no_room: set[str] = field(default_factory=set)
    """Blobs that the disk is too full for."""


@dataclass(slots=True)
class _Arrival:
    """What a file holds of one blob."""

    pieces: list[tuple[PieceLine, memoryview]] = field(default_factory=list)
    copies: bytes | None = None


def take_content(peer: Peer, opened: Opened) -> Brought:
    """Keep what a file brings of blobs that the library lacks."""
    brought = Brought()
    arrived = _by_blob(opened)
    if not arrived and not parts.noted():
        return brought
    with _alone():
        sizes = queries.sizes_of_missing()
        _sweep(sizes)
        for name in _in_order(arrived, sizes):
            with _room_counted(name, brought):
                _take(peer, name, sizes[name], arrived[name], brought)
        _go_on(sizes, brought)
    return brought


def said() -> Content:
    """Say what of missing blobs is here, so that it isn't sent again."""
    content = Content()
    for name in parts.noted()[:SAID_BLOBS]:
        note = parts.note_of(name)
        if note.here:
            content.partly[name] = note.here[:SAID_STRETCHES]
        if note.plain or note.waiting:
            content.plain.append(name)
    return content


def _by_blob(opened: Opened) -> dict[str, _Arrival]:
    arrived: dict[str, _Arrival] = {}
    for line, piece in opened.pieces:
        arrived.setdefault(line.blob, _Arrival()).pieces.append((line, piece))
    for copies, payload in opened.copies:
        arrived.setdefault(copies.blob, _Arrival()).copies = payload
    return arrived


def _in_order(names: Iterable[str], sizes: dict[str, int]) -> list[str]:
    """Leave out what isn't wanted; the rest as it was sent, since the larger may copy of the smaller."""
    return sorted(sizes.keys() & names, key=lambda name: (sizes[name], name))


# One blob


def _take(peer: Peer, name: str, size: int, arrival: _Arrival, brought: Brought) -> None:
    pieces = [(line.offset, piece) for line, piece in arrival.pieces if _is_sane(line, piece, size)]
    whole = next((piece for _, piece in pieces if len(piece) == size), None)
    if whole is not None:
        with suppress(Damaged):
            brought.size += size * _took(name, bytes(whole), brought)
            parts.forget(name)
        return
    note = parts.note_of(name, size)
    if peer.key in note.refused or not (pieces or arrival.copies):
        return
    queries.check_room(note.lacking)
    with Part.opened(name, size) as part:
        part.note.senders = sorted({*part.note.senders, peer.key})
        for start, piece in pieces:
            brought.size += part.write(start, piece)
        if arrival.copies is not None and not part.note.plain:
            part.note.waiting = _read_copies(arrival.copies, size)
            part.note.plain = not part.note.waiting
        _copy_what_waits(part, brought)
        _finish(part, brought)


def _is_sane(line: PieceLine, piece: memoryview, size: int) -> bool:
    return (
        line.size == size
        and len(piece) <= RUN_BYTES
        and 0 <= line.offset <= line.offset + len(piece) <= size
    )


def _copy_what_waits(part: Part, brought: Brought) -> None:
    """Copy from the blobs that are here; the rest goes on waiting."""
    waiting, part.note.waiting = part.note.waiting, []
    here = queries.files_here({wait.source for wait in waiting})
    for wait in waiting:
        if part.note.has(wait.start, wait.start + wait.length):
            continue
        source = here.get(wait.source)
        if source is None:
            part.note.waiting.append(wait)
            continue
        copied = part.copy(source.path, wait)
        brought.size += copied
        if not copied:
            part.note.plain = True
            if library.look_again(by=Actor.machine(), sha256=wait.source):
                return  # the source is what it was, so it is the sender who errs
            del here[wait.source]


def _finish(part: Part, brought: Brought) -> None:
    """Check what is whole, and give it its place."""
    if part.note.lacking:
        return
    part.flush()
    try:
        _took(part.name, part.path, brought)
    except Damaged:
        suspects = {*part.note.senders, *part.note.refused} - _countries()
        part.begin_again(Note(part.note.size, plain=True, refused=sorted(suspects)))
    else:
        parts.forget(part.name)


def _took(name: str, source: Path | bytes, brought: Brought) -> bool:
    is_new = library.take_blob(sha256=name, source=source, move=True)
    brought.blobs += is_new
    return is_new


def _read_copies(payload: bytes, size: int) -> list[Wait]:
    """Read a frame of copies; nothing when it isn't what `docs/protocol.md` says."""
    try:
        copies = read(unpack(payload), Copies)
    except Damaged:
        return []
    end = 0
    for one in copies.stretches[: STRETCHES + 1]:
        if not _fits(one, len(copies.sources), end, size):
            return []
        end = one.start + one.length
    if len(copies.stretches) > STRETCHES:
        return []
    return [
        Wait(copies.sources[one.source], one.at, one.start, one.length, one.digest)
        for one in copies.stretches
    ]


def _fits(one: Copied, sources: int, end: int, size: int) -> bool:
    return (
        0 <= one.source < sources
        and one.at >= 0
        and one.length > 0
        and end <= one.start
        and one.start + one.length <= size
    )


# All blobs


def _go_on(sizes: dict[str, int], brought: Brought) -> None:
    """Finish what a power cut kept from it, and copy what waited for a blob that is here now."""
    done = -1
    while brought.blobs > done:
        done = brought.blobs
        for name in _in_order(parts.noted(), sizes):
            if not parts.is_begun(name) and library.look_again(by=Actor.machine(), sha256=name):
                parts.forget(name)
                brought.blobs += 1
                continue
            note = parts.note_of(name, sizes[name])
            if note.lacking and not queries.files_here({wait.source for wait in note.waiting}):
                continue
            with _room_counted(name, brought), Part.opened(name, sizes[name]) as part:
                _copy_what_waits(part, brought)
                _finish(part, brought)


@contextmanager
def _room_counted(name: str, brought: Brought) -> Iterator[None]:
    """Note that there was no room, and go on with the next blob: a smaller one may find some."""
    try:
        yield
    except NoRoom:
        brought.no_room.add(name)
    except OSError as problem:
        if problem.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        brought.no_room.add(name)


@contextmanager
def _alone() -> Iterator[None]:
    """Let one at a time put blobs together, of all threads and processes of this node."""
    parts.folder().mkdir(parents=True, exist_ok=True)
    with (parts.folder() / ".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sweep(wanted: dict[str, int]) -> None:
    """Remove what belongs to a version that was overtaken; and pieces as an earlier program kept them."""
    for path in parts.folder().iterdir():
        if path.is_dir():
            rmtree(path)
        elif path.suffix in {".part", ".json"} and path.stem not in wanted:
            path.unlink()


def _countries() -> set[str]:
    return set(Peer.objects.filter(is_country=True).values_list("key", flat=True))
