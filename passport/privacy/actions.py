"""Erasing a person: the mechanics. Cases, identity checks and deadlines come above them."""

from __future__ import annotations

from uuid import UUID

from passport.kernel.actor import Actor
from passport.kernel.clock import now_ms
from passport.kernel.errors import NotFound
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.models import Erased, Stream
from passport.people import queries as people
from passport.privacy.facts import (
    CONFIRMED_PURPOSE,
    ERASED_PURPOSE,
    ErasureConfirmed,
    PersonErased,
    bury,
    drop_rows,
    note_erased,
    project_erasure_confirmed,
    tombstone,
)
from passport.privacy.models import Confirmation
from passport.privacy.policies import check_may_erase

__all__ = ["confirm_erasures", "drop_rows", "erase"]


@node.writes
def erase(*, by: Actor, person: UUID) -> list[UUID]:
    """Forget a person, here at once and everywhere with the next parcels; returns the ids erased.

    Whoever was found to be the same person goes with them. Figures that were counted keep their
    totals; nothing tells any more of whom they were made.
    """
    check_may_erase(by, node_queries.role())
    if not people.is_registered(person):
        raise NotFound("There is no such person.")
    erased = sorted(people.identities_of([person]))
    for each in erased:
        at = now_ms()
        signature = node.sign(ERASED_PURPOSE, tombstone(each, at))
        body = PersonErased(person=each, at=at, signature=signature)
        note_erased(by, body)
        bury(body)
    return erased


@node.writes
def confirm_erasures(*, by: Actor, site: UUID) -> int:
    """Confirm, in the stream of a site of ours, every erasure that was followed here and isn't yet.

    Noted where the tombstone is in force and the rows are gone: both were one transaction.
    """
    ours = node_queries.introduction().key
    confirmed = Confirmation.objects.filter(node=ours).values("person")
    waiting = Erased.objects.exclude(pk__in=confirmed)
    for erased in waiting:
        at = now_ms()
        signature = node.sign(CONFIRMED_PURPOSE, tombstone(erased.person, at))
        body = ErasureConfirmed(person=erased.person, at=at, signature=signature)
        stream = Stream.of_site(site)
        project_erasure_confirmed(
            node.note(by=by, stream=stream, kind="erasure.confirmed@1", body=body)
        )
    return len(waiting)
