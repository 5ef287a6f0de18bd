"""What this node and one peer share, worked out from the register of hubs, the people and custody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

import msgspec

from passport.fleet import queries as fleet
from passport.kernel.encoding import read
from passport.kernel.errors import Damaged
from passport.node import queries as node
from passport.node.models import Custody, Peer, Stream, StreamKind
from passport.people import queries as people
from passport.sync.engine.runs import Decoded
from passport.sync.policies import AboutPerson, Run, Standing, overreach

REGISTERED = "person.registered@1"
_STREAMS_FIRST = {StreamKind.COUNTRY: 0, StreamKind.SITE: 1, StreamKind.PERSON: 2}


@dataclass(frozen=True, slots=True)
class Grants:
    """What a peer is to this node, and the persons that are granted to it."""

    peer: Peer
    standing: Standing
    people: frozenset[UUID] = frozenset()
    known: frozenset[UUID] = frozenset()
    """Those who are granted to it, or were: what it did with them before it knew still counts."""
    tied: frozenset[UUID] = frozenset()
    """Those of them whom it had only because they were found to be one with somebody of its own."""
    brought: set[UUID] = field(default_factory=set)
    """Whom runs taken since have registered at its sites: further runs of the same parcel may be
    about them, when somebody learnt more than one run holds, or under another incarnation."""

    def streams(self) -> list[Stream]:
        """Return the shared streams, those first that others depend on."""
        if self.standing.is_country:
            shared = list(Stream.objects.all())
        else:  # one by one: of an OR, SQLite makes a walk through everybody's streams
            shared = [
                *Stream.objects.filter(kind=StreamKind.COUNTRY),
                *Stream.objects.filter(kind=StreamKind.SITE, key__in=self.standing.sites),
                *Stream.objects.filter(kind=StreamKind.PERSON, key__in=self.people),
            ]
        return sorted(shared, key=lambda one: (_STREAMS_FIRST[StreamKind(one.kind)], one.pk))

    def overreach(self, run: Run) -> str | None:
        """Say what the peer takes upon itself in a person's stream; asked when all before it is here."""
        if self.standing.is_country or run.kind != StreamKind.PERSON:
            return None
        is_known = run.key in self.known or run.key in self.brought
        about = AboutPerson(
            is_known=is_known,
            is_granted=run.key in self.people or run.key in self.tied,
            custody=_custody_of(run.key) if any(entry.epoch for entry in run.entries) else {},
            registers_here=not is_known
            and _registers_at(run, self.standing.sites)
            and not people.is_registered(run.key),
        )
        reason = overreach(self.standing, run, about)
        if about.registers_here and reason is None:
            self.brought.add(run.key)
        return reason


def grants_for(peer: Peer) -> Grants:
    """Work out what a peer is granted: a country, everything; a hub, its sites and their people."""
    if peer.is_country:
        return Grants(peer, Standing(peer.key, is_country=True))
    is_revoked = fleet.is_revoked(peer.key)
    if not node.role().may_admit_hubs:
        return Grants(peer, Standing(peer.key, is_hub_to_us=False, is_revoked=is_revoked))
    sites = frozenset(fleet.sites_of(peer.key))
    standing = Standing(peer.key, is_revoked=is_revoked, sites=sites)
    belonged = people.people_of_sites(sites, ever=True)
    given = set(Custody.objects.filter(site__in=sites).values_list("person", flat=True))
    own = belonged | given
    tied = people.ever_tied(own)
    return Grants(
        peer,
        standing,
        people=frozenset(people.identities_of(_in_custody(sites, own))),
        known=frozenset(own | tied),
        tied=frozenset(tied - own),
    )


def _in_custody(sites: Collection[UUID], persons: set[UUID]) -> set[UUID]:
    """Leave out the persons whom the country has given to other sites since (`policies.is_granted`)."""
    custodians = node.custodians(persons)
    return {one for one in persons if custodians.get(one) is None or custodians[one] in sites}


def _custody_of(person: UUID) -> dict[int, set[UUID]]:
    given: dict[int, set[UUID]] = {}
    for epoch, site in Custody.objects.filter(person=person).values_list("epoch", "site"):
        given.setdefault(epoch, set()).add(site)
    return given


class _Registered(msgspec.Struct):
    site: UUID


def _registers_at(run: Run, sites: Collection[UUID]) -> bool:
    """Tell whether a run begins a person whom the peer registered for one of its own sites."""
    first = cast("Decoded", run.entries[0])
    if first.seq != 1 or first.kind != REGISTERED:
        return False
    try:
        return read(first.body, _Registered).site in sites
    except Damaged:
        return False
