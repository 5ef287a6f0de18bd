"""Holes: streams of which something is missing here that once was here, or that comes out of order.

A gap is always an error that shows (DESIGN section 4), and it heals: the peer is told what is really
here, and sends again what lacks. Rows below a head that stands are put back where their chain fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from passport.kernel.chain import ROOT
from passport.node import actions as node
from passport.node.models import Head, JournalRow, Parked, Peer, Stream
from passport.sync.manifest import JOURNALS


def asked_again(peer: Peer, shared: Iterable[Stream]) -> list[str]:
    """Name the shared streams that have a hole, or of which something waits for what is before it."""
    waiting = set(Parked.objects.filter(peer=peer).values_list("stream", flat=True))
    return [stream.wire for stream in shared if stream.again or stream.wire in waiting]


def held(stream: Stream) -> dict[str, int]:
    """Say how far each origin's part of a stream is here without a hole: {origin: seq}."""
    heads = Head.objects.filter(stream=stream).values_list("origin", "origin__wire", "seq")
    if not stream.again:
        return {wire: seq for _, wire, seq in heads}
    return {wire: _unbroken(stream, origin) for origin, wire, _ in heads}


def missing(stream: Stream, origin_id: int, first: int, last: int) -> set[int]:
    """Return the places between two of one origin's part where no row is."""
    return set(range(first, last + 1)) - set(_places(stream, origin_id, first, last))


def follows(stream: Stream, origin_id: int, origin: str, seq: int, prev: bytes) -> bool:
    """Tell whether the entry at a place is here and follows the one with this hash."""
    for table in JOURNALS:
        for row in table.objects.filter(stream=stream, origin=origin_id, seq=seq):
            return all(holds for _, holds in node.verify_chain(origin, stream.wire, prev, [row]))
    return False


def close(streams: Iterable[Stream]) -> list[Stream]:
    """Take the flag off streams that are whole again, and return these."""
    closed = [stream for stream in streams if stream.again and _is_whole(stream)]
    for stream in closed:
        stream.again = False
        stream.save(update_fields=["again"])
    return closed


def _unbroken(stream: Stream, origin_id: int) -> int:
    upto = 0
    for before, place in pairwise([0, *_places(stream, origin_id)]):
        if place != before + 1:
            break
        upto = place
    return upto


def _places(
    stream: Stream, origin_id: int, first: int = 1, last: int | None = None
) -> Sequence[int]:
    places: list[int] = []
    for table in JOURNALS:
        rows = table.objects.filter(stream=stream, origin=origin_id, seq__gte=first)
        if last is not None:
            rows = rows.filter(seq__lte=last)
        places += rows.values_list("seq", flat=True)
    return sorted(places)


def _is_whole(stream: Stream) -> bool:
    """Check every chain of a stream from its first entry to its head."""
    heads = Head.objects.filter(stream=stream).select_related("origin")
    return all(_holds(stream, head) for head in heads)


def _holds(stream: Stream, head: Head) -> bool:
    rows: list[JournalRow] = []
    for table in JOURNALS:
        rows += table.objects.filter(stream=stream, origin=head.origin)
    rows.sort(key=_by_place)
    if [row.seq for row in rows] != list(range(1, head.seq + 1)):
        return False
    checked = node.verify_chain(head.origin.wire, stream.wire, ROOT, rows)
    return all(holds for _, holds in checked) and bytes(rows[-1].hash) == bytes(head.hash)


def _by_place(row: JournalRow) -> Any:
    return row.seq
