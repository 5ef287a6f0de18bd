"""All courses: looked through, or looked for by a word (R191)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from passport.library.queries import catalogue
from passport.web.kit.names import query
from passport.web.learner.guard import learner, page
from passport.web.learner.tongue import tongue

LONGEST_SEARCH = 200


@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    """Show a page of courses, or of finds."""
    by = learner(request)
    words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    number = request.GET.get("page", "1")
    shown = catalogue(
        by=by,
        language=tongue(request),
        text=words,
        page=int(number) if number.isdecimal() and len(number) < 6 else 1,  # noqa: PLR2004
    )
    here = request.GET
    return page(
        request,
        "courses",
        words=words,
        shown=shown,
        before=query(here, page=shown.page - 1) if shown.page > 1 else "",
        after=query(here, page=shown.page + 1) if shown.page < shown.pages else "",
    )
