"""What must hold in every node at every moment; for those who open one after something bad happened."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Count

from passport.kernel.chain import ROOT, entry_hash
from passport.learning.models import Progress
from passport.node.models import Head
from passport.records.models import Event
from passport.sync.manifest import JOURNALS

_ENTRY = ("stream_id", "origin_id", "seq", "dep", "hlc", "kind", "body", "hash")


def broken_chains() -> Iterator[str]:
    """Walk every chain of the journal from its root to its head, which is its last entry."""
    rows = sorted(
        (row for table in JOURNALS for row in table.objects.values_list(*_ENTRY)),
        key=itemgetter(0, 1, 2),
    )
    chains = {place: list(chain) for place, chain in groupby(rows, key=itemgetter(0, 1))}
    for head in Head.objects.select_related("origin", "stream"):
        stream = head.stream.wire
        chain = chains.pop((head.stream_id, head.origin_id), [])
        if [row[2] for row in chain] != list(range(1, head.seq + 1)):
            yield f"{stream}: the head is at {head.seq}, the entries are others"
        prev = ROOT
        for row in chain:
            if _hash(head.origin.wire, stream, prev, *row[2:-1]) != row[-1]:
                yield f"{stream} {row[2]}"
            prev = row[-1]
        if prev != head.hash:
            yield f"{stream}: the head is another"
    yield from (f"stream {stream}: entries without a head" for stream, _ in chains)


@lru_cache(maxsize=10_000)  # whoever looks at thousands of states sees the same entries in them
def _hash(origin: str, stream: str, prev: bytes, seq: int, *rest: Any) -> bytes:
    dep, hlc, kind, body = rest
    return entry_hash(
        origin=origin, stream=stream, seq=seq, prev=prev, dep=dep, hlc=hlc, kind=kind, body=body
    )


def counted_otherwise() -> Iterator[str]:
    """Compare each person's progress with the number of answers in the journal."""
    kept = (
        Event.objects.filter(verb="answered")
        .values_list("stream__key", "lesson")
        .annotate(number=Count("pk"))
    )
    counted = {
        (person, lesson): number
        for person, lesson, number in Progress.objects.values_list("person", "lesson", "answers")
    }
    for person, lesson, number in kept:
        if counted.get((person, lesson)) != number:
            yield f"{person.hex}: {counted.get((person, lesson))} for {number} answers"
