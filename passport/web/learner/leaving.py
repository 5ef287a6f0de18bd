"""Changing learner, and "Is this you?" after idle time (C33, C34)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from passport.web import middleware
from passport.web.learner.guard import page, still_here
from passport.web.learner.holding import hear_held
from passport.web.middleware import Request
from passport.web.refusals import SignInFirst, inside


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and show the pictures: the second of two taps."""
    hear_held(request, request.POST.get("held", ""), stays=False)
    middleware.end(request)
    return redirect("learner:sign_in")


@require_http_methods(["GET", "HEAD", "POST"])
def still_you(request: Request) -> HttpResponse:
    """Ask with the picture; yes goes on to where the person was."""
    if request.actor is None:
        raise SignInFirst
    onwards = inside(request.POST.get("next") or request.GET.get("next"))
    if request.method == "POST":
        still_here(request)
        return redirect(onwards)
    return page(request, "still_you", next=onwards)
