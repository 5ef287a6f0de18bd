"""When a head moved, in this node's own count, so that peers need only be told of what moved since.

A mark may be told to a peer only once nothing below it can still appear. SQLite has one writer, so
the largest number is such a mark. On PostgreSQL many write at once and a lower number may commit
after a higher one: there the number is the transaction's, and the mark lies below all that still run
(https://www.postgresql.org/docs/current/functions-info.html, "Transaction ID and Snapshot").
"""

from __future__ import annotations

from django.db import connection

_NEXT = {
    "sqlite": "SELECT COALESCE(MAX(moved), 0) + 1 FROM node_head",
    "postgresql": "SELECT pg_current_xact_id()::text::bigint",
}
_SETTLED = {
    "sqlite": "SELECT COALESCE(MAX(moved), 0) FROM node_head",
    "postgresql": "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1",
}


def next_mark() -> int:
    """Return the number that heads moved in this transaction get."""
    return _ask(_NEXT)


def settled_mark() -> int:
    """Return the largest number below which no head can appear any more."""
    return _ask(_SETTLED)


def _ask(question: dict[str, str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question[connection.vendor])
        mark: int = cursor.fetchone()[0]
    return mark
