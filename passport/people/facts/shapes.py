"""The bodies of this room's kinds of fact. Structs: what is declared here is what travels."""

from __future__ import annotations

from uuid import UUID

import msgspec


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


class IdentityMerged(msgspec.Struct):
    """`identity.merged@1`, in the streams of both persons. *fact*; taken back by `identity.parted`."""

    id: UUID
    person: UUID
    into: UUID
    at: int
    """In ms since 1970: it stands in two streams, each with stamps of its own."""


class IdentityParted(msgspec.Struct):
    """`identity.parted@1`, in the streams of both persons. *fact*."""

    merger: UUID
    at: int


class Joined(msgspec.Struct):
    """`membership.joined@1`, person stream. *membership*."""

    id: UUID
    site: UUID
    group: UUID


class Left(msgspec.Struct):
    """`membership.left@1`, person stream. *membership*."""

    membership: UUID
