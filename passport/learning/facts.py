"""What this room notes in the journal, and how each kind becomes rows.

A projector may be called again with the same fact and in any order of facts: what it leaves depends
on the set of facts alone. Events have a way of their own, in bulk: `take_events` for what arrives,
`project_events` for a rebuild.
"""

from __future__ import annotations

from itertools import batched
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

import msgspec
from django.db.models import Model

from passport.kernel.clock import stamp_ms
from passport.kernel.ids import derived_id
from passport.learning.engine.board import Board
from passport.learning.models import (
    Assignment,
    AssignmentEnd,
    Completion,
    Enrolment,
    How,
    Progress,
)
from passport.node.actions import fact_of
from passport.node.models import Entry, Fact, Stream, StreamKind
from passport.people import queries as people
from passport.records import actions as records
from passport.records.facts import Verb, said_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from passport.records.actions import Row
    from passport.records.facts import EventBody

__all__ = [
    "PROJECTORS",
    "TABLES",
    "completion_id",
    "enrolment_id",
    "forget",
    "project_events",
    "recount",
    "take_events",
    "unite",
]

EVENTS_AT_ONCE: Final = 2_000
ENROLLED: Final = "enrolled@1"
COMPLETED: Final = "course.completed@1"
ASSIGNED: Final = "assignment.made@1"
UNASSIGNED: Final = "assignment.ended@1"


class Enrolled(msgspec.Struct):
    """`enrolled@1`, person stream. *fact*; `id` is derived from person and course."""

    id: UUID
    course: UUID
    how: str


class Completed(msgspec.Struct):
    """`course.completed@1`, person stream. *fact*; `id` is derived from person, course and version.

    `at`: when the last lesson was done, in ms since 1970 by the device's clock.
    """

    id: UUID
    course: UUID
    version: UUID
    at: int


class Assigned(msgspec.Struct, omit_defaults=True):
    """`assignment.made@1`. *fact*. In the site's stream for a group, in a person's for a person."""

    id: UUID
    course: UUID
    site: UUID
    group: UUID | None = None
    by: UUID | None = None


class Unassigned(msgspec.Struct):
    """`assignment.ended@1`, the stream of the assignment. *fact*."""

    assignment: UUID


def enrolment_id(person: UUID, course: UUID) -> UUID:
    return derived_id("enrolled", person, course)


def completion_id(person: UUID, course: UUID, version: UUID) -> UUID:
    return derived_id("completed", person, course, version)


def _counted_under(fact: Fact) -> UUID:
    """Return whom a fact of a person's stream is about, now that some were found to be others."""
    person = fact.stream.key
    return people.counted_under([person]).get(person, person)


def project_enrolled(fact: Fact) -> None:
    body = fact.read(Enrolled)
    person = _counted_under(fact)
    name = enrolment_id(person, body.course)
    known = Enrolment.objects.filter(pk=name).first()
    if known is not None and (known.stamp, known.origin) <= (fact.hlc, fact.origin):
        return
    Enrolment(
        id=name,
        person=person,
        course=body.course,
        how=body.how if body.how in How.values else How.STARTED,
        at=stamp_ms(fact.hlc),
        stamp=fact.hlc,
        origin=fact.origin,
    ).save(force_insert=known is None)


def project_completed(fact: Fact) -> None:
    body = fact.read(Completed)
    person = _counted_under(fact)
    completion, made = Completion.objects.get_or_create(
        id=completion_id(person, body.course, body.version),
        defaults={
            "person": person,
            "course": body.course,
            "version": body.version,
            "at": body.at,
        },
    )
    if not made and body.at < completion.at:
        completion.at = body.at
        completion.save(update_fields=["at"])


def project_assigned(fact: Fact) -> None:
    body = fact.read(Assigned)
    Assignment.objects.get_or_create(
        id=body.id,
        defaults={
            "course": body.course,
            "site": body.site,
            "group": body.group,
            "person": _counted_under(fact) if body.group is None else None,
            "at": stamp_ms(fact.hlc),
            "by": body.by,
        },
    )


