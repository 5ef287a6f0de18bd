"""Events into PostgreSQL by COPY, which has no rule for an event that is here already.

Measured, of CPU an answer: 1.5 µs here and 4.4 in the server. A hundred rows a statement cost 35 and 21, since the
driver looks through every statement for its places; its `executemany` 20 and 40.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db import IntegrityError, connection, transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from psycopg import Cursor

    from passport.node.models import Value


def copy_new(table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Value]]) -> bool:
    """Copy rows in, if all of them are new; leaves the table as it was, and says so, if one isn't.

    `columns` gives each column's type. On SQLite there is no such way, and nothing is copied.
    """
    if connection.vendor != "postgresql":
        return False
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"
    try:
        # Django wraps what it calls itself, and COPY isn't among that.
        with transaction.atomic(), connection.cursor() as wrapped, connection.wrap_database_errors:
            cursor = cast("Cursor[Any]", wrapped.cursor)
            with cursor.copy(statement) as copy:
                copy.set_types(list(columns.values()))
                for row in rows:
                    copy.write_row(row)
    except IntegrityError:
        return False
    return True
