"""The language in which somebody reads courses: the interface's, unless they chose another."""

from __future__ import annotations

import re
from typing import Final

from django.http import HttpRequest
from django.utils import translation

CHOSEN: Final = "courses_in"
"""In the session: a language code."""
_CODE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")


def tongue(request: HttpRequest) -> str:
    """The code of the language; `?in=` on a course's page changes it for this browser."""
    wished = request.GET.get("in", "")
    if _CODE.fullmatch(wished):
        request.session[CHOSEN] = wished
    return str(request.session.get(CHOSEN) or translation.get_language() or "en")


def forget(request: HttpRequest) -> None:
    """A new language of the interface is meant for courses too."""
    request.session.pop(CHOSEN, None)
