"""Tables of people, and where they learn.

Everything but `SignIn`, `Held` and `Opening` is a projection of the journal (`facts.PROJECTORS`). Facts of
different streams arrive in any order, so the references between them are columns without a database
constraint, and a row may name a site or group that isn't here yet.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from passport.node.models import JSONColumn

HOW_LONG_A_NAME = 120


class Sex(models.TextChoices):
    """What a person says; null where they didn't say, and reports show that too (R103)."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class Way(models.TextChoices):
    """How a person may sign in (R107)."""

    PICTURE = "picture"
    CARD = "card"
    PASSWORD = "password"  # noqa: S105 - a way, not a secret


def _loose(to: str, related_name: str, **more: Any) -> Any:
    """Reference a row that may arrive later than this one."""
    return models.ForeignKey(
        to, models.DO_NOTHING, db_constraint=False, related_name=related_name, **more
    )


class Site(models.Model):
    """A place where people learn: a school, a centre, a camp."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=HOW_LONG_A_NAME, default="")
    """What people call it. Harmless: names a building, never a person."""
    code = models.CharField(max_length=20, default="")
    """The office's short name for it, once in the country. Harmless."""
    ways = JSONColumn(default=list)
    """How learners may sign in here: values of `Way`. Harmless."""
    shows_names = models.BooleanField(default=False)
    """Whether first names stand below the pictures of the sign-in grid. Harmless: a rule."""
    language = models.CharField(max_length=12, default="")
    """The language that a visitor sees who has not chosen one. Harmless."""
    added_at = models.DateTimeField(null=True)
    """When the country added it; None while only a change of it has arrived. Harmless."""


class Group(models.Model):
    """A class within a site."""

    id = models.UUIDField(primary_key=True)
    site = _loose("people.Site", "groups")
    name = models.CharField(max_length=HOW_LONG_A_NAME)
    """What people call it. Harmless."""
    added_at = models.DateTimeField()
    """When it was added. Harmless."""


class Person(models.Model):
    """Somebody who learns or works here; without their key nothing says who it is (R104)."""

    id = models.UUIDField(primary_key=True)
    """Random, the only thing that a learning record knows of anybody."""
    registered_at = models.DateTimeField(null=True)
    """When, for the counts; None while only later facts have arrived."""
    registered_site = _loose("people.Site", "+", null=True)
    """Where the person came in, for the counts; None for staff of the whole country."""
    site = _loose("people.Site", "people", null=True)
    """Where the person is now: the site of the latest open membership, else of the latest one, else
    the one where they were registered. Held to show a facilitator their own people only."""
    sex = models.CharField(max_length=6, choices=Sex.choices, null=True)  # noqa: DJ001 - null is "not provided"
    """What the person says, for counts by sex (R015); clear, because alone it names nobody."""
    avatar = models.PositiveSmallIntegerField(default=0)
    """The picture under which a pre-reader finds themselves (R107): a place in the kit's list."""
    one = models.UUIDField(null=True, db_index=True)
    """The person that this one was found to be, and under whom everything counts (`Merger`);
    None: themselves."""
    card = models.UUIDField(null=True)
    """The one card that opens the door, by id; a reissue puts another one here."""
    sealed = models.BinaryField(null=True)
    """Given name, family name, contact, username, password hash, picture code and card code under
    the person's own key (`engine.hidden.Hidden`); None while this node has none of it."""
    name_blind = models.BinaryField(max_length=16, null=True, db_index=True)
    """Finds others with the same given and family name, on this node only; None for a single word."""
    contact_blind = models.BinaryField(max_length=16, null=True, db_index=True)
    """Finds the person by phone number or mail address, on this node only."""
    username_blind = models.BinaryField(max_length=16, null=True, db_index=True)
    """Finds the person by username, on this node only."""
    card_blind = models.BinaryField(max_length=16, null=True, db_index=True)
    """Finds the person by the code of their card, on this node only."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["registered_at", "id"], name="people_person_registered"),
            models.Index(fields=["site", "registered_at", "id"], name="people_person_site"),
            models.Index(fields=["sex", "registered_at", "id"], name="people_person_sex"),
        ]


class Merger(models.Model):
    """The country found two persons to be one: who came twice counts once (C41)."""

    id = models.UUIDField(primary_key=True)
    person = models.UUIDField()
    """Who is counted under somebody else from now on."""
    into = models.UUIDField()
    at = models.DateTimeField()
    """When: of several, the latest counts."""


class Parting(models.Model):
    """A merger taken back. It may arrive before the merger itself."""

    merger = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    """When. Held for the history of the record."""


class NameWord(models.Model):
    """A word of a name as a blind value, so that the office finds people whom it can't read."""

    person = _loose("people.Person", "words")
    word = models.BinaryField(max_length=16)
    """The folded word under the node's index key; worthless on any other node."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["word", "person"], name="people_word_once"),
        ]


class RoleGrant(models.Model):
    """A staff role given to a person, at a site or (null) in the whole country."""

    id = models.UUIDField(primary_key=True)
    person = _loose("people.Person", "grants")
    role = models.CharField(max_length=20)
    """A value of `kernel.permissions.RoleName`. Held to decide what the person may do."""
    site = _loose("people.Site", "+", null=True)
    granted_at = models.DateTimeField()
    """When. Held for the list of staff."""


class RoleEnd(models.Model):
    """The end of a role. It may arrive before the grant that it ends."""

    grant = models.OneToOneField(
        RoleGrant,
        models.DO_NOTHING,
        db_constraint=False,
        primary_key=True,
        related_name="end",
    )
    at = models.DateTimeField()
    """When. Harmless."""


class Membership(models.Model):
    """A person's joining of a group: an event with a date, so that a move loses nothing (C41)."""

    id = models.UUIDField(primary_key=True)
    person = _loose("people.Person", "memberships")
    """Who is in the group: whoever `noted_of` was found to be."""
    noted_of = models.UUIDField(db_index=True)
    """In whose stream it stands."""
    site = _loose("people.Site", "+")
    group = _loose("people.Group", "memberships")
    joined_at = models.DateTimeField()
    """When. Held for the history of the class."""
    stamp = models.CharField(max_length=110)
    """The journal's order of it (`<hlc> <origin>`): decides where a person is now. Harmless."""


