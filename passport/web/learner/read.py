"""Without scripts: "I have read to the end" of an article, a document, a recording."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from passport.library.queries import LessonContent, lesson_content
from passport.web.learner.doing import Done, note
from passport.web.learner.guard import learner
from passport.web.learner.tongue import tongue


@require_POST
def read(request: HttpRequest, lesson: UUID) -> HttpResponse:
    """Take the learner's word for it, and go on to the next lesson."""
    by = learner(request)
    content = lesson_content(by=by, lesson_id=lesson, language=tongue(request))
    note(by, content.version, content.id, _all_of(content))
    if content.next is None:
        return redirect("learner:course", content.course)
    return redirect("learner:lesson", content.next)


def _all_of(content: LessonContent) -> list[Done]:
    if content.kind in ("video", "audio"):
        return [("watched", {"start": 0, "end": content.seconds})]
    pages = len(content.pages) or content.page_count
    return [("viewed", {"page": page, "of": pages}) for page in range(1, pages + 1)]
