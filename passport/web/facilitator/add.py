"""One more learner, in under a minute: a first name is all it takes; the card is there at once."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from passport.kernel.errors import Invalid, NotFound
from passport.kernel.permissions import Permission
from passport.learning import actions as learning
from passport.people import actions, queries
from passport.web.facilitator.qr import card_address, qr_path
from passport.web.refusals import sentence
from passport.web.staff.guard import page, staff
from passport.web.staff.words import sex_words


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, group: UUID) -> HttpResponse:
    """Add a learner to a class, and show the card; then the next one."""
    by = staff(request, Permission.MANAGE_LEARNERS)
    known = queries.group(by, group)
    given, wrong = request.POST, ""
    if request.method == "POST":
        try:
            made = actions.register_learner(
                by=by,
                site=known.site,
                group=group,
                given=given.get("given", ""),
                family=given.get("family", ""),
                sex=given.get("sex") or None,
                card_code=given.get("card", "").rpartition("/c/")[2],
            )
        except Invalid as refusal:
            wrong = sentence(refusal)
        else:
            learning.enrol_newcomer(by=by, person=made.person)
            # The card is asked for anew, so that loading the page again adds nobody.
            shown = {"new": made.person} | ({"brought": 1} if given.get("card") else {})
            return redirect(f"{request.path}?{urlencode(shown)}")
    face = queries.card_of(by, _new(request)) if "new" in request.GET else None
    return page(
        request,
        "facilitator/add.html",
        "classes",
        400 if wrong else 200,
        group=known,
        given=given,
        wrong=wrong,
        face=face,
        brought="brought" in request.GET,
        qr=qr_path(card_address(face.code)) if face else None,
        sexes=sex_words(),
    )


def _new(request: HttpRequest) -> UUID:
    try:
        return UUID(request.GET["new"])
    except ValueError:
        raise NotFound("There is no such person.") from None
