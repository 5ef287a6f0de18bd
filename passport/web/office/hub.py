"""One hub: what it serves and has confirmed, when it was heard, how right its clock is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from passport.fleet import queries
from passport.kernel.actor import Actor
from passport.kernel.permissions import Permission
from passport.people import queries as people
from passport.sync import queries as sync
from passport.sync import sentences
from passport.web.office import clocks
from passport.web.staff.guard import page, staff
from passport.web.staff.lists import number_in, steps


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
        may_revoke=by.may(Permission.MANAGE_HUBS),
        **_exchange(request, by, key),
    )


def _exchange(request: HttpRequest, by: Actor, key: str) -> dict[str, Any]:
    """Say what went and came; a hub that never sent a parcel has none of it."""
    peer, number = sync.peer_of(by, key), number_in(request)
    if peer is None:
        return {"account": None}
    notes = sync.parcels_page(by, peer=peer, page=number)
    return {
        "account": sync.account(by, peer),
        "stream_words": sentences.stream_in_words,
        "notes": notes,
        "steps": steps(request, number, -(-notes.total // sync.PAGE), notes.total),
    }