def project_unassigned(fact: Fact) -> None:
    body = fact.read(Unassigned)
    at = stamp_ms(fact.hlc)
    end, made = AssignmentEnd.objects.get_or_create(assignment=body.assignment, defaults={"at": at})
    if not made and at < end.at:
        end.at = at
        end.save(update_fields=["at"])


PROJECTORS: Final[dict[str, Callable[[Fact], None]]] = {
    ENROLLED: project_enrolled,
    COMPLETED: project_completed,
    ASSIGNED: project_assigned,
    UNASSIGNED: project_unassigned,
}

TABLES: Final[list[type[Model]]] = [Progress, Enrolment, Completion, Assignment, AssignmentEnd]
"""What a rebuild empties, in this order, before it projects again."""


# Events


class News(NamedTuple):
    """How much was not here before."""

    events: int
    answers: int
    """Those of them that answer a question."""


def take_events(rows: Sequence[Row]) -> News:
    """Keep events that came from another node, and count them in, each once.

    `rows` come from `records.actions.event_row`; their order doesn't matter.
    Call `actions.settle` once the whole parcel is in: courses that are complete now are noted then.
    """
    kept = records.keep(rows)
    project_events(kept.new)
    if kept.exchanged:
        persons = _persons(kept.exchanged)
        recount((persons[row.stream_id], row.lesson) for row in kept.exchanged)
    return News(len(kept.new), sum(row.verb == Verb.ANSWERED for row in kept.new))


def project_events(rows: Sequence[Row]) -> None:
    """Count in events of persons' streams, none of which was counted before."""
    persons = _persons(rows)
    # Numbers for keys: a UUID's hash and comparison are Python's own work, twice for each event.
    acts: dict[tuple[int, int], list[tuple[EventBody, int]]] = {}
    for row in rows:
        said = said_by(row)
        if said is not None:
            acts.setdefault((row.stream_id, said.lesson.int), []).append((said, row.hlc))
    places = {place: (persons[place[0]], said[0][0].lesson) for place, said in acts.items()}
    board = Board(places.values())
    for place, said_there in acts.items():
        board.add_all(board.line(*places[place]), said_there)
    board.settle()
    board.save()


def recount(places: Iterable[tuple[UUID, UUID]]) -> None:
    """Work out the progress of some (person, lesson) pairs again, from all their events."""
    board = Board.recounted(places)
    board.settle()
    board.save()


def _persons(rows: Iterable[Row]) -> dict[int, UUID]:
    """Return under whom the events of each stream count."""
    wanted = {row.stream_id for row in rows}
    owners = dict(Stream.objects.filter(pk__in=wanted).values_list("pk", "key"))
    under = people.counted_under(owners.values())
    return (
        {stream: under.get(person, person) for stream, person in owners.items()}
        if under
        else owners
    )


# Two who were found to be one, and somebody who is forgotten


def unite(persons: Iterable[UUID]) -> None:
    """Work out again what everybody has learnt whom a merger or a parting has touched."""
    touched = set(persons)
    for table in (Progress, Enrolment, Completion):
        table._default_manager.filter(person__in=touched).delete()  # noqa: SLF001 - Django's name
    streams = {
        one.pk: one for one in Stream.objects.filter(kind=StreamKind.PERSON, key__in=touched)
    }
    rows = Entry.objects.filter(stream__in=streams, kind__in=PROJECTORS).select_related("origin")
    for row in rows.order_by("hlc", "pk"):
        PROJECTORS[row.kind](fact_of(row, stream=streams[row.stream_id], origin=row.origin.wire))
    for part in batched(records.rows_of_streams(streams), EVENTS_AT_ONCE):
        project_events(part)


def forget(person: UUID) -> None:
    """Remove every row about a person."""
    own = Assignment.objects.filter(person=person)
    AssignmentEnd.objects.filter(assignment__in=own.values("pk")).delete()
    for table in (Progress, Enrolment, Completion, Assignment):
        table._default_manager.filter(person=person).delete()  # noqa: SLF001 - Django's name for it
