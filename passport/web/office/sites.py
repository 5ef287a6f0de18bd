"""Sites: the list, and a new one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from passport.kernel.errors import Invalid
from passport.kernel.permissions import Permission
from passport.people import actions, queries
from passport.people.policies import DEFAULT_WAYS
from passport.web.office.site_form import form, language_in
from passport.web.refusals import sentence
from passport.web.staff.guard import page, staff
from passport.web.staff.lists import number_in, steps


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the sites."""
    by = staff(request, Permission.LIST_PEOPLE)
    search, sort = request.GET.get("q", ""), request.GET.get("sort", "name")
    found = queries.sites_page(by, search=search, sort=sort, page=number_in(request))
    return page(
        request,
        "office/sites.html",
        "sites",
        found=found,
        search=search,
        sort=sort,
        steps=steps(request, found.number, found.pages, found.total),
        may_add=by.may(Permission.MANAGE_SITES),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a site."""
    by = staff(request, Permission.MANAGE_SITES)
    wrong = ""
    if request.method == "POST":
        given = request.POST
        try:
            made = actions.add_site(
                by=by,
                name=given.get("name", ""),
                code=given.get("code", ""),
                ways=given.getlist("ways"),
                shows_names="shows_names" in given,
                language=language_in(given),
            )
        except Invalid as refusal:
            wrong = sentence(refusal)
        else:
            return redirect("office:site", made.id)
    return form(request, by, None, wrong, list(DEFAULT_WAYS))
