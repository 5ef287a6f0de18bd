"""Writes of this room: how a hub joins a country (DESIGN section 4, "Authority"), and what its clock shows."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from itertools import batched
from typing import Annotated
from uuid import UUID

import msgspec
from django.conf import settings
from msgspec import Meta

from passport.fleet.engine import clocks
from passport.fleet.engine.devices import devices
from passport.fleet.engine.timeline import Evidence, Source
from passport.fleet.errors import EnrolmentRefused
from passport.fleet.facts import (
    HubAdmitted,
    HubRevoked,
    project_hub_admitted,
    project_hub_revoked,
)
from passport.fleet.models import Arrival, EnrolmentCode, Hub, Revocation
from passport.fleet.policies import check_may_admit_hubs
from passport.kernel import clock
from passport.kernel.actor import Actor
from passport.kernel.clock import LAST_DAY_MS, NEAR_MS, moment, now_ms
from passport.kernel.encoding import canonical, digest, read
from passport.kernel.errors import Damaged, Invalid, NotFound
from passport.kernel.sealing import is_recipient
from passport.kernel.signing import verifies
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.models import Peer, Stream, StreamKind
from passport.people import queries as people

PURPOSE = "passport enrolment 1"


class EnrolmentFile(msgspec.Struct):
    """What the country hands a new hub, on paper or on a stick: whom to report to, and a one-time code."""

    country: Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
    """The country's key in hex."""
    recipient: str
    address: Annotated[str, Meta(pattern=r"\A(https?://[^\s\0]+)?\Z", max_length=300)]
    country_name: Annotated[str, Meta(pattern=r"\A[^\0]*\Z", max_length=200)]
    hub_name: str
    code: Annotated[str, Meta(pattern=r"\A[!-~]*\Z", max_length=64)]


class SignedFile(msgspec.Struct):
    """The file as it is written: canonical JSON of an `EnrolmentFile` and the country's signature."""

    enrolment: msgspec.Raw
    signature: bytes


@node.writes
def make_enrolment(*, by: Actor, name: str, sites: Sequence[UUID]) -> bytes:
    """Make the enrolment file of one new hub. The code in it works once."""
    check_may_admit_hubs(by, node_queries.role())
    if not name.strip():
        raise EnrolmentRefused("Please give the hub a name.")
    if not sites:
        raise EnrolmentRefused("Please say which site the hub will serve.")
    code = secrets.token_urlsafe(24)
    EnrolmentCode.objects.create(
        digest=digest(code.encode()),
        name=name.strip(),
        sites=[site.hex for site in sites],
        made_at=moment(now_ms()),
    )
    ours = node_queries.introduction()
    body = canonical(
        EnrolmentFile(
            country=ours.key,
            recipient=ours.recipient,
            address=settings.ADDRESS,
            country_name=ours.name,
            hub_name=name.strip(),
            code=code,
        )
    )
    return canonical(SignedFile(enrolment=msgspec.Raw(body), signature=node.sign(PURPOSE, body)))


def read_enrolment(file: bytes) -> EnrolmentFile:
    """Read an enrolment file. Raises `EnrolmentRefused`."""
    try:
        signed = read(file, SignedFile)
        enrolment = read(signed.enrolment, EnrolmentFile)
        key = bytes.fromhex(enrolment.country)
    except (Damaged, ValueError):
        raise EnrolmentRefused("This is not an enrolment file.") from None
    if not is_recipient(enrolment.recipient):
        raise EnrolmentRefused("This is not an enrolment file.")
    if not verifies(key, PURPOSE, bytes(signed.enrolment), signed.signature):
        raise EnrolmentRefused("This enrolment file has been changed. Please ask for a new one.")
    return enrolment


@node.writes
def enrol(*, by: Actor, file: bytes) -> Peer:
    """Take an enrolment file on a new hub: from now on it reports to that country."""
    del by
    if not node_queries.role().reports_to_country:
        raise EnrolmentRefused("Only a hub takes an enrolment file.")
    enrolment = read_enrolment(file)
    known = node_queries.country()
    if known is not None and known.key != enrolment.country:
        raise EnrolmentRefused("This hub already belongs to %(country)s.", country=known.name)
    peer, _ = Peer.objects.update_or_create(
        key=enrolment.country,
        defaults={
            "recipient": enrolment.recipient,
            "base": enrolment.recipient,
            "name": enrolment.country_name,
            "address": enrolment.address,
            "is_country": True,
            "code": enrolment.code,
        },
    )
    return peer


@node.writes
def revoke(*, by: Actor, key: str, why: str) -> None:
    """Trust a hub no more: it was lost, stolen or given away (R053).

    What it sends from now on is set aside, it gets nothing, and the people whose keys it held get
    further ones, so that what is written from now on can't be read with what it holds.
    """
    check_may_admit_hubs(by, node_queries.role())
    hub = Hub.objects.filter(pk=key).first()
    if hub is None:
        raise NotFound("There is no such hub.")
    if not why.strip():
        raise Invalid("Please say why.")
    if Revocation.objects.filter(pk=key).exists():
        return
    body = HubRevoked(key=key, why=why.strip()[:300])
    project_hub_revoked(node.note(by=by, stream=Stream.country(), kind="hub.revoked@1", body=body))
    _renew_keys(hub)


