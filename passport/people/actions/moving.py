"""From one site to another, and two who were found to be one: what the country alone decides (C41)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from passport.kernel.actor import Actor
from passport.kernel.clock import now_ms
from passport.kernel.errors import Invalid, NotFound
from passport.kernel.ids import new_id
from passport.kernel.permissions import Permission
from passport.node import queries as node
from passport.node.actions import Note, epochs_of, note_all, writes
from passport.node.facts import CustodyGiven, project_custody_given
from passport.node.models import Stream
from passport.people.actions.learners import group_at
from passport.people.engine.registering import joining, leaving, note_and_project
from passport.people.engine.scope import open_memberships, person_known_to, site_known
from passport.people.facts import IdentityMerged, IdentityParted, project
from passport.people.models import Membership, Merger, Parting, Person
from passport.people.policies import check_may, check_speaks_for_country


@writes
def move_to_site(*, by: Actor, person: UUID, site: UUID, group: UUID | None = None) -> None:
    """Move a learner to another site: its hub is granted the whole record, the old one's grant ends.

    What the old hub did meanwhile still counts; of edits, those of the new place do (DESIGN section 4).
    """
    check_speaks_for_country(node.role())
    check_may(by, Permission.MOVE_LEARNERS)
    found = person_known_to(by, person)
    site_known(site)
    for each in Person.objects.filter(Q(pk=found.id) | Q(one=found.id)):
        give(by, each, site, sites_of(each))
    stream = Stream.of_person(found.id)
    notes = [leaving(stream, one) for one in open_memberships().filter(person=found.id)]
    if group is not None:
        group_at(site, group)
        notes.append(joining(stream, site, group))
    note_and_project(by, notes)


def give(by: Actor, person: Person, site: UUID, told: set[UUID]) -> None:
    """Give a person to a site, and tell the sites that had them."""
    epoch = epochs_of([person.id]).get(person.id, 0) + 1
    given = CustodyGiven(id=new_id(), person=person.id, epoch=epoch, site=site)
    sites = sorted(told | {site})
    places = [Stream.of_person(person.id), *(Stream.of_site(each) for each in sites)]
    for fact in note_all(by=by, notes=[Note(place, "custody.given@1", given) for place in places]):
        project_custody_given(fact)


def sites_of(person: Person) -> set[UUID]:
    """Return every site whose hub may hold this person."""
    own = Q(person=person.id) | Q(noted_of=person.id)
    sites = set(Membership.objects.filter(own).values_list("site", flat=True))
    sites |= {each for each in (person.site_id, person.registered_site_id) if each}
    return sites | set(node.custodians([person.id]).values())


@writes
def merge(*, by: Actor, person: UUID, into: UUID) -> Merger:
    """Say that a person is another who is known already; from now on they count as one.

    Can be taken back (`part`). Whoever calls works out again what they have learnt.
    """
    check_speaks_for_country(node.role())
    check_may(by, Permission.MOVE_LEARNERS)
    if person == into:
        raise Invalid("These are one person already.")
    both = [person_known_to(by, person), person_known_to(by, into)]
    if any(one.one is not None for one in both):
        raise Invalid("One of these was found to be somebody else already.")
    body = IdentityMerged(id=new_id(), person=person, into=into, at=now_ms())
    _note_for_both(by, "identity.merged@1", body, person, into)
    return Merger.objects.get(pk=body.id)


@writes
def part(*, by: Actor, merger: UUID) -> Merger:
    """Take a merger back: they were two after all. Nothing of either is lost."""
    check_speaks_for_country(node.role())
    check_may(by, Permission.MOVE_LEARNERS)
    found = Merger.objects.filter(pk=merger).first()
    if found is None or Parting.objects.filter(pk=merger).exists():
        raise NotFound("There is no such merger.")
    _note_for_both(
        by,
        "identity.parted@1",
        IdentityParted(merger=merger, at=now_ms()),
        found.person,
        found.into,
    )
    # Each hub had both; now each is told whom of them it is to let go.
    both = list(Person.objects.filter(pk__in=[found.person, found.into]))
    told = {site for each in both for site in sites_of(each)}
    for each in both:
        site = node.custodians([each.id]).get(each.id) or each.registered_site_id
        if site is not None:
            give(by, each, site, told)
    return found


def _note_for_both(
    by: Actor, kind: str, body: IdentityMerged | IdentityParted, person: UUID, into: UUID
) -> None:
    notes = [Note(Stream.of_person(each), kind, body) for each in (person, into)]
    for fact in note_all(by=by, notes=notes):
        project(fact)
