"""What has arrived where: said of receipts only, never of timers (C3)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from passport.kernel.actor import Actor
from passport.kernel.clock import moment, stamp_ms
from passport.kernel.errors import NotAllowed, NotFound
from passport.kernel.permissions import Permission
from passport.library import queries as library
from passport.node import queries as node
from passport.node.models import Acknowledged, Direction, Head, ParcelNote, Peer, StreamKind
from passport.records.models import Event


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


class Underway(NamedTuple):
    """What this hub holds that the country hasn't confirmed."""

    events: int
    """What learners did: each page, each stretch heard, each answer."""
    answers: int
    """The answers to questions among them."""
    people: int
    since: datetime | None
    """When the oldest of it was written here."""
    last_heard: datetime | None


def underway(peer: Peer) -> Underway:
    """Count the learning events that a peer hasn't acknowledged: *saved here*, not yet *safe there*."""
    acknowledged = Acknowledged.objects.filter(
        peer=peer, stream=OuterRef("stream"), origin=OuterRef("origin")
    ).values("seq")[:1]
    behind = (
        Head.objects.filter(stream__kind=StreamKind.PERSON, origin__ours=True)
        .annotate(safe=Coalesce(Subquery(acknowledged), 0))
        .filter(seq__gt=F("safe"))
        .values_list("stream_id", "origin_id", "safe")
    )
    events, answers, people, oldest = 0, 0, 0, None
    for stream, origin, safe in behind:
        waiting = Event.objects.filter(stream_id=stream, origin_id=origin, seq__gt=safe)
        number = waiting.count()
        if not number:
            continue
        events += number
        answers += waiting.filter(verb="answered").count()
        people += 1
        first = waiting.order_by("seq").values_list("hlc", flat=True)[0]
        oldest = first if oldest is None else min(oldest, first)
    return Underway(
        events,
        answers,
        people,
        None if oldest is None else moment(stamp_ms(oldest)),
        peer.last_heard,
    )


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


def parcels_page(by: Actor, *, page: int = 1) -> ParcelsPage:
    """List the parcels that were made and taken here, the latest first, fifty a page."""
    if not (by.may_somewhere(Permission.CARRY_PARCELS) or by.may(Permission.TAKE_PARCELS)):
        raise NotAllowed("You may not carry parcels.")
    notes = ParcelNote.objects.select_related("peer").order_by("-at", "pk")
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


def courses_to_carry(peer: Peer) -> int:
    """Count the course versions that are whole here and that the peer hasn't said it holds."""
    return len(set(library.current_versions()) - set(peer.holds))
