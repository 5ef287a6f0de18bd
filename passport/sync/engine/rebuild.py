"""All projections again from the journal (C21): the way back from damage, and the proof that nothing
but the journal carries state."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from passport.learning import facts as learning
from passport.node import actions as node
from passport.node.models import Entry, Origin, Stream
from passport.records.models import Event
from passport.sync.manifest import PROJECTIONS, PROJECTORS

EVENTS_AT_ONCE = 2_000


@node.writes
def rebuild() -> int:
    """Empty every projection and project the whole journal again; returns the number of entries.

    One transaction: a power cut in the middle leaves the projections as they were.
    """
    for table in reversed(PROJECTIONS):
        table.objects.all().delete()
    streams = {stream.pk: stream for stream in Stream.objects.all()}
    origins = dict(Origin.objects.values_list("pk", "wire"))
    entries = 0
    for row in Entry.objects.order_by("hlc", "pk").iterator(chunk_size=EVENTS_AT_ONCE):
        project = PROJECTORS.get(row.kind)
        if project is not None:
            project(node.fact_of(row, stream=streams[row.stream_id], origin=origins[row.origin_id]))
        entries += 1
    for stream_id, bodies in _events():
        learning.project_events(streams[stream_id].key, bodies)
        entries += len(bodies)
    return entries


def _events() -> Iterator[tuple[int, list[bytes]]]:
    rows = Event.objects.order_by("stream_id", "hlc", "pk").only("stream_id", "body")
    for stream_id, group in groupby(
        rows.iterator(chunk_size=EVENTS_AT_ONCE), key=attrgetter("stream_id")
    ):
        bodies: list[bytes] = []
        for row in group:
            bodies.append(bytes(row.body))
            if len(bodies) == EVENTS_AT_ONCE:
                yield stream_id, bodies
                bodies = []
        if bodies:
            yield stream_id, bodies
