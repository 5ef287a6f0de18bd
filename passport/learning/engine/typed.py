"""What a learner typed, kept under their own key: free text can name somebody (R104).

What is chosen from a list stays in clear: it names nobody, and there are millions of it. Marks are
decided by the node that writes the event and stay in clear too, so progress needs no text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from msgspec import UNSET

from passport.kernel.encoding import canonical, read
from passport.kernel.errors import Damaged
from passport.node.actions import open_for_person, seal_for_person
from passport.node.models import Stream, StreamKind
from passport.node.queries import Prepared
from passport.people.facts import tied_to
from passport.records.facts import EVENT, Typed, Verb

if TYPE_CHECKING:
    from collections.abc import Iterable

    from passport.learning.engine.lessons import Lesson
    from passport.records.facts import EventBody, Response

_CHOSEN: Final = frozenset({"one", "several", "order", "match"})
"""Kinds of questions whose responses are ids out of a list."""


def is_typed(event: EventBody, lesson: Lesson | None) -> bool:
    """Tell whether an answer may hold free text; where the question isn't known here, it may."""
    if event.verb != Verb.ANSWERED:
        return False
    key = None if lesson is None else lesson.questions.get(event.data.question or "")
    return key is None or key.kind not in _CHOSEN


def streams_with_keys(persons: Iterable[UUID]) -> dict[UUID, Stream]:
    """Return the streams of some persons whose keys are here."""
    return {
        key: Stream(pk=pk, kind=StreamKind.PERSON, key=key, sealed_key=sealed)
        for pk, key, sealed in _held(*persons)
    }


_held: Final[Prepared[tuple[int, UUID, bytes]]] = Prepared(
    lambda *persons: Stream.objects.filter(
        kind=StreamKind.PERSON, key__in=persons, sealed_key__isnull=False
    ).values_list("pk", "key", "sealed_key")
)


def hide_text(event: EventBody, stream: Stream | None) -> None:
    """Put what was typed under the person's key.

    Where the key has lapsed nothing can be sealed: then only the mark is kept, and the text itself
    where there is no mark yet, since the work would be lost with it.
    """
    data = event.data
    if stream is not None and data.response is not None:
        event.sealed = seal_for_person(stream, EVENT, canonical(Typed(data.response)))
        data.response = None
    elif data.mark is not None:
        data.response = None


class Texts:
    """Opens what one person typed; asks for their key at the first sealed answer.

    Somebody who was found to be another wrote in two streams, each with a key of its own.
    """

    def __init__(self, person: UUID) -> None:
        self._person = person
        self._streams: list[Stream] | None = None

    def response_of(self, event: EventBody) -> Response | None:
        """Return what was answered; None where it can't be read here."""
        if event.sealed is UNSET:
            return event.data.response
        if self._streams is None:
            self._streams = list(streams_with_keys(tied_to(self._person)).values())
        for stream in self._streams:
            try:
                return read(open_for_person(stream, EVENT, event.sealed), Typed).response
            except Damaged:
                continue
        return None
