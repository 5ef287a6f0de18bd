"""For whoever watches over a node: that it serves, and whether somebody has to unlock it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from passport.node.queries import is_locked


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Say so in JSON; it tells nothing else."""
    del request
    return JsonResponse({"serves": True, "locked": is_locked()})
