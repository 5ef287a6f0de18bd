"""Ready to leave: who has sent everything, and whose device needs another moment (C8)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from passport.kernel.actor import Actor
from passport.kernel.permissions import Permission
from passport.people import queries
from passport.web.staff.fragments import fragment as part
from passport.web.staff.guard import page, staff


@require_safe
def show(request: HttpRequest, group: UUID) -> HttpResponse:
    """Show the class with what each device said last."""
    by = staff(request, Permission.SEE_CLASS)
    return page(request, "facilitator/ready.html", "classes", **_seen(by, group))


@require_safe
def fragment(request: HttpRequest, group: UUID) -> HttpResponseBase:
    """Answer with the learners alone, or with 304 where nothing has changed."""
    by = staff(request, Permission.SEE_CLASS)
    return part(request, "facilitator/ready_board.html", _seen(by, group))


def _seen(by: Actor, group: UUID) -> dict[str, Any]:
    lines = queries.ready_to_leave(by, group)
    return {
        "group": queries.group(by, group),
        "lines": lines,
        "sent": sum(line.state >= queries.Readiness.SENT for line in lines),
        "states": queries.Readiness,
        "devices": {
            "phone": _("the phone"),
            "tablet": _("the tablet"),
            "computer": _("the computer"),
        },
    }
