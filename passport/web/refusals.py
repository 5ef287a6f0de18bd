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
from passport.node.errors import Locked
from passport.people.errors import TooSoon

STATUS: Final[tuple[tuple[type[PassportError], int], ...]] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (TooSoon, 429),
    (Invalid, 400),
    (Locked, 503),
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
        if by_script(request):
            return JsonResponse({"why": sentence(refusal)}, status=status)
        return _page(request, _("This did not work"), sentence(refusal), status)


def _page(request: HttpRequest, title: str, words: str, status: int) -> HttpResponse:
    return render(request, "kit/refusal.html", {"title": title, "words": words}, status=status)


# What Django asks for by name (`urls.py`, `settings.py`)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for an address that leads nowhere."""
    del exception
    words = _("This address leads nowhere.")
    if by_script(request):
        return JsonResponse({"why": words}, status=404)
    return _page(request, _("Nothing is here"), words, 404)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer for a form that another page sent, or one that is older than this sign-in."""
    del reason
    words = _("This page is from before somebody signed in or out. Go back and try again.")
    if by_script(request):
        return JsonResponse({"why": words}, status=403)
    return _page(request, _("This did not work"), words, 403)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer for a fault of ours: in words too, and nothing of what was given is shown."""
    words = _("That is our fault, not yours. Try again in a moment.")
    if by_script(request):
        return JsonResponse({"why": words}, status=500)
    return _page(request, _("Something went wrong"), words, 500)


def _who(request: HttpRequest, refusal: Exception) -> HttpResponse:
    name = "learner:sign_in" if isinstance(refusal, SignInFirst) else "learner:still_you"
    if by_script(request):
        return JsonResponse({"why": _("Sign in again.")}, status=401)
    here = request.get_full_path() if request.method == "GET" else "/"
    return HttpResponseRedirect(reverse(name) + "?" + urlencode({"next": here}))


def by_script(request: HttpRequest) -> bool:
    """Tell whether a script asks, which reads JSON."""
    return "application/json" in (request.content_type or "")


def sentence(refusal: PassportError) -> str:
    """What went wrong, in the language of whoever asks."""
    said = _(refusal.message)
    return said % refusal.params if refusal.params else said


def inside(address: str | None, otherwise: str = "/") -> str:
    """An address on this node that a form may send somebody on to."""
    return address if address and url_has_allowed_host_and_scheme(address, None) else otherwise
