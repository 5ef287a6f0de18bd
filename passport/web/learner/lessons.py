"""A lesson, in the player of its kind."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from passport.learning.queries import course_progress
from passport.library.queries import lesson_content
from passport.web.learner import quiz
from passport.web.learner.guard import learner, page
from passport.web.learner.tongue import tongue

TEMPLATES = {"article": "article", "document": "document", "video": "media", "audio": "media"}


@require_safe
def lesson(request: HttpRequest, lesson: UUID) -> HttpResponse:
    """Show it where the learner left it. Opening it notes nothing: a device does, once it plays."""
    by = learner(request)
    content = lesson_content(by=by, lesson_id=lesson, language=tongue(request))
    progress = course_progress(by, content.course)
    shown = {
        "lesson": content,
        "stands": progress.of(lesson),
        "course_done": progress.is_complete,
    }
    if content.quiz is not None:
        shown |= quiz.shown(by, content, content.quiz, request.GET.get("attempt", ""))
        return page(request, "quiz", **shown)
    return page(request, TEMPLATES[content.kind], **shown)
