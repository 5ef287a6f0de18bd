"""My classes."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from passport.kernel.errors import NotFound
from passport.kernel.permissions import Permission
from passport.people import actions, queries
from passport.web.staff.guard import page, staff


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the classes that this facilitator sees; one alone is opened at once."""
    by = staff(request, Permission.SEE_CLASS)
    groups = queries.groups_of(by)
    if len(groups) == 1 and "all" not in request.GET:
        return redirect("facilitator:glance", groups[0].id)
    own = by.sites(Permission.MANAGE_LEARNERS)
    names = queries.site_names()
    sites = names if own is None else {site: names[site] for site in own if site in names}
    return page(request, "facilitator/classes.html", "classes", groups=groups, sites=sites)


@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """Add a class to one's own site."""
    by = staff(request, Permission.MANAGE_LEARNERS)
    try:
        site = UUID(request.POST.get("site", ""))
    except ValueError:
        raise NotFound("There is no such site.") from None
    made = actions.add_group(by=by, site=site, name=request.POST.get("name", ""))
    return redirect("facilitator:glance", made.id)
