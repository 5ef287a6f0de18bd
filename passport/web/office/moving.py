"""A learner moves to another site: first where to, then what will happen, then it is done (C41)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from passport.fleet import queries as fleet
from passport.kernel.errors import Invalid
from passport.kernel.permissions import Permission
from passport.people import actions, queries
from passport.web.staff.guard import page, staff
from passport.web.staff.lists import number_in, steps


@require_safe
def choose(request: HttpRequest, person: UUID) -> HttpResponse:
    """Offer the sites, fifty a page."""
    by = staff(request, Permission.MOVE_LEARNERS)
    search = request.GET.get("q", "")
    found = queries.sites_page(by, search=search, page=number_in(request))
    return page(
        request,
        "office/move.html",
        "people",
        person=queries.person(by, person),
        found=found,
        search=search,
        steps=steps(request, found.number, found.pages, found.total),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, person: UUID, site: UUID) -> HttpResponse:
    """Say what will happen, and do it."""
    by = staff(request, Permission.MOVE_LEARNERS)
    known, target = queries.person(by, person), queries.site(by, site)
    if request.method == "POST":
        group = _group(request.POST.get("group", ""))
        actions.move_to_site(by=by, person=person, site=site, group=group)
        return redirect("office:person", person)
    gets = fleet.hubs_of(site)
    keys = {hub.key for hub in gets}
    has = fleet.hubs_of(known.site) if known.site else []
    return page(
        request,
        "office/move_to.html",
        "people",
        person=known,
        site=target,
        gets=gets,
        lets_go=[hub for hub in has if hub.key not in keys],
    )


def _group(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Invalid("There is no such class.") from None
