"""The printed card: scanned (its QR holds the address of this page), or typed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from passport.kernel.errors import PassportError
from passport.people import actions
from passport.people.errors import TooSoon, WayClosed, WrongSignIn
from passport.web.learner.entering import client_of, device_at, enter
from passport.web.learner.guard import page
from passport.web.refusals import sentence


@never_cache
@require_safe
def scanned(request: HttpRequest, code: str) -> HttpResponse:
    """Open the door to whoever holds the card: a small child taps nothing more."""
    return _open(request, code)


@require_POST
def typed(request: HttpRequest) -> HttpResponse:
    """Open the door to whoever typed the card's code."""
    return _open(request, request.POST.get("code", ""))


def _open(request: HttpRequest, code: str) -> HttpResponse:
    try:
        made = actions.sign_in_with_card(
            code=code, device=device_at(request), client=client_of(request)
        )
    except (WrongSignIn, TooSoon, WayClosed) as refusal:
        return _closed(request, refusal)
    enter(request, made)
    return redirect("learner:home")


def _closed(request: HttpRequest, refusal: PassportError) -> HttpResponse:
    answer = page(
        request,
        "card_closed",
        words=sentence(refusal),
        is_strange=isinstance(refusal, WrongSignIn),
        ways={"card", "password"},
    )
    answer.status_code = 429 if isinstance(refusal, TooSoon) else 403
    return answer
