"""Two who may be one: both are shown masked, and somebody decides; what was decided can be undone."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from passport.kernel.permissions import Permission
from passport.learning import actions as learning
from passport.people import queries
from passport.web.staff.guard import page, staff
from passport.web.staff.lists import number_in, steps
from passport.web.staff.words import sex_words


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List those who may be one person."""
    by = staff(request, Permission.MOVE_LEARNERS)
    found = queries.alike_page(by, page=number_in(request))
    return page(
        request,
        "office/alike.html",
        "people",
        found=found,
        sex_words=sex_words(),
        steps=steps(request, found.number, found.pages, found.total),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, person: UUID, into: UUID) -> HttpResponse:
    """Ask once, and merge."""
    by = staff(request, Permission.MOVE_LEARNERS)
    if request.method == "POST":
        learning.merge(by=by, person=person, into=into)
        return redirect("office:person", into)
    return page(
        request,
        "office/merge.html",
        "people",
        person=queries.person(by, person),
        into=queries.person(by, into),
        sex_words=sex_words(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, merger: UUID) -> HttpResponse:
    """Ask once, and take a merger back."""
    by = staff(request, Permission.MOVE_LEARNERS)
    found = queries.merger(by, merger)
    if request.method == "POST":
        learning.part(by=by, merger=merger)
        return redirect("office:person", found.into.id)
    return page(request, "office/part.html", "people", merger=found, sex_words=sex_words())
