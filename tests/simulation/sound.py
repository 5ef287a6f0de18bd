"""What must hold in every node at every moment; for those who open one after something bad happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from heapq import merge
from itertools import groupby
from operator import attrgetter

from passport.kernel.chain import ROOT
from passport.learning.models import Progress
from passport.node.engine.journal import verify_chain
from passport.node.models import Head, JournalRow
from passport.records.models import Event
from passport.sync.manifest import JOURNALS


def broken_chains() -> Iterator[str]:
    """Walk every chain of the journal from its root to its head, which is its last entry."""
    rows: dict[tuple[int, int], list[JournalRow]] = {}
    together = merge(
        *(table.objects.order_by("stream_id", "origin_id", "seq") for table in JOURNALS),
        key=attrgetter("stream_id", "origin_id", "seq"),
    )
    for place, chain in groupby(together, key=attrgetter("stream_id", "origin_id")):
        rows[place] = list(chain)
    for head in Head.objects.select_related("origin", "stream"):
        chain = rows.pop((head.stream_id, head.origin_id), [])
        if [row.seq for row in chain] != list(range(1, head.seq + 1)):
            yield f"{head.stream.wire}: the head is at {head.seq}, the entries are others"
        for row, holds in verify_chain(head.origin.wire, head.stream.wire, ROOT, chain):
            if not holds:
                yield f"{head.stream.wire} {row.seq}"
        if chain and bytes(chain[-1].hash) != bytes(head.hash):
            yield f"{head.stream.wire}: the head is another"
    yield from (f"stream {stream}: entries without a head" for stream, _ in rows)


def counted_otherwise() -> Iterator[str]:
    """Compare each person's progress with the number of answers in the journal."""
    kept = Counter(
        Event.objects.filter(verb="answered").values_list("stream__key", "lesson").iterator()
    )
    counted = {
        (person, lesson): number
        for person, lesson, number in Progress.objects.values_list("person", "lesson", "answers")
    }
    for place, number in kept.items():
        if counted.get(place) != number:
            yield f"{place[0].hex}: {counted.get(place)} for {number} answers"
