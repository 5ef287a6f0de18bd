"""All projections again from the journal (C21).

The way back from damage, and the proof that nothing but the journal carries state.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import batched

from passport.learning import facts as learning
from passport.node import actions as node
from passport.node.facts import KEYS
from passport.node.models import Entry, Origin, Stream
from passport.records.models import Event
from passport.sync.engine.applying import CUSTODY, IDENTITIES, project_entry
from passport.sync.manifest import PROJECTIONS

EVENTS_AT_ONCE = 2_000
FIRST = IDENTITIES | {CUSTODY}
"""Who counts under whom, and who has whom, says how everything else is projected."""


@node.writes
def rebuild() -> int:
    """Empty every projection and project the whole journal again; returns the number of entries.

    One transaction: a power cut in the middle leaves the projections as they were.
    """
    for table in PROJECTIONS:
        table._default_manager.all().delete()  # noqa: SLF001 - Django's name for it
    streams = {stream.pk: stream for stream in Stream.objects.all()}
    origins = dict(Origin.objects.values_list("pk", "wire"))
    entries = 0
    rows = Entry.objects.order_by("hlc", "pk")
    keys, first = rows.filter(kind__in=KEYS), rows.filter(kind__in=FIRST)
    for part in (keys, first, rows.exclude(kind__in=FIRST | KEYS)):
        for row in part.iterator(chunk_size=EVENTS_AT_ONCE):
            project_entry(row, streams[row.stream_id], origins[row.origin_id])
            entries += 1
    for events in _events():
        learning.project_events(events)
        entries += len(events)
    return entries


def _events() -> Iterator[list[Event]]:
    """Read all events in portions, a person's together: each portion reads a progress row once."""
    rows = Event.objects.order_by("stream_id", "hlc", "pk").iterator(chunk_size=EVENTS_AT_ONCE)
    for portion in batched(rows, EVENTS_AT_ONCE):
        yield list(portion)
