"""Parcels: hand in what a courier brought, take the answer along, see what came before."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_safe

from passport.fleet import queries as fleet
from passport.insights import actions as insights
from passport.kernel.actor import Actor
from passport.kernel.permissions import Permission
from passport.sync import actions, queries, sentences
from passport.web.staff import outbox
from passport.web.staff.files import parcel_files
from passport.web.staff.guard import page, staff
from passport.web.staff.lists import number_in, steps


@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest) -> HttpResponse:
    """Take parcel files and answer in one sentence, with the parcel that goes back."""
    by = staff(request, Permission.TAKE_PARCELS)
    results = _taken(by, request) if request.method == "POST" else []
    number = number_in(request)
    notes = queries.parcels_page(by, page=number)
    return page(
        request,
        "office/parcels.html",
        "parcels",
        results=results,
        nothing=request.method == "POST" and not results,
        notes=notes,
        steps=steps(request, number, -(-notes.total // queries.PAGE), notes.total),
    )


@require_safe
def download(request: HttpRequest, name: str) -> HttpResponseBase:
    """Hand over a file of an answer."""
    staff(request, Permission.TAKE_PARCELS)
    return outbox.download(name)


def _taken(by: Actor, request: HttpRequest) -> list[dict[str, object]]:
    """Take what was uploaded, sender by sender. A parcel that comes twice changes nothing."""
    files = parcel_files(request)
    told: list[dict[str, object]] = []
    for taken in actions.take_by_sender(by=by, files=files, carrier="stick"):
        refused = [(name, sentences.refused(refusal)) for name, refusal in taken.refused]
        peer = taken.peer
        if peer is None:
            words = sentences.carried(taken.carried)
            told.append({"words": words, "refused": refused, "answer": None})
            continue
        if fleet.is_revoked(peer.key):
            words = sentences.used(taken)
            told.append({"words": words, "refused": refused, "answer": None, "is_revoked": True})
            continue
        back = queries.courses_to_carry(peer)
        words = sentences.used(taken, to_carry_back=back)
        parcel = actions.make_parcel(by=by, peer=peer, carrier="stick", budget=outbox.STICK_BYTES)
        told.append({"words": words, "refused": refused, "answer": outbox.keep(parcel)})
    if told:
        insights.refresh(by=by)
    return told
