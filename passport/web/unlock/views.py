"""What a locked node answers: a page that unlocks it, and to everything else that it has to wait."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from passport.people import actions
from passport.people.errors import TooSoon, WrongSignIn
from passport.web.learner.entering import client_of
from passport.web.refusals import inside, sentence

LATER: Final = 503


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """Ask for a password or the printed code, and open."""
    onwards = inside(request.POST.get("next") or request.GET.get("next"))
    if request.method != "POST":
        return _page(request, onwards)
    try:
        actions.unlock(secret=request.POST.get("password", ""), client=client_of(request))
    except TooSoon as early:
        return _page(request, onwards, wait=early.params["seconds"])
    except WrongSignIn as refusal:
        return _page(request, onwards, problem=sentence(refusal))
    return redirect(onwards)


@csrf_exempt  # a device that brings a learner's work must hear "later", never "you are signed out"
def locked(request: HttpRequest, path: str = "") -> HttpResponse:
    """Answer for every other address: it has to wait, and nothing is lost."""
    del path
    if request.method in {"GET", "HEAD"}:
        return redirect(reverse("unlock") + "?" + urlencode({"next": request.get_full_path()}))
    return JsonResponse({"why": _("This place is locked.")}, status=LATER)


def _page(request: HttpRequest, onwards: str, **shown: Any) -> HttpResponse:
    given = {"next": onwards, "wait": 0, "problem": "", **shown}
    return render(request, "unlock/unlock.html", given)
