"""Making, taking and exchanging parcels."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db.models import F

from passport.fleet import actions as fleet
from passport.fleet import queries as fleet_queries
from passport.kernel.actor import Actor
from passport.kernel.clock import moment, next_stamp, now_ms
from passport.kernel.errors import NotAllowed, PassportError
from passport.kernel.permissions import Permission
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.models import Direction, ParcelNote, Peer
from passport.sync.engine import carrying
from passport.sync.engine.applying import Tally
from passport.sync.engine.carriers import MEDIA_TYPE, file_name, files_in, post, write_to_folder
from passport.sync.engine.content import Portion
from passport.sync.engine.making import Budget, Made, make_files
from passport.sync.engine.rebuild import rebuild as rebuild_all
from passport.sync.engine.taking import take_opened
from passport.sync.engine.wire import ClearLine, Manifest, Opened, open_file, read_clear_line
from passport.sync.errors import NotEnrolled, NotForUs, Refused, UnknownSender, UsedUp
from passport.sync.policies import Fate

__all__ = [
    "MEDIA_TYPE",
    "NETWORK",
    "Budget",
    "ParcelFile",
    "Taken",
    "answer",
    "clear_line",
    "exchange",
    "files_in",
    "make_parcel",
    "make_parcels",
    "rebuild",
    "take_by_sender",
    "take_parcel",
    "write_to_folder",
]

NETWORK = "network"
ROUNDS = 1_000
"""An exchange over the network ends after so many files each way; the next one goes on."""


@dataclass(frozen=True, slots=True)
class ParcelFile:
    """One file to write, download or send."""

    name: str
    content: bytes
    more: bool
    """There is more to send than the budget allowed."""
    peer: Peer | None
    """For whom; None: somebody else's, carried on unopened."""


@dataclass(slots=True)
class Taken:
    """What handing in some files came to."""

    peer: Peer | None = None
    tally: Tally = field(default_factory=Tally)
    files: int = 0
    made: int = 0
    """When the last of them was made, by the sender's clock."""
    cut_short: int = 0
    """Files that were damaged or not whole; what was sound in them has been used."""
    carried: int = 0
    """Files for others, kept here to be carried on."""
    refused: list[tuple[str, PassportError]] = field(default_factory=list)
    """Files of which nothing was used: name and reason."""


def _carries(by: Actor) -> bool:
    """Tell whether this person brings parcels on their way, or takes them from those who do."""
    return by.may_somewhere(Permission.CARRY_PARCELS) or by.may(Permission.TAKE_PARCELS)


# Making


def make_parcel(
    *, by: Actor, peer: Peer, carrier: str, budget: int | None = None
) -> Iterator[ParcelFile]:
    """Make a parcel for a peer, file by file: everything that it hasn't acknowledged.

    `budget` is in bytes (setting `sync_bytes` without one). Nothing is taken off any list by making
    a parcel: only the peer's own acknowledgement does that.
    """
    within = Budget() if budget is None else Budget(budget)
    return make_parcels(by=by, peers=[peer], carrier=carrier, budget=within)


def make_parcels(
    *, by: Actor, peers: Sequence[Peer], carrier: str, budget: Budget
) -> Iterator[ParcelFile]:
    """Make parcels for several peers within one budget: what one stick is to carry.

    By the order of DESIGN section 4 over all of them: everybody's records, then everybody's small
    content, then the large. Each gets at least a first file, which carries the acknowledgement.
    """
    if not _carries(by):
        raise NotAllowed("You may not carry parcels.")
    for peer in peers:
        if fleet_queries.is_revoked(peer.key):
            raise NotAllowed("%(name)s was revoked; it gets nothing any more.", name=peer.name)
    # Asked on the writer: whatever has an earlier stamp is on disk before the journal is read.
    upto = None if carrier == NETWORK else _stamp_now()
    last: dict[int, tuple[str, int]] = {}
    for portion in [Portion.ALL] if len(peers) == 1 else list(Portion):
        for peer in peers:
            for made in make_files(
                peer,
                budget=budget,
                file_bytes=settings.PARCEL_FILE_BYTES,
                portion=portion,
                after=last.get(peer.pk),
            ):
                last[peer.pk] = made.manifest.parcel, made.number
                _note_made(peer, carrier, made, upto)
                name = file_name(peer.key, made.manifest.parcel, made.number)
                yield ParcelFile(name, made.content, made.manifest.more, peer)
                del made  # or a file would be held while the next is made
    if carrier != NETWORK:
        yield from _carried(budget)


