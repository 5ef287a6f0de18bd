"""How this node stands with a peer, in full: for support."""

from __future__ import annotations

from datetime import datetime
from itertools import batched
from typing import NamedTuple

from django.db.models import Count, F, Min, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, Least

from passport.kernel.actor import Actor
from passport.node import queries as node
from passport.node.models import Acknowledged, Head, Parked, Peer, Quarantined, StreamKind
from passport.node.queries import IDS_AT_ONCE
from passport.sync.engine.grants import grants_for
from passport.sync.queries.parcels import check_may_see_parcels

MOST_PEERS = 20


class Kept(NamedTuple):
    """What this node has for a peer in streams of one kind, and what of it came back confirmed."""

    kind: StreamKind
    streams: int = 0
    entries: int = 0
    confirmed: int = 0


class Account(NamedTuple):
    """All that is known of a peer."""

    peer: Peer
    kept: tuple[Kept, ...]
    parked: int
    """Runs of it that wait for something that is still on its way."""
    parked_since: datetime | None
    set_aside: int

    @property
    def incarnation(self) -> str:
        """Return its present incarnation; "" before its first parcel."""
        return self.peer.incarnations[-1] if self.peer.incarnations else ""


def peers(by: Actor) -> list[Peer]:
    """Return the nodes that this one exchanges parcels with, the country first: a hub has few."""
    check_may_see_parcels(by)
    return list(Peer.objects.order_by("-is_country", "name")[:MOST_PEERS])


def peer_of(by: Actor, key: str) -> Peer | None:
    """Return the node behind a key, once it has been met."""
    check_may_see_parcels(by)
    return Peer.objects.filter(key=key).first()


def account(by: Actor, peer: Peer) -> Account:
    """Say how this node stands with a peer."""
    check_may_see_parcels(by)
    parked = Parked.objects.filter(peer=peer).aggregate(n=Count("pk"), since=Min("parked_at"))
    return Account(
        peer=peer,
        kept=_kept(peer),
        parked=parked["n"],
        parked_since=parked["since"],
        set_aside=Quarantined.objects.filter(peer=peer).count(),
    )


def _kept(peer: Peer) -> tuple[Kept, ...]:
    """Add up the heads of the streams that both share, as far as this node may send them."""
    found = {kind: Kept(kind) for kind in StreamKind}
    heads = (
        Head.objects.all() if node.role().may_admit_hubs else Head.objects.filter(origin__ours=True)
    )
    acknowledged = Acknowledged.objects.filter(
        peer=peer, stream=OuterRef("stream"), origin=OuterRef("origin")
    ).values("seq")[:1]
    confirmed = Least(F("seq"), Coalesce(Subquery(acknowledged), 0))
    for part in batched((stream.pk for stream in grants_for(peer).streams()), IDS_AT_ONCE):
        rows = heads.filter(stream__in=part).order_by().values("stream__kind")
        sums = rows.annotate(n=Count("stream", distinct=True), of=Sum("seq"), safe=Sum(confirmed))
        for kind, streams, entries, safe in sums.values_list("stream__kind", "n", "of", "safe"):
            had = found[StreamKind(kind)]
            found[had.kind] = Kept(
                had.kind,
                had.streams + streams,
                had.entries + int(entries),
                had.confirmed + int(safe),
            )
    return tuple(found.values())
