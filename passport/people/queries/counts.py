"""Counts for the figures, and who belongs where for what travels; for rooms, not for screens."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import batched
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, TextField
from django.db.models.functions import Cast, Substr

from passport.node.queries import IDS_AT_ONCE
from passport.people.engine.scope import open_grants, open_memberships
from passport.people.models import Membership, Merger, Person, RoleGrant


@dataclass(frozen=True, slots=True)
class RegisteredCount:
    """How many people came in, of one kind."""

    month: date
    """Its first day, UTC."""
    site: UUID | None
    """Where they were registered; None for staff of the whole country."""
    sex: str | None
    """None: not provided (R103)."""
    staff: bool
    """Whether they hold, or held, a staff role (R015)."""
    people: int


def registered_counts() -> list[RegisteredCount]:
    """Count everybody who was ever registered, by month, site, sex and kind of person."""
    rows = (
        Person.objects.filter(one=None)
        .exclude(registered_at=None)
        .order_by()
        .annotate(
            # The first seven letters of a time in UTC; Django's TruncMonth takes seconds here,
            # because on SQLite it calls back into Python for every row.
            month=Substr(Cast("registered_at", TextField()), 1, 7),
            staff=Exists(RoleGrant.objects.filter(person=OuterRef("pk"))),
        )
        .values_list("month", "registered_site", "sex", "staff")
        .annotate(people=Count("pk"))
    )
    return [
        RegisteredCount(date.fromisoformat(f"{month}-01"), site, sex, bool(staff), people)
        for month, site, sex, staff, people in rows
    ]


class Registration(NamedTuple):
    """Somebody who was registered, as figures need to know them."""

    person: UUID
    site: UUID | None
    """Where they came in; None for staff of the whole country."""
    sex: str | None
    """None: not provided (R103)."""
    at: datetime


def registrations(person: UUID | None = None) -> Iterator[Registration]:
    """Yield everybody who was ever registered, each once; who was found to be another, under that one."""
    rows = Person.objects.filter(one=None).exclude(registered_at=None).order_by()
    if person is not None:
        rows = rows.filter(pk=person)
    columns = rows.values_list("pk", "registered_site", "sex", "registered_at")
    for who, site, sex, at in columns.iterator(5_000):
        if at is not None:
            yield Registration(who, site, sex, at)


def people_of_sites(sites: Collection[UUID], *, ever: bool = False) -> set[UUID]:
    """Return whose streams a node that serves these sites needs: their people and their staff.

    With `ever`, those too who have left: a hub keeps them until it has heard of the leaving.
    """
    memberships = Membership.objects.all() if ever else open_memberships()
    grants = RoleGrant.objects.all() if ever else open_grants()
    here = list(sites)
    found = set(Person.objects.filter(site__in=here).values_list("pk", flat=True))
    found |= set(memberships.filter(site__in=here).values_list("person", flat=True))
    found |= set(grants.filter(site__in=here).values_list("person", flat=True))
    return found


def identities_of(persons: Iterable[UUID]) -> set[UUID]:
    """Return these persons with everybody who was found to be one of them: they travel together."""
    found = set(persons)
    if not Merger.objects.exists():
        return found  # nearly always so, and asked by every sync of two thousand people
    for part in batched(list(found), IDS_AT_ONCE):
        found.update(one for one in _ones(part) if one is not None)
    for part in batched(list(found), IDS_AT_ONCE):
        found.update(Person.objects.filter(one__in=part).values_list("pk", flat=True))
    return found


def _ones(persons: Iterable[UUID]) -> list[UUID | None]:
    merged = Person.objects.filter(pk__in=list(persons)).exclude(one=None)
    return list(merged.values_list("one", flat=True))


def ever_tied(persons: Collection[UUID]) -> set[UUID]:
    """Return everybody whom a merger tied to one of these persons, also where it was taken back."""
    ties = list(Merger.objects.values_list("person", "into"))
    tied: set[UUID] = set()
    new = set(persons)
    while new:
        reached = {b for a, b in ties if a in new} | {a for a, b in ties if b in new}
        new = reached - tied - set(persons)
        tied |= reached
    return tied


def counted_under(persons: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return under whom each of these persons counts; those who count for themselves are left out."""
    found: dict[UUID, UUID] = {}
    for part in batched(set(persons), IDS_AT_ONCE):
        merged = Person.objects.filter(pk__in=part).exclude(one=None)
        found.update({pk: one for pk, one in merged.values_list("pk", "one") if one})
    return found


def is_registered(person: UUID) -> bool:
    """Tell whether somebody's registration is here."""
    return Person.objects.filter(pk=person).exclude(registered_at=None).exists()


def same_card(persons: Iterable[UUID]) -> list[tuple[UUID, UUID]]:
    """Find who came in with a card that somebody else has: (the later one, the earlier one).

    A card's code is sixty random bits: whoever shows it holds the card (C41). Whom somebody has
    parted stays parted.
    """
    pairs = []
    for part in batched(set(persons), IDS_AT_ONCE):
        cards = Person.objects.filter(pk__in=part).exclude(card_blind=None)
        # By the cards alone: asked for `one` too, SQLite goes through everybody who is one by themselves.
        blinds = list(cards.values_list("card_blind", flat=True))
        holders = Person.objects.filter(card_blind__in=blinds).exclude(registered_at=None)
        first: dict[bytes, UUID] = {}
        for holder in holders.order_by("registered_at", "pk"):
            if holder.one is not None:
                continue
            earlier = first.setdefault(bytes(holder.card_blind or b""), holder.id)
            if earlier != holder.id and earlier not in ever_tied([holder.id]):
                pairs.append((holder.id, earlier))
    return pairs
