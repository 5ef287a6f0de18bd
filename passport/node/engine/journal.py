"""The hash-chained journal: how an entry follows the one before it (DESIGN section 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

from passport.kernel.chain import ROOT, entry_hash
from passport.kernel.clock import next_stamp, now_ms
from passport.kernel.encoding import canonical
from passport.node.models import Entry, Head, Identity, JournalRow, Origin, Stream


@dataclass(slots=True)
class Tail:
    """Our end of one stream, to which entries are added; `close_tails` writes it back."""

    stream: Stream
    origin: Origin
    seq: int
    hash: bytes
    hlc: int
    others: dict[str, int]
    """The heads of the other origins here, by origin on the wire."""
    seen: dict[str, int]
    """What our last entry said of them."""
    latest: int
    """The latest stamp at any head of this stream."""
    wire: str = field(init=False)

    def __post_init__(self) -> None:
        self.wire = self.stream.wire

    def add[Row: JournalRow](self, row: Row, kind: str, body: bytes) -> Row:
        """Fill in a row's place in the journal; the row is the caller's to save."""
        dep = None
        if self.others != self.seen:
            dep = canonical(self.others)
            self.seen = self.others
        self.latest = next_stamp(now_ms(), (self.latest,))
        self.seq += 1
        self.hlc = self.latest
        self.hash = entry_hash(
            origin=self.origin.wire,
            stream=self.wire,
            seq=self.seq,
            prev=self.hash,
            dep=dep,
            hlc=self.hlc,
            kind=kind,
            body=body,
        )
        row.origin_id = self.origin.pk
        row.stream_id = self.stream.pk
        row.seq, row.hlc, row.kind = self.seq, self.hlc, kind
        row.body, row.dep, row.hash = body, dep, self.hash
        return row


def open_tails(streams: Iterable[Stream]) -> dict[int, Tail]:
    """Read our ends of some streams, by stream id, in one query; on PostgreSQL they are locked."""
    by_id = {stream.pk: stream for stream in streams}
    if connection.features.has_select_for_update:
        list(Stream.objects.select_for_update().filter(pk__in=by_id).order_by("pk"))
    origin = our_origin()
    heads: dict[int, list[Head]] = {pk: [] for pk in by_id}
    for head in Head.objects.filter(stream__in=by_id).select_related("origin"):
        heads[head.stream_id].append(head)
    return {pk: _tail(by_id[pk], origin, heads[pk]) for pk in by_id}


def _tail(stream: Stream, origin: Origin, heads: list[Head]) -> Tail:
    own = next((head for head in heads if head.origin_id == origin.pk), None)
    return Tail(
        stream=stream,
        origin=origin,
        seq=own.seq if own else 0,
        hash=bytes(own.hash) if own else ROOT,
        hlc=own.hlc if own else 0,
        others={head.origin.wire: head.seq for head in heads if head is not own},
        seen=own.seen if own else {},
        latest=max((head.hlc for head in heads), default=0),
    )


def close_tails(tails: Iterable[Tail]) -> None:
    """Write the ends back, in one statement."""
    Head.objects.bulk_create(
        [
            Head(
                stream=tail.stream,
                origin=tail.origin,
                seq=tail.seq,
                hash=tail.hash,
                hlc=tail.hlc,
                seen=tail.seen,
            )
            for tail in tails
        ],
        update_conflicts=True,
        unique_fields=["stream", "origin"],
        update_fields=["seq", "hash", "hlc", "seen"],
    )


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
