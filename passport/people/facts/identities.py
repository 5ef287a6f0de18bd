"""Two persons found to be one, and found to be two after all.

Nothing of either is rewritten: the entries stay in the streams that they were written in, and what
they come to is worked out again for everybody whom the finding touches.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from passport.kernel.clock import moment
from passport.node.models import Fact
from passport.people.engine import visits
from passport.people.facts.shapes import IdentityMerged, IdentityParted
from passport.people.models import Departure, Membership, Merger, Parting, Person


def project_identity_merged(fact: Fact) -> None:
    body = fact.read(IdentityMerged)
    Merger.objects.get_or_create(
        pk=body.id,
        defaults={"person": body.person, "into": body.into, "at": moment(body.at)},
    )
    settle_identities([body.person, body.into])


def project_identity_parted(fact: Fact) -> None:
    body = fact.read(IdentityParted)
    Parting.objects.get_or_create(merger=body.merger, defaults={"at": moment(body.at)})
    merger = Merger.objects.filter(pk=body.merger).first()
    if merger is not None:
        settle_identities([merger.person, merger.into])


def settle_identities(persons: Iterable[UUID]) -> set[UUID]:
    """Say under whom each of these persons counts, and everybody tied to them; returns all of those.

    Somebody counts under another only where that other is registered here: until then a class
    shows whom it knows.
    """
    mergers, tied = _tied(set(persons))
    into = {merger.person: merger.into for merger in mergers if not _is_over(merger)}
    registered = set(
        Person.objects.filter(pk__in=tied).exclude(registered_at=None).values_list("pk", flat=True)
    )
    for person in tied:
        one = _root(person, into, registered)
        Person.objects.filter(pk=person).update(one=one)
        Membership.objects.filter(noted_of=person).update(person=one or person)
        visits.forget_person(person)
    for row in Person.objects.filter(pk__in=tied):
        settle_site(row)
    return tied


def settle_site(person: Person) -> None:
    """Say where a person is now, from all that is known."""
    person.site_id = site_of(person)
    person.save(update_fields=["site"])


def site_of(person: Person) -> UUID | None:
    memberships = list(
        Membership.objects.filter(person=person.id)
        .order_by("stamp")
        .values_list("site", Exists(Departure.objects.filter(membership=OuterRef("pk"))))
    )
    present = [site for site, is_over in memberships if not is_over]
    ever = present or [site for site, _ in memberships]
    return ever[-1] if ever else person.registered_site_id


def is_tied(person: UUID) -> bool:
    """Tell whether a merger ever named somebody."""
    return Merger.objects.filter(Q(person=person) | Q(into=person)).exists()


def tied_to(person: UUID) -> set[UUID]:
    """Return a person with everybody whom a merger ever tied them to."""
    return _tied({person})[1]


def _tied(persons: set[UUID]) -> tuple[list[Merger], set[UUID]]:
    """Find every merger that reaches these persons, the earliest first, and all whom they reach."""
    mergers: dict[UUID, Merger] = {}
    tied, new = set(persons), set(persons)
    while new:
        found = Merger.objects.filter(Q(person__in=new) | Q(into__in=new))
        mergers |= {merger.id: merger for merger in found}
        new = {end for each in mergers.values() for end in (each.person, each.into)} - tied
        tied |= new
    return sorted(mergers.values(), key=lambda merger: (merger.at, merger.id)), tied


def _is_over(merger: Merger) -> bool:
    return Parting.objects.filter(pk=merger.id).exists()


def _root(person: UUID, into: dict[UUID, UUID], registered: set[UUID]) -> UUID | None:
    """Follow the mergers to the last person who is registered here; None for themselves."""
    at, seen, last = person, {person}, None
    while (at := into.get(at, person)) not in seen:
        seen.add(at)
        if at in registered:
            last = at
    return last
