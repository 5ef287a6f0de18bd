"""Carrying: a parcel to the country, and what the courier brought back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from passport.kernel.permissions import Permission
from passport.node import queries as node
from passport.sync import actions, queries, sentences
from passport.sync.errors import NotEnrolled
from passport.web.staff import outbox
from passport.web.staff.files import parcel_files
from passport.web.staff.guard import page, staff
from passport.web.staff.lists import number_in, steps


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Say what is saved here and what is safe in the country; offer both directions."""
    staff(request, Permission.CARRY_PARCELS)
    return _shown(request)


@require_POST
def make(request: HttpRequest) -> HttpResponseBase:
    """Make a parcel for the country: one file is handed over at once, several are listed."""
    by = staff(request, Permission.CARRY_PARCELS)
    country = node.country()
    if country is None:
        raise NotEnrolled(
            "This hub isn't enrolled yet. It needs an enrolment file from the country."
        )
    made = actions.make_parcel(by=by, peer=country, carrier="stick", budget=outbox.STICK_BYTES)
    kept = outbox.keep(made)
    if len(kept.files) == 1:
        return outbox.download(kept.files[0][0])
    return _shown(request, kept=kept)


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take the files that the courier brought. Bringing them twice changes nothing."""
    by = staff(request, Permission.CARRY_PARCELS)
    files = parcel_files(request)
    if not files:
        return redirect("facilitator:carry")
    country = node.country()
    before = queries.underway(country) if country else None
    results = [
        (
            sentences.used(taken) if taken.peer else sentences.carried(taken.carried),
            [(name, sentences.refused(refusal)) for name, refusal in taken.refused],
        )
        for taken in actions.take_by_sender(by=by, files=files, carrier="stick")
    ]
    safe = sentences.arrived(before, queries.underway(country)) if country and before else ""
    return _shown(request, results=[*results, (safe, [])] if safe else results)


@require_safe
def download(request: HttpRequest, name: str) -> HttpResponseBase:
    """Hand over a file of a parcel."""
    staff(request, Permission.CARRY_PARCELS)
    return outbox.download(name)


def _shown(
    request: HttpRequest,
    *,
    kept: outbox.Kept | None = None,
    results: list[tuple[str, list[tuple[str, str]]]] | None = None,
) -> HttpResponse:
    by = staff(request, Permission.CARRY_PARCELS)
    country = node.country()
    underway = queries.underway(country) if country else None
    number = number_in(request)
    notes = queries.parcels_page(by, page=number)
    return page(
        request,
        "facilitator/carry.html",
        "carry",
        country=country,
        reports=node.role().reports_to_country,
        underway=underway,
        states=sentences.state(underway) if underway else [],
        oldest=sentences.oldest(underway.waiting.since) if underway else "",
        heard=sentences.heard(underway.last_heard) if underway else "",
        kept=kept,
        results=results or [],
        notes=notes,
        accounts=[queries.account(by, peer) for peer in queries.peers(by)],
        stream_words=sentences.stream_in_words,
        steps=steps(request, number, -(-notes.total // queries.PAGE), notes.total),
    )
