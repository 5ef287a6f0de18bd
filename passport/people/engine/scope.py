"""Which people somebody may know of (C42): deny by default, say "not found" rather than "no"."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from passport.kernel.actor import Actor
from passport.kernel.errors import NotFound
from passport.kernel.permissions import Permission
from passport.people.models import Group, Membership, Person, RoleGrant, Site
from passport.people.policies import check_may_change


def open_memberships() -> QuerySet[Membership]:
    return Membership.objects.filter(departure=None)


def open_grants() -> QuerySet[RoleGrant]:
    return RoleGrant.objects.filter(end=None)


def learners_of(group: UUID) -> QuerySet[Person]:
    """Return who learns in a class; staff who sit in it have no card and no picture code."""
    members = open_memberships().filter(group=group).values("person")
    return Person.objects.filter(pk__in=members).exclude(pk__in=open_grants().values("person"))


def at_sites(sites: Iterable[UUID]) -> Q:
    """Match people who are at one of the sites, by any open membership."""
    of_person = open_memberships().filter(person=OuterRef("pk"), site__in=list(sites))
    return Q(site__in=list(sites)) | Q(Exists(of_person))


def known_to(by: Actor) -> QuerySet[Person]:
    """Return the people that `by` may know of: themselves, their sites', for the office all."""
    if by.may(Permission.LIST_PEOPLE):
        return Person.objects.all()
    own = Q(pk=by.person)
    sites = by.sites(Permission.SEE_CLASS)
    return Person.objects.filter(own | at_sites(sites)) if sites else Person.objects.filter(own)


def person_known_to(by: Actor, person: UUID) -> Person:
    found = known_to(by).filter(pk=person).first()
    if found is None:
        raise NotFound("There is no such person.")
    return found


def person_changed_by(by: Actor, person: UUID) -> Person:
    """Return a person whose details and login `by` may change. Raises `NotFound`, `NotAllowed`."""
    found = person_known_to(by, person)
    check_may_change(by, site=found.site_id, is_staff=is_staff(person))
    return found


def is_staff(person: UUID) -> bool:
    """Tell whether somebody holds a staff role, or ever did and learns nowhere."""
    ends = RoleGrant.objects.filter(person=person).values_list("end__at", flat=True)
    held = list(ends)  # none at all, for every learner who signs in
    return bool(held) and (None in held or not Membership.objects.filter(person=person).exists())


def site_known(site: UUID) -> Site:
    found = Site.objects.filter(pk=site).exclude(added_at=None).first()
    if found is None:
        raise NotFound("There is no such site.")
    return found


def site_names(sites: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Return the names of some sites by id; those that aren't here are left out."""
    some = [site for site in sites if site is not None]
    return dict(Site.objects.filter(pk__in=some).values_list("id", "name"))


def group_known_to(by: Actor, group: UUID) -> Group:
    """Return a group of a site whose classes `by` sees."""
    found = Group.objects.filter(pk=group).first()
    if found is None or not by.may(Permission.SEE_CLASS, site=found.site_id):
        raise NotFound("There is no such class.")
    return found
