"""What learners' devices send in: POST /events.

    {"person": hex?, "events": [...]}  →  {"kept": [id, …], "refused": [{"id", "why"}, …],
                                           "lessons": {id: {"percent", "done", "course_done"}},
                                           "decided": {id: {"mark"} or {"score", "passed"}}}

`kept` are on disk: the device may forget them. So it may those that are refused, which no later try
would change. On every other answer the device keeps everything: 401 when nobody is signed in, 409
when somebody else is than who learnt. Nothing else is looked up here: this is the busiest door.

The header `Device-Time` says what the device's clock shows when it sends, and nothing else. Of what
several devices show, their median may be noted (`fleet.engine.devices`). `Device-Holds` says what
the device holds beside what it sends (`holding.py`): every half a minute, if need be with no events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import msgspec
from django.http import HttpRequest, HttpResponse, RawPostDataException
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from passport.fleet.actions import hear_device
from passport.kernel.errors import PassportError
from passport.learning.actions import Receipt, read_events, record
from passport.learning.policies import MOST_BYTES
from passport.web.learner.guard import still_here
from passport.web.learner.holding import hear_held

if TYPE_CHECKING:
    from passport.web.middleware import Request

_encode = msgspec.json.Encoder(uuid_format="hex").encode


class Lesson(msgspec.Struct):
    """How a lesson stands after all that was sent."""

    percent: int
    done: bool
    course_done: bool


class Refused(msgspec.Struct):
    """An event that was not taken, and why, in the learner's language."""

    id: str
    why: str


class Decided(msgspec.Struct, omit_defaults=True):
    """What the node decided of an answer or of an attempt that was handed in."""

    mark: int | None = None
    score: int | None = None
    passed: bool | None = None


class Answer(msgspec.Struct):
    """The whole answer."""

    kept: list[str]
    refused: list[Refused]
    lessons: dict[str, Lesson]
    decided: dict[str, Decided]


@require_POST
def events(request: HttpRequest) -> HttpResponse:
    """Take events and acknowledge them once they are on disk."""
    actor = cast("Request", request).actor
    if actor is None:
        return _json({"why": _("Sign in again.")}, status=401)
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return _json({"why": _("This is too much at once.")}, status=413)
    try:
        taken = read_events(request.body)
        if taken.person not in {None, actor.person}:
            return _json({"why": _("Somebody else is signed in now.")}, status=409)
        receipts = [*taken.refused, *record(by=actor, events=taken.events)]
    except (PassportError, RawPostDataException) as problem:
        return _json({"why": _said(problem)}, status=400)
    hear_held(request, request.headers.get("Device-Holds", ""))
    if taken.events or taken.refused:
        still_here(request)
    hear_device(
        address=request.META.get("REMOTE_ADDR", ""), shown=request.headers.get("Device-Time", "")
    )
    return _json(_answer(receipts))


def _answer(receipts: list[Receipt]) -> Answer:
    answer = Answer([], [], {}, {})
    for receipt in receipts:
        if receipt.refusal is not None:
            answer.refused.append(Refused(receipt.id, _said(receipt.refusal)))
            continue
        answer.kept.append(receipt.id)
        if receipt.lesson is not None:
            answer.lessons[receipt.lesson.hex] = Lesson(
                receipt.percent, receipt.done, receipt.course_done
            )
        if receipt.mark is not None or receipt.score is not None:
            answer.decided[receipt.id] = Decided(receipt.mark, receipt.score, receipt.passed)
    return answer


def _said(problem: Exception) -> str:
    if not isinstance(problem, PassportError):
        return _("This can't be read.")
    said = _(problem.message)
    return said % problem.params if problem.params else said


def _json(content: Any, status: int = 200) -> HttpResponse:
    body = _encode(content)
    length = {"Content-Length": str(len(body))}  # else it would be sent in chunks
    return HttpResponse(body, content_type="application/json", status=status, headers=length)