def _carried(budget: Budget) -> Iterator[ParcelFile]:
    """Hand on what was brought for others, where there is room left."""
    for path in carrying.carried():
        if budget.admits(path.stat().st_size):
            yield ParcelFile(path.name, path.read_bytes(), more=False, peer=None)


@node.writes
def _stamp_now() -> int:
    return next_stamp(now_ms(), 0)


@node.writes
def _note_made(peer: Peer, carrier: str, made: Made, upto: int | None) -> None:
    manifest = made.manifest
    if carrier == NETWORK and not (manifest.runs or manifest.copies or manifest.pieces):
        return  # the network asks every minute: an exchange with nothing in it leaves no row
    note, _ = ParcelNote.objects.get_or_create(
        id=UUID(manifest.parcel),
        direction=Direction.MADE,
        defaults={"peer": peer, "carrier": carrier, "at": moment(now_ms())},
    )
    note.entries += made.entries
    note.people += len({run.stream for run in manifest.runs if run.sealed})
    note.blobs += made.blobs
    note.size += len(made.content)
    if made.has_all_entries:
        note.upto = upto
    note.save()


# Taking


def take_parcel(*, by: Actor, files: Iterable[tuple[str, BinaryIO]], carrier: str) -> Taken:
    """Take parcel files that somebody brought; never raises for what is in them."""
    if not _carries(by):
        raise NotAllowed("You may not hand in parcels.")
    taken = Taken()
    for name, file in files:
        try:
            _take_file(file, carrier, taken)
        except NotForUs as refusal:
            if carrier != NETWORK and carrying.keep(file):
                taken.carried += 1
            else:
                taken.refused.append((name, refusal))
        except PassportError as refusal:
            taken.refused.append((name, refusal))
    return taken


def take_by_sender(
    *, by: Actor, files: Iterable[tuple[str, BinaryIO]], carrier: str
) -> list[Taken]:
    """Take parcel files of several senders; what came of them, sender by sender.

    What nothing could be used of is in the one without a peer. Who calls gives the files in the order of
    their names, which is the order in which they were made.
    """
    by_sender: dict[str, Taken] = {}
    for name, file in files:
        one = take_parcel(by=by, files=[(name, file)], carrier=carrier)
        total = by_sender.setdefault(one.peer.key if one.peer else "", Taken(peer=one.peer))
        total.tally.add(one.tally)
        total.files += one.files
        total.cut_short += one.cut_short
        total.carried += one.carried
        total.refused += one.refused
    return list(by_sender.values())


def _take_file(file: BinaryIO, carrier: str, taken: Taken) -> None:
    try:
        opened = open_file(file, node_queries.identities(), node_queries.our_names())
    except UsedUp:
        _begin_again_with_country()
        raise
    peer = _sender(opened.manifest)
    tally = take_opened(peer, opened)
    taken.tally.add(tally)
    taken.peer = peer
    taken.files += 1
    taken.made = opened.manifest.made
    if not opened.whole or tally.had(Fate.DAMAGED):
        taken.cut_short += 1
    _note_taken(peer, carrier, opened, tally)
    _note_times(peer, carrier, opened.manifest)


@node.writes
def _begin_again_with_country() -> None:
    """Seal the next parcel for the country to the key of its key file: ours may be used up there, too.

    So it is for the original of a copied disk, whose copy has met the country in between.
    """
    Peer.objects.filter(is_country=True).update(recipient=F("base"), turn=0)


def _sender(manifest: Manifest) -> Peer:
    """Find who signed the manifest, or admit the hub that introduces itself with its code."""
    introduction = manifest.introduction
    if introduction is not None and node_queries.role().may_admit_hubs:
        return fleet.admit(
            by=Actor.machine(),
            key=manifest.sender,
            recipient=introduction.recipient,
            name=introduction.name,
            code=introduction.code,
        )
    sender = node_queries.country_of(manifest.sender)
    peer = fleet.peer_of(by=Actor.machine(), key=sender)
    if peer is None:
        raise UnknownSender("This parcel comes from somebody whom this place doesn't know.")
    return peer


