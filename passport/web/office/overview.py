"""The first page of the office: the headline figures, how one of them grew, and what they cover."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from passport.insights import actions, queries
from passport.kernel.permissions import Permission
from passport.web.office.plots import drawn
from passport.web.staff.guard import page, staff

COLOURS = ("sand", "sky", "amber", "plum", "leaf")
OLD = timedelta(hours=1)
"""The worker counts every few minutes; a page counts itself where nobody has for this long."""


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the five figures and the growth of the one that was chosen."""
    by = staff(request, Permission.SEE_FIGURES)
    actions.refresh_when_older(by=by, than=OLD)
    chosen = queries.indicator(request.GET.get("figure", "trained"))
    growth = queries.growth(by, chosen.id)
    return page(
        request,
        "office/overview.html",
        "overview",
        headline=queries.headline(by),
        colours=COLOURS,
        chosen=chosen,
        growth=growth[::-1][:12],
        drawing=drawn(growth),
    )


@require_POST
def count(request: HttpRequest) -> HttpResponse:
    """Count the figures again now."""
    by = staff(request, Permission.SEE_FIGURES)
    actions.refresh(by=by)
    return redirect("office:overview")
