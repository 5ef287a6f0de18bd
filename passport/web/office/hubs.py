"""Hubs: when each was last heard, what it runs and holds; the enrolment file of a new one."""

from __future__ import annotations

import re
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from passport.fleet import actions, queries
from passport.insights.queries import coverage
from passport.kernel.errors import Invalid
from passport.kernel.permissions import Permission
from passport.library import queries as library
from passport.people import queries as people
from passport.web.refusals import sentence
from passport.web.staff.guard import page, staff
from passport.web.staff.lists import number_in, steps


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the hubs."""
    by = staff(request, Permission.LIST_HUBS)
    search, number = request.GET.get("q", ""), number_in(request)
    found = queries.hubs_page(by, search=search, page=number)
    held = {version for line in found.lines for version in line.holds}
    return page(
        request,
        "office/hubs.html",
        "hubs",
        found=found,
        coverage=coverage(),
        search=search,
        sites=people.site_names(),
        titles=library.titles_of_versions(held, by.language),
        newest=set(library.current_versions()),
        steps=steps(request, number, -(-found.total // queries.PAGE), found.total),
        may_enrol=by.may(Permission.MANAGE_HUBS),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Make the enrolment file of a new hub, and hand it over as a download."""
    by = staff(request, Permission.MANAGE_HUBS)
    given, wrong = request.POST, ""
    if request.method == "POST":
        name = given.get("name", "")
        try:
            file = actions.make_enrolment(by=by, name=name, sites=_sites(given.getlist("sites")))
        except Invalid as refusal:
            wrong = sentence(refusal)
        else:
            answer = HttpResponse(file, content_type="application/octet-stream")
            plain = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower() or "hub"
            answer["Content-Disposition"] = f'attachment; filename="{plain}.enrolment"'
            answer["Cache-Control"] = "no-store"
            return answer
    return page(
        request,
        "office/enrol_hub.html",
        "hubs",
        400 if wrong else 200,
        given=given,
        chosen=given.getlist("sites"),
        wrong=wrong,
        sites=sorted(people.site_names().items(), key=lambda one: one[1].casefold()),
    )


def _sites(texts: list[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts]
    except ValueError:
        raise Invalid("There is no such site.") from None
