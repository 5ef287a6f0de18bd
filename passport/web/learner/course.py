"""A course: what it is, its lessons, and where the learner is."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from passport.learning.queries import course_progress
from passport.web.learner.guard import learner, page
from passport.web.learner.shelves import course_page
from passport.web.learner.tongue import tongue


@require_safe
def course(request: HttpRequest, course: UUID) -> HttpResponse:
    """Show it in the learner's language, or the nearest it has."""
    by = learner(request)
    shown = course_page(by, course, tongue(request))
    progress = course_progress(by, course)
    ids = [lesson.id for lesson in shown.lessons]
    return page(
        request,
        "course",
        course=shown,
        stands={lesson: progress.of(lesson) for lesson in ids},
        done=sum(1 for lesson in ids if progress.of(lesson).done),
        next=progress.next_of(ids),
        completed=progress.is_complete,
    )