class Departure(models.Model):
    """A person's leaving of a group. It may arrive before the membership that it ends."""

    membership = models.OneToOneField(
        Membership,
        models.DO_NOTHING,
        db_constraint=False,
        primary_key=True,
        related_name="departure",
    )
    at = models.DateTimeField()
    """When. Held for the history of the class."""


class SignIn(models.Model):
    """One use of the door. Never leaves this machine; the session cookie names it, no more."""

    id = models.UUIDField(primary_key=True)
    person = _loose("people.Person", "+")
    way = models.CharField(max_length=8, choices=Way.choices)
    """How. Held so that a lost card ends what it opened."""
    card = models.UUIDField(null=True)
    """The card that was used, if one was: when it is replaced, this ends."""
    started = models.DateTimeField()
    """When. Held to end it after the site's hours."""
    last_seen = models.DateTimeField(db_index=True)
    """To the minute. Held to show a facilitator who is here."""
    ended = models.DateTimeField(null=True)
    """When the person left, if they did so themselves. Held so that the session ends."""
    device = models.CharField(max_length=8)
    """phone, tablet or computer, and no more (R032). Held for figures of use by kind of device."""
    system = models.CharField(max_length=10)
    """The family of the operating system, no version (R032). Held with `device`."""


class Held(models.Model):
    """What a device said that it still holds of a person's work, unsent. Never leaves this machine."""

    device = models.UUIDField()
    """A random number that the browser keeps beside that work, and that means nothing elsewhere."""
    person = _loose("people.Person", "+")
    unsent = models.PositiveIntegerField()
    """How much: pages, stretches and answers."""
    told_at = models.DateTimeField()
    """When the device said so. Held with `unsent`, to say before children go home who is done."""
    sign_in = models.UUIDField()
    """Who was signed in there when it said so: a device that forgets its number is found by it."""
    kind = models.CharField(max_length=8)
    """phone, tablet or computer: what a facilitator looks for."""
    is_open = models.BooleanField()
    """The person was still learning there, and may have gone on."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "device"], name="people_held_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["device"], name="people_held_device")]


class Opening(models.Model):
    """A masked name that somebody opened: who, whose, why, when (R138). Local to this machine."""

    id = models.UUIDField(primary_key=True)
    by = models.UUIDField(null=True)
    """Who opened it; None: a command at the machine itself. Held to account for it."""
    person = models.UUIDField(db_index=True)
    """Whose name. Held to account for it."""
    reason = models.BinaryField()
    """The reason they gave: free text, so sealed under the key of the person it is about."""
    at = models.DateTimeField()
    """When. Held to account for it."""
