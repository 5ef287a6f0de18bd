"""What I have learnt: a stamp for each course done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from passport.learning import queries as learning
from passport.library.queries import CourseCard, course_cards
from passport.web.learner.guard import learner, page
from passport.web.learner.tongue import tongue


@dataclass(frozen=True, slots=True)
class Stamp:
    """A course that the learner has done, and when they did so first."""

    course: CourseCard
    when: dt.datetime


@require_safe
def learnt(request: HttpRequest) -> HttpResponse:
    """Show the stamps, the latest first, and what is begun."""
    by = learner(request)
    first = {one.course: one.at for one in learning.learnt(by)}
    begun = learning.home(by).go_on
    wanted = [*first, *(one.course for one in begun)]
    cards = course_cards(by=by, language=tongue(request), courses=wanted) if wanted else {}
    return page(
        request,
        "learnt",
        stamps=[
            Stamp(cards[course], dt.datetime.fromtimestamp(at / 1000, dt.UTC))
            for course, at in first.items()
            if course in cards
        ],
        begun=[(cards[one.course], one) for one in begun if one.course in cards],
    )
