"""One hub: what it serves, when it was heard, and how right its clock is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from passport.fleet import queries
from passport.kernel.permissions import Permission
from passport.people import queries as people
from passport.web.office import clocks
from passport.web.staff.guard import page, staff


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Show a hub."""
    by = staff(request, Permission.LIST_HUBS)
    clock = queries.hub_clock(by, key)
    return page(
        request,
        "office/hub.html",
        "hubs",
        hub=queries.hub(by, key),
        sites=people.site_names(),
        clock=clocks.state(clock),
        evidence=clocks.lines(clock.evidence[: queries.PAGE]),
    )
