"""After a restore nobody is served until the erasures since have come in; the doors for parcels stay open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from passport.kernel.permissions import Permission
from passport.node.queries import awaits_erasures
from passport.web.middleware import Request
from passport.web.refusals import by_script

OPEN: Final = frozenset({
    "peers:parcels",
    "facilitator:carry", "facilitator:make", "facilitator:take", "facilitator:parcel",
    "office:parcels", "office:parcel",
    "learner:password", "learner:still_you", "learner:sign_out", "learner:language",
})  # fmt: skip
"""How erasures come in, and how those come in who bring them."""
UNAVAILABLE: Final = 503


class Waiting:
    """Answers for every other page with one that says what is waited for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Let through what may be; the address is known by now."""
        del view, args, kwargs
        match = request.resolver_match
        if (match is not None and match.view_name in OPEN) or not awaits_erasures():
            return None
        words = _words(cast("Request", request))
        if by_script(request):
            return JsonResponse({"why": words}, status=UNAVAILABLE)
        shown = {"title": _("One parcel first"), "words": words, "onwards": _onwards(request)}
        return render(request, "kit/waiting.html", shown, status=UNAVAILABLE)


def _words(request: Request) -> str:
    if request.role.may_publish:
        return _(
            "This country was restored without its list of the erased. Before anybody can come in"
            " again, every hub has to send a parcel."
        )
    return _(
        "This box was restored from a backup. Before anybody can learn here again, it needs a"
        " parcel from the country."
    )


def _onwards(request: HttpRequest) -> tuple[str, str] | None:
    """Say where whoever brings a parcel goes on: words and address."""
    asked: Any = cast("Request", request)
    if asked.actor is None:
        return _("Sign in to bring a parcel"), reverse("learner:password")
    if asked.role.reports_to_country and asked.actor.may_somewhere(Permission.CARRY_PARCELS):
        return _("Carry"), reverse("facilitator:carry")
    if asked.role.has_office and asked.actor.may_somewhere(Permission.TAKE_PARCELS):
        return _("Parcels"), reverse("office:parcels")
    return None
