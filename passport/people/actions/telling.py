"""What the country has decided, said once more to those who don't know it.

A country that lost its disk may have forgotten whom it had told what. The facts are the same, with the
same ids, so saying them again changes nothing for those who have heard them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

import msgspec
from django.db.models import Q

from passport.kernel.actor import Actor
from passport.kernel.encoding import read
from passport.kernel.permissions import Permission
from passport.node import queries as node
from passport.node.actions import Note, note_all, writes
from passport.node.facts import CustodyGiven
from passport.node.models import Custody, Entry, Stream
from passport.people.actions.moving import give, sites_of
from passport.people.facts import IdentityMerged, IdentityParted
from passport.people.models import Merger, Parting, Person
from passport.people.policies import check_may, check_speaks_for_country

GIVEN, MERGED, PARTED = "custody.given@1", "identity.merged@1", "identity.parted@1"


@writes
def tell_where_they_are(
    *, by: Actor, persons: Collection[UUID], sites: Collection[UUID]
) -> set[UUID]:
    """Tell the hub of these sites where persons belong whom it has and isn't granted: it lets go.

    Returns those of whom it hadn't been told. Whoever was never given to a site is given to the one
    where they were registered. It grants the hub nothing: the custody names another's site.
    """
    check_speaks_for_country(node.role())
    check_may(by, Permission.MOVE_LEARNERS)
    streams = [Stream.of_site(site) for site in sorted(sites)]
    told = {fact for stream in streams for fact in _said(stream, GIVEN)}
    news: dict[UUID, Note] = {}
    for person in Person.objects.filter(pk__in=persons):
        given = _given_last(person.id)
        if given is None and person.registered_site_id is not None:
            give(by, person, person.registered_site_id, sites_of(person))
            given = _given_last(person.id)
        if given is not None and given.id not in told:
            news[person.id] = Note(streams[0], GIVEN, given)
    note_all(by=by, notes=list(news.values()))
    return set(news)


@writes
def say_again(*, by: Actor, persons: Collection[UUID]) -> None:
    """Say of persons what a hub brought back, wherever it would stand had the country not lost it.

    Where they belong: in their stream, and to each site that had them. Who they are: in the streams of
    both, whose hubs may be two.
    """
    check_speaks_for_country(node.role())
    check_may(by, Permission.MOVE_LEARNERS)
    said: dict[tuple[int, str], set[UUID]] = {}
    news: list[Note] = []
    for fact, note in _due(set(persons)):
        place = note.stream.pk, note.kind
        if place not in said:
            said[place] = set(_said(note.stream, note.kind))
        if fact not in said[place]:
            said[place].add(fact)
            news.append(note)
    note_all(by=by, notes=news)


def _due(persons: set[UUID]) -> Iterator[tuple[UUID, Note]]:
    """Yield all that is to stand somewhere about these persons, each with the id of its fact."""
    for person in Person.objects.filter(pk__in=persons):
        given = _given_last(person.id)
        if given is not None:
            had = set(Custody.objects.filter(person=person.id).values_list("site", flat=True))
            yield given.id, Note(Stream.of_person(person.id), GIVEN, given)
            for site in sorted(had | sites_of(person)):
                yield given.id, Note(Stream.of_site(site), GIVEN, given)
    mergers = Merger.objects.filter(Q(person__in=persons) | Q(into__in=persons))
    for merger in mergers.order_by("at", "pk"):
        parting = Parting.objects.filter(pk=merger.id).first()
        for each in Person.objects.filter(pk__in=[merger.person, merger.into]):
            stream = Stream.of_person(each.id)
            body = IdentityMerged(merger.id, merger.person, merger.into, _ms(merger))
            yield merger.id, Note(stream, MERGED, body)
            if parting is not None:
                yield merger.id, Note(stream, PARTED, IdentityParted(merger.id, _ms(parting)))


def _ms(row: Merger | Parting) -> int:
    return round(row.at.timestamp() * 1000)


def _given_last(person: UUID) -> CustodyGiven | None:
    row = Custody.objects.filter(person=person).order_by("epoch", "pk").last()
    if row is None:
        return None
    return CustodyGiven(id=row.id, person=person, epoch=row.epoch, site=row.site)


class _Named(msgspec.Struct):
    """What names a fact: its own id, or that of the merger that it takes back."""

    id: UUID | None = None
    merger: UUID | None = None


def _said(stream: Stream, kind: str) -> Iterator[UUID]:
    """Yield the ids of the facts of a kind that stand in a stream."""
    rows = Entry.objects.filter(stream=stream, kind=kind)
    for body in rows.values_list("body", flat=True):
        named = read(bytes(body), _Named)
        fact = named.id or named.merger
        if fact is not None:
            yield fact
