"""What has arrived where: said of receipts only, never of timers (C3). A file for each question."""

from __future__ import annotations

from django.db.models import Q

from passport.kernel.errors import NotFound
from passport.library import queries as library
from passport.node import queries as node
from passport.node.models import Peer
from passport.sync.queries.accounts import Account, Kept, account, peer_of, peers
from passport.sync.queries.aside import AsideLine, AsidePage, set_aside
from passport.sync.queries.parcels import PAGE, ParcelLine, ParcelsPage, parcels_page
from passport.sync.queries.underway import Left, Underway, Work, underway

__all__ = [
    "PAGE",
    "Account",
    "AsideLine",
    "AsidePage",
    "Kept",
    "Left",
    "ParcelLine",
    "ParcelsPage",
    "Underway",
    "Work",
    "account",
    "courses_to_carry",
    "parcels_page",
    "peer_named",
    "peer_of",
    "peers",
    "peers_named",
    "set_aside",
    "underway",
]


def peer_named(name: str | None) -> Peer:
    """Find the node that a parcel is for: by name or the beginning of its key; a hub's own country.

    Raises `NotFound`.
    """
    country = node.country()
    if name is None and country is not None:
        return country
    if name is None:
        raise NotFound("Please say which hub the parcel is for.")
    found = list(Peer.objects.filter(Q(name__iexact=name) | Q(key__startswith=name.lower()))[:2])
    if len(found) != 1:
        raise NotFound(
            "No single hub is called %(name)s. The list of hubs shows their names.", name=name
        )
    return found[0]


def peers_named(names: str | None) -> list[Peer]:
    """Find several nodes by their names, with commas between; as `peer_named` does each."""
    if names is None:
        return [peer_named(None)]
    peers = [peer_named(name.strip()) for name in names.split(",")]
    return list({peer.pk: peer for peer in peers}.values())


def courses_to_carry(peer: Peer) -> int:
    """Count the course versions that are whole here and that the peer hasn't said it holds."""
    return len(set(library.current_versions()) - set(peer.holds))
