"""A class at a glance, and the part of it that a script asks for again every few seconds."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from passport.kernel.permissions import Permission
from passport.web.facilitator.glance import glance as seen
from passport.web.staff.fragments import fragment as part
from passport.web.staff.guard import page, staff


@require_safe
def glance(request: HttpRequest, group: UUID) -> HttpResponse:
    """Show who is here, where each one is, who is stuck."""
    by = staff(request, Permission.SEE_CLASS)
    now = seen(by, group)
    site = now.group.site
    return page(
        request,
        "facilitator/glance.html",
        "classes",
        now=now,
        may_manage=by.may(Permission.MANAGE_LEARNERS, site=site),
        may_assign=by.may(Permission.ASSIGN_COURSES, site=site),
    )


@require_safe
def fragment(request: HttpRequest, group: UUID) -> HttpResponseBase:
    """Answer with the learners alone, or with 304 where nothing has changed."""
    by = staff(request, Permission.SEE_CLASS)
    return part(request, "facilitator/board.html", {"now": seen(by, group)})
