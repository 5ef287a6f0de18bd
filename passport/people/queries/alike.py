"""Two who may be one, and those who were found to be: for whoever decides that (C41)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Final, Literal
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from passport.kernel.actor import Actor
from passport.kernel.errors import NotFound
from passport.kernel.permissions import Permission
from passport.people.engine.scope import person_known_to
from passport.people.models import Merger, Parting, Person
from passport.people.policies import check_may
from passport.people.queries.office import PAGE, Page, PersonRow, person_rows

MOST_NAMESAKES: Final = 4
"""A name that more people share says nothing."""

type Sign = Literal["contact", "name"]


@dataclass(frozen=True, slots=True)
class Alike:
    """Some who may be one person: the earliest registered first."""

    sign: Sign
    """Why: the same phone number or mail address, or the same name at different sites."""
    people: tuple[PersonRow, ...]


def alike_page(by: Actor, *, page: int = 1, size: int = PAGE) -> Page[Alike]:
    """Return one page of those who may be one person, names masked; the surer ones first."""
    check_may(by, Permission.MOVE_LEARNERS)
    here = _undecided()
    contacts = here.exclude(contact_blind=None).order_by("contact_blind").values("contact_blind")
    names = here.exclude(name_blind=None).order_by("name_blind").values("name_blind")
    same_contact = contacts.annotate(n=Count("pk")).filter(n__gte=2)
    namesakes = names.annotate(n=Count("pk"), sites=Count("site", distinct=True))
    same_name = namesakes.filter(n__gte=2, n__lte=MOST_NAMESAKES, sites__gte=2)
    signs: list[tuple[Sign, bytes]] = [
        *(
            ("contact", bytes(key or b""))
            for key in same_contact.values_list("contact_blind", flat=True)
        ),
        *(("name", bytes(key or b"")) for key in same_name.values_list("name_blind", flat=True)),
    ]
    pages = max(1, ceil(len(signs) / size))
    number = min(max(1, page), pages)
    shown = signs[(number - 1) * size : number * size]
    return Page(rows=_alike(here, shown), total=len(signs), number=number, pages=pages)


def _undecided() -> QuerySet[Person]:
    """Return everybody but those of whom it was decided already that they are somebody of their own."""
    parted = Merger.objects.filter(pk__in=Parting.objects.values("merger"))
    people = Person.objects.filter(one=None).exclude(registered_at=None)
    return people.exclude(pk__in=parted.values("person"))


def _alike(here: QuerySet[Person], signs: list[tuple[Sign, bytes]]) -> tuple[Alike, ...]:
    contacts = [key for sign, key in signs if sign == "contact"]
    names = [key for sign, key in signs if sign == "name"]
    found = list(
        here.filter(Q(contact_blind__in=contacts) | Q(name_blind__in=names)).order_by(
            "registered_at", "pk"
        )
    )
    rows = dict(zip((one.pk for one in found), person_rows(found), strict=True))

    def having(sign: Sign, key: bytes) -> tuple[PersonRow, ...]:
        return tuple(rows[one.pk] for one in found if _sign_of(one, sign) == key)

    return tuple(Alike(sign, having(sign, key)) for sign, key in signs)


def _sign_of(one: Person, sign: Sign) -> bytes:
    return bytes((one.contact_blind if sign == "contact" else one.name_blind) or b"")


@dataclass(frozen=True, slots=True)
class MergerRow:
    """Two who were found to be one: `person` counts under `into`."""

    id: UUID
    person: PersonRow
    into: PersonRow
    at: datetime


def mergers_of(by: Actor, person: UUID) -> list[MergerRow]:
    """Return the mergers in force that name somebody, the latest first. Raises `NotFound`."""
    check_may(by, Permission.LIST_PEOPLE)
    person_known_to(by, person)
    return _merger_rows(Merger.objects.filter(Q(person=person) | Q(into=person)))


def merger(by: Actor, merger: UUID) -> MergerRow:
    """Return one merger in force. Raises `NotFound`."""
    check_may(by, Permission.MOVE_LEARNERS)
    rows = _merger_rows(Merger.objects.filter(pk=merger))
    if not rows:
        raise NotFound("There is no such merger.")
    return rows[0]


def _merger_rows(mergers: QuerySet[Merger]) -> list[MergerRow]:
    held = list(mergers.exclude(pk__in=Parting.objects.values("merger")).order_by("-at"))
    people = list(Person.objects.filter(pk__in={end for m in held for end in (m.person, m.into)}))
    rows = {row.id: row for row in person_rows(people)}
    return [
        MergerRow(one.id, rows[one.person], rows[one.into], one.at)
        for one in held
        if one.person in rows and one.into in rows
    ]
