"""Name and password: for those who read, and for all who work here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from passport.people import actions
from passport.people.errors import TooSoon, WayClosed, WrongSignIn
from passport.web.learner.entering import client_of, device_at, enter
from passport.web.learner.guard import page
from passport.web.refusals import inside, sentence


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Ask for both, and open."""
    onwards = inside(request.POST.get("next") or request.GET.get("next"))
    shown = {"next": onwards, "username": "", "wait": 0, "problem": ""}
    if request.method != "POST":
        return page(request, "sign_in_password", **shown)
    shown["username"] = request.POST.get("username", "")
    try:
        made = actions.sign_in_with_password(
            name=request.POST.get("username", ""),
            password=request.POST.get("password", ""),
            device=device_at(request),
            client=client_of(request),
        )
    except TooSoon as early:
        return page(request, "sign_in_password", **{**shown, "wait": early.params["seconds"]})
    except (WrongSignIn, WayClosed) as refusal:
        return page(request, "sign_in_password", **{**shown, "problem": sentence(refusal)})
    enter(request, made)
    return redirect(onwards)
