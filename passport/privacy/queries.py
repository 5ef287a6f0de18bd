"""Questions about erasures: who has confirmed, and who hasn't yet."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from passport.fleet import queries as fleet
from passport.kernel.actor import Actor
from passport.kernel.errors import NotFound
from passport.node import queries as node
from passport.node.models import Erased
from passport.privacy.models import Confirmation
from passport.privacy.policies import check_may_erase


class NodeState(NamedTuple):
    """What one node has said of an erasure."""

    key: str
    name: str
    confirmed_at: datetime | None
    """None: it hasn't yet."""
    last_heard: datetime | None
    is_revoked: bool
    """It gets nothing any more; what it holds goes blind when its lease ends."""


class Receipt(NamedTuple):
    """The state of an erasure, node by node."""

    person: UUID
    at: datetime
    nodes: tuple[NodeState, ...]

    @property
    def is_complete(self) -> bool:
        return all(one.confirmed_at for one in self.nodes)


def receipt(by: Actor, person: UUID) -> Receipt:
    """Say which nodes have confirmed an erasure and which haven't. Raises `NotFound`, `NotAllowed`.

    Every hub of the country is asked: who held somebody once is forgotten with them.
    """
    check_may_erase(by, node.role())
    erased = Erased.objects.filter(pk=person).first()
    if erased is None:
        raise NotFound("Nobody was erased under this id.")
    confirmed = dict(Confirmation.objects.filter(person=person).values_list("node", "at"))
    ours = node.introduction()
    here = NodeState(ours.key, ours.name, erased.at, None, is_revoked=False)
    hubs = [
        NodeState(
            hub.key, hub.name, confirmed.get(hub.key), hub.last_heard, hub.revoked_at is not None
        )
        for hub in fleet.every_hub()
    ]
    return Receipt(person, erased.at, (here, *hubs))
