"""The hash-chained journal: how an entry follows the one before it (DESIGN section 4)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched, groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection

from passport.kernel.chain import ROOT, entry_hash
from passport.kernel.clock import next_stamp, now_ms
from passport.kernel.encoding import canonical
from passport.node.engine.marks import next_mark
from passport.node.models import (
    Entry,
    Identity,
    JournalRow,
    Origin,
    Stream,
    insert_rows,
    uuid_writer,
    wire_of,
)


@dataclass(slots=True)
class Tail:
    """Our end of one stream, to which entries are added; `close_tails` writes it back."""

    stream_id: int
    wire: str
    """The stream's name on the wire."""
    key: UUID
    """The stream's key: of a person's stream, the person."""
    origin: Origin
    seq: int
    hash: bytes
    others: dict[str, int]
    """The heads of the other origins here, by origin on the wire."""
    seen: dict[str, int]
    """What our last entry said of them."""
    latest: int
    """The latest stamp at any head of this stream."""

    def link(self, kind: str, body: bytes) -> Link:
        """Take the next place of this stream for an entry; who calls saves the entry."""
        dep = None
        if self.others != self.seen:
            dep = canonical(self.others)
            self.seen = self.others
        self.latest = hlc = next_stamp(now_ms(), self.latest)
        self.seq = seq = self.seq + 1
        self.hash = hashed = entry_hash(
            origin=self.origin.wire,
            stream=self.wire,
            seq=seq,
            prev=self.hash,
            dep=dep,
            hlc=hlc,
            kind=kind,
            body=body,
        )
        return Link(seq, hlc, dep, hashed)

    def add[Row: JournalRow](self, row: Row, kind: str, body: bytes) -> Row:
        """Fill in a row's place in the journal; the row is the caller's to save."""
        link = self.link(kind, body)
        row.origin_id, row.stream_id = self.origin.pk, self.stream_id
        row.seq, row.hlc, row.kind = link.seq, link.hlc, kind
        row.body, row.dep, row.hash = body, link.dep, link.hash
        return row


class Link(NamedTuple):
    """The place of one entry in its stream."""

    seq: int
    hlc: int
    dep: bytes | None
    hash: bytes


_HEADS: Final = (
    "SELECT s.id, s.kind, s.key, h.origin_id, o.wire, h.seq, h.hash, h.hlc, h.seen"
    " FROM node_stream s LEFT JOIN node_head h ON h.stream_id = s.id"
    " LEFT JOIN node_origin o ON o.id = h.origin_id"
)
_HEAD: Final = ("stream_id", "origin_id", "seq", "hash", "hlc", "seen", "moved")
_MOVED: Final = (
    "ON CONFLICT (stream_id, origin_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash,"
    " hlc = excluded.hlc, seen = excluded.seen, moved = excluded.moved"
)
_AT_ONCE: Final = 500


def open_tails(streams: Iterable[Stream]) -> dict[int, Tail]:
    """Read our ends of some streams, by stream id, in one query; on PostgreSQL they are locked."""
    keys = {stream.pk: stream.key for stream in streams}
    return {tail.stream_id: tail for tail in _open("s.id", keys, 0)}


def open_person_tails(persons: Iterable[UUID]) -> dict[UUID, Tail]:
    """Read our ends of some persons' streams, by person; those without a stream are left out.

    Plain SQL and no model instances: every answer of a learner comes through here.
    """
    write = uuid_writer()
    keys = {write(person): person for person in persons}
    return {tail.key: tail for tail in _open("s.kind = 'person' AND s.key", keys, 2)}


def _open(which: str, keys: dict[Any, UUID], column: int) -> Iterator[Tail]:
    """Read the ends of the streams whose `column` of (id, kind, key) is one of `keys`."""
    origin = our_origin()
    with connection.cursor() as cursor:
        for part in batched(keys, _AT_ONCE):
            chosen = f" WHERE {which} IN ({', '.join(['%s'] * len(part))})"
            if connection.features.has_select_for_update:
                # First the locks, then a fresh look: the heads may move while one waits for them.
                cursor.execute(
                    f"SELECT s.id FROM node_stream s{chosen} ORDER BY s.id FOR UPDATE",  # noqa: S608
                    part,
                )
            cursor.execute(f"{_HEADS}{chosen} ORDER BY s.id", part)
            for stream, heads in groupby(cursor.fetchall(), key=itemgetter(0, 1, 2)):
                key = keys[stream[column]]
                yield _tail(stream[0], stream[1], key, origin, [head[3:] for head in heads])


def _tail(pk: int, kind: str, key: UUID, origin: Origin, heads: list[Any]) -> Tail:
    tail = Tail(pk, wire_of(kind, key), key, origin, 0, ROOT, {}, {}, 0)
    for origin_id, wire, seq, hashed, hlc, seen in heads:
        if origin_id is None:
            continue
        tail.latest = max(tail.latest, hlc)
        if origin_id == origin.pk:
            tail.seq, tail.hash = seq, bytes(hashed)
            tail.seen = {} if seen == "{}" else json.loads(seen)
        else:
            tail.others[wire] = seq
    return tail


def close_tails(tails: Iterable[Tail]) -> None:
    """Write the ends back, in one statement."""
    move_heads(
        (tail.stream_id, tail.origin.pk, tail.seq, tail.hash, tail.latest, tail.seen)
        for tail in tails
    )


def move_heads(heads: Iterable[tuple[int, int, int, bytes, int, dict[str, int]]]) -> None:
    """Write heads (stream, origin, seq, hash, stamp, seen), in one statement."""
    mark = next_mark()
    rows = [
        (stream, origin, seq, hashed, hlc, json.dumps(seen) if seen else "{}", mark)
        for stream, origin, seq, hashed, hlc, seen in heads
    ]
    insert_rows("node_head", _HEAD, rows, conflict=_MOVED)


def append_all(entries: Sequence[tuple[Stream, str, bytes]]) -> list[Entry]:
    """Add entries of ours (stream, kind, body) to their streams, in order, and save them."""
    tails = open_tails({stream.pk: stream for stream, _, _ in entries}.values())
    rows = [tails[stream.pk].add(Entry(), kind, body) for stream, kind, body in entries]
    Entry.objects.bulk_create(rows)
    close_tails(tails.values())
    return rows


def verify_chain(
    origin: str, stream: str, prev: bytes, rows: Iterable[JournalRow]
) -> Iterator[tuple[JournalRow, bool]]:
    """Walk rows of one origin in one stream, in order, and tell for each whether its hash holds."""
    for row in rows:
        expected = entry_hash(
            origin=origin,
            stream=stream,
            seq=row.seq,
            prev=prev,
            dep=None if row.dep is None else bytes(row.dep),
            hlc=row.hlc,
            kind=row.kind,
            body=bytes(row.body),
        )
        yield row, expected == bytes(row.hash)
        prev = bytes(row.hash)


_ours: dict[object, Origin] = {}


def our_origin() -> Origin:
    """Return this node in its present incarnation. Remembered: every write asks."""
    known = _ours.get(settings.KEY_FILE)
    if known is None:
        identity = Identity.objects.get()
        wire = f"{bytes(identity.key).hex()}.{identity.incarnation}"
        known = _ours[settings.KEY_FILE] = Origin.objects.get_or_create(
            wire=wire, defaults={"ours": True}
        )[0]
    return known


def forget_origin() -> None:
    """Ask the database again who we are: after a new incarnation, or when it was exchanged."""
    _ours.clear()
