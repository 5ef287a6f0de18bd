"""What the country says about its own key, and about who has custody of a person."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import msgspec
from django.db import models

from passport.kernel.encoding import read
from passport.node.engine.renewing import NodeRenewed, NodeRetired, former_keys
from passport.node.models import Custody, Erased, Fact, Peer, Renewal, Retirement, StreamKind

RENEWED = "node.renewed@1"
RETIRED = "node.retired@1"
KEYS = frozenset({RENEWED, RETIRED})


def project_node_renewed(fact: Fact) -> None:
    """Follow the country to its new key; what it and we acknowledged goes on under the new name.

    A renewal counts when the old key speaks and the new one has signed. Of several for one old key
    the earliest counts, whatever came first.
    """
    body = fact.read(NodeRenewed)
    speaks = fact.stream.kind == StreamKind.COUNTRY and fact.origin.partition(".")[0] == body.old
    if not speaks or not body.holds:
        return
    known = Renewal.objects.filter(pk=body.old).first()
    if known is not None and (known.stamp, known.origin) <= (fact.hlc, fact.origin):
        return
    Renewal(old=body.old, new=body.new, stamp=fact.hlc, origin=fact.origin).save()
    names = {body.old, "" if known is None else known.new}
    followed = Peer.objects.filter(is_country=True, key__in=names).first()
    if followed is not None:
        if followed.recipient == followed.base:  # else it named one of its own for us, and keeps it
            followed.recipient = body.recipient
        followed.key, followed.base = body.new, body.recipient
        followed.save(update_fields=["key", "recipient", "base"])


def heir_of(body: bytes) -> str:
    """Return the new key that a `node.renewed@1` names."""
    return read(body, NodeRenewed).new


def project_node_retired(fact: Fact) -> None:
    """Refuse a key from now on; only an heir of it can say so, never one of those before it."""
    key = fact.read(NodeRetired).key
    heir = fact.origin.partition(".")[0]
    if fact.stream.kind == StreamKind.COUNTRY and key in former_keys(heir):
        Retirement.objects.get_or_create(pk=key)


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
    if Erased.objects.filter(pk=body.person).exists():
        return  # the site's stream keeps the entry; nothing is shown of whom it speaks of
    Custody.objects.get_or_create(
        pk=body.id, defaults={"person": body.person, "epoch": body.epoch, "site": body.site}
    )


PROJECTORS: dict[str, Callable[[Fact], None]] = {
    RENEWED: project_node_renewed,
    RETIRED: project_node_retired,
    "custody.given@1": project_custody_given,
}
TABLES: tuple[type[models.Model], ...] = (Renewal, Retirement, Custody)
"""What a rebuild empties."""
