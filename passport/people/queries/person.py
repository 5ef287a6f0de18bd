"""One person, as much of them as the asker may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from passport.kernel.actor import Actor
from passport.kernel.disclosure import MASK, masked_name
from passport.kernel.errors import NotFound
from passport.kernel.permissions import Permission
from passport.people.engine.hidden import open_one
from passport.people.engine.scope import (
    at_sites,
    known_to,
    open_grants,
    open_memberships,
    person_known_to,
    site_names,
)
from passport.people.models import Group, Person

SHORTEST_END = 8


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role that somebody holds."""

    grant: UUID
    role: str
    site: UUID | None
    site_name: str | None
    """None: the whole country."""


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody. Where `masked`, the name shows first letters and the contact shows nothing."""

    id: UUID
    known: bool
    """False while this node lacks the person's key; then name and contact are empty."""
    masked: bool
    given: str
    family: str
    name: str
    contact: str
    username: str
    sex: str | None
    avatar: int
    site: UUID | None
    site_name: str
    groups: tuple[tuple[UUID, str], ...]
    """(id, name) of the classes that the person is in."""
    roles: tuple[RoleView, ...]
    registered_at: datetime | None
    has_password: bool


def person(by: Actor, person: UUID) -> PersonView:
    """Return a person: oneself and one's own learners by name, to the office masked.

    Raises `NotFound` for anybody else.
    """
    row = person_known_to(by, person)
    hidden = open_one(row)
    masked = not _sees_name(by, row)
    shown = masked_name if masked else str
    groups = Group.objects.filter(
        pk__in=open_memberships().filter(person=person).values("group")
    ).order_by("name")
    roles = list(open_grants().filter(person=person))
    at = {role.site_id for role in roles} | {row.site_id}
    names = site_names(at)
    return PersonView(
        id=row.id,
        known=hidden is not None,
        masked=masked,
        given=shown(hidden.given) if hidden else "",
        family=(shown(hidden.family) if hidden.family else "") if hidden else "",
        name=shown(hidden.name) if hidden else "",
        contact=_contact(hidden.contact, masked=masked) if hidden else "",
        username=_contact(hidden.username, masked=masked) if hidden else "",
        sex=row.sex,
        avatar=row.avatar,
        site=row.site_id,
        site_name=names.get(row.site_id, ""),
        groups=tuple(groups.values_list("id", "name")),
        roles=tuple(
            RoleView(one.id, one.role, one.site_id, names.get(one.site_id)) for one in roles
        ),
        registered_at=row.registered_at,
        has_password=bool(hidden and hidden.password),
    )


def person_ending(by: Actor, text: str) -> UUID:
    """Find a person by their id or its end, as lists show it. Raises `NotFound` for none or several."""
    ending = text.replace("-", "").lower()
    # PostgreSQL compares the id with its hyphens; none stands in the last twelve digits.
    alike = known_to(by).filter(pk__endswith=ending[-12:]).values_list("pk", flat=True)
    found = [person for person in alike if person.hex.endswith(ending)]
    if len(ending) < SHORTEST_END or len(found) != 1:
        raise NotFound("No single person has an id that ends in %(text)s.", text=text)
    return found[0]


def _contact(text: str, *, masked: bool) -> str:
    return MASK if masked and text else text


def _sees_name(by: Actor, row: Person) -> bool:
    if by.is_machine or by.person == row.id:
        return True
    sites = by.sites(Permission.SEE_CLASS)
    return sites is None or Person.objects.filter(at_sites(sites), pk=row.id).exists()
