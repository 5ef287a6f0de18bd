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
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from passport.node.queries import role
from passport.people.actions import sign_out, touch
from passport.people.queries import site_language, visit_of

if TYPE_CHECKING:
    from passport.kernel.actor import Actor
    from passport.kernel.role import Role
    from passport.people.models import SignIn
    from passport.people.queries import Visit

SIGN_IN: Final = "sign_in"
LANGUAGE: Final = "language"


class Request(HttpRequest):
    """A request after `Visitor` has seen it."""

    actor: Actor | None
    """Who asks, with the roles they have; None: nobody is signed in."""
    visit: Visit | None
    """How and where they are signed in."""
    role: Role
    """What this node may do."""


class Visitor:
    """Turns the session into `request.actor`, `request.visit`, `request.role` and the language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = cast("Request", request)
        asked.role = role()
        asked.visit = _visit(request)
        language = _language(request, asked.visit)
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


def _language(request: HttpRequest, visit: Visit | None) -> str:
    """Choose: what was chosen, else the site's, else what the browser asks for, else the first."""
    offered: list[str] = settings.SITE_LANGUAGES
    for wish in (request.session.get(LANGUAGE), _site_language(request, visit)):
        if wish in offered:
            return str(wish)
    return _wished(request.headers.get("Accept-Language", ""), offered) or offered[0]


def _site_language(request: HttpRequest, visit: Visit | None) -> str:
    if visit is not None:
        return visit.language
    return "" if request.session.get(LANGUAGE) else site_language()


def _wished(header: str, offered: list[str]) -> str | None:
    for wish, _ in parse_accept_lang_header(header[:500].lower()):
        if wish == "*":
            return None
        try:
            known = get_supported_language_variant(wish)
        except LookupError:
            continue
        if known in offered:
            return known
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


def choose_language(request: HttpRequest, language: str) -> bool:
    """Remember a choice for this browser; tells whether the language is offered here."""
    if language not in settings.SITE_LANGUAGES:
        return False
    request.session[LANGUAGE] = language
    return True
