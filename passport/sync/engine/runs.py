"""Runs: a stretch of one origin's entries in one stream, out of the journal into bytes and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, NamedTuple

import msgspec
from django.db import connection
from msgspec import Meta

from passport.kernel.chain import hashes
from passport.kernel.encoding import UNREADABLE, digest, read
from passport.kernel.errors import Damaged
from passport.kernel.sealing import seal, unseal
from passport.sync.engine.wire import RUN_BYTES, Number, OriginName, RunLine, pack, unpack
from passport.sync.manifest import JOURNALS

RUN_ENTRIES = 1000
"""No run has more entries: what is applied in one transaction is bounded."""


class Stretch(NamedTuple):
    """Which entries: after `after` up to `upto` of one origin in one stream, by id and on the wire."""

    stream_id: int
    stream: str
    origin_id: int
    origin: str
    after: int
    upto: int


NO_DEP = b"null"
_NOTHING_SAID = msgspec.Raw(NO_DEP)


class Line(msgspec.Struct, array_like=True, gc=False):
    """One entry on the wire. `seq` and `prev` follow from where it stands."""

    hlc: Annotated[int, Meta(ge=0, le=2**63 - 1)]
    kind: Annotated[str, Meta(pattern=r"\A[a-z0-9_.]{1,32}@[0-9]{1,6}\Z")]
    body: msgspec.Raw
    dep: msgspec.Raw = _NOTHING_SAID


class Decoded(msgspec.Struct, frozen=True, gc=False):
    """One entry of a received run, with its place and its checked hash."""

    seq: int
    hlc: int
    kind: str
    body: bytes
    said: bytes | None
    """`dep` as it was written."""
    hash: bytes
    dep: dict[str, int] | None
    epoch: int


class _Custody(msgspec.Struct):
    under: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


_lines = msgspec.json.Decoder(Line)


def runs_of(stretch: Stretch, prev: bytes, key: bytes | None) -> Iterator[tuple[RunLine, bytes]]:
    """Read a stretch out of the journal as runs, each with its line for the manifest.

    `prev` is the hash of the entry at `stretch.after`. With `key` the payloads are sealed under it.
    A hole in the journal ends the stretch.
    """
    lines: list[bytes] = []
    size = 0
    first = stretch.after + 1
    head = prev
    for seq, hlc, kind, body, dep, hashed in _rows(stretch):
        if seq != first + len(lines):
            break
        line = _line(hlc, kind, bytes(body), dep)
        if lines and (size + len(line) > RUN_BYTES or len(lines) == RUN_ENTRIES):
            yield _run(stretch, lines, prev=prev, head=head, first=first, key=key)
            lines, size, first, prev = [], 0, seq, head
        lines.append(line)
        size += len(line) + 1
        head = bytes(hashed)
    if lines:
        yield _run(stretch, lines, prev=prev, head=head, first=first, key=key)


_ROWS = " UNION ALL ".join(
    f"SELECT seq, hlc, kind, body, dep, hash FROM {table._meta.db_table}"  # noqa: S608, SLF001 - ours
    " WHERE stream_id = %s AND origin_id = %s AND seq > %s AND seq <= %s"
    for table in JOURNALS
)


def _rows(stretch: Stretch) -> Iterator[tuple[Any, ...]]:
    """Read the rows of every journal table in the order of their places, a run's worth at a time."""
    after = stretch.after
    while after < stretch.upto:
        place = (stretch.stream_id, stretch.origin_id, after, stretch.upto)
        with connection.cursor() as cursor:
            cursor.execute(f"{_ROWS} ORDER BY 1 LIMIT {RUN_ENTRIES}", place * len(JOURNALS))
            rows = cursor.fetchall()
        yield from rows
        after = rows[-1][0] if rows else stretch.upto


def _line(hlc: int, kind: str, body: bytes, dep: bytes | None) -> bytes:
    if dep is None:
        return b'[%d,"%s",%s]' % (hlc, kind.encode(), body)
    return b'[%d,"%s",%s,%s]' % (hlc, kind.encode(), body, bytes(dep))


def _run(
    stretch: Stretch, lines: list[bytes], *, first: int, prev: bytes, head: bytes, key: bytes | None
) -> tuple[RunLine, bytes]:
    payload = pack(b"\n".join(lines))
    if key is not None:
        payload = seal(key, payload, _context(stretch.stream, stretch.origin, first))
    line = RunLine(
        stream=stretch.stream,
        origin=stretch.origin,
        first=first,
        last=first + len(lines) - 1,
        prev=prev,
        head=head,
        digest=digest(payload),
        sealed=key is not None,
    )
    return line, payload


def open_run(line: RunLine, payload: bytes, keys: Sequence[bytes]) -> bytes:
    """Open a run that is sealed under one of a person's keys. Raises `Damaged`."""
    context = _context(line.stream, line.origin, line.first)
    for key in keys:
        try:
            return unseal(key, payload, context)
        except Damaged:
            continue
    raise Damaged("This node doesn't hold the key of this person.")


def read_run(line: RunLine, payload: bytes) -> list[Decoded]:
    """Unpack an opened run and check its chain from `prev` to `head`. Raises `Damaged`."""
    count = line.last - line.first + 1
    text = unpack(payload)
    if not 1 <= count <= RUN_ENTRIES or text.count(b"\n") > count:
        raise Damaged("A part of this parcel doesn't hold the entries that it names.")
    try:
        lines = _lines.decode_lines(text)
    except UNREADABLE as problem:
        raise Damaged("A part of this parcel can't be read.") from problem
    if len(lines) != count:
        raise Damaged("A part of this parcel doesn't hold the entries that it names.")
    links = [(_said(entry.dep), entry.hlc, entry.kind, bytes(entry.body)) for entry in lines]
    entries: list[Decoded] = []
    hashed = line.prev
    chained = hashes(line.origin, line.stream, line.first, line.prev, links)
    for seq, (said, hlc, kind, body), hashed in zip(
        range(line.first, line.last + 1), links, chained, strict=True
    ):
        dep = None if said is None else read(said, dict[OriginName, Number])
        epoch = read(body, _Custody).under if b'"under":' in body else 0
        entries.append(Decoded(seq, hlc, kind, body, said, hashed, dep, epoch))
    if hashed != line.head:
        raise Damaged("The chain of entries in this parcel doesn't hold.")
    return entries


def _said(dep: msgspec.Raw) -> bytes | None:
    if dep is _NOTHING_SAID:  # of nearly every entry
        return None
    said = bytes(dep)
    return None if said == NO_DEP else said


def _context(stream: str, origin: str, first: int) -> bytes:
    return f"{stream} {origin} {first}".encode()
