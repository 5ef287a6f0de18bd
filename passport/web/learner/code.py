"""The secret of a pre-reader: three pictures, touched in order (R107)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from passport.people import actions
from passport.people import queries as people
from passport.people.errors import TooSoon, WrongSignIn
from passport.people.policies import CODE_LENGTH
from passport.web.kit.pictures import CODES, code_place
from passport.web.learner.entering import client_of, device_at, enter
from passport.web.learner.guard import page
from passport.web.refusals import inside


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, person: UUID) -> HttpResponse:
    """Take one tap after the other; the third one opens, or begins again."""
    touched = _touched(request) if request.method == "POST" else []
    if len(touched) < CODE_LENGTH:
        return _ask(request, person, so_far=touched)
    places = [place for key in touched if (place := code_place(key)) is not None]
    try:
        made = actions.sign_in_with_picture(
            person=person, code=places, device=device_at(request), client=client_of(request)
        )
    except TooSoon as early:
        return _ask(request, person, wait=early.params["seconds"])
    except WrongSignIn:
        return _ask(request, person, wrong=True)
    enter(request, made)
    return redirect(_onwards(request))


def _ask(request: HttpRequest, person: UUID, **shown: Any) -> HttpResponse:
    face = people.sign_in_face(person)
    asked = {
        "face": face,
        "so_far": [],
        "wait": 0,
        "wrong": False,
        "next": _onwards(request),
        "back": reverse("learner:group", args=[face.group]),
        "again": bool(request.GET.get("next")),
    }
    return page(request, "sign_in_code", **asked | shown)


def _onwards(request: HttpRequest) -> str:
    return inside(request.POST.get("next") or request.GET.get("next"))


def _touched(request: HttpRequest) -> list[str]:
    before = request.POST.get("so_far", "").split(",")
    taps = [key for key in (*before, request.POST.get("tap", "")) if key in CODES]
    return taps[:CODE_LENGTH]
