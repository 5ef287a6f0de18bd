"""Sites: the list, a new one, and one of them with its classes."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from passport.kernel.errors import Invalid
from passport.kernel.permissions import Permission
from passport.people import actions, queries
from passport.people.models import Way
from passport.people.policies import DEFAULT_WAYS
from passport.web.staff.guard import StaffRequest, page, said, staff
from passport.web.staff.lists import number_in, steps


@require_safe
@staff(Permission.LIST_PEOPLE)
def listing(request: StaffRequest) -> HttpResponseBase:
    """List the sites."""
    search, sort = request.GET.get("q", ""), request.GET.get("sort", "name")
    found = queries.sites_page(request.actor, search=search, sort=sort, page=number_in(request))
    return page(
        request,
        "office/sites.html",
        "sites",
        found=found,
        search=search,
        sort=sort,
        steps=steps(request, found.number, found.pages, found.total),
        may_add=request.actor.may(Permission.MANAGE_SITES),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.MANAGE_SITES)
def add(request: StaffRequest) -> HttpResponseBase:
    """Add a site."""
    wrong = ""
    if request.method == "POST":
        given = request.POST
        try:
            made = actions.add_site(
                by=request.actor,
                name=given.get("name", ""),
                code=given.get("code", ""),
                ways=given.getlist("ways"),
                shows_names="shows_names" in given,
                language=_language(given),
            )
        except Invalid as refusal:
            wrong = said(refusal)
        else:
            return redirect("office:site", made.id)
    return _form(request, None, wrong, list(DEFAULT_WAYS))


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.LIST_PEOPLE)
def change(request: StaffRequest, site: UUID) -> HttpResponseBase:
    """Show a site with its classes; change how people sign in there."""
    known = queries.site(request.actor, site)
    wrong = ""
    if request.method == "POST":
        given = request.POST
        try:
            actions.change_site(
                by=request.actor,
                site=site,
                name=given.get("name", ""),
                ways=given.getlist("ways"),
                shows_names="shows_names" in given,
                language=_language(given),
            )
        except Invalid as refusal:
            wrong = said(refusal)
        else:
            return redirect(request.path + "?done=changed")
    return _form(request, known, wrong, list(known.ways))


@require_POST
@staff(Permission.MANAGE_SITES)
def add_class(request: StaffRequest, site: UUID) -> HttpResponseBase:
    """Add a class to a site."""
    actions.add_group(by=request.actor, site=site, name=request.POST.get("name", ""))
    return redirect("office:site", site)


def _language(given: QueryDict) -> str:
    language = given.get("language", "")
    return language if language in settings.SITE_LANGUAGES else ""


def _form(
    request: StaffRequest, site: queries.SiteView | None, wrong: str, ways: list[str]
) -> HttpResponseBase:
    given = request.POST if request.method == "POST" else None
    return page(
        request,
        "office/site.html",
        "sites",
        400 if wrong else 200,
        site=site,
        wrong=wrong,
        given=given,
        ways=given.getlist("ways") if given else ways,
        all_ways=_ways(),
        may_change=request.actor.may(Permission.MANAGE_SITES),
    )


def _ways() -> list[tuple[str, str]]:
    return [
        (Way.PICTURE.value, _("Own picture and picture code")),
        (Way.CARD.value, _("Printed card")),
        (Way.PASSWORD.value, _("Name and password")),
    ]
