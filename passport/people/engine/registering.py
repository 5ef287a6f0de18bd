"""What is noted of a person, and how free values are chosen. Inside an action's transaction."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from passport.kernel.actor import Actor
from passport.kernel.codes import typed_code
from passport.kernel.errors import Invalid
from passport.kernel.ids import new_id
from passport.kernel.text import fold
from passport.node.actions import Note, note_all
from passport.node.models import Stream
from passport.node.queries import blind_index
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
    project_all,
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


def registration(stream: Stream, site: UUID | None, details: Details, avatar: int = 0) -> Note:
    """Say that the person of this new stream is registered; its key is their id."""
    return Note(
        stream,
        "person.registered@1",
        PersonRegistered(site=site, sex=details.sex, avatar=avatar),
        PrivatePerson(given=details.given, family=details.family, contact=details.contact),
    )


def login(stream: Stream, private: PrivateLogin) -> Note:
    """Say which fields of a login are set: those that are given."""
    fields = [name for name in private.__struct_fields__ if getattr(private, name) is not None]
    return Note(stream, "login.set@1", LoginSet(fields=fields), private)


def card(stream: Stream, code: str) -> Note:
    """Say that there is a new card, which is from now on the only valid one."""
    return Note(stream, "card.issued@1", CardIssued(id=new_id()), PrivateCard(code=code))


def joining(stream: Stream, site: UUID, group: UUID) -> Note:
    return Note(stream, "membership.joined@1", Joined(id=new_id(), site=site, group=group))


def leaving(stream: Stream, membership: Membership) -> Note:
    return Note(stream, "membership.left@1", Left(membership=membership.id))


def note_and_project(by: Actor, notes: Sequence[Note]) -> None:
    """Note what happened and make it so."""
    project_all(note_all(by=by, notes=notes))


# Choosing


def free_avatars(group: UUID, count: int) -> list[int]:
    """Choose pictures that nobody of the group has; in a very large group, those that few have."""
    members = open_memberships().filter(group=group)
    used = Counter(members.values_list("person__avatar", flat=True))
    chosen = []
    for _ in range(count):
        fewest = min(used[avatar] for avatar in range(AVATARS))
        free = [avatar for avatar in range(AVATARS) if used[avatar] == fewest]
        chosen.append(secrets.choice(free))
        used[chosen[-1]] += 1
    return chosen


def new_picture_code() -> list[int]:
    return [secrets.randbelow(CODE_PICTURES) for _ in range(CODE_LENGTH)]


def free_contact(contact: str, *, person: UUID | None = None) -> str:
    """Return a contact in its one form. Raises `Taken` where somebody else has it (R105)."""
    form = normalised(contact)
    if form and _others(person).filter(contact_blind=blind_index("contact", form)).exists():
        raise Taken("Somebody is registered with this phone number or mail address already.")
    return form


def brought_card(text: str) -> str | None:
    """Return the code of a card from elsewhere; None for none. Raises `Invalid`, `Taken`."""
    if not text.strip():
        return None
    code = typed_code(text)
    if code is None:
        raise Invalid("This is not the code of a card.")
    if Person.objects.filter(card_blind=blind_index("card", code)).exists():
        raise Taken("This card is known here already: they can sign in with it.")
    return code


def check_free_username(username: str, *, person: UUID | None = None) -> None:
    blind = blind_index("username", fold(username))
    if _others(person).filter(username_blind=blind).exists():
        raise Taken("Somebody has the user name %(name)s already.", name=username)


def _others(person: UUID | None) -> QuerySet[Person]:
    return Person.objects.exclude(pk=person) if person else Person.objects.all()
