"""What learners did, as their devices send it: acknowledged only when it is on disk (R031).

    POST {"events": [{id, verb, version, lesson, at, spent, data}]} with the header `X-Person`
    →  {"receipts": [{id, outcome, why, lesson, percent, done, course_done, mark, score, passed}]}

`outcome` is "accepted", "already here" or "refused" (which no later try would change): the device
may forget all three. 401 where nobody is signed in, 409 where somebody else is: then it keeps all.
This is the busiest door of a hub, and looks nothing up by itself.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from passport.learning.actions import Receipt, read_events, record
from passport.learning.policies import check_size
from passport.web.learner.guard import learner
from passport.web.refusals import sentence

_encode: Final = msgspec.json.Encoder(uuid_format="hex").encode


class Said(msgspec.Struct, omit_defaults=True):
    """A receipt as the device reads it."""

    id: str
    outcome: str
    why: str | None = None
    lesson: UUID | None = None
    percent: int | None = None
    done: bool | None = None
    course_done: bool | None = None
    mark: int | None = None
    score: int | None = None
    passed: bool | None = None


@require_POST
def events(request: HttpRequest) -> HttpResponse:
    """Take what the person whom the header `X-Person` names has done."""
    by = learner(request)
    if by.person is None or request.headers.get("X-Person") != by.person.hex:
        return _json({"why": _("Somebody else is signed in.")}, status=409)
    check_size(int(request.META.get("CONTENT_LENGTH") or 0))
    taken = read_events(request.body)
    receipts = [*record(by=by, events=taken.events), *taken.refused]
    return _json({"receipts": [_said(receipt) for receipt in receipts]})


def _said(receipt: Receipt) -> Said:
    if receipt.refusal is not None:
        return Said(receipt.id, receipt.outcome, sentence(receipt.refusal))
    return Said(
        receipt.id,
        receipt.outcome,
        None,
        receipt.lesson,
        receipt.percent,
        receipt.done,
        receipt.course_done,
        receipt.mark,
        receipt.score,
        receipt.passed,
    )


def _json(content: object, status: int = 200) -> HttpResponse:
    body = _encode(content)
    length = {"Content-Length": str(len(body))}  # else it would be sent in chunks
    return HttpResponse(body, content_type="application/json", status=status, headers=length)
