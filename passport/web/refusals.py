"""What a door answers where somebody may not go on: a page in plain words, never an error page.

Rooms refuse with `PassportError`; the sentence is translated here, once for all doors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from passport.kernel.errors import Invalid, NotAllowed, NotFound, PassportError
from passport.people.errors import TooSoon

STATUS: Final[tuple[tuple[type[PassportError], int], ...]] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (TooSoon, 429),
    (Invalid, 400),
)


class SignInFirst(Exception):
    """This page is for somebody who is signed in, and nobody is."""


class AskWho(Exception):
    """Nobody has touched the screen for a while: is this still the same person? (C33)."""


class Refusals:
    """Turns refusals into pages, or into JSON where a script asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, refusal: Exception) -> HttpResponse | None:
        """Answer a refusal; anything else is a defect and goes on to the log."""
        if isinstance(refusal, SignInFirst | AskWho):
            return _who(request, refusal)
        if not isinstance(refusal, PassportError):
            return None
        status = next((code for kind, code in STATUS if isinstance(refusal, kind)), 400)
        if _by_script(request):
            return JsonResponse({"why": sentence(refusal)}, status=status)
        return render(
            request,
            "kit/refusal.html",
            {"title": _("This did not work"), "words": sentence(refusal), "status": status},
            status=status,
        )


def _who(request: HttpRequest, refusal: Exception) -> HttpResponse:
    name = "learner:sign_in" if isinstance(refusal, SignInFirst) else "learner:still_you"
    if _by_script(request):
        return JsonResponse({"why": _("Sign in again.")}, status=401)
    here = request.get_full_path() if request.method == "GET" else "/"
    return HttpResponseRedirect(reverse(name) + "?" + urlencode({"next": here}))


def _by_script(request: HttpRequest) -> bool:
    return "application/json" in (request.content_type or "")


def sentence(refusal: PassportError) -> str:
    """What went wrong, in the language of whoever asks."""
    said = _(refusal.message)
    return said % refusal.params if refusal.params else said


def inside(address: str | None, otherwise: str = "/") -> str:
    """An address on this node that a form may send somebody on to."""
    fits = address and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return str(address) if fits else otherwise
