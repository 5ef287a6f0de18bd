"""What this room sends to other nodes, and how it takes it in."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import msgspec
from django.db import models

from passport.fleet.models import Hub
from passport.kernel.clock import moment, stamp_ms
from passport.node.models import Fact


class HubAdmitted(msgspec.Struct):
    """`hub.admitted@1`, in the country's stream: this key is this hub, and serves these sites."""

    key: str
    recipient: str
    name: str
    sites: list[UUID]


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
        sites=[site.hex for site in body.sites],
        admitted_at=admitted_at,
    ).save()


PROJECTORS: dict[str, Callable[[Fact], None]] = {"hub.admitted@1": project_hub_admitted}
TABLES: tuple[type[models.Model], ...] = (Hub,)
"""What a rebuild empties."""
