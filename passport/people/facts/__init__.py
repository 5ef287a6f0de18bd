"""What this room notes in the journal, and how each kind becomes rows.

A projector may be called again with the same fact and in any order of facts: what it leaves depends
on the set of facts alone. Where the person's key is not here yet, everything clear is projected and
the sealed part waits for `project_again`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from uuid import UUID

from django.db.models import Model

from passport.node.actions import fact_of
from passport.node.models import Entry, Fact, Stream
from passport.people.engine import visits
from passport.people.facts.identities import (
    project_identity_merged,
    project_identity_parted,
    tied_to,
)
from passport.people.facts.persons import LAID, project_person, project_person_facts
from passport.people.facts.places import (
    project_group_added,
    project_role_ended,
    project_role_granted,
    project_site_added,
    project_site_changed,
)
from passport.people.facts.shapes import (
    CardIssued,
    GroupAdded,
    IdentityMerged,
    IdentityParted,
    Joined,
    Left,
    LoginSet,
    PersonChanged,
    PersonRegistered,
    PrivateCard,
    PrivateLogin,
    PrivatePerson,
    RoleEnded,
    RoleGranted,
    SiteAdded,
    SiteChanged,
)
from passport.people.models import (
    Departure,
    Group,
    Held,
    Membership,
    Merger,
    NameWord,
    Opening,
    Parting,
    Person,
    RoleEnd,
    RoleGrant,
    SignIn,
    Site,
)

__all__ = [
    "PROJECTORS",
    "TABLES",
    "CardIssued",
    "GroupAdded",
    "IdentityMerged",
    "IdentityParted",
    "Joined",
    "Left",
    "LoginSet",
    "PersonChanged",
    "PersonRegistered",
    "PrivateCard",
    "PrivateLogin",
    "PrivatePerson",
    "RoleEnded",
    "RoleGranted",
    "SiteAdded",
    "SiteChanged",
    "forget",
    "project",
    "project_again",
    "project_all",
    "tied_to",
]

PROJECTORS: dict[str, Callable[[Fact], None]] = {
    "site.added@1": project_site_added,
    "site.changed@1": project_site_changed,
    "group.added@1": project_group_added,
    "role.granted@1": project_role_granted,
    "role.ended@1": project_role_ended,
    "identity.merged@1": project_identity_merged,
    "identity.parted@1": project_identity_parted,
    **dict.fromkeys(LAID, project_person),
}

TABLES: list[type[Model]] = [
    Departure,
    Membership,
    RoleEnd,
    RoleGrant,
    NameWord,
    Parting,
    Merger,
    Person,
    Group,
    Site,
]
"""What `rebuild` empties and the projectors fill again."""


def project(fact: Fact) -> None:
    """Project a fact of one of this room's kinds."""
    PROJECTORS[fact.kind](fact)


def project_all(facts: Iterable[Fact]) -> None:
    """Project facts of this room's kinds; a run about one person costs little more than one."""
    for (stream, about_person), run in groupby(facts, lambda one: (one.stream, one.kind in LAID)):
        if about_person:
            project_person_facts(stream, run)
        else:
            for fact in run:
                project(fact)


def project_again(person: UUID) -> None:
    """Project all that is here of a person once more: their key has arrived."""
    stream = Stream.of_person(person)
    rows = Entry.objects.filter(stream=stream, kind__in=PROJECTORS).select_related("origin")
    project_all(
        fact_of(row, stream=stream, origin=row.origin.wire) for row in rows.order_by("hlc", "pk")
    )


def forget(person: UUID) -> None:
    """Remove every row about a person; who they were is told by no other row."""
    Departure.objects.filter(membership__in=Membership.objects.filter(person=person)).delete()
    RoleEnd.objects.filter(grant__in=RoleGrant.objects.filter(person=person)).delete()
    for table in (Membership, RoleGrant, NameWord, SignIn, Held, Opening):
        table._default_manager.filter(person=person).delete()  # noqa: SLF001 - Django's name for it
    Person.objects.filter(one=person).update(one=None)
    Person.objects.filter(pk=person).delete()
    # A merger stands in both persons' streams: it goes with the second of them.
    here = Person.objects.values("pk")
    gone = Merger.objects.exclude(person__in=here).exclude(into__in=here)
    Parting.objects.filter(merger__in=gone.values("pk")).delete()
    gone.delete()
    visits.forget_person(person)