@node.writes
def _note_taken(peer: Peer, carrier: str, opened: Opened, tally: Tally) -> None:
    """Write down that a parcel came; one that comes twice is noted once."""
    if carrier == NETWORK and not (tally.entries or tally.content):
        return
    note, _ = ParcelNote.objects.get_or_create(
        id=UUID(opened.manifest.parcel),
        defaults={
            "peer": peer,
            "direction": Direction.TAKEN,
            "carrier": carrier,
            "at": moment(now_ms()),
        },
    )
    note.entries += tally.entries
    note.events += tally.events
    note.people += len(tally.people)
    note.blobs += tally.blobs
    note.save()


def _note_times(peer: Peer, carrier: str, manifest: Manifest) -> None:
    """Keep what a parcel tells of clocks: the country's says something of ours, a hub's of its own."""
    by = Actor.machine()
    if not peer.is_country and node_queries.role().may_admit_hubs:
        origin = f"{manifest.sender}.{manifest.incarnation}"
        fleet.note_arrival(by=by, origin=origin, made=manifest.made)
    elif peer.is_country and carrier != NETWORK:
        fleet.note_country_clock(by=by, made=manifest.made)


def clear_line(path: Path) -> ClearLine:
    """Read what a carrier may know of a file. Raises `NotAParcel` or `TooNew`."""
    with path.open("rb") as file:
        return read_clear_line(file)


def rebuild(*, by: Actor) -> int:
    """Make every projection again from the journal; returns the number of entries.

    Only for the machine itself: stop the server first.
    """
    if not by.is_machine:
        raise NotAllowed("Only a command typed on the machine itself may rebuild its tables.")
    return rebuild_all()


# Both ways


def answer(*, by: Actor, content: bytes) -> tuple[Taken, bytes]:
    """Take one file that came over the network; return what it was, and the file that answers it.

    Raises the refusal when nothing of the file could be used.
    """
    taken = take_parcel(by=by, files=[("", io.BytesIO(content))], carrier=NETWORK)
    if taken.peer is None:
        raise taken.refused[0][1]
    reply = next(
        make_parcel(by=by, peer=taken.peer, carrier=NETWORK, budget=settings.PARCEL_FILE_BYTES)
    )
    return taken, reply.content


def exchange(*, by: Actor) -> Taken:
    """Exchange files with the country until neither side has anything new, or the budget is spent.

    Raises `NotEnrolled`, or `OutOfReach` when the country doesn't answer. There is no session: what
    was acknowledged before a cut stays so, and the next exchange goes on after it.
    """
    country = node_queries.country()
    if country is None:
        raise NotEnrolled(
            "This hub isn't enrolled yet. It needs an enrolment file from the country."
        )
    total = Taken(peer=country)
    spent = 0
    for _ in range(ROUNDS):
        file = next(
            make_parcel(by=by, peer=country, carrier=NETWORK, budget=settings.PARCEL_FILE_BYTES)
        )
        asked = now_ms()
        try:
            reply = post(country.address, file.content)
        except Refused:
            _begin_again_with_country()  # it may have been restored, and lack the key
            raise
        answered = now_ms()
        taken = take_parcel(by=by, files=[("", io.BytesIO(reply))], carrier=NETWORK)
        if taken.refused:
            raise taken.refused[0][1]
        trip = answered - asked
        fleet.note_country_clock(by=by, made=taken.made, at=asked + trip // 2, trip=trip)
        total.tally.add(taken.tally)
        total.files += 1
        spent += len(file.content) + len(reply)
        country.refresh_from_db()
        if spent > settings.SYNC_BYTES or not (file.more or _news(taken)):
            break
    _relay(country)
    return total


def _relay(country: Peer) -> None:
    """Hand over what others sent by way of us, and keep the answers for them. Raises `OutOfReach`.

    A file that the country refuses stays: its sender makes a newer one, and it grows old here.
    """
    for path in carrying.carried(country.key):
        try:
            reply = post(country.address, path.read_bytes())
        except Refused:
            continue
        carrying.keep(io.BytesIO(reply))
        carrying.is_delivered(path)


def _news(taken: Taken) -> bool:
    return bool(taken.tally.entries or taken.tally.content)
