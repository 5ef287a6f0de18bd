"""Writes of this room: keeping events, each once.

Both are called by rooms above that have checked who acts and hold the ends of the streams; they
join the caller's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from passport.node.models import Entry
from passport.records.engine import table
from passport.records.engine.table import NewEvent
from passport.records.facts import EventRow, event_row
from passport.records.models import Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

type Row = Event | EventRow

__all__ = ["Kept", "NewEvent", "Row", "drop", "event_row", "keep", "note_events", "rows_of_streams"]


@dataclass(slots=True)
class Kept:
    """What became of events that arrived."""

    new: list[Row] = field(default_factory=list)
    """They count from now on."""
    exchanged: list[Row] = field(default_factory=list)
    """They count from now on in the place of another copy: read their lessons again as a whole."""


def note_events(rows: Iterable[NewEvent]) -> None:
    """Save events that happened here, under ids that are known to be new."""
    table.insert_new(rows)


def rows_of_streams(streams: Iterable[int]) -> Iterator[Event]:
    """Yield the events of some streams, in the order of the journal's stamps."""
    rows = Event.objects.filter(stream__in=list(streams)).order_by("stream_id", "hlc", "pk")
    yield from rows.iterator(chunk_size=2_000)


def drop(stream: int) -> None:
    """Remove a stream's events: nobody has them any more, or another node has them all."""
    Event.objects.filter(stream=stream).delete()


def keep(rows: Sequence[Row]) -> Kept:
    """Save events that other nodes noted, in the journal's places that they came with.

    The same event may have been noted by two nodes: a device that got no answer from the one asks
    the next. Both copies stay in the journal, since each is a link of its node's chain, and one of
    them counts: the one with the smaller hash, so that all nodes agree whatever came first. The
    other goes to `node.Entry`, where it is carried on and has no effect.
    """
    rows, spare = _best(rows)
    kept = Kept()
    if table.insert_unknown(rows):
        kept.new = rows
    else:
        held = {row.id: row for row in Event.objects.filter(id__in=[row.id for row in rows])}
        for row in rows:
            here = held[row.id]
            if _place(here) == _place(row):
                kept.new.append(row)
            elif _hash(row) < _hash(here):
                kept.exchanged.append(row)
                spare.append(here)
            else:
                spare.append(row)
        Event.objects.filter(id__in=[row.id for row in kept.exchanged]).delete()
        table.insert(kept.exchanged)
    Entry.objects.bulk_create(map(_entry, spare), ignore_conflicts=True)
    return kept


def _best(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Part rows into the one of each event that may count, and further copies of the same."""
    best: dict[int, Row] = {}  # by number: a UUID's own hash is Python's work
    spare = list[Row]()
    for row in rows:
        here = best.setdefault(row.id.int, row)
        if here is not row:
            best[row.id.int], loser = sorted((here, row), key=_hash)
            spare.append(loser)
    return list(best.values()), spare


def _hash(row: Row) -> bytes:
    return bytes(row.hash)


def _place(row: Row) -> tuple[int, int, int]:
    return row.stream_id, row.origin_id, row.seq


def _entry(row: Row) -> Entry:
    return Entry(
        origin_id=row.origin_id,
        stream_id=row.stream_id,
        seq=row.seq,
        hlc=row.hlc,
        kind=row.kind,
        body=row.body,
        dep=row.dep,
        hash=row.hash,
    )
