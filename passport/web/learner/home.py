"""Home: go on with…, given to me, and what there is besides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from passport.kernel.permissions import Permission
from passport.learning.queries import CourseStanding, home
from passport.library.queries import CourseCard, course_cards
from passport.web.learner.guard import learner, page
from passport.web.learner.shelves import first_courses
from passport.web.learner.tongue import tongue
from passport.web.middleware import Request

COVERS = 6
"""As many pictures as a first visit may load."""
SHELF = 6
FEWEST = 3


@dataclass(frozen=True, slots=True)
class Card:
    """A course on a shelf, with how far the learner is."""

    course: CourseCard
    done: int = 0
    of: int = 0
    next: UUID | None = None


@require_safe
def start(request: Request) -> HttpResponse:
    """Show the learner's home; staff begin at their own work."""
    by = learner(request)
    if by.may_somewhere(Permission.SEE_CLASS):
        return redirect("/class")
    if request.role.has_office and by.may_somewhere(Permission.SEE_FIGURES):
        return redirect("/office")
    language = tongue(request)
    mine = home(by)
    given = [each.standing for each in mine.assigned]
    wanted = {each.course for each in (*mine.go_on, *given)}
    cards = course_cards(by=by, language=language, courses=wanted) if wanted else {}
    room = max(FEWEST, COVERS - len(cards))
    browsed = first_courses(by, language, room + len(wanted))
    go_on = _shelf(mine.go_on, cards)
    return page(
        request,
        "home",
        go_on=go_on[0] if go_on else None,
        shelves=[
            (_("Given to me"), _shelf(given, cards)),
            (_("Begun"), go_on[1:]),
            (_("More to learn"), [Card(c) for c in browsed if c.id not in wanted][:room]),
        ],
    )


def _shelf(standings: Iterable[CourseStanding], cards: Mapping[UUID, CourseCard]) -> list[Card]:
    return [
        Card(cards[each.course], each.done, each.lessons, each.next_lesson)
        for each in standings
        if each.course in cards
    ][:SHELF]
