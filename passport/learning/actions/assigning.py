"""Giving a course to a class or to one person, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from passport.kernel.errors import Invalid, NotFound
from passport.kernel.ids import new_id
from passport.learning import policies
from passport.learning.engine.notes import note_enrolments
from passport.learning.facts import (
    ASSIGNED,
    UNASSIGNED,
    Assigned,
    Unassigned,
    project_assigned,
    project_unassigned,
)
from passport.learning.models import Assignment, AssignmentEnd, How
from passport.library.models import Course
from passport.node.actions import note, writes
from passport.node.models import Stream
from passport.people.models import Group, Membership, Person

if TYPE_CHECKING:
    from passport.kernel.actor import Actor


@writes
def assign(
    *, by: Actor, course: UUID, group: UUID | None = None, person: UUID | None = None
) -> Assignment:
    """Give a course to everybody in a class, now and later, or to one person.

    Those who have it already keep the one assignment. Raises `NotYourLearner`, `NotFound`, and
    `Invalid` unless exactly one of class and person is named.
    """
    if (group is None) is (person is None):
        raise Invalid("Choose a class or one learner.")
    site = policies.check_assigns(by, _site_of(group, person))
    if not Course.objects.filter(pk=course).exists():
        raise NotFound("There is no such course here.")
    standing = (
        Assignment.objects.filter(course=course, group=group, person=person)
        .exclude(pk__in=AssignmentEnd.objects.values("assignment"))
        .first()
    )
    if standing is not None:
        return standing
    stream = Stream.of_site(site) if person is None else Stream.of_person(person)
    body = Assigned(id=new_id(), course=course, site=site, group=group)
    fact = note(by=by, stream=stream, kind=ASSIGNED, body=body)
    project_assigned(fact)
    members = [person] if person is not None else _members(group)
    note_enrolments(by, [(member, course) for member in members], How.ASSIGNED)
    return Assignment.objects.get(pk=body.id)


@writes
def unassign(*, by: Actor, assignment: UUID) -> AssignmentEnd:
    """Take an assignment back. Enrolments, progress and completions stay (C48)."""
    known = Assignment.objects.filter(pk=assignment).first()
    if known is None:
        raise NotFound("There is no such assignment.")
    policies.check_assigns(by, known.site)
    ended = AssignmentEnd.objects.filter(pk=assignment).first()
    if ended is not None:
        return ended
    stream = Stream.of_site(known.site) if known.person is None else Stream.of_person(known.person)
    fact = note(by=by, stream=stream, kind=UNASSIGNED, body=Unassigned(assignment=assignment))
    project_unassigned(fact)
    return AssignmentEnd.objects.get(pk=assignment)


@writes
def enrol_newcomer(*, by: Actor, person: UUID) -> int:
    """Enrol somebody in what is assigned to their classes; returns in how many courses.

    For the door that adds a person to a class. `by` may assign at the classes' sites.
    """
    groups = dict(
        Membership.objects.filter(person=person, departure=None).values_list("group", "site")
    )
    for site in groups.values():
        policies.check_assigns(by, site)
    courses = (
        Assignment.objects.filter(group__in=groups)
        .exclude(pk__in=AssignmentEnd.objects.values("assignment"))
        .values_list("course", flat=True)
    )
    return len(note_enrolments(by, [(person, course) for course in courses], How.ASSIGNED))


def _site_of(group: UUID | None, person: UUID | None) -> UUID | None:
    """Return the site of a class or of a person; None where there is neither."""
    if group is not None:
        return Group.objects.filter(pk=group).values_list("site", flat=True).first()
    if person is not None:
        return Person.objects.filter(pk=person).values_list("site", flat=True).first()
    return None


def _members(group: UUID | None) -> list[UUID]:
    return list(
        Membership.objects.filter(group=group, departure=None)
        .values_list("person", flat=True)
        .distinct()
    )
