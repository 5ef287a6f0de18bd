"""What the office asks: lists of any length, names masked (R138)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from passport.kernel.actor import Actor
from passport.kernel.disclosure import masked_name
from passport.kernel.errors import Invalid
from passport.kernel.permissions import Permission
from passport.node.actions import open_for_person
from passport.node.models import Stream, StreamKind
from passport.people.engine.hidden import open_all
from passport.people.engine.scope import open_grants, site_known
from passport.people.engine.scope import site_names as names_of_sites
from passport.people.engine.search import found_by
from passport.people.models import Group, Opening, Person, Site
from passport.people.policies import check_may
from passport.people.queries.classes import ClassGroup, groups_at

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Page[Row]:
    """One page of a long list."""

    rows: tuple[Row, ...]
    total: int
    """How many rows there are on all pages."""
    number: int
    """Which page this is, from 1."""
    pages: int


def _page[Row](rows: QuerySet[Any, Any], number: int, size: int, make: Any) -> Page[Row]:
    total = rows.order_by().count()
    pages = max(1, ceil(total / size))
    number = min(max(1, number), pages)
    # The order is found over ids alone: sorting 100,000 whole rows would carry every sealed name.
    ids = list(rows.values_list("pk", flat=True)[(number - 1) * size : number * size])
    found = {row.pk: row for row in rows.order_by().filter(pk__in=ids)}
    cut = [found[key] for key in ids if key in found]
    return Page(rows=tuple(make(cut)), total=total, number=number, pages=pages)


# People


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody in the office's list."""

    id: UUID
    name: str
    """Masked; "" while this node lacks the person's key."""
    avatar: int
    sex: str | None
    site: UUID | None
    site_name: str
    roles: tuple[str, ...]
    """Staff roles; empty for a learner."""
    registered_at: datetime | None


PEOPLE_SORTS: Final = {
    "newest": ("-registered_at", "-id"),
    "oldest": ("registered_at", "id"),
    "site": ("site__name", "site", "-registered_at", "-id"),
    "sex": ("-sex", "-registered_at", "-id"),
}
"""A list whose names are sealed can't be sorted by them; `search` finds a name instead."""


def people_page(
    by: Actor,
    *,
    search: str = "",
    sort: str = "newest",
    page: int = 1,
    site: UUID | None = None,
    size: int = PAGE,
) -> Page[PersonRow]:
    """Return one page of everybody, names masked. `sort` is a key of `PEOPLE_SORTS`.

    `search` takes whole words of a name in any order, a phone number, a mail address, a user name
    or the code of a card.
    """
    check_may(by, Permission.LIST_PEOPLE)
    if sort not in PEOPLE_SORTS:
        raise Invalid("This list can't be sorted like that.")
    people = Person.objects.filter(one=None).exclude(registered_at=None)
    if site is not None:
        people = people.filter(site=site)
    if search.strip():
        people = people.filter(found_by(search))
    return _page(people.order_by(*PEOPLE_SORTS[sort]), page, size, person_rows)


def person_rows(people: list[Person]) -> list[PersonRow]:
    """Return how people stand in lists, names masked; who may ask is the caller's to know."""
    opened = open_all(people)
    sites = names_of_sites(one.site_id for one in people)
    roles: dict[UUID, list[str]] = {}
    for holder, role in open_grants().filter(person__in=people).values_list("person", "role"):
        roles.setdefault(holder, []).append(role)
    return [
        PersonRow(
            id=one.id,
            name=masked_name(opened[one.id].name) if one.id in opened else "",
            avatar=one.avatar,
            sex=one.sex,
            site=one.site_id,
            site_name=sites.get(one.site_id, ""),
            roles=tuple(sorted(set(roles.get(one.id, ())))),
            registered_at=one.registered_at,
        )
        for one in people
    ]


# Sites


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site in the office's list."""

    id: UUID
    name: str
    code: str
    ways: tuple[str, ...]
    shows_names: bool
    language: str
    groups: int
    people: int
    added_at: datetime


SITE_SORTS: Final = {
    "name": ("name", "id"),
    "code": ("code", "id"),
    "newest": ("-added_at", "-id"),
    "people": ("-people_here", "name", "id"),
}