@node.writes
def renew_keys(*, by: Actor) -> int:
    """Give a further key to everybody whose key a revoked hub held, where none is here; returns how many.

    A country that was restored hears of a revocation of its own from its hubs, and the keys that it
    made then died with its disk. Nobody gets a second one on account of the same hub.
    """
    check_may_admit_hubs(by, node_queries.role())
    revoked = Revocation.objects.values("pk")
    return sum(_renew_keys(hub) for hub in Hub.objects.filter(pk__in=revoked))


def _renew_keys(hub: Hub) -> int:
    sites = [UUID(site) for site in hub.sites]
    held = people.identities_of(people.people_of_sites(sites, ever=True))
    renewed = 0
    for part in batched(held, node_queries.IDS_AT_ONCE):
        for stream in Stream.objects.filter(
            kind=StreamKind.PERSON, key__in=part, sealed_key__isnull=False
        ):
            if hub.key not in stream.renewed_for:
                node.renew_person_key(stream, hub.key)
                renewed += 1
    return renewed


@node.writes
def peer_of(*, by: Actor, key: str) -> Peer | None:
    """Return the node behind a key: one that was met before, or another hub of this country."""
    del by
    peer = Peer.objects.filter(key=key).first()
    hub = None if peer is not None else Hub.objects.filter(pk=key).first()
    if hub is None or key == node_queries.introduction().key:
        return peer
    return Peer.objects.create(key=key, recipient=hub.recipient, base=hub.recipient, name=hub.name)


@node.writes
def admit(*, by: Actor, key: str, recipient: str, name: str, code: str) -> Peer:
    """Admit the hub that presents a code, and tell everybody in the country's stream.

    The same hub may present its code again, because our answer may have got lost on the way.
    """
    held = EnrolmentCode.objects.filter(digest=digest(code.encode())).first()
    if held is None:
        raise EnrolmentRefused("This country didn't make the enrolment code that the hub presents.")
    if held.used_by not in {"", key}:
        raise EnrolmentRefused("Another hub has already used this enrolment code.")
    peer, _ = Peer.objects.update_or_create(
        key=key, defaults={"recipient": recipient, "base": recipient, "name": held.name or name}
    )
    if not held.used_by:
        held.used_by = key
        held.save(update_fields=["used_by"])
        body = HubAdmitted(
            key=key, recipient=recipient, name=held.name, sites=[UUID(s) for s in held.sites]
        )
        project_hub_admitted(
            node.note(by=by, stream=Stream.country(), kind="hub.admitted@1", body=body)
        )
    return peer


# Clocks: what a hub finds out of its own, and the country of a hub's


def hear_device(*, address: str, shown: str) -> None:
    """Take what a visitor's device shows, with no word of who visits; kept in memory, by address."""
    devices.hear(address, shown)


def keep_clock(*, by: Actor) -> None:
    """Keep this node's time; the worker does so every two minutes.

    A hub notes starts, leaps and what visitors' devices agree on, and its node time is at least what
    the country has said: no stamp of the country is then ahead of what the hub writes.
    """
    node.keep_running(by=by)
    if not node_queries.role().reports_to_country:
        return
    agreed = devices.agreed()
    found = (
        [Evidence(Source.DEVICES, now_ms(), agreed.now, devices=agreed.devices)] if agreed else []
    )
    clocks.note(by, *found)
    if clock.machine.follow(clocks.heard_of_country()):
        node.keep_running(by=by)
        clocks.note(by)


def note_country_clock(
    *, by: Actor, made: int, at: int | None = None, trip: int | None = None
) -> None:
    """Note at a hub what the country's clock showed when it made a parcel, `made`.

    With `trip` it answered over the network, in so many ms, at our node time `at`. Else it came on a
    stick, and it was no earlier; so it was with an answer that is older than what was heard before:
    somebody on the way has kept it.
    """
    if not (node_queries.role().reports_to_country and 0 < made < LAST_DAY_MS):
        return
    node_ms = now_ms() if at is None else at
    if trip is None or made < clocks.heard_of_country():
        clocks.note(by, Evidence(Source.PARCEL, node_ms, made))
    else:
        clocks.note(by, Evidence(Source.COUNTRY, node_ms, made, trip=trip))


def note_arrival(*, by: Actor, origin: str, made: int) -> None:
    """Note at the country that a hub's parcel came, where that says anything new of the hub's clock."""
    if not 0 < made < LAST_DAY_MS:
        return
    now = now_ms()
    latest = Arrival.objects.filter(origin=origin).order_by("-made").first()
    if latest is None or (
        made > latest.made and abs((now - made) - (latest.at - latest.made)) > NEAR_MS
    ):
        _keep_arrival(by=by, origin=origin, made=made, at=now)


@node.writes
def _keep_arrival(*, by: Actor, origin: str, made: int, at: int) -> None:
    del by
    Arrival.objects.create(origin=origin, made=made, at=at)
