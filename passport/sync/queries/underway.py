"""What learners did here: what of it the country has confirmed, what is on its way, what still lies here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection

from passport.kernel.clock import moment, stamp_ms
from passport.learning import queries as learning
from passport.node.models import Direction, ParcelNote, Peer, uuid_reader
from passport.people import queries as people


class Work(NamedTuple):
    """Some of what learners did."""

    events: int = 0
    """Each page, each stretch heard, each answer."""
    answers: int = 0
    """The answers to questions among them."""
    people: int = 0
    since: datetime | None = None
    """When the oldest of it was written here."""


class Left(NamedTuple):
    """What left with a parcel, and isn't confirmed yet."""

    parcel: UUID
    at: datetime
    work: Work


class Underway(NamedTuple):
    """How what was done on this hub stands with a peer."""

    waiting: Work
    """Saved here and not confirmed there: what left with a parcel, and what still lies here."""
    left: Left | None
    here: Work
    """What no parcel has taken along yet."""
    safe: Work
    """What the peer has confirmed, in answers and people."""
    last_heard: datetime | None


class _Group(NamedTuple):
    """What waits of one person: what left, or what didn't."""

    person: UUID
    has_left: bool
    events: int
    answers: int
    first: int
    """The stamp of the oldest."""


_WAITING: Final = """
    WITH behind AS MATERIALIZED (
        SELECT s.key, h.stream_id, h.origin_id, COALESCE(a.seq, 0) AS safe
        FROM node_head h
        JOIN node_origin o ON o.id = h.origin_id AND o.ours
        JOIN node_stream s ON s.id = h.stream_id AND s.kind = 'person'
        LEFT JOIN node_acknowledged a
          ON a.peer_id = %s AND a.stream_id = h.stream_id AND a.origin_id = h.origin_id
        WHERE h.seq > COALESCE(a.seq, 0)
    )
    SELECT b.key, CASE WHEN e.hlc < %s THEN 1 ELSE 0 END, COUNT(*),
           SUM(CASE WHEN e.verb = 'answered' THEN 1 ELSE 0 END), MIN(e.hlc)
    FROM behind b CROSS JOIN records_event e
    WHERE e.stream_id = b.stream_id AND e.origin_id = b.origin_id AND e.seq > b.safe
    GROUP BY 1, 2
"""
"""The few heads that are behind, and of each only what is: else SQLite would walk through every event."""


def underway(peer: Peer) -> Underway:
    """Say what a peer has confirmed of the learning here, what is on its way, and what isn't.

    Every parcel holds all that was unconfirmed when it was made. So the latest whole one says what
    has left: whatever was written before it and isn't confirmed yet.
    """
    note = (
        ParcelNote.objects.filter(peer=peer, direction=Direction.MADE, upto__isnull=False)
        .order_by("-upto")
        .first()
    )
    groups = _groups(peer, note.upto or 0 if note else 0)
    gone = [group for group in groups if group.has_left]
    return Underway(
        waiting=_work(groups),
        left=Left(note.id, note.at, _work(gone)) if note and gone else None,
        here=_work(group for group in groups if not group.has_left),
        safe=_safe(groups),
        last_heard=peer.last_heard,
    )


def _groups(peer: Peer, upto: int) -> list[_Group]:
    read = uuid_reader()
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [peer.pk, upto])
        return [
            _Group(read(key), bool(gone), events, answers, first)
            for key, gone, events, answers, first in cursor.fetchall()
        ]


def _work(groups: Iterable[_Group]) -> Work:
    some = list(groups)
    return Work(
        events=sum(group.events for group in some),
        answers=sum(group.answers for group in some),
        people=len({group.person for group in some}),
        since=moment(stamp_ms(min(group.first for group in some))) if some else None,
    )


def _safe(waiting: list[_Group]) -> Work:
    """Take what waits off all that was answered here, person by person."""
    here = learning.answers_given()
    ones = people.counted_under({group.person for group in waiting})
    for group in waiting:
        one = ones.get(group.person, group.person)
        here[one] = here.get(one, 0) - group.answers
    safe = [answers for answers in here.values() if answers > 0]
    return Work(events=sum(safe), answers=sum(safe), people=len(safe))
