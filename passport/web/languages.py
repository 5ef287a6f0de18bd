"""Which language a visitor is answered in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from passport.people.queries import site_language

if TYPE_CHECKING:
    from django.http import HttpRequest

    from passport.people.queries import Visit

LANGUAGE: Final = "language"
"""Where the session keeps a visitor's choice."""
LONGEST_HEADER: Final = 500


def language_of(request: HttpRequest, visit: Visit | None) -> str:
    """Choose: what was chosen, else the site's, else what the browser asks for, else the first."""
    offered: list[str] = settings.SITE_LANGUAGES
    chosen = request.session.get(LANGUAGE)
    if chosen in offered:
        return str(chosen)
    of_site = visit.language if visit is not None else site_language()
    if of_site in offered:
        return of_site
    return _wished(request.headers.get("Accept-Language", ""), offered) or offered[0]


def choose_language(request: HttpRequest, language: str) -> bool:
    """Remember a choice for this browser; tells whether the language is offered here."""
    if language not in settings.SITE_LANGUAGES:
        return False
    request.session[LANGUAGE] = language
    return True


def _wished(header: str, offered: list[str]) -> str | None:
    for wish, _ in parse_accept_lang_header(header[:LONGEST_HEADER].lower()):
        if wish == "*":
            return None
        try:
            known = get_supported_language_variant(wish)
        except LookupError:
            continue
        if known in offered:
            return known
    return None
