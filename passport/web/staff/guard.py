"""The guard of staff pages, and the frame that they stand in."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any, Concatenate, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from passport.kernel.actor import Actor
from passport.kernel.errors import NotAllowed, NotFound, PassportError
from passport.kernel.permissions import Permission
from passport.people import queries as people
from passport.web.kit import pictures
from passport.web.middleware import Request

log = logging.getLogger("passport.web")

AVATARS, CODES = tuple(pictures.AVATARS), tuple(pictures.CODES)


class StaffRequest(Request):
    """A request of somebody who is signed in and may be here."""

    actor: Actor


type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff[**P](
    permission: Permission,
) -> Callable[[Callable[Concatenate[StaffRequest, P], HttpResponseBase]], View[P]]:
    """Guard a page: for those alone who may do this somewhere; refusals become pages.

    Nobody signed in: to the door. Somebody else: there is no such page, and that is noted (R002).
    """

    def guard(view: Callable[Concatenate[StaffRequest, P], HttpResponseBase]) -> View[P]:
        @functools.wraps(view)
        def guarded(asked: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            request = cast("StaffRequest", asked)
            by = cast("Request", asked).actor
            if by is None:
                there = urlencode({"next": asked.get_full_path()})
                return redirect(f"{reverse('learner:password')}?{there}")
            try:
                if not by.may_somewhere(permission):
                    raise NotFound("There is no such page.")
                return view(request, *args, **kwargs)
            except NotFound as refusal:
                return _refused(request, refusal, 404)
            except NotAllowed as refusal:
                return _refused(request, refusal, 403)
            except PassportError as refusal:
                return _refused(request, refusal, 400)

        return guarded

    return guard


def _refused(request: StaffRequest, refusal: PassportError, status: int) -> HttpResponse:
    log.warning("%s %s refused to %s", request.method, request.path, request.actor.person)
    return page(request, "staff/refused.html", "", status, words=said(refusal))


def said(refusal: PassportError) -> str:
    """Say a refusal in the language of the page."""
    return _(refusal.message) % refusal.params if refusal.params else _(refusal.message)


def page(
    request: StaffRequest, template: str, tab: str, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a page in the frame of the staff; `tab` is the part of the work that it belongs to."""
    by = request.actor
    name = people.names_of(by, [by.person]).get(by.person, "") if by.person else ""
    frame = {"tab": tab, "links": _links(request), "me": {"name": name}, "by": by}
    return render(request, template, {**frame, **context}, status=status)


def _links(request: StaffRequest) -> list[tuple[str, str, str]]:
    parts = []
    if request.role.serves_learners:
        parts += [(Permission.SEE_CLASS, "facilitator:classes", _("My classes"), "classes")]
    if request.role.reports_to_country:
        parts += [(Permission.CARRY_PARCELS, "facilitator:carry", _("Carry"), "carry")]
    if request.role.has_office:
        parts += [
            (Permission.SEE_FIGURES, "office:overview", _("Overview"), "overview"),
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
        if request.actor.may_somewhere(permission)
    ]
