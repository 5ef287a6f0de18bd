"""The rules of travel, as pure functions of values (DESIGN section 4).

What becomes of a run of entries, who is granted a stream, and who may say what. The tables are read
and written elsewhere (`engine/`); the simulator runs these very functions over tens of thousands of
histories without any.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol
from uuid import UUID

from passport.kernel.chain import ROOT
from passport.kernel.clock import LATEST_STAMP
from passport.node.models import StreamKind
from passport.sync.manifest import BY_NAME, Author


class Fate(Enum):
    """What became of a run."""

    APPLIED = "applied"
    KNOWN = "known"
    PARKED = "parked"
    QUARANTINED = "quarantined"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"
    """The person's key isn't here; the sender is asked for it."""
    FORGOTTEN = "forgotten"
    """It is about somebody who was erased."""


# How a run follows what is here


class Cursor(NamedTuple):
    """How far one origin's part of one stream is here: the last entry's number and hash."""

    seq: int = 0
    hash: bytes = ROOT


class Said(Protocol):
    """What the rules ask of one entry of a run."""

    @property
    def kind(self) -> str: ...
    @property
    def hash(self) -> bytes: ...
    @property
    def hlc(self) -> int: ...
    @property
    def dep(self) -> Mapping[str, int] | None:
        """The heads of other origins in this stream that its writer had seen, where they changed."""
        ...

    @property
    def epoch(self) -> int:
        """The custody that it claims to be written under."""
        ...


class Run(NamedTuple):
    """Entries `first` and on of one origin in one stream; the chain between them has been checked."""

    kind: str
    key: UUID
    origin: str
    first: int
    prev: bytes
    """The hash of the entry before `first`."""
    entries: Sequence[Said]

    @property
    def last(self) -> int:
        return self.first + len(self.entries) - 1


def fate_of(run: Run, heads: Mapping[str, Cursor], stored: Callable[[int], bytes | None]) -> Fate:
    """Say what becomes of a run that its sender may send.

    `heads` says how far this stream is here, by origin; `stored` gives the hash of an entry of the
    run's origin that is here. A run is applied when it adds to the end of what is here, as far as all
    that its writer had seen is here too (`ready`); the same place with another hash is a fork.
    """
    cursor = heads.get(run.origin, Cursor())
    if _forks(run, cursor, stored):
        return Fate.QUARANTINED
    if run.last <= cursor.seq:
        return Fate.KNOWN
    is_next = run.first <= cursor.seq + 1 < run.first + ready(run, heads)
    return Fate.APPLIED if is_next else Fate.PARKED


def ready(run: Run, heads: Mapping[str, Cursor]) -> int:
    """Count the leading entries of a run of which all that their writer had seen is here.

    Two runs may each hold what the other depends on; neither could ever be taken whole.
    """
    for count, entry in enumerate(run.entries):
        if entry.dep is not None and not _is_here(entry.dep, heads):
            return count
    return len(run.entries)


def refills(run: Run, cursor: Cursor, following: Callable[[int], bytes | None]) -> bool:
    """Tell whether a run below the head may be put back where rows are missing here.

    Its last entry must be what the next one that is here follows, or the head itself: then the
    chain vouches for it, whoever brings it. `following` gives the `prev` of an entry that is here.
    """
    if run.last > cursor.seq:
        return False
    above = cursor.hash if run.last == cursor.seq else following(run.last + 1)
    return above == run.entries[-1].hash


def _forks(run: Run, cursor: Cursor, stored: Callable[[int], bytes | None]) -> bool:
    """Tell whether the run contradicts what this origin wrote before in the same place."""
    if run.first == cursor.seq + 1:
        return run.prev != cursor.hash
    if run.first > cursor.seq + 1:
        return False
    if run.last >= cursor.seq:
        return run.entries[cursor.seq - run.first].hash != cursor.hash
    known = stored(run.last)
    return known is not None and known != run.entries[-1].hash


def _is_here(dep: Mapping[str, int], heads: Mapping[str, Cursor]) -> bool:
    return all(origin in heads and heads[origin].seq >= seq for origin, seq in dep.items())


# Who is granted a person


def is_granted(sites: Collection[UUID], custodian: UUID | None, belonged: Iterable[UUID]) -> bool:
    """Tell whether a hub that serves `sites` may have a person.

    The custodian is the site to which the country gave the person last; where it never gave them,
    every site counts at which they were registered or ever joined a group (`belonged`).
    """
    if custodian is not None:
        return custodian in sites
    return any(site in sites for site in belonged)


# Who may say what


@dataclass(frozen=True, slots=True)
class Standing:
    """What another node is to this one."""

    key: str
    """Its key in hex."""
    is_country: bool = False
    """It speaks for everybody in the country."""
    is_hub_to_us: bool = True
    """We are its country; two hubs are only carriers to each other."""
    is_revoked: bool = False
    sites: frozenset[UUID] = frozenset()


class AboutPerson(NamedTuple):
    """What the rules ask about the person whose stream a run is in."""

    is_known: bool
    """The person is granted to the writer's hub, or was."""
    is_granted: bool
    """The person is granted to it now."""
    custody: Mapping[int, Collection[UUID]]
    """Every custody that the country gave: {epoch: sites}. A country that was restored may have given
    one epoch twice."""
    registers_here: bool = False
    """The run itself begins the stream, and registers the person at a site of the writer's hub."""


