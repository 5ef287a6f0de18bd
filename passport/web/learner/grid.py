"""Tap your picture: the faces of one class."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from passport.people import queries as people
from passport.web.learner.guard import page


@require_safe
def grid(request: HttpRequest, group: UUID) -> HttpResponse:
    """Show the pictures of a class."""
    shown = people.sign_in_grid(group)
    return page(request, "sign_in_group", grid=shown, ways={*shown.ways, "password"})
