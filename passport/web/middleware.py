"""Who is asking, in which language, of what kind of node: said once, before any door (R206).

The session is one signed cookie, and names a sign-in and a chosen language, no more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.csrf import rotate_token
from django.utils import translation

from passport.node.queries import is_locked, role
from passport.people.actions import sign_out, touch
from passport.people.queries import visit_of
from passport.web.languages import LANGUAGE, language_of

if TYPE_CHECKING:
    from passport.kernel.actor import Actor
    from passport.kernel.role import Role
    from passport.people.models import SignIn
    from passport.people.queries import Visit

SIGN_IN: Final = "sign_in"


class Request(HttpRequest):
    """A request after `Visitor` has seen it."""

    actor: Actor | None
    """Who asks, with the roles they have; None: nobody is signed in."""
    visit: Visit | None
    """How and where they are signed in."""
    role: Role
    """What this node may do."""


class Visitor:
    """Turns the session into `request.actor`, `request.visit`, `request.role` and the language.

    On a node that is locked nobody is signed in, and there is one door only.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = cast("Request", request)
        asked.role = role()
        asked.visit = None
        if is_locked():
            request.urlconf = settings.LOCKED_URLCONF
        else:
            asked.visit = _visit(request)
        language = language_of(request, asked.visit)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        visit = asked.visit
        asked.actor = None if visit is None else replace(visit.actor, language=language)
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def _visit(request: HttpRequest) -> Visit | None:
    sign_in = _sign_in(request)
    visit = visit_of(sign_in) if sign_in else None
    if visit is not None:
        touch(sign_in=visit.sign_in)
    return visit


def _sign_in(request: HttpRequest) -> UUID | None:
    held: Any = request.session.get(SIGN_IN)
    try:
        return UUID(hex=held) if held else None
    except (ValueError, TypeError, AttributeError):
        return None


# For the doors


def begin(request: HttpRequest, sign_in: SignIn) -> None:
    """Make this browser the signed-in person's; nothing is kept but the language."""
    language = request.session.get(LANGUAGE)
    end(request)
    request.session[SIGN_IN] = sign_in.id.hex
    if language:
        request.session[LANGUAGE] = language
    rotate_token(request)


def end(request: HttpRequest) -> None:
    """Sign whoever is here out, and keep only the chosen language."""
    language = request.session.get(LANGUAGE)
    sign_in = _sign_in(request)
    if sign_in is not None:
        sign_out(sign_in=sign_in)
    request.session.flush()
    if language:
        request.session[LANGUAGE] = language
