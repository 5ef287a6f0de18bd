"""What the country says about its own key, and how it becomes rows."""

from __future__ import annotations

from collections.abc import Callable

from django.db import models

from passport.node.engine.renewing import NodeRenewed, NodeRetired, former_keys
from passport.node.models import Fact, Peer, Renewal, Retirement

RENEWED = "node.renewed@1"
RETIRED = "node.retired@1"


def project_node_renewed(fact: Fact) -> None:
    """Follow the country to its new key; what it and we acknowledged goes on under the new name.

    A renewal counts when the old key speaks and the new one has signed. Of several for one old key
    the earliest counts, whatever came first.
    """
    body = fact.read(NodeRenewed)
    if fact.origin.partition(".")[0] != body.old or not body.holds:
        return
    known = Renewal.objects.filter(pk=body.old).first()
    if known is not None and (known.stamp, known.origin) <= (fact.hlc, fact.origin):
        return
    Renewal(old=body.old, new=body.new, stamp=fact.hlc, origin=fact.origin).save()
    names = {body.old, "" if known is None else known.new}
    followed = Peer.objects.filter(is_country=True, key__in=names).first()
    if followed is not None:
        followed.key, followed.recipient = body.new, body.recipient
        followed.save(update_fields=["key", "recipient"])


def project_node_retired(fact: Fact) -> None:
    """Refuse a key from now on; only an heir of it can say so, never one of those before it."""
    key = fact.read(NodeRetired).key
    if key in former_keys(fact.origin.partition(".")[0]):
        Retirement.objects.get_or_create(pk=key)


PROJECTORS: dict[str, Callable[[Fact], None]] = {
    RENEWED: project_node_renewed,
    RETIRED: project_node_retired,
}
TABLES: tuple[type[models.Model], ...] = (Renewal, Retirement)
"""What a rebuild empties."""
