"""Questions about the learning record, which knows only opaque ids.

Who may ask is for the rooms above to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from passport.node.models import StreamKind
from passport.records.engine import table
from passport.records.facts import EventBody, Verb, decode_event
from passport.records.models import Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import QuerySet

__all__ = ["answers", "events_of_lesson", "known", "rows_of_lessons"]


def known(ids: Iterable[UUID]) -> set[UUID]:
    """Return those of some event ids that are here."""
    return table.known_ids(ids)


def events_of_lesson(person: UUID, lesson: UUID) -> Iterator[tuple[int, EventBody]]:
    """Yield (stamp, event) of one person in one lesson, in the order of the journal's stamps."""
    for hlc, body in _of_lesson(person, lesson).values_list("hlc", "body"):
        yield hlc, decode_event(bytes(body))


def answers(person: UUID, lesson: UUID) -> Iterator[tuple[int, EventBody]]:
    """Yield (stamp, event) for one person's answers and submissions in one lesson, in order."""
    rows = _of_lesson(person, lesson).filter(verb__in=[Verb.ANSWERED, Verb.SUBMITTED])
    for hlc, body in rows.values_list("hlc", "body"):
        yield hlc, decode_event(bytes(body))


def rows_of_lessons(
    persons: Iterable[UUID], lessons: Iterable[UUID]
) -> Iterator[tuple[UUID, int, bytes]]:
    """Yield (person, stamp, body) of some persons in some lessons."""
    rows = Event.objects.filter(
        stream__kind=StreamKind.PERSON, stream__key__in=set(persons), lesson__in=set(lessons)
    )
    for person, hlc, body in rows.values_list("stream__key", "hlc", "body").iterator():
        yield person, hlc, bytes(body)


def _of_lesson(person: UUID, lesson: UUID) -> QuerySet[Event]:
    return Event.objects.filter(
        stream__kind=StreamKind.PERSON, stream__key=person, lesson=lesson
    ).order_by("hlc", "id")
