"""Without scripts: a whole quiz in one form."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from passport.kernel.errors import NotFound
from passport.learning.queries import attempt
from passport.library.queries import Question, lesson_content
from passport.web.learner.doing import Done, note
from passport.web.learner.guard import learner
from passport.web.learner.tongue import tongue


@require_POST
def answers(request: HttpRequest, lesson: UUID) -> HttpResponse:
    """Take what was answered, hand the attempt in, and show what became of it."""
    by = learner(request)
    content = lesson_content(by=by, lesson_id=lesson, language=tongue(request))
    if content.quiz is None:
        raise NotFound("There is no such quiz here.")
    now = attempt(by, lesson, content.version)
    here = redirect("learner:lesson", lesson)
    if now.left == 0 or request.POST.get("attempt") != now.id.hex:
        return here
    done: list[Done] = [
        ("answered", {"attempt": now.id.hex, "question": question.id, "response": said, "ms": 0})
        for question in content.quiz.show.questions
        if question.id not in now.answers and (said := response(question, request.POST)) is not None
    ]
    note(by, content.version, lesson, [*done, ("submitted", {"attempt": now.id.hex})])
    return redirect(
        reverse("learner:lesson", args=[lesson]) + "?" + urlencode({"attempt": now.id.hex})
    )


def response(question: Question, form: QueryDict) -> Any:
    """Read one answer from the form; None where there is none."""
    name = question.id
    match question.kind:
        case "several":
            return form.getlist(name) or None
        case "order":
            places = {each.id: form.get(f"{name}.{each.id}", "") for each in question.choices}
            if not all(place.isdecimal() for place in places.values()):
                return None
            return sorted(places, key=lambda each: int(places[each]))
        case "match":
            pairs = {each.id: form.get(f"{name}.{each.id}", "") for each in question.left}
            return {left: right for left, right in pairs.items() if right} or None
        case "gaps":
            gaps = max((len(pieces) - 1 for pieces in question.gaps.values()), default=0)
            said = [form.get(f"{name}.{gap}", "").strip() for gap in range(gaps)]
            return said if any(said) else None
        case _:
            return form.get(name, "").strip() or None
