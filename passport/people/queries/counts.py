"""Counts for the figures, and who belongs where for what travels; for rooms, not for screens."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, TextField
from django.db.models.functions import Cast, Substr

from passport.people.engine.scope import open_grants, open_memberships
from passport.people.models import Membership, Person, RoleGrant


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
        Person.objects.exclude(registered_at=None)
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


def registrations() -> Iterator[Registration]:
    """Yield everybody who was ever registered, each once."""
    rows = Person.objects.exclude(registered_at=None).order_by()
    columns = rows.values_list("pk", "registered_site", "sex", "registered_at")
    for person, site, sex, at in columns.iterator(5_000):
        if at is not None:
            yield Registration(person, site, sex, at)


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
