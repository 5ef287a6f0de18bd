"""The journal in memory: entries, and how far each origin's part of a stream is held."""

from __future__ import annotations

from typing import NamedTuple, cast
from uuid import UUID

from passport.kernel.chain import ROOT
from passport.sync.policies import Cursor, Run

RUN_ENTRIES = 4
"""Short runs, so that short histories have many."""


class Said(NamedTuple):
    """What the rules ask of one entry."""

    kind: str
    hash: bytes
    dep: dict[str, int] | None = None
    epoch: int = 0
    hlc: int = 0


type Body = tuple[str | int, ...]


class Entry:
    """One immutable entry. Its hash is its number in the world: no two have the same."""

    __slots__ = ("body", "forged", "hlc", "kind", "origin", "prev", "said", "seq", "under")

    def __init__(
        self,
        origin: str,
        seq: int,
        prev: bytes,
        hlc: int,
        kind: str,
        body: Body,
        said: Said,
        *,
        under: str = "",
        forged: bool = False,
    ) -> None:
        self.origin = origin
        self.seq = seq
        self.prev = prev
        self.hlc = hlc
        self.kind = kind
        self.body = body
        self.said = said
        self.under = under
        """The person's key that its private part is sealed under."""
        self.forged = forged
        """A liar wrote it. No node asks this; the invariants do."""


class Chain:
    """One origin's part of one stream."""

    __slots__ = ("hash", "hlc", "low", "moved", "rows", "seal", "seen", "seq")

    def __init__(self) -> None:
        self.rows: dict[int, Entry] = {}
        self.low = 0
        """Rows are here without a gap up to this one."""
        self.seq = 0
        self.hash = ROOT
        self.hlc = 0
        self.seen: dict[str, int] = {}
        self.moved = 0
        self.seal = 0
        """How far its writer's own signature is here."""

    def copy(self) -> Chain:
        twin = Chain.__new__(Chain)
        twin.rows = self.rows.copy()
        twin.low = self.low
        twin.seq = self.seq
        twin.hash = self.hash
        twin.hlc = self.hlc
        twin.seen = self.seen
        twin.moved = self.moved
        twin.seal = self.seal
        return twin

    def stored(self, seq: int) -> bytes | None:
        row = self.rows.get(seq)
        return None if row is None else row.said.hash

    def following(self, seq: int) -> bytes | None:
        row = self.rows.get(seq)
        return None if row is None else row.prev

    def put(self, entry: Entry) -> None:
        self.rows[entry.seq] = entry
        if entry.seq == self.low + 1:
            self.measure()

    def measure(self) -> None:
        """Find how far rows are here without a gap."""
        low, rows = self.low, self.rows
        while low + 1 in rows:
            low += 1
        self.low = low


COUNTRY_STREAM = "country"


class Stream:
    """What is held of one stream."""

    __slots__ = ("again", "chains", "heads", "key", "keys", "kind", "name", "wrapped")

    def __init__(self, name: str) -> None:
        self.name = name
        self.kind, _, number = name.partition(":")
        self.key = cast("UUID", int(number or 0))
        """A small number does where rules only compare."""
        self.chains: dict[str, Chain] = {}
        self.heads: dict[str, Cursor] = {}
        self.again = 0
        """It was let go of, and is to come back whole: asked for until the peer has heard this mark."""
        self.keys: tuple[str, ...] = ()
        """The person's keys, the newest first."""
        self.wrapped: tuple[str, ...] = ()
        """Those of them that only the country can open any more."""

    def copy(self) -> Stream:
        twin = Stream.__new__(Stream)
        twin.name, twin.kind, twin.key = self.name, self.kind, self.key
        twin.chains = {origin: chain.copy() for origin, chain in self.chains.items()}
        twin.heads = self.heads.copy()
        twin.keys, twin.wrapped = self.keys, self.wrapped
        twin.again = self.again
        return twin

    def has_hole(self) -> bool:
        return any(chain.low < chain.seq for chain in self.chains.values())


class Shipped(NamedTuple):
    """A run on its way."""

    stream: str
    run: Run
    entries: tuple[Entry, ...]
    under: str
    """The person's key that it is sealed under; nothing where it isn't."""
    seal: bytes
    """What its writer is said to have signed: the hash of its last entry."""


def ship(
    stream: Stream, origin: str, after: int, upto: int, *, under: str = "", seal: int | None = 0
) -> list[Shipped]:
    """Cut entries after `after` up to `upto` into runs; a gap ends them.

    `seal` is how far the writer's own signature is here; None: it is the writer's, who signs each.
    """
    rows = stream.chains[origin].rows
    shipped = []
    first = after + 1
    while first <= upto:
        end = min(first + RUN_ENTRIES - 1, upto)
        if seal is not None and first <= seal < end:
            end = seal
        entries = []
        while len(entries) <= end - first and first + len(entries) in rows:
            entries.append(rows[first + len(entries)])
        if not entries:
            break
        last = entries[-1]
        said = [entry.said for entry in entries]
        run = Run(stream.kind, stream.key, origin, first, entries[0].prev, said)
        signed = last.said.hash if seal is None or last.seq == seal else b""
        shipped.append(Shipped(stream.name, run, tuple(entries), under, signed))
        first = last.seq + 1
    return shipped