def objection(voucher: Standing, run: Run) -> str | None:
    """Say why a run may not come in this one's name; None when it may.

    The voucher is who sent the run or, where the writer's own seal holds, its writer: a carrier is
    asked nothing. A country speaks for everybody, a hub for itself alone. What this can't judge yet,
    `overreach` does, when all that the run depends on is here.
    """
    if voucher.is_country:
        return None
    if voucher.is_revoked:
        return "The country has revoked this hub."
    if not voucher.is_hub_to_us or run.origin.partition(".")[0] != voucher.key:
        return "It speaks in the name of another node."
    return _out_of_place(voucher, run)


def _out_of_place(hub: Standing, run: Run) -> str | None:
    """Say what a hub may not write where it is, whoever may have the person."""
    if run.kind == StreamKind.COUNTRY:
        return "Only the country writes in the country's stream."
    if run.kind == StreamKind.SITE and run.key not in hub.sites:
        return "It isn't granted this stream."
    if any(entry.hlc > LATEST_STAMP for entry in run.entries):
        return "Its stamps lie beyond all time."
    kinds = dict.fromkeys(entry.kind for entry in run.entries)
    return next(filter(None, (forbidden(run.kind, kind) for kind in kinds)), None)


def forbidden(stream: str, kind: str) -> str | None:
    """Say why a hub may not write a kind in a stream; unknown kinds are kept without effect.

    Asked when a run comes, and again when it is projected: the kind may be known by then.
    """
    known = BY_NAME.get(kind)
    if known is None:
        return None
    if known.author is Author.COUNTRY:
        return f"Only the country writes {kind}."
    return None if stream in known.streams else f"{kind} doesn't belong in this stream."


def overreach(writer: Standing, run: Run, about: AboutPerson) -> str | None:
    """Say what a hub takes upon itself in a person's stream; None when it may.

    It may write where it is or was granted, and bring people whom it registered for a site of its
    own; an edit may claim a custody that the country gave to one of its sites. Asked only when all
    that the run depends on is here: the country's own entry that grants it is among that.
    """
    if writer.is_country:
        return None
    if not (about.is_known or about.registers_here):
        return "It isn't granted this stream."
    for entry in run.entries:
        sites = about.custody.get(entry.epoch, ())
        if entry.epoch and not (sites and about.is_granted) and writer.sites.isdisjoint(sites):
            return "It claims a custody that the country didn't give it."
    return None
