"""What an event says: the body of the kind `event@1`, merge rule *fact* (a union by id).

    {id, verb, version, lesson, at, spent, data, sealed?}

ids are 32 hex digits; `at` is milliseconds since 1970 by the device's clock, which may be years off;
`spent` is the milliseconds of active time that this event adds, measured on the device's monotonic
clock, so no wall clock enters a duration (R048). `data` depends on the verb:

    opened     {}                                        the lesson came on the screen
    viewed     {page, of}                                a page was seen to its end; the first is 1
    watched    {start, end}                              whole seconds of a recording that were played
    answered   {attempt, question, response, ms, mark}   `mark` 0-100, decided by the node
    submitted  {attempt, score, passed}                  `score` 0-100 and `passed`, decided by the node
    ran        {part, percent, done, passed, score, state}   how a part of a package stands, as it says itself
    stated     {part, statement}                         what a package says in the words of xAPI

What a learner typed can name somebody, so it is sealed under the person's key: then `response` isn't in
`data` but, as `{response}`, in `sealed`, like the private part of any other entry. So are `state`, which is
what a package wants to find again when it is next opened, and `statement`: they may hold anything.

What the node decides is absent where the node didn't hold the quiz; a node that does decides it when
it reads the event. A verb that isn't known here is kept and carried on, and changes nothing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec

from passport.kernel.encoding import UNREADABLE, digest
from passport.kernel.errors import Damaged
from passport.kernel.ids import derived_id
from passport.records.models import Event

EVENT: Final = "event@1"
NOWHERE: Final = UUID(int=0)

type Response = str | list[str] | dict[str, str]
"""one: an id; several, order, gaps: a list; text, number: what was typed; match: left id to right id."""


class Verb(StrEnum):
    """What a learner can do."""

    OPENED = "opened"
    VIEWED = "viewed"
    WATCHED = "watched"
    ANSWERED = "answered"
    SUBMITTED = "submitted"
    RAN = "ran"
    STATED = "stated"


class EventData(msgspec.Struct, omit_defaults=True, kw_only=True, gc=False):
    """What the verbs need, each its own part."""

    page: int | None = None
    of: int | None = None
    start: int | None = None
    end: int | None = None
    attempt: UUID | None = None
    question: str | None = None
    response: Response | None = None
    ms: int | None = None
    mark: int | None = None
    score: int | None = None
    passed: bool | None = None
    part: str | None = None
    percent: int | None = None
    done: bool | None = None
    state: str | None = None
    statement: str | None = None


class EventBody(msgspec.Struct, kw_only=True, gc=False):
    """The whole of an event."""

    id: UUID
    verb: str
    version: UUID
    lesson: UUID
    at: int
    spent: int = 0
    data: EventData
    sealed: bytes | msgspec.UnsetType = msgspec.UNSET
    """A `Typed`, sealed under the person's key; unset for what is chosen from a list."""


class Typed(msgspec.Struct):
    """The content of `EventBody.sealed`."""

    response: Response


_encoder: Final = msgspec.json.Encoder(order="sorted", uuid_format="hex")
_decoder: Final = msgspec.json.Decoder(EventBody)

encode_event = _encoder.encode
"""Encode a body in its canonical form."""


def decode_event(body: bytes) -> EventBody:
    """Decode a body that any node may have written. Raises `Damaged`."""
    try:
        return _decoder.decode(body)
    except UNREADABLE as problem:
        raise Damaged("This can't be read: %(problem)s", problem=str(problem)) from problem


class EventRow(msgspec.Struct, gc=False):
    """A row of `models.Event` on its way in: a hundred thousand model instances would cost 3 s more.

    Like the bodies it can be part of no cycle, and the collector needn't look at it: measured, that
    is an eighth of what taking a parcel costs.
    """

    id: UUID
    lesson: UUID
    verb: str
    origin_id: int
    stream_id: int
    seq: int
    hlc: int
    kind: str
    body: bytes
    dep: bytes | None
    hash: bytes
    said: EventBody | None


def event_row(  # noqa: PLR0917 - by position, for it runs for every answer
    stream_id: int,
    origin_id: int,
    seq: int,
    hlc: int,
    body: bytes,
    dep: bytes | None,
    entry_hash: bytes,
) -> EventRow:
    """Make the row of an event that arrived, in the place of the journal that it came with.

    A body that can't be read here is kept all the same, since it is a link of its node's chain; it
    has no effect, and its id follows from its bytes.
    """
    try:
        said = _decoder.decode(body)
        name, lesson, verb = said.id, said.lesson, said.verb[:16]
    except UNREADABLE:
        said, lesson, verb = None, NOWHERE, ""
        name = derived_id("unreadable", digest(body).hex())
    return EventRow(
        name, lesson, verb, origin_id, stream_id, seq, hlc, EVENT, body, dep, entry_hash, said
    )


def said_by(row: Event | EventRow) -> EventBody | None:
    """Read a row's body; None where it can't be read."""
    if isinstance(row, EventRow):
        return row.said
    try:
        return decode_event(bytes(row.body))
    except Damaged:
        return None
