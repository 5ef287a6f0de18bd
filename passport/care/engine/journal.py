"""The whole journal, row by row, chain after chain, whatever its size.

It is read in portions, each a question of its own: the journal only grows, so nothing has to stand
still meanwhile, and on SQLite no long reader keeps the log from being emptied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

from django.db import connection, models

from passport.care.engine import tables
from passport.care.engine.chains import Row
from passport.node.models import Entry, Head, Origin, Stream, wire_of
from passport.records import actions as records
from passport.records.facts import EVENT
from passport.sync.manifest import JOURNALS

_PORTION: Final = 5_000
COLUMNS: Final = "stream_id, origin_id, seq, hlc, kind, body, dep, hash"
_ROWS: Final = " UNION ALL ".join(
    f"SELECT {COLUMNS} FROM {table._meta.db_table}"  # noqa: S608, SLF001 - ours
    " WHERE (stream_id, origin_id, seq) > (%s, %s, %s)"
    for table in JOURNALS
)

_BEYOND: Final = 2**63

type Place = tuple[int, int]
"""A chain, by the ids of its stream and its origin."""


class Names(NamedTuple):
    """What streams and origins are called on the wire, by id."""

    streams: dict[int, str]
    origins: dict[int, str]

    @classmethod
    def read(cls) -> Names:
        """Read them all: 200 bytes each."""
        streams = Stream.objects.values_list("pk", "kind", "key").iterator()
        return cls(
            {pk: wire_of(kind, key) for pk, kind, key in streams},
            dict(Origin.objects.values_list("pk", "wire")),
        )


def heads() -> dict[Place, tuple[int, bytes]]:
    """Read how far every chain goes, and the hash of its last entry."""
    rows = Head.objects.values_list("stream_id", "origin_id", "seq", "hash")
    return {
        (stream, origin): (seq, bytes(hashed)) for stream, origin, seq, hashed in rows.iterator()
    }


def chains() -> Iterator[tuple[Place, Iterator[Row]]]:
    """Read the rows of each chain, in their order."""
    for place, rows in groupby(_rows(), key=itemgetter(0, 1)):
        yield place, (read(row)[2] for row in rows)


def _rows() -> Iterator[tuple[Any, ...]]:
    after: tuple[Any, ...] = (0, 0, 0)
    with _any_text():
        while True:
            with connection.cursor() as cursor:
                cursor.execute(f"{_ROWS} ORDER BY 1, 2, 3 LIMIT {_PORTION}", after * len(JOURNALS))
                rows = cursor.fetchall()
            yield from rows
            if len(rows) < _PORTION:
                return
            after = rows[-1][:3]


def read(row: tuple[Any, ...]) -> tuple[int, int, Row]:
    """Read a row of `COLUMNS`, whatever damage has made of its values. Raises `ValueError`."""
    stream, origin, seq, hlc, kind, body, dep, hashed = row
    said = Row(
        _number(seq),
        hlc if isinstance(hlc, int) else -1,
        str(kind),
        _bytes(body),
        None if dep is None else _bytes(dep),
        _bytes(hashed),
    )
    return _number(stream), _number(origin), said


def store(rows: Iterable[tuple[int, int, Row]]) -> None:
    """Add rows of known streams and origins; one whose place is taken is left out."""
    events: list[records.Row] = []
    entries: list[models.Model] = []
    for stream, origin, row in rows:
        if row.kind == EVENT:
            events.append(
                records.event_row(
                    stream_id=stream,
                    origin_id=origin,
                    seq=row.seq,
                    hlc=row.hlc,
                    body=row.body,
                    dep=row.dep,
                    entry_hash=row.hash,
                )
            )
        else:
            entries.append(Entry(stream_id=stream, origin_id=origin, **row._asdict()))
    if events:
        records.keep(events)
    tables.insert(entries)


def _bytes(value: Any) -> bytes:
    """Take a damaged row's value for bytes, whatever its type has become."""
    return value.encode(errors="replace") if isinstance(value, str) else bytes(value or b"")


def _number(value: Any) -> int:
    if isinstance(value, int) and 0 <= value < _BEYOND:
        return value
    raise ValueError(value)


@contextmanager
def _any_text() -> Iterator[None]:
    """Let SQLite hand over text that is none any more: a damaged row must not end the reading."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    raw = connection.connection
    before, raw.text_factory = raw.text_factory, _lenient
    try:
        yield
    finally:
        raw.text_factory = before


def _lenient(text: bytes) -> str:
    return text.decode(errors="replace")
