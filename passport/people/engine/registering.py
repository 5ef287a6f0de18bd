"""The facts that make a person, noted in one go. Inside an action's transaction."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from passport.kernel.actor import Actor
from passport.kernel.ids import new_id
from passport.kernel.text import fold
from passport.node.actions import new_person_stream, note
from passport.node.models import Stream
from passport.node.queries import blind_index
from passport.people.engine.codes import new_code
from passport.people.engine.contact import normalised
from passport.people.engine.scope import open_memberships
from passport.people.errors import Taken
from passport.people.facts import (
    CardIssued,
    Joined,
    Left,
    LoginSet,
    PersonRegistered,
    PrivateCard,
    PrivateLogin,
    PrivatePerson,
    project,
)
from passport.people.models import Membership, Person
from passport.people.policies import AVATARS, CODE_LENGTH, CODE_PICTURES


@dataclass(frozen=True, slots=True)
class Details:
    """What is asked of a person who is registered, checked already (R095)."""

    given: str
    family: str = ""
    sex: str | None = None
    contact: str = ""


def note_registered(by: Actor, site: UUID | None, details: Details, avatar: int = 0) -> Stream:
    """Note a new person and return their stream; its key is their id."""
    stream = new_person_stream(new_id())
    fact = note(
        by=by,
        stream=stream,
        kind="person.registered@1",
        body=PersonRegistered(site=site, sex=details.sex, avatar=avatar),
        private=PrivatePerson(given=details.given, family=details.family, contact=details.contact),
    )
    project(fact)
    return stream


def note_login(by: Actor, stream: Stream, login: PrivateLogin) -> None:
    """Note the fields of a login that are given."""
    fields = [name for name in login.__struct_fields__ if getattr(login, name) is not None]
    fact = note(
        by=by, stream=stream, kind="login.set@1", body=LoginSet(fields=fields), private=login
    )
    project(fact)


def note_card(by: Actor, stream: Stream) -> str:
    """Issue a card, which is from now on the only valid one, and return its code."""
    code = new_code()
    fact = note(
        by=by,
        stream=stream,
        kind="card.issued@1",
        body=CardIssued(id=new_id()),
        private=PrivateCard(code=code),
    )
    project(fact)
    return code


def note_joined(by: Actor, stream: Stream, site: UUID, group: UUID) -> None:
    body = Joined(id=new_id(), site=site, group=group)
    project(note(by=by, stream=stream, kind="membership.joined@1", body=body))


def note_left(by: Actor, stream: Stream, membership: Membership) -> None:
    body = Left(membership=membership.id)
    project(note(by=by, stream=stream, kind="membership.left@1", body=body))


# Choosing


def free_avatar(group: UUID) -> int:
    """Choose a picture that nobody of the group has; in a very large group, one that few have."""
    members = open_memberships().filter(group=group)
    used = Counter(members.values_list("person__avatar", flat=True))
    fewest = min(used[avatar] for avatar in range(AVATARS))
    return secrets.choice([avatar for avatar in range(AVATARS) if used[avatar] == fewest])


def new_picture_code() -> list[int]:
    return [secrets.randbelow(CODE_PICTURES) for _ in range(CODE_LENGTH)]


def free_contact(contact: str, *, person: UUID | None = None) -> str:
    """Return a contact in its one form. Raises `Taken` where somebody else has it (R105)."""
    form = normalised(contact)
    if form and _others(person).filter(contact_blind=blind_index("contact", form)).exists():
        raise Taken("Somebody is registered with this phone number or mail address already.")
    return form


def check_free_username(username: str, *, person: UUID | None = None) -> None:
    blind = blind_index("username", fold(username))
    if _others(person).filter(username_blind=blind).exists():
        raise Taken("Somebody has the user name %(name)s already.", name=username)


def _others(person: UUID | None) -> QuerySet[Person]:
    return Person.objects.exclude(pk=person) if person else Person.objects.all()
