"""What the country says about persons' streams themselves: who has custody (DESIGN section 4)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import msgspec
from django.db import models

from passport.node.models import Custody, Fact


class CustodyGiven(msgspec.Struct):
    """`custody.given@1`: the country gives a person to a site. *fact* by id.

    In the person's stream, where edits follow it; in the stream of the site that gets the person; and
    in that of each site that had them: its hub isn't granted the person's stream any more, and learns
    here to let go.
    """

    id: UUID
    person: UUID
    epoch: int
    site: UUID


def project_custody_given(fact: Fact) -> None:
    body = fact.read(CustodyGiven)
    given, made = Custody.objects.get_or_create(
        pk=body.id,
        defaults={
            "person": body.person,
            "epoch": body.epoch,
            "site": body.site,
            "hlc": fact.hlc,
        },
    )
    if not made and fact.hlc < given.hlc:  # each stream has stamps of its own
        given.hlc = fact.hlc
        given.save(update_fields=["hlc"])


PROJECTORS: dict[str, Callable[[Fact], None]] = {"custody.given@1": project_custody_given}
TABLES: tuple[type[models.Model], ...] = (Custody,)
"""What a rebuild empties."""
