"""All projections again from the journal (C21).

The way back from damage, and the proof that nothing but the journal carries state.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import batched

from django.db.models import Q

from passport.learning import facts as learning
from passport.node import actions as node
from passport.node.facts import KEYS
from passport.node.models import Entry, Origin, Stream
from passport.records.models import Event
from passport.sync.engine.applying import CUSTODY, Projecting
from passport.sync.manifest import PROJECTIONS

EVENTS_AT_ONCE = 2_000


@node.writes
def rebuild() -> int:
    """Empty every projection and project the whole journal again; returns the number of entries.

    One transaction: a power cut in the middle leaves the projections as they were.
    """
    for table in PROJECTIONS:
        table._default_manager.all().delete()  # noqa: SLF001 - Django's name for it
    streams = {stream.pk: stream for stream in Stream.objects.all()}
    origins = dict(Origin.objects.values_list("pk", "wire"))
    projecting, entries = Projecting(), 0
    # Of who was let go the journal keeps rows, and only where they belong now is known of them.
    shown = Q(stream__is_let_go=False) | Q(kind=CUSTODY)
    rows = Entry.objects.filter(shown).order_by("hlc", "pk")
    # Under whom somebody's learning counts follows from all that is known of the people.
    learnt = list(learning.PROJECTORS)
    rest = rows.exclude(kind__in=[*KEYS, *learnt])
    # Which keys are the country's comes first: it says whose word counts.
    for part in (rows.filter(kind__in=KEYS), rest, rows.filter(kind__in=learnt)):
        for row in part.iterator(chunk_size=EVENTS_AT_ONCE):
            projecting.project(row, streams[row.stream_id], origins[row.origin_id])
            entries += 1
    for events in _events():
        learning.project_events(events)
        entries += len(events)
    return entries


def _events() -> Iterator[list[Event]]:
    """Read all events in portions, a person's together: each portion reads a progress row once."""
    rows = Event.objects.filter(stream__is_let_go=False).order_by("stream_id", "hlc", "pk")
    for portion in batched(rows.iterator(chunk_size=EVENTS_AT_ONCE), EVENTS_AT_ONCE):
        yield list(portion)
