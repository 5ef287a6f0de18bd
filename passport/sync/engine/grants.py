"""What a peer is granted, and what it may say (DESIGN section 4, "Authority")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import msgspec
from django.db.models import Q

from passport.fleet import queries as fleet
from passport.kernel.encoding import read
from passport.kernel.errors import Damaged
from passport.node.models import COUNTRY_KEY, Peer, Stream, StreamKind
from passport.people import queries as people
from passport.sync.engine.runs import Decoded
from passport.sync.manifest import BY_NAME, Author


@dataclass(frozen=True, slots=True)
class Grants:
    """The streams that this node and one peer share; `everything` on a hub that faces its country."""

    peer: Peer
    everything: bool
    sites: frozenset[UUID] = frozenset()
    people: frozenset[UUID] = frozenset()

    def covers(self, kind: str, key: UUID) -> bool:
        """Tell whether the peer may have this stream."""
        if self.everything or kind == StreamKind.COUNTRY:
            return True
        return key in (self.sites if kind == StreamKind.SITE else self.people)

    def streams(self) -> list[Stream]:
        """Return the shared streams, those first that others depend on."""
        shared = Stream.objects.all()
        if not self.everything:
            shared = shared.filter(
                Q(kind=StreamKind.COUNTRY)
                | Q(kind=StreamKind.SITE, key__in=self.sites)
                | Q(kind=StreamKind.PERSON, key__in=self.people)
            )
        order = {StreamKind.COUNTRY: 0, StreamKind.SITE: 1, StreamKind.PERSON: 2}
        return sorted(shared, key=lambda stream: (order[StreamKind(stream.kind)], stream.pk))


def grants_for(peer: Peer) -> Grants:
    """Work out what a peer is granted: a hub, its sites and their people; a country, everything."""
    if peer.is_country:
        return Grants(peer, everything=True)
    sites = frozenset(fleet.sites_of(peer.key))
    return Grants(peer, False, sites, frozenset(people.people_of_sites(sites)))


class _Registered(msgspec.Struct):
    site: UUID


def objection(
    grants: Grants, kind: str, key: UUID, origin: str, entries: Iterable[Decoded]
) -> str | None:
    """Say why the peer may not send this run; None when it may.

    A country speaks for everybody. A hub speaks for itself alone, in what it is granted, and may
    bring people that it registered for a site of its own.
    """
    if grants.everything:
        return None
    if origin.partition(".")[0] != grants.peer.key:
        return "It speaks in the name of another node."
    entries = list(entries)
    for entry in entries:
        known = BY_NAME.get(entry.kind)
        if known is None:
            continue
        if known.author is Author.COUNTRY:
            return f"Only the country writes {entry.kind}."
        if kind not in known.streams:
            return f"{entry.kind} doesn't belong in this stream."
    if kind == StreamKind.COUNTRY or key == COUNTRY_KEY:
        return "Only the country writes in the country's stream."
    if grants.covers(kind, key) or (kind == StreamKind.PERSON and _own_newcomer(grants, entries)):
        return None
    return "It isn't granted this stream."


def _own_newcomer(grants: Grants, entries: list[Decoded]) -> bool:
    """Tell whether a run begins a person whom the hub registered for one of its own sites."""
    first = entries[0] if entries else None
    if first is None or first.seq != 1 or first.kind != "person.registered@1":
        return False
    try:
        return read(first.body, _Registered).site in grants.sites
    except Damaged:
        return False
