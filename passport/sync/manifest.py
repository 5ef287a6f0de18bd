"""Every kind of fact that leaves a machine: its stream, its author, its merge rule, who projects it.

What is not listed here doesn't travel. A test holds this list against the rooms' projectors, and
`docs/protocol.md` shows it. An unknown kind from a newer peer is kept and forwarded, never dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from django.db import models

from passport.fleet import facts as fleet
from passport.learning import facts as learning
from passport.library import facts as library
from passport.node import facts as node
from passport.node.models import Entry, Fact, JournalRow, StreamKind
from passport.people import facts as people
from passport.privacy import facts as privacy
from passport.records.models import Event


class Author(Enum):
    """Which kind of node may write an entry. The country may write all that a hub may."""

    COUNTRY = "country"
    HUB = "hub or country"


class Merge(Enum):
    """How two entries of a kind come together; all three are independent of the order of arrival."""

    FACT = "set union by id"
    REGISTER = "per field, the larger (epoch, stamp, origin) wins"
    MEMBERSHIP = "joining and leaving are both facts"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fact."""

    name: str
    streams: frozenset[StreamKind]
    author: Author
    merge: Merge
    journal: type[JournalRow] = Entry
    """The table that stores it: the plentiful have one of their own."""


COUNTRY = frozenset({StreamKind.COUNTRY})
SITE = frozenset({StreamKind.SITE})
PERSON = frozenset({StreamKind.PERSON})

KINDS: tuple[Kind, ...] = (
    # What the country says to everybody
    Kind("node.renewed@1", COUNTRY, Author.COUNTRY, Merge.FACT),
    Kind("node.retired@1", COUNTRY, Author.COUNTRY, Merge.FACT),
    Kind("person.erased@1", COUNTRY, Author.COUNTRY, Merge.FACT),
    Kind("hub.admitted@1", COUNTRY, Author.COUNTRY, Merge.FACT),
    Kind("hub.revoked@1", COUNTRY, Author.COUNTRY, Merge.FACT),
    Kind("site.added@1", COUNTRY, Author.COUNTRY, Merge.FACT),
    Kind("site.changed@1", COUNTRY, Author.COUNTRY, Merge.REGISTER),
    Kind("course.published@1", COUNTRY, Author.COUNTRY, Merge.FACT),
    # Who may do what, and the classes of a site
    Kind("role.granted@1", COUNTRY | SITE, Author.COUNTRY, Merge.MEMBERSHIP),
    Kind("role.ended@1", COUNTRY | SITE, Author.COUNTRY, Merge.MEMBERSHIP),
    Kind("group.added@1", SITE, Author.HUB, Merge.FACT),
    Kind("erasure.confirmed@1", SITE, Author.HUB, Merge.FACT),
    # What a hub knows of its clock
    Kind("clock.noted@1", SITE, Author.HUB, Merge.FACT),
    # A person's passport
    Kind("custody.given@1", SITE | PERSON, Author.COUNTRY, Merge.FACT),
    Kind("identity.merged@1", PERSON, Author.COUNTRY, Merge.FACT),
    Kind("identity.parted@1", PERSON, Author.COUNTRY, Merge.FACT),
    Kind("person.registered@1", PERSON, Author.HUB, Merge.FACT),
    Kind("person.changed@1", PERSON, Author.HUB, Merge.REGISTER),
    Kind("login.set@1", PERSON, Author.HUB, Merge.REGISTER),
    Kind("card.issued@1", PERSON, Author.HUB, Merge.REGISTER),
    Kind("membership.joined@1", PERSON, Author.HUB, Merge.MEMBERSHIP),
    Kind("membership.left@1", PERSON, Author.HUB, Merge.MEMBERSHIP),
    # Learning
    Kind("assignment.made@1", SITE | PERSON, Author.HUB, Merge.MEMBERSHIP),
    Kind("assignment.ended@1", SITE | PERSON, Author.HUB, Merge.MEMBERSHIP),
    Kind("enrolled@1", PERSON, Author.HUB, Merge.FACT),
    Kind("event@1", PERSON, Author.HUB, Merge.FACT, journal=Event),
    Kind("course.completed@1", PERSON, Author.HUB, Merge.FACT),
)

BY_NAME = {kind.name: kind for kind in KINDS}
JOURNALS: tuple[type[JournalRow], ...] = (Entry, Event)

PROJECTORS: dict[str, Callable[[Fact], None]] = {
    **node.PROJECTORS,
    **privacy.PROJECTORS,
    **fleet.PROJECTORS,
    **people.PROJECTORS,
    **library.PROJECTORS,
    **learning.PROJECTORS,
}
"""One fact at a time. Learning events, being plentiful, are projected in bulk by `learning`."""

PROJECTIONS: tuple[type[models.Model], ...] = (
    *privacy.TABLES,
    *learning.TABLES,
    *fleet.TABLES,
    *library.TABLES,
    *people.TABLES,
    *node.TABLES,
)
"""The tables that `rebuild` empties, in this order, and makes again from the journal."""
