"""A hub that was lost or stolen: the country ends its trust, after saying what follows."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from passport.fleet import actions, queries
from passport.kernel.errors import Invalid
from passport.kernel.permissions import Permission
from passport.people import queries as people
from passport.web.refusals import sentence
from passport.web.staff.guard import page, staff


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, key: str) -> HttpResponse:
    """Ask once, with a reason, and revoke."""
    by = staff(request, Permission.MANAGE_HUBS)
    hub, wrong = queries.hub(by, key), ""
    if hub.revoked_at is not None:
        return redirect("office:hub", key)
    if request.method == "POST":
        try:
            actions.revoke(by=by, key=key, why=request.POST.get("why", ""))
        except Invalid as refusal:
            wrong = sentence(refusal)
        else:
            return redirect("office:hub", key)
    return page(
        request,
        "office/revoke.html",
        "hubs",
        400 if wrong else 200,
        hub=hub,
        wrong=wrong,
        given=request.POST,
        sites=people.site_names(),
        people=len(people.people_of_sites(hub.sites, ever=True)),
    )
