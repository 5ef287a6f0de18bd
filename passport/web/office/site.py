"""One site: its classes, and how people sign in there."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from passport.kernel.errors import Invalid
from passport.kernel.permissions import Permission
from passport.people import actions, queries
from passport.web.office.site_form import form, language_in
from passport.web.refusals import sentence
from passport.web.staff.guard import staff


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, site: UUID) -> HttpResponse:
    """Show a site with its classes; change how people sign in there."""
    by = staff(request, Permission.LIST_PEOPLE)
    known = queries.site(by, site)
    wrong = ""
    if request.method == "POST":
        given = request.POST
        try:
            actions.change_site(
                by=by,
                site=site,
                name=given.get("name", ""),
                ways=given.getlist("ways"),
                shows_names="shows_names" in given,
                language=language_in(given),
            )
        except Invalid as refusal:
            wrong = sentence(refusal)
        else:
            return redirect(request.path + "?done=changed")
    return form(request, by, known, wrong, list(known.ways))


@require_POST
def add_class(request: HttpRequest, site: UUID) -> HttpResponse:
    """Add a class to a site."""
    by = staff(request, Permission.MANAGE_SITES)
    actions.add_group(by=by, site=site, name=request.POST.get("name", ""))
    return redirect("office:site", site)
