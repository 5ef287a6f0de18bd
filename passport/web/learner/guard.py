"""The line that every screen of a signed-in learner begins with."""

from __future__ import annotations

from typing import Any, Final, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from passport.kernel.actor import Actor
from passport.kernel.clock import now_ms
from passport.people.queries import myself
from passport.web.middleware import Request
from passport.web.refusals import AskWho, SignInFirst

SEEN: Final = "seen"
"""In the session: the minute of node time in which somebody was last here."""
MINUTE_MS: Final = 60_000


def learner(request: HttpRequest) -> Actor:
    """Whoever is signed in. Raises `SignInFirst`, and `AskWho` for a page after idle time."""
    actor = cast("Request", request).actor
    if actor is None:
        raise SignInFirst
    now = now_ms() // MINUTE_MS
    seen = request.session.get(SEEN, now)
    if request.method == "GET" and abs(now - seen) >= settings.IDLE_MINUTES:
        raise AskWho
    still_here(request)
    return actor


def still_here(request: HttpRequest) -> None:
    """Begin the idle time anew. The cookie is written again once a minute at most."""
    now = now_ms() // MINUTE_MS
    if request.session.get(SEEN) != now:
        request.session[SEEN] = now


def page(request: HttpRequest, template: str, **shown: Any) -> HttpResponse:
    """A screen of the learner, with what its frame needs: who is signed in, and how."""
    asked = cast("Request", request)
    if asked.actor is not None:
        shown["me"] = myself(asked.actor)
        shown["way"] = asked.visit.way if asked.visit else ""
        shown["idle_minutes"] = settings.IDLE_MINUTES
    return render(request, f"learner/{template}.html", shown)
