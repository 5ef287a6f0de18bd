"""Many rows in and out of the table of events, in plain SQL: the way there is hot.

Measured: `bulk_create` costs 45 µs an event, plain SQL 7 to 10.
"""

from __future__ import annotations

from itertools import batched
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import connection

from passport.node.models import insert_rows, uuid_reader, uuid_writer
from passport.records.engine.copying import copy_new
from passport.records.facts import EVENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from passport.node.actions import Link
    from passport.node.models import Value
    from passport.records.facts import EventRow
    from passport.records.models import Event

TABLE: Final = "records_event"
_TYPES: Final = {
    "id": "uuid", "lesson": "uuid", "verb": "varchar", "origin_id": "int8", "stream_id": "int8",
    "seq": "int8", "hlc": "int8", "kind": "varchar", "body": "bytea", "dep": "bytea", "hash": "bytea",
}  # fmt: skip
"""The columns, with what PostgreSQL calls them."""
COLUMNS: Final = tuple(_TYPES)
_AT_ONCE: Final = 500


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
    insert_rows(
        TABLE,
        COLUMNS,
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
    insert_rows(TABLE, COLUMNS, _values(rows))


def insert_unknown(rows: Sequence[Event | EventRow]) -> bool:
    """Insert the rows whose ids are new; tells whether all of them were."""
    values = _values(rows)
    if copy_new(TABLE, _TYPES, values):
        return True
    return insert_rows(TABLE, COLUMNS, values, conflict="ON CONFLICT (id) DO NOTHING") == len(rows)


def _values(rows: Iterable[Event | EventRow]) -> list[tuple[Value, ...]]:
    write = uuid_writer()
    return [
        (
            write(row.id), write(row.lesson), row.verb, row.origin_id, row.stream_id,
            row.seq, row.hlc, row.kind, bytes(row.body),
            None if row.dep is None else bytes(row.dep), bytes(row.hash),
        )
        for row in rows
    ]  # fmt: skip


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
