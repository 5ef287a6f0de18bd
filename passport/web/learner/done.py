"""A course done: the page that says so."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from passport.learning.queries import learnt
from passport.library.queries import course_cards
from passport.web.learner.guard import learner, page
from passport.web.learner.tongue import tongue


@require_safe
def done(request: HttpRequest, course: UUID) -> HttpResponse:
    """Show the stamp; before the course is done, its page."""
    by = learner(request)
    when = [one.at for one in learnt(by) if one.course == course]
    cards = course_cards(by=by, language=tongue(request), courses=[course])
    if not when or course not in cards:
        return redirect("learner:course", course)
    day = dt.datetime.fromtimestamp(min(when) / 1000, dt.UTC)
    return page(request, "done", course=cards[course], when=day)