def sites_page(
    by: Actor, *, search: str = "", sort: str = "name", page: int = 1, size: int = PAGE
) -> Page[SiteRow]:
    """Return one page of the sites, with how many classes and people each has."""
    check_may(by, Permission.LIST_PEOPLE)
    if sort not in SITE_SORTS:
        raise Invalid("This list can't be sorted like that.")
    sites = Site.objects.exclude(added_at=None)
    if search.strip():
        text = search.strip()
        sites = sites.filter(Q(name__icontains=text) | Q(code__icontains=text))
    counted = sites.annotate(
        groups_here=_count(Group.objects.filter(site=OuterRef("pk"))),
        people_here=_count(Person.objects.filter(one=None, site=OuterRef("pk"))),
    )
    return _page(counted.order_by(*SITE_SORTS[sort]), page, size, _site_rows)


@dataclass(frozen=True, slots=True)
class SiteView:
    """A site with its classes."""

    id: UUID
    name: str
    code: str
    ways: tuple[str, ...]
    shows_names: bool
    language: str
    groups: tuple[ClassGroup, ...]
    people: int
    added_at: datetime | None


def site(by: Actor, site: UUID) -> SiteView:
    """Return one site with its classes. Raises `NotFound`."""
    check_may(by, Permission.LIST_PEOPLE)
    known = site_known(site)
    return SiteView(
        id=known.id,
        name=known.name,
        code=known.code,
        ways=tuple(known.ways),
        shows_names=known.shows_names,
        language=known.language,
        groups=tuple(groups_at(known.id)),
        people=Person.objects.filter(one=None, site=known.id).count(),
        added_at=known.added_at,
    )


def _count(rows: QuerySet[Any, Any]) -> Coalesce:
    counted = rows.order_by().values("site").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


def _site_rows(sites: list[Any]) -> list[SiteRow]:
    return [
        SiteRow(
            id=one.id,
            name=one.name,
            code=one.code,
            ways=tuple(one.ways),
            shows_names=one.shows_names,
            language=one.language,
            groups=one.groups_here,
            people=one.people_here,
            added_at=one.added_at,
        )
        for one in sites
    ]


def site_names() -> dict[UUID, str]:
    """Return the name of every site; names of places tell of nobody."""
    return dict(Site.objects.exclude(added_at=None).values_list("id", "name"))


# Staff


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A role that somebody holds."""

    grant: UUID
    person: UUID
    name: str
    """Whole: staff are known by name to those who manage them."""
    username: str
    role: str
    site: UUID | None
    site_name: str
    granted_at: datetime


def staff_list(by: Actor) -> list[StaffRow]:
    """Return every role that is held, by name, to whoever manages staff."""
    check_may(by, Permission.MANAGE_STAFF)
    grants = list(open_grants().order_by("granted_at"))
    people = Person.objects.filter(pk__in={one.person_id for one in grants})
    opened = open_all(people)
    sites = names_of_sites(one.site_id for one in grants)
    rows = [
        StaffRow(
            grant=one.id,
            person=one.person_id,
            name=opened[one.person_id].name if one.person_id in opened else "",
            username=opened[one.person_id].username if one.person_id in opened else "",
            role=one.role,
            site=one.site_id,
            site_name=sites.get(one.site_id, ""),
            granted_at=one.granted_at,
        )
        for one in grants
    ]
    return sorted(rows, key=lambda row: (row.name.casefold(), row.role))


# Openings


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """A name that was opened."""

    by: UUID | None
    """None: a command at the machine itself."""
    person: UUID
    reason: str
    at: datetime


def openings_of(by: Actor, person: UUID) -> list[OpeningRow]:
    """Return who opened a person's name and why, the latest first."""
    check_may(by, Permission.REVEAL_NAMES)
    stream = Stream.objects.filter(kind=StreamKind.PERSON, key=person).first()
    openings = Opening.objects.filter(person=person).order_by("-at")
    if stream is None or stream.sealed_key is None:
        return []
    return [
        OpeningRow(
            by=one.by,
            person=one.person,
            reason=open_for_person(stream, "people.Opening", bytes(one.reason)).decode(),
            at=one.at,
        )
        for one in openings
    ]
