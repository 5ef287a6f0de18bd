"""What this room sends to other nodes, and how it takes it in."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import msgspec
from django.db import models

from passport.fleet.models import Hub, Revocation
from passport.kernel.clock import moment, stamp_ms
from passport.node.models import Fact


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


PROJECTORS: dict[str, Callable[[Fact], None]] = {
    "hub.admitted@1": project_hub_admitted,
    "hub.revoked@1": project_hub_revoked,
}
TABLES: tuple[type[models.Model], ...] = (Hub, Revocation)
"""What a rebuild empties."""
