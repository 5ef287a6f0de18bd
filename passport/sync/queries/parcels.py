"""The parcels that were made and taken here."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from passport.kernel.actor import Actor
from passport.kernel.errors import NotAllowed
from passport.kernel.permissions import Permission
from passport.node.models import Direction, ParcelNote, Peer

PAGE = 50


class ParcelLine(NamedTuple):
    """A parcel that was made or taken here."""

    id: UUID
    peer: str
    made_here: bool
    carrier: str
    at: datetime
    entries: int
    events: int
    people: int
    blobs: int
    size: int


class ParcelsPage(NamedTuple):
    """A page of the list, and how many there are in all."""

    lines: list[ParcelLine]
    total: int


def check_may_see_parcels(by: Actor) -> None:
    """Raise `NotAllowed` for whoever neither carries parcels nor takes them."""
    if not (by.may_somewhere(Permission.CARRY_PARCELS) or by.may(Permission.TAKE_PARCELS)):
        raise NotAllowed("You may not carry parcels.")


def parcels_page(by: Actor, *, peer: Peer | None = None, page: int = 1) -> ParcelsPage:
    """List the parcels that were made and taken here, the latest first, fifty a page."""
    check_may_see_parcels(by)
    notes = ParcelNote.objects.select_related("peer").order_by("-at", "pk")
    if peer is not None:
        notes = notes.filter(peer=peer)
    lines = [
        ParcelLine(
            id=note.id,
            peer=note.peer.name,
            made_here=note.direction == Direction.MADE,
            carrier=note.carrier,
            at=note.at,
            entries=note.entries,
            events=note.events,
            people=note.people,
            blobs=note.blobs,
            size=note.size,
        )
        for note in notes[(page - 1) * PAGE : page * PAGE]
    ]
    return ParcelsPage(lines, notes.count())
