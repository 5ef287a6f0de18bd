"""Many rows in and out of the table of events, in plain SQL: the way there is hot.

Measured: `bulk_create` costs 45 µs an event, `executemany` 10.
"""

from __future__ import annotations

from itertools import batched
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import connection

from passport.node.models import uuid_reader, uuid_writer
from passport.records.facts import EVENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from passport.node.actions import Link
    from passport.records.facts import EventRow
    from passport.records.models import Event

COLUMNS: Final = (
    "id", "lesson", "verb", "origin_id", "stream_id", "seq", "hlc", "kind", "body", "dep", "hash",
)  # fmt: skip
_INSERT: Final = (
    f"INSERT INTO records_event ({', '.join(COLUMNS)})"  # noqa: S608 - names from this file
    f" VALUES ({', '.join(['%s'] * len(COLUMNS))})"
)
_AT_ONCE: Final = 500


type Values = tuple[UUID | str | int | bytes | None, ...]


class NewEvent(NamedTuple):
    """An event that happened here, with its place in the journal: what a row is made of."""

    id: UUID
    lesson: UUID
    verb: str
    origin_id: int
    stream_id: int
    link: Link
    body: bytes


def insert_new(rows: Iterable[NewEvent]) -> None:
    """Insert events of our own; their ids are known to be new."""
    write = uuid_writer()
    _insert(
        _INSERT,
        [
            (
                write(event), write(lesson), verb, origin, stream,
                link.seq, link.hlc, EVENT, body, link.dep, link.hash,
            )
            for event, lesson, verb, origin, stream, link, body in rows
        ],
    )  # fmt: skip


def insert(rows: Iterable[Event | EventRow]) -> None:
    """Insert rows whose ids are known to be new."""
    _insert(_INSERT, _values(rows))


def insert_unknown(rows: Sequence[Event | EventRow]) -> bool:
    """Insert the rows whose ids are new; tells whether all of them were."""
    return _insert(f"{_INSERT} ON CONFLICT (id) DO NOTHING", _values(rows)) == len(rows)


def _values(rows: Iterable[Event | EventRow]) -> list[Values]:
    write = uuid_writer()
    return [
        (
            write(row.id), write(row.lesson), row.verb, row.origin_id, row.stream_id,
            row.seq, row.hlc, row.kind, bytes(row.body),
            None if row.dep is None else bytes(row.dep), bytes(row.hash),
        )
        for row in rows
    ]  # fmt: skip


def _insert(statement: str, values: list[Values]) -> int:
    if not values:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
        return int(cursor.rowcount)


def known_ids(ids: Iterable[UUID]) -> set[UUID]:
    """Return those of some ids that are here."""
    write, read = uuid_writer(), uuid_reader()
    found: set[UUID] = set()
    with connection.cursor() as cursor:
        for part in batched(ids, _AT_ONCE):
            marks = ", ".join(["%s"] * len(part))
            cursor.execute(
                f"SELECT id FROM records_event WHERE id IN ({marks})",  # noqa: S608 - marks only
                [write(each) for each in part],
            )
            found.update(read(row[0]) for row in cursor.fetchall())
    return found
