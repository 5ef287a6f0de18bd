"""What a peer is granted, and what it may say (DESIGN section 4, "Authority")."""

from __future__ import annotations

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

REGISTERED = "person.registered@1"


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
    return Grants(
        peer,
        everything=False,
        sites=sites,
        people=frozenset(people.people_of_sites(sites, ever=True)),
    )


class _Registered(msgspec.Struct):
    site: UUID


def objection(
    grants: Grants, kind: str, key: UUID, origin: str, entries: list[Decoded]
) -> str | None:
    """Say why the peer may not send this run; None when it may.

    A country speaks for everybody. A hub speaks for itself alone, in what it is granted, and may
    bring people that it registered for a site of its own.
    """
    if grants.everything:
        return None
    if origin.partition(".")[0] != grants.peer.key:
        return "It speaks in the name of another node."
    if kind == StreamKind.COUNTRY or key == COUNTRY_KEY:
        return "Only the country writes in the country's stream."
    if not grants.covers(kind, key) and not _own_newcomer(grants, kind, entries):
        return "It isn't granted this stream."
    kinds = dict.fromkeys([entry.kind for entry in entries])
    return next(filter(None, (_forbidden(kind, each) for each in kinds)), None)


def _forbidden(stream: str, kind: str) -> str | None:
    """Say why a hub may not write a kind in a stream; unknown kinds are kept without effect."""
    known = BY_NAME.get(kind)
    if known is None:
        return None
    if known.author is Author.COUNTRY:
        return f"Only the country writes {kind}."
    return None if stream in known.streams else f"{kind} doesn't belong in this stream."


def _own_newcomer(grants: Grants, kind: str, entries: list[Decoded]) -> bool:
    """Tell whether a run begins a person whom the hub registered for one of its own sites."""
    first = entries[0] if entries else None
    if kind != StreamKind.PERSON or first is None or first.seq != 1 or first.kind != REGISTERED:
        return False
    try:
        return read(first.body, _Registered).site in grants.sites
    except Damaged:
        return False
