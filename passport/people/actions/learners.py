"""Learners: registered, changed, moved, given new cards and codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from msgspec import UNSET, UnsetType

from passport.kernel.actor import Actor
from passport.kernel.codes import new_code, shown_code
from passport.kernel.errors import Invalid, NotFound
from passport.kernel.ids import new_id
from passport.kernel.permissions import Permission
from passport.node.actions import Note, new_person_stream, note, writes
from passport.node.models import Stream
from passport.people.engine.registering import (
    Details,
    brought_card,
    card,
    free_avatars,
    free_contact,
    joining,
    leaving,
    login,
    new_picture_code,
    note_and_project,
    registration,
)
from passport.people.engine.scope import (
    open_memberships,
    person_changed_by,
    person_known_to,
    site_known,
)
from passport.people.engine.signing_in import end_sign_ins
from passport.people.facts import LoginSet, PersonChanged, PrivateLogin, PrivatePerson, project
from passport.people.models import Group, Way
from passport.people.policies import (
    check_may,
    check_may_either,
    checked_avatar,
    checked_family,
    checked_given,
    checked_picture_code,
    checked_sex,
)


@dataclass(frozen=True, slots=True)
class Registered:
    """A new learner, with what is handed to them: the picture, the picture code, the card."""

    person: UUID
    given: str
    family: str
    avatar: int
    picture_code: tuple[int, ...]
    card: str
    """The card's code in groups of four."""


@writes
def register_learner(
    *,
    by: Actor,
    site: UUID,
    group: UUID,
    given: str,
    family: str = "",
    sex: str | None = None,
    contact: str = "",
    card_code: str = "",
) -> Registered:
    """Register a learner; a given name is all it takes, and no network (R095, R107, R108).

    With the code of a card that they bring from elsewhere (`card_code`), that card opens the door
    here from now on, and the country finds by it who they are (C41). Raises `Invalid`, `Taken`.
    """
    check_may(by, Permission.MANAGE_LEARNERS, site=site)
    group_at(site, group)
    details = Details(
        given=checked_given(given),
        family=checked_family(family),
        sex=checked_sex(sex),
        contact=free_contact(contact),
    )
    return register(by, site, group, [details], brought_card(card_code))[0]


def register(
    by: Actor, site: UUID, group: UUID, everybody: list[Details], brought: str | None = None
) -> list[Registered]:
    """Note everything that makes learners, for all of them together."""
    notes: list[Note] = []
    made: list[Registered] = []
    for details, avatar in zip(everybody, free_avatars(group, len(everybody)), strict=True):
        stream, pictures = new_person_stream(new_id()), new_picture_code()
        code = brought or new_code()
        notes += [
            registration(stream, site, details, avatar),
            login(stream, PrivateLogin(picture_code=pictures)),
            card(stream, code),
            joining(stream, site, group),
        ]
        made.append(
            Registered(
                person=stream.key,
                given=details.given,
                family=details.family,
                avatar=avatar,
                picture_code=tuple(pictures),
                card=shown_code(code),
            )
        )
    note_and_project(by, notes)
    return made


def group_at(site: UUID, group: UUID) -> Group:
    """Return a class of this site. Raises `NotFound`."""
    site_known(site)
    found = Group.objects.filter(pk=group, site=site).first()
    if found is None:
        raise NotFound("There is no such class.")
    return found


@writes
def change_person(
    *,
    by: Actor,
    person: UUID,
    given: str | None = None,
    family: str | None = None,
    contact: str | None = None,
    sex: str | UnsetType | None = UNSET,
) -> None:
    """Change what is given and leave the rest; `sex=None` says "not provided"."""
    found = person_changed_by(by, person)
    private = PrivatePerson(
        given=None if given is None else checked_given(given),
        family=None if family is None else checked_family(family),
        contact=None if contact is None else free_contact(contact, person=person),
    )
    fields = [name for name in private.__struct_fields__ if getattr(private, name) is not None]
    body = PersonChanged(fields=fields)
    if not isinstance(sex, UnsetType):
        body.fields.append("sex")
        body.sex = checked_sex(sex)
    if not body.fields:
        return
    fact = note(
        by=by,
        stream=Stream.of_person(found.id),
        kind="person.changed@1",
        body=body,
        private=private if fields else None,
    )
    project(fact)


@writes
def reissue_card(*, by: Actor, person: UUID) -> str:
    """Issue a new card and return its code in groups of four; the old card opens nothing any more.

    Also ends, at once, what the old card has open.
    """
    found = person_changed_by(by, person)
    code = new_code()
    note_and_project(by, [card(Stream.of_person(found.id), code)])
    return shown_code(code)


@writes
def set_picture_code(
    *, by: Actor, person: UUID, code: Sequence[int] | None = None
) -> tuple[int, ...]:
    """Set a learner's picture code, or choose one by chance, and return it."""
    found = person_changed_by(by, person)
    pictures = new_picture_code() if code is None else checked_picture_code(code)
    stream = Stream.of_person(found.id)
    note_and_project(by, [login(stream, PrivateLogin(picture_code=pictures))])
    end_sign_ins(found.id, Way.PICTURE)
    return tuple(pictures)


@writes
def set_avatar(*, by: Actor, person: UUID, avatar: int) -> None:
    """Give a learner another picture, one that nobody else of the class has."""
    found = person_changed_by(by, person)
    checked_avatar(avatar)
    groups = open_memberships().filter(person=found.id).values("group")
    others = open_memberships().filter(group__in=groups, person__avatar=avatar)
    if others.exclude(person=found.id).exists():
        raise Invalid("Somebody else in the class has this picture.")
    body = LoginSet(fields=["avatar"], avatar=avatar)
    project(note(by=by, stream=Stream.of_person(found.id), kind="login.set@1", body=body))


@writes
def move_to_group(*, by: Actor, person: UUID, group: UUID) -> None:
    """Move a learner to another class, of this site or another; the record goes along (C41)."""
    found = person_known_to(by, person)
    target = Group.objects.filter(pk=group).first()
    if target is None:
        raise NotFound("There is no such class.")
    for site in {found.site_id, target.site_id}:
        check_may_either(by, Permission.MANAGE_LEARNERS, Permission.MANAGE_SITES, site=site)
    stream = Stream.of_person(found.id)
    present = list(open_memberships().filter(person=found.id))
    elsewhere = [one for one in present if one.group_id != group]
    notes = [leaving(stream, membership) for membership in elsewhere]
    if len(elsewhere) == len(present):
        notes.append(joining(stream, target.site_id, target.id))
    note_and_project(by, notes)


@writes
def leave(*, by: Actor, person: UUID, group: UUID | None = None) -> None:
    """Take a learner out of one class, or of all. What they learnt stays."""
    found = person_known_to(by, person)
    check_may_either(by, Permission.MANAGE_LEARNERS, Permission.MANAGE_SITES, site=found.site_id)
    memberships = open_memberships().filter(person=found.id)
    stream = Stream.of_person(found.id)
    here = memberships.filter(group=group) if group else memberships
    note_and_project(by, [leaving(stream, membership) for membership in here])
