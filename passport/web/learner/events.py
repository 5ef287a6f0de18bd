"""What learners did, as their devices send it: acknowledged only when it is on disk (R031)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from passport.learning.actions import Receipt, read_events, record
from passport.web.learner.guard import learner
from passport.web.refusals import sentence


@require_POST
def events(request: HttpRequest) -> HttpResponse:
    """Take `{"events": […]}` of the person whom the header `X-Person` names.

    Answers `{"receipts": [{id, outcome, why, done, course_done, mark, score, passed}]}`; 401 where
    nobody is signed in, 409 where somebody else is: then the device keeps what it has.
    """
    by = learner(request)
    if not _is_theirs(request, by.person):
        return JsonResponse({"why": _("Somebody else is signed in.")}, status=409)
    taken = read_events(request.body)
    receipts = [*record(by=by, events=taken.events), *taken.refused]
    return JsonResponse({"receipts": [_said(receipt) for receipt in receipts]})


def _is_theirs(request: HttpRequest, person: UUID | None) -> bool:
    return person is not None and request.headers.get("X-Person") == person.hex


def _said(receipt: Receipt) -> dict[str, object]:
    said: dict[str, object] = {"id": receipt.id, "outcome": receipt.outcome}
    if receipt.refusal is not None:
        said["why"] = sentence(receipt.refusal)
    if receipt.lesson is not None:
        said |= {
            "lesson": receipt.lesson.hex,
            "done": receipt.done,
            "course_done": receipt.course_done,
        }
    for name in ("mark", "score", "passed"):
        if (value := getattr(receipt, name)) is not None:
            said[name] = value
    return said
