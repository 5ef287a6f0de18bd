"""Letting go: of a learner who has moved, on the hub that had them.

The key goes at once, with the names and all that was worked out of the record; what other hubs
wrote goes too. What this hub wrote and what the country said stays, unreadable where it was sealed,
under an id that names nobody: should the country lose its disk, it may be the only copy.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import batched
from uuid import UUID

from passport.fleet import queries as fleet
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.models import Head, Origin, Stream, StreamKind
from passport.node.queries import IDS_AT_ONCE
from passport.people import queries as people
from passport.privacy import actions as privacy
from passport.sync.manifest import JOURNALS


def gone_among(persons: Iterable[UUID]) -> set[UUID]:
    """Return those of some persons of whom nothing is taken any more: erased, or moved elsewhere."""
    wanted = set(persons)
    gone = node_queries.erased_among(wanted)
    if node_queries.role().reports_to_country:
        gone |= wanted & _moved_away()
    return gone


def let_go() -> int:
    """Let go of everybody who has moved to a site of another hub; returns how many it were."""
    if not node_queries.role().reports_to_country:
        return 0
    let = 0
    for part in batched(_moved_away(), IDS_AT_ONCE):
        for stream in Stream.objects.filter(kind=StreamKind.PERSON, key__in=part, is_let_go=False):
            _let_go_of(stream)
            let += 1
    return let


def _moved_away() -> set[UUID]:
    """Return whom the country gave to others, unless somebody who is them belongs here."""
    sites = fleet.sites_of(node_queries.introduction().key)
    elsewhere = node_queries.given_elsewhere(sites)
    if not elsewhere:
        return set()
    return {
        person
        for person in elsewhere
        if not (people.identities_of([person]) - elsewhere)
        & people.people_of_sites(sites, ever=True)
    }


def _let_go_of(stream: Stream) -> None:
    node.drop_person_keys(Stream.objects.filter(pk=stream.pk))
    privacy.drop_rows(stream.key)
    kept = {node_queries.introduction().key, *node_queries.country_keys()}
    others = [
        pk
        for pk, wire in Origin.objects.values_list("pk", "wire")
        if wire.partition(".")[0] not in kept
    ]
    for table in JOURNALS:
        table.objects.filter(stream=stream, origin__in=others).delete()
    Head.objects.filter(stream=stream, origin__in=others).delete()
    Stream.objects.filter(pk=stream.pk).update(is_let_go=True)


def take_back(streams: Iterable[Stream]) -> list[Stream]:
    """Take in again whoever has come back, and return them: what was dropped meanwhile is asked for."""
    back = [stream for stream in streams if stream.is_let_go]
    for stream in back:
        stream.is_let_go, stream.again = False, True
        stream.save(update_fields=["is_let_go", "again"])
    return back
