"""What this room notes in the journal, and how each kind becomes rows.

A projector may be called again with the same fact and in any order of facts: what it leaves depends
on the set of facts alone. Where the person's key is not here yet, everything clear is projected and
the sealed part waits for `project_again`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import Model

from passport.kernel.clock import moment, stamp_ms
from passport.kernel.text import fold, words
from passport.node.actions import fact_of, project_register
from passport.node.models import Entry, Fact, Stream
from passport.node.queries import blind_index
from passport.people.engine import visits
from passport.people.engine.hidden import Hidden, open_hidden, seal_hidden
from passport.people.models import (
    Departure,
    Group,
    Membership,
    NameWord,
    Person,
    RoleEnd,
    RoleGrant,
    Site,
)

__all__ = ["PROJECTORS", "TABLES", "project", "project_again"]


class SiteAdded(msgspec.Struct, omit_defaults=True):
    """`site.added@1`, country stream. *fact*, and the first word on what `site.changed` says."""

    id: UUID
    name: str
    code: str
    ways: list[str]
    shows_names: bool = False
    language: str = ""


class SiteChanged(msgspec.Struct, omit_defaults=True):
    """`site.changed@1`, country stream. *register*: each field that is given."""

    id: UUID
    name: str | None = None
    ways: list[str] | None = None
    shows_names: bool | None = None
    language: str | None = None


class GroupAdded(msgspec.Struct):
    """`group.added@1`, site stream. *fact*."""

    id: UUID
    site: UUID
    name: str


class RoleGranted(msgspec.Struct, omit_defaults=True):
    """`role.granted@1`, site stream, or country stream where `site` is None. *membership*."""

    id: UUID
    person: UUID
    role: str
    site: UUID | None = None


class RoleEnded(msgspec.Struct):
    """`role.ended@1`, the stream of the grant. *membership*."""

    grant: UUID


class PersonRegistered(msgspec.Struct, omit_defaults=True):
    """`person.registered@1`, person stream. *fact*, and the first word on every field."""

    site: UUID | None = None
    sex: str | None = None
    avatar: int = 0


class PrivatePerson(msgspec.Struct, omit_defaults=True):
    """The sealed part of `person.registered@1` and `person.changed@1`."""

    given: str | None = None
    family: str | None = None
    contact: str | None = None


class PersonChanged(msgspec.Struct, omit_defaults=True):
    """`person.changed@1`, person stream. *register*: the fields named, clear and sealed alike."""

    fields: list[str]
    sex: str | None = None


class LoginSet(msgspec.Struct, omit_defaults=True):
    """`login.set@1`, person stream. *register*: the fields named, clear and sealed alike."""

    fields: list[str]
    avatar: int = 0


class PrivateLogin(msgspec.Struct, omit_defaults=True):
    """The sealed part of `login.set@1`; `password` is an Argon2 hash."""

    username: str | None = None
    password: str | None = None
    picture_code: list[int] | None = None


class CardIssued(msgspec.Struct):
    """`card.issued@1`, person stream. *register*: the newest card is the one valid card."""

    id: UUID


class PrivateCard(msgspec.Struct):
    """The sealed part of `card.issued@1`."""

    code: str


class Joined(msgspec.Struct):
    """`membership.joined@1`, person stream. *membership*."""

    id: UUID
    site: UUID
    group: UUID


class Left(msgspec.Struct):
    """`membership.left@1`, person stream. *membership*."""

    membership: UUID


# Sites


def project_site_added(fact: Fact) -> None:
    body = fact.read(SiteAdded)
    site = _row(Site, body.id)
    site.code, site.added_at = body.code, _when(fact)
    _set(fact, site, {field: getattr(body, field) for field in _SITE_FIELDS})


def project_site_changed(fact: Fact) -> None:
    body = fact.read(SiteChanged)
    given = {field: getattr(body, field) for field in _SITE_FIELDS}
    _set(
        fact,
        _row(Site, body.id),
        {field: value for field, value in given.items() if value is not None},
    )


_SITE_FIELDS = ("name", "ways", "shows_names", "language")


def _set(fact: Fact, site: Site, values: dict[str, object]) -> None:
    for field in project_register(fact, site.id, values):
        setattr(site, field, values[field])
    site.save()
    visits.forget_all()


def project_group_added(fact: Fact) -> None:
    body = fact.read(GroupAdded)
    Group.objects.get_or_create(
        id=body.id,
        defaults={"site_id": body.site, "name": body.name, "added_at": _when(fact)},
    )


# Roles


def project_role_granted(fact: Fact) -> None:
    body = fact.read(RoleGranted)
    RoleGrant.objects.get_or_create(
        id=body.id,
        defaults={
            "person_id": body.person,
            "role": body.role,
            "site_id": body.site,
            "granted_at": _when(fact),
        },
    )
    visits.forget_person(body.person)


def project_role_ended(fact: Fact) -> None:
    body = fact.read(RoleEnded)
    RoleEnd.objects.get_or_create(grant_id=body.grant, defaults={"at": _when(fact)})
    visits.forget_all()


# People


def project_person_registered(fact: Fact) -> None:
    body = fact.read(PersonRegistered)
    person = _row(Person, fact.stream.key)
    person.registered_at, person.registered_site_id = _when(fact), body.site
    won = project_register(fact, person.id, ["sex", "avatar", "given", "family", "contact"])
    _set_clear(person, won, body)
    _set_hidden(fact, person, won, PrivatePerson)
    _settle(person)


def project_person_changed(fact: Fact) -> None:
    body = fact.read(PersonChanged)
    person = _row(Person, fact.stream.key)
    won = project_register(fact, person.id, body.fields)
    _set_clear(person, won, body)
    _set_hidden(fact, person, won, PrivatePerson)
    person.save()


def project_login_set(fact: Fact) -> None:
    body = fact.read(LoginSet)
    person = _row(Person, fact.stream.key)
    won = project_register(fact, person.id, body.fields)
    _set_clear(person, won, body)
    _set_hidden(fact, person, won, PrivateLogin)
    person.save()


def project_card_issued(fact: Fact) -> None:
    body = fact.read(CardIssued)
    person = _row(Person, fact.stream.key)
    if not project_register(fact, person.id, ["card"]):
        return
    person.card = body.id
    private = fact.private(PrivateCard)
    hidden = open_hidden(fact.stream, person.sealed) or Hidden()
    hidden.card = private.code if private else ""
    person.card_blind = blind_index("card", hidden.card) if hidden.card else None
    if fact.stream.sealed_key is not None:
        person.sealed = seal_hidden(fact.stream, hidden)
    person.save()
    visits.forget_person(person.id)


def _set_clear(person: Person, won: set[str], body: object) -> None:
    for field in won & {"sex", "avatar"}:
        if hasattr(body, field):
            setattr(person, field, getattr(body, field))


def _set_hidden(fact: Fact, person: Person, won: set[str], shape: type[msgspec.Struct]) -> None:
    private = fact.private(shape)
    if private is None:
        return
    hidden = open_hidden(fact.stream, person.sealed) or Hidden()
    empty = Hidden()
    for field in won & set(shape.__struct_fields__):
        value = getattr(private, field)
        setattr(hidden, field, getattr(empty, field) if value is None else value)
    person.sealed = seal_hidden(fact.stream, hidden)
    if "contact" in won:
        person.contact_blind = _blind("contact", hidden.contact)
    if "username" in won:
        person.username_blind = _blind("username", fold(hidden.username))
    if won & {"given", "family"}:
        _index_name(person, hidden)


def _blind(purpose: str, text: str) -> bytes | None:
    return blind_index(purpose, text) if text else None


def _index_name(person: Person, hidden: Hidden) -> None:
    NameWord.objects.filter(person=person.id).delete()
    blinds = {blind_index("name", word) for word in words(hidden.name)}
    NameWord.objects.bulk_create(NameWord(person_id=person.id, word=blind) for blind in blinds)


# Memberships


def project_joined(fact: Fact) -> None:
    body = fact.read(Joined)
    Membership.objects.get_or_create(
        id=body.id,
        defaults={
            "person_id": fact.stream.key,
            "site_id": body.site,
            "group_id": body.group,
            "joined_at": _when(fact),
            "stamp": f"{fact.hlc:020d} {fact.origin}",
        },
    )
    _settle(_row(Person, fact.stream.key))


def project_left(fact: Fact) -> None:
    body = fact.read(Left)
    Departure.objects.get_or_create(membership_id=body.membership, defaults={"at": _when(fact)})
    _settle(_row(Person, fact.stream.key))


def _settle(person: Person) -> None:
    """Say where a person is now, from all that is known."""
    memberships = Membership.objects.filter(person=person.id).order_by("-stamp")
    latest = memberships.filter(departure=None).first() or memberships.first()
    person.site_id = latest.site_id if latest else person.registered_site_id
    person.save()
    visits.forget_person(person.id)


# All kinds

PROJECTORS: dict[str, Callable[[Fact], None]] = {
    "site.added@1": project_site_added,
    "site.changed@1": project_site_changed,
    "group.added@1": project_group_added,
    "role.granted@1": project_role_granted,
    "role.ended@1": project_role_ended,
    "person.registered@1": project_person_registered,
    "person.changed@1": project_person_changed,
    "login.set@1": project_login_set,
    "card.issued@1": project_card_issued,
    "membership.joined@1": project_joined,
    "membership.left@1": project_left,
}

TABLES: list[type[Model]] = [
    Departure,
    Membership,
    RoleEnd,
    RoleGrant,
    NameWord,
    Person,
    Group,
    Site,
]
"""What `rebuild` empties and the projectors fill again."""


def project(fact: Fact) -> None:
    """Project a fact of one of this room's kinds."""
    PROJECTORS[fact.kind](fact)


def project_again(person: UUID) -> None:
    """Project all that is here of a person once more: their key has arrived."""
    stream = Stream.of_person(person)
    rows = Entry.objects.filter(stream=stream, kind__in=PROJECTORS).select_related("origin")
    for row in rows.order_by("hlc", "pk"):
        project(fact_of(row, stream=stream, origin=row.origin.wire))


def _row[Row: (Site, Person)](table: type[Row], key: UUID) -> Row:
    return table.objects.filter(pk=key).first() or table(pk=key)


def _when(fact: Fact) -> datetime:
    return moment(stamp_ms(fact.hlc))
