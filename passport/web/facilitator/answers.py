"""A learner's answers in one quiz, question by question."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from passport.kernel.errors import NotFound, PassportError
from passport.kernel.permissions import Permission
from passport.learning import queries as learning
from passport.library import queries as library
from passport.people import queries as people
from passport.web.facilitator.responses import Told, told
from passport.web.staff.guard import page, staff


@require_safe
def show(request: HttpRequest, person: UUID, lesson: UUID) -> HttpResponse:
    """Show every attempt, the latest first, with what was answered and how it was marked."""
    by = staff(request, Permission.SEE_CLASS)
    known = people.person(by, person)
    name = library.lesson_names(lessons=[lesson], language=by.language).get(lesson)
    if known.masked or name is None:
        raise NotFound("There is no such person.")
    attempts = [
        (attempt, _told(attempt, lesson, by.language))
        for attempt in learning.answers_of(by, person, lesson)
    ]
    return page(
        request,
        "facilitator/answers.html",
        "classes",
        person=known,
        lesson=name,
        course=library.course_cards(by=by, language=by.language, courses=[name.course]).get(
            name.course
        ),
        attempts=attempts[::-1],
        count=len(attempts),
    )


def _told(attempt: learning.AttemptRecord, lesson: UUID, language: str) -> list[Told]:
    """Tell the answers in words; where the quiz isn't here, as they came."""
    try:
        quiz = library.quiz(attempt.version, lesson)
    except PassportError:
        quiz = None
    return [told(answer, quiz, language) for answer in attempt.answers]
