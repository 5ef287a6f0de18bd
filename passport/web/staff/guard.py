"""The line that every staff page begins with, and the frame that it stands in."""

from __future__ import annotations

import logging
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from passport.kernel.actor import Actor
from passport.kernel.errors import NotFound
from passport.kernel.permissions import Permission
from passport.kernel.role import Role
from passport.people.queries import myself
from passport.web.kit import pictures
from passport.web.middleware import Request
from passport.web.refusals import SignInFirst

log = logging.getLogger("passport.web")

AVATARS, CODES = tuple(pictures.AVATARS), tuple(pictures.CODES)


def staff(request: HttpRequest, permission: Permission) -> Actor:
    """Whoever is signed in, where they may do this somewhere.

    Raises `SignInFirst`, and `NotFound` for everybody else, which is noted (R002).
    """
    by = cast("Request", request).actor
    if by is None:
        raise SignInFirst
    if not by.may_somewhere(permission):
        log.warning("%s %s refused to %s", request.method, request.path, by.person)
        raise NotFound("There is no such page.")
    return by


def page(
    request: HttpRequest, template: str, tab: str, status: int = 200, **shown: Any
) -> HttpResponse:
    """A page in the frame of the staff; `tab` is the part of the work that it belongs to."""
    asked = cast("Request", request)
    if asked.actor is None:
        raise SignInFirst
    frame = {"tab": tab, "links": _links(asked.actor, asked.role), "me": myself(asked.actor)}
    return render(request, template, {**frame, **shown}, status=status)


def _links(by: Actor, role: Role) -> list[tuple[str, str, str]]:
    """Say which parts of the work this person has: address, words, key."""
    parts: list[tuple[Permission, str, str, str]] = []
    if role.serves_learners:
        parts += [(Permission.SEE_CLASS, "facilitator:classes", _("My classes"), "classes")]
    if role.reports_to_country:
        parts += [(Permission.CARRY_PARCELS, "facilitator:carry", _("Carry"), "carry")]
    if role.has_office:
        parts += [
            (Permission.SEE_FIGURES, "office:overview", _("Figures"), "overview"),
            (Permission.LIST_PEOPLE, "office:sites", _("Sites"), "sites"),
            (Permission.LIST_PEOPLE, "office:people", _("People"), "people"),
            (Permission.LIST_HUBS, "office:hubs", _("Hubs"), "hubs"),
            (Permission.SEE_FIGURES, "office:courses", _("Courses"), "courses"),
            (Permission.TAKE_PARCELS, "office:parcels", _("Parcels"), "parcels"),
            (Permission.MANAGE_STAFF, "office:staff", _("Staff"), "staff"),
        ]
    return [
        (reverse(name), words, tab)
        for permission, name, words, tab in parts
        if by.may_somewhere(permission)
    ]
