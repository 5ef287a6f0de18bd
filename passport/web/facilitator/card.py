"""A lost card: a new one is issued, and the old one opens nothing any more."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from passport.kernel.permissions import Permission
from passport.people import actions, queries
from passport.web.facilitator.qr import card_address, qr_path
from passport.web.staff.guard import page, staff


@require_http_methods(["GET", "HEAD", "POST"])
def reissue(request: HttpRequest, person: UUID) -> HttpResponse:
    """Show the card and what a new one does to it; issue it."""
    by = staff(request, Permission.MANAGE_LEARNERS)
    if request.method == "POST":
        actions.reissue_card(by=by, person=person)
        return redirect(request.path + "?done=card")
    face = queries.card_of(by, person)
    return page(
        request,
        "facilitator/card.html",
        "classes",
        face=face,
        qr=qr_path(card_address(face.code)),
        done=request.GET.get("done", ""),
    )


@require_POST
def pictures(request: HttpRequest, person: UUID) -> HttpResponse:
    """Give a learner another picture code."""
    by = staff(request, Permission.MANAGE_LEARNERS)
    actions.set_picture_code(by=by, person=person)
    return redirect(f"/learners/{person}/card?done=pictures")
