"""What the ways of signing in have in common at the door."""

from __future__ import annotations

from django.http import HttpRequest

from passport.people.models import SignIn
from passport.people.queries import Device, device_of
from passport.web import middleware
from passport.web.learner.guard import still_here


def client_of(request: HttpRequest) -> str:
    """Where wrong attempts come from, when they name nobody."""
    return str(request.META.get("REMOTE_ADDR", ""))


def device_at(request: HttpRequest) -> Device:
    """What kind of thing the learner holds."""
    return device_of(request.headers.get("User-Agent", ""))


def enter(request: HttpRequest, sign_in: SignIn) -> None:
    """Give this browser to the person who has just signed in."""
    middleware.begin(request, sign_in)
    still_here(request)
