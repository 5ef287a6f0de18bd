"""What this room sends to other nodes, and how it takes it in."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import msgspec
from django.db import models

from passport.fleet.models import ClockNote, Hub, Revocation
from passport.kernel.clock import LAST_DAY_MS, moment, stamp_ms
from passport.node.models import Fact

MOST_DEVICES = 10_000


class HubAdmitted(msgspec.Struct):
    """`hub.admitted@1`, in the country's stream: this key is this hub, and serves these sites."""

    key: str
    recipient: str
    name: str
    sites: list[UUID]


class HubRevoked(msgspec.Struct):
    """`hub.revoked@1`, in the country's stream: nothing that this hub says counts any more. *fact*."""

    key: str
    why: str


def project_hub_revoked(fact: Fact) -> None:
    body = fact.read(HubRevoked)
    Revocation.objects.get_or_create(
        key=body.key, defaults={"at": moment(stamp_ms(fact.hlc)), "why": body.why[:300]}
    )


def project_hub_admitted(fact: Fact) -> None:
    """Enter a hub in the register; a later admission of the same key replaces an earlier one."""
    body = fact.read(HubAdmitted)
    admitted_at = moment(stamp_ms(fact.hlc))
    held = Hub.objects.filter(key=body.key).first()
    if held is not None and held.admitted_at > admitted_at:
        return
    Hub(
        key=body.key,
        name=body.name,
        recipient=body.recipient,
        sites=[site.hex for site in body.sites],
        admitted_at=admitted_at,
    ).save()


class ClockNoted(msgspec.Struct, omit_defaults=True):
    """`clock.noted@1`, in the stream of a hub's first site: what it found out of its clock. Times in ms.

    The fields are those of `models.ClockNote`; nothing in it is about anybody.
    """

    id: UUID
    boot: int
    node: int
    wall: int
    running: int
    source: str
    reference: int
    devices: int = 0
    trip: int = 0


def project_clock_noted(fact: Fact) -> None:
    """Enter a note; whose clock it is about, its origin says. What no clock can show has no effect."""
    body = fact.read(ClockNoted)
    numbers = (body.boot, body.node, body.wall, body.running, body.reference, body.trip)
    if (
        any(abs(number) > LAST_DAY_MS for number in numbers)
        or not 0 <= body.devices <= MOST_DEVICES
    ):
        return
    ClockNote.objects.get_or_create(
        id=body.id,
        defaults={
            "origin": fact.origin,
            "boot": body.boot,
            "node": body.node,
            "wall": body.wall,
            "running": body.running,
            "source": body.source[:8],
            "reference": body.reference,
            "devices": body.devices,
            "trip": body.trip,
        },
    )


PROJECTORS: dict[str, Callable[[Fact], None]] = {
    "hub.admitted@1": project_hub_admitted,
    "hub.revoked@1": project_hub_revoked,
    "clock.noted@1": project_clock_noted,
}
TABLES: tuple[type[models.Model], ...] = (Hub, Revocation, ClockNote)
"""What a rebuild empties."""
