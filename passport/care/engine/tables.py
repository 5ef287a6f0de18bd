"""Which tables a backup holds, and how their rows become lines of JSON and rows again.

The journal is the truth, so projections aren't kept: they are made again. What is left are the few
tables that say who this node is, whom it knows, and what happened on it alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import batched
from typing import Any, Final
from uuid import UUID

import msgspec
from django.core.management.color import no_style
from django.db import connection, models, transaction

from passport.fleet.models import Arrival, EnrolmentCode
from passport.insights.models import Counted, Frozen, Month
from passport.node.models import (
    Acknowledged,
    Boot,
    Erased,
    Head,
    Identity,
    Origin,
    ParcelNote,
    Parked,
    Peer,
    Quarantined,
    RecipientKey,
    Register,
    Stream,
)
from passport.people.models import Held, Opening, SignIn

KEPT: Final[tuple[type[models.Model], ...]] = (
    Identity,
    Origin,
    Stream,
    Head,
    Peer,
    Acknowledged,
    Parked,
    Quarantined,
    ParcelNote,
    Erased,
    Boot,
    EnrolmentCode,
    Arrival,
    Frozen,
    Opening,
    SignIn,
    Held,
)
"""In this order, so that each row finds what it refers to."""
MADE_AGAIN: Final[tuple[type[models.Model], ...]] = (Register, Month, Counted, RecipientKey)
"""Besides the projections that `rebuild` empties. A node that begins again makes new recipients: what
was sealed to those before stays closed."""
APART: Final[dict[type[models.Model], frozenset[str]]] = {
    Stream: frozenset({"sealed_key", "wrapped_key"})
}
"""Columns that are kept apart from the data (`keys.py`): without a person's key nothing names them."""

_AT_ONCE: Final = 500
_TYPES: Final[dict[str, Any]] = {
    "BinaryField": bytes,
    "UUIDField": UUID,
    "DateTimeField": datetime,
    "JSONField": Any,
    "BooleanField": bool,
    "CharField": str,
    "TextField": str,
}
"""All other fields that there are hold integers."""

encode: Final[Callable[[object], bytes]] = msgspec.json.Encoder(uuid_format="hex").encode


class Shape:
    """The rows of one table: which columns, and of what kind."""

    def __init__(self, table: type[models.Model], columns: Sequence[str] | None = None) -> None:
        """Take all columns that go into a backup, or those of `columns` that there are here."""
        fields = {
            field.attname: field
            for field in table._meta.concrete_fields  # noqa: SLF001 - Django's name for it
            if field.attname not in APART.get(table, ())
        }
        self.table = table
        self.given = list(fields) if columns is None else list(columns)
        self.columns = [name for name in self.given if name in fields]
        kinds = tuple(_kind(fields[name]) if name in fields else Any for name in self.given)
        self._decoder = msgspec.json.Decoder(tuple[kinds])  # type: ignore[valid-type]

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Read the table."""
        rows = self.table._default_manager.order_by("pk").values_list(*self.columns)  # noqa: SLF001
        return rows.iterator(chunk_size=2_000)

    def decode(self, line: bytes) -> models.Model:
        """Make a row of a line. Raises what `UNREADABLE` names."""
        values = zip(self.given, self._decoder.decode(line), strict=True)
        return self.table(**{name: value for name, value in values if name in self.columns})


def _kind(field: Any) -> Any:
    target = field.target_field if field.is_relation else field
    kind = _TYPES.get(target.get_internal_type(), int)
    return kind | None if field.null and kind is not Any else kind


def insert(rows: Sequence[models.Model]) -> None:
    """Add rows of one table; those that collide with one that is there are left out."""
    if rows:
        table = type(rows[0])
        for part in batched(rows, _AT_ONCE):
            table._default_manager.bulk_create(part, ignore_conflicts=True)  # noqa: SLF001


def after_insert() -> None:
    """Have the database count on from the ids that were inserted; SQLite does so by itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(KEPT)):
            cursor.execute(statement)


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything in the block as it was at one moment, without holding up any writer."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # Django's own would take the writer's lock
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
