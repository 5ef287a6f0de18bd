"""Sending content: whole to those who know no better, else only what the recipient lacks.

What a blob has in common with what the recipient holds goes as a list of stretches to copy (`C`), the
rest as pieces (`B`). What the recipient said it has of a blob already isn't sent again, so a film
larger than any stick arrives all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Flag, auto
from hashlib import sha256
from typing import BinaryIO

import msgspec

from passport.kernel.encoding import canonical, digest
from passport.library import queries as library
from passport.library.queries import BlobFile, Copy
from passport.node.models import Peer
from passport.sync.engine.incoming import STRETCHES
from passport.sync.engine.wire import (
    RUN_BYTES,
    Content,
    Copied,
    Copies,
    CopiesLine,
    PieceLine,
    pack,
)

TOGETHER = 512 * 1024 * 1024
"""So many bytes of new blobs are compared at once with what the recipient holds."""

type Line = CopiesLine | PieceLine
type Span = tuple[int, int]


class Portion(Flag):
    """What a parcel is made of, in the order of DESIGN section 4."""

    RECORDS = auto()
    SMALL = auto()
    """Blobs of one piece: texts, quizzes, pictures."""
    LARGE = auto()
    ALL = RECORDS | SMALL | LARGE


@dataclass(frozen=True, slots=True)
class _Known:
    """What the recipient said of itself."""

    takes_copies: bool
    partly: dict[str, list[Span]]
    plain: frozenset[str]


def content_for(peer: Peer, portion: Portion) -> Iterator[tuple[Line, bytes]]:
    """Yield the blobs that the peer asked for, and those of courses it can't know of yet, small first."""
    files = [
        file
        for file in library.blobs_for(wanted=peer.wants, unless_held=peer.holds)
        if (Portion.SMALL if file.size <= RUN_BYTES else Portion.LARGE) in portion
    ]
    known = _known(peer)
    if not files:
        return
    held = library.held_by(wanted=peer.wants, held=peer.holds) if known.takes_copies else []
    for some in _together(files):
        alike = library.alike(some, held) if known.takes_copies else {}
        for file in some:
            copies = [] if file.sha256 in known.plain else alike.get(file.sha256, [])
            yield from _blob(file, copies, known.partly.get(file.sha256, []))
        held += some


def _known(peer: Peer) -> _Known:
    if peer.content is None:
        return _Known(takes_copies=False, partly={}, plain=frozenset())
    said = msgspec.convert(peer.content, Content)
    return _Known(takes_copies=True, partly=said.partly, plain=frozenset(said.plain))


def _together(files: Iterable[BlobFile]) -> Iterator[list[BlobFile]]:
    """Part the files, in their order, into groups that are compared at once."""
    group: list[BlobFile] = []
    size = 0
    for file in files:
        if group and size + file.size > TOGETHER:
            yield group
            group, size = [], 0
        group.append(file)
        size += file.size
    if group:
        yield group


def _blob(
    file: BlobFile, copies: Sequence[Copy], here: Iterable[Span]
) -> Iterator[tuple[Line, bytes]]:
    spans = [(start, end) for start, end in here if 0 <= start < end <= file.size]
    copies = [copy for copy in copies if not _covers(spans, copy.start, copy.end)]
    if not file.size:
        yield _line(file, 0, b""), b""
    with file.path.open("rb") as opened:
        if 0 < len(copies) <= STRETCHES:
            payload = _copies(opened, copies)
            yield CopiesLine(blob=file.sha256, size=file.size, digest=digest(payload)), payload
            spans += [(copy.start, copy.end) for copy in copies]
        for start, end in _gaps(file.size, spans):
            opened.seek(start)
            for offset in range(start, end, RUN_BYTES):
                piece = opened.read(min(RUN_BYTES, end - offset))
                yield _line(file, offset, piece), piece


def _line(file: BlobFile, offset: int, piece: bytes) -> PieceLine:
    return PieceLine(
        blob=file.sha256,
        size=file.size,
        offset=offset,
        digest=digest(piece),
        extension=file.extension,
        media_type=file.media_type,
    )


def _copies(file: BinaryIO, copies: Sequence[Copy]) -> bytes:
    """Make the frame: each stretch with the hash of its bytes, which the recipient's must have."""
    sources = list(dict.fromkeys(copy.source for copy in copies))
    return pack(
        canonical(
            Copies(
                sources,
                [
                    Copied(
                        sources.index(copy.source),
                        copy.at,
                        copy.start,
                        copy.length,
                        _hash_of(file, copy.start, copy.length),
                    )
                    for copy in copies
                ],
            )
        )
    )


def _hash_of(file: BinaryIO, start: int, length: int) -> bytes:
    hashed = sha256()
    file.seek(start)
    while length and (block := file.read(min(RUN_BYTES, length))):
        hashed.update(block)
        length -= len(block)
    return hashed.digest()


def _covers(spans: Iterable[Span], start: int, end: int) -> bool:
    return any(begin <= start and end <= until for begin, until in spans)


def _gaps(size: int, spans: Iterable[Span]) -> Iterator[Span]:
    """Yield what of a blob the spans leave out; pieces begin where they always did without any."""
    at = 0
    for start, end in sorted(spans):
        if at < start:
            yield at, start
        at = max(at, end)
    if at < size:
        yield at, size
