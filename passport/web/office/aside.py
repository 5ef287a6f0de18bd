"""What was set aside: from whom, when, about whom, and why it has no effect."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from passport.fleet import queries as fleet
from passport.kernel.permissions import Permission
from passport.people import queries as people
from passport.sync import queries, sentences
from passport.web.staff.guard import page, staff
from passport.web.staff.lists import number_in, steps


@require_safe
def listing(request: HttpRequest, key: str = "") -> HttpResponse:
    """List what one hub sent and may not say, or what all of them did."""
    by = staff(request, Permission.LIST_HUBS)
    number = number_in(request)
    found = queries.set_aside(by, key=key, page=number)
    about = {line.about for line in found.lines if line.about}
    return page(
        request,
        "office/aside.html",
        "hubs",
        hub=fleet.hub(by, key) if key else None,
        found=found,
        why=sentences.why_set_aside,
        stream_words=sentences.stream_in_words,
        sites=people.site_names(),
        names=people.names_of(by, about),
        steps=steps(request, number, -(-found.total // queries.PAGE), found.total),
    )
