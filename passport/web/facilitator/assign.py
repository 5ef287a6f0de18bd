"""Courses given to a class or to one learner, and taken back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from passport.kernel.actor import Actor
from passport.kernel.errors import NotFound
from passport.kernel.permissions import Permission
from passport.learning import actions, queries
from passport.library import queries as library
from passport.people import queries as people
from passport.web.staff.guard import page, staff
from passport.web.staff.lists import number_in, steps

SHOWN = 12


@require_http_methods(["GET", "HEAD", "POST"])
def to_class(request: HttpRequest, group: UUID) -> HttpResponse:
    """Give a course to everybody in a class."""
    by = staff(request, Permission.ASSIGN_COURSES)
    known = people.group(by, group)
    if request.method == "POST":
        actions.assign(by=by, course=_course(request), group=group)
        return redirect(request.get_full_path())
    rows = [row for row in queries.assignments_of(by, group) if row.person is None]
    return _shown(request, by, known, None, rows)


@require_http_methods(["GET", "HEAD", "POST"])
def to_one(request: HttpRequest, person: UUID) -> HttpResponse:
    """Give a course to one learner."""
    by = staff(request, Permission.ASSIGN_COURSES)
    known = people.person(by, person)
    if request.method == "POST":
        actions.assign(by=by, course=_course(request), person=person)
        return redirect(request.get_full_path())
    groups = [group for group, _ in known.groups]
    rows = [
        row for group in groups for row in queries.assignments_of(by, group) if row.person == person
    ]
    if not groups:
        raise NotFound("There is no such person.")
    return _shown(request, by, people.group(by, groups[0]), known, rows)


@require_POST
def end(request: HttpRequest, group: UUID, assignment: UUID) -> HttpResponse:
    """Take a course back; what was learnt in it stays."""
    by = staff(request, Permission.ASSIGN_COURSES)
    row = next((row for row in queries.assignments_of(by, group) if row.id == assignment), None)
    if row is None:
        raise NotFound("There is no such assignment.")
    actions.unassign(by=by, assignment=assignment)
    if row.person:
        return redirect("facilitator:assign_one", row.person)
    return redirect("facilitator:assign", group)


def _shown(
    request: HttpRequest,
    by: Actor,
    group: people.ClassGroup,
    person: people.PersonView | None,
    rows: list[queries.AssignmentRow],
) -> HttpResponse:
    search = request.GET.get("q", "")
    found = library.catalogue(
        by=by, language=by.language, text=search, page=number_in(request), size=SHOWN
    )
    return page(
        request,
        "facilitator/assign.html",
        "classes",
        group=group,
        person=person,
        rows=rows,
        cards=library.course_cards(
            by=by, language=by.language, courses=[row.course for row in rows]
        ),
        found=found,
        given={row.course for row in rows},
        search=search,
        steps=steps(request, found.page, found.pages, found.total),
    )


def _course(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("course", ""))
    except ValueError:
        raise NotFound("There is no such course here.") from None
