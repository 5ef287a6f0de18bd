"""What waits for something that is still on its way, and what was set aside for good."""

from __future__ import annotations

import msgspec

from passport.kernel.clock import moment, now_ms
from passport.kernel.encoding import canonical, digest, read
from passport.node import actions as node
from passport.node.models import Parked, Peer, Quarantined
from passport.sync.engine.wire import RunLine

PARKED_RUNS = 5_000
"""No more of one peer's runs wait for others; further ones are refused, and come again."""
QUARANTINED_RUNS = 1_000
"""No more of one peer's runs are set aside; further ones are refused, and told all the same."""


class ParkedRun(msgspec.Struct):
    """A run as it came, with its line of the manifest."""

    line: RunLine
    payload: bytes
    is_sealed: bool = False
    """The country itself vouched for it, whoever brought it."""


@node.writes
def park(peer: Peer, run: ParkedRun) -> None:
    """Keep a run until what it depends on is here."""
    if Parked.objects.filter(peer=peer).count() >= PARKED_RUNS:
        return
    line = run.line
    Parked.objects.get_or_create(
        origin=line.origin,
        stream=line.stream,
        first=line.first,
        last=line.last,
        defaults={"peer": peer, "run": canonical(run), "parked_at": moment(now_ms())},
    )


def parked(peer: Peer) -> list[tuple[Parked, ParkedRun]]:
    """Return what waits of a peer, in the order in which it can be applied."""
    rows = Parked.objects.filter(peer=peer).order_by("first", "pk")
    return [(row, read(bytes(row.run), ParkedRun)) for row in rows]


@node.writes
def forget(row: Parked) -> None:
    row.delete()


@node.writes
def quarantine(peer: Peer, line: RunLine, payload: bytes, reason: str) -> None:
    """Set a run aside: once, however often it comes and under whichever key it is sealed."""
    if Quarantined.objects.filter(peer=peer).count() >= QUARANTINED_RUNS:
        return
    what = [line.stream, line.origin, line.first, line.last, line.head.hex()]
    Quarantined.objects.get_or_create(
        digest=digest(canonical(what)),
        defaults={
            "peer": peer,
            "reason": reason,
            "what": f"{line.stream} {line.first}–{line.last}",
            "content": payload,
            "at": moment(now_ms()),
        },
    )
