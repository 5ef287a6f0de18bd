"""A state of the node under test that was made once, for all tests that begin with it.

Making the cast takes longer than most tests do. Nothing is made up: the rows and the key files are those
that the actions wrote, put back as they were; what is told of them is copied, so that no test can
change it for another.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model


@dataclass(frozen=True)
class State:
    """What lay in the database and beside the key, and what its maker told of it."""

    rows: dict[type[Model], bytes]
    keys: dict[str, bytes]
    told: bytes


_states: dict[Callable[[], object], State] = {}


def remembered[T](make: Callable[[], T]) -> T:
    """Make a state, or put it back if this process has made it before."""
    if make not in _states:
        made = make()
        _states[make] = State(_read(), _keys(), pickle.dumps(made))
        return made
    state = _states[make]
    _write(state.rows)
    for name, content in state.keys.items():
        settings.KEY_FILE.with_name(name).write_bytes(content)
    move_in()
    told: T = pickle.loads(state.told)  # noqa: S301 - dumped above
    return told


def move_in() -> None:
    """Let a copy pass for the original: a node knows its disk, and would begin a new incarnation."""
    from passport.node.engine import journal, keyring, ledger
    from passport.node.models import Identity

    keyring.forget()
    journal.forget_origin()
    ledger.begin()
    Identity.objects.update(place=keyring.place_of(settings.KEY_FILE))


def _keys() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in settings.KEY_FILE.parent.iterdir()}


def _read() -> dict[type[Model], bytes]:
    """Return the rows of every table that has some: PostgreSQL's own copy, or values for an INSERT."""
    models = [model for model in apps.get_models(include_auto_created=True) if _columns(model)]
    read = _copied if connection.vendor == "postgresql" else _quoted
    return {model: rows for model in models if (rows := read(model))}


def _write(rows: dict[type[Model], bytes]) -> None:
    with connection.cursor() as cursor:
        for model, content in rows.items():
            cursor.execute(f"DELETE FROM {_table(model)}")  # noqa: S608 - a name of ours
            into = f"{_table(model)} ({_columns(model)})"
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                    copy.write(content)
            else:
                cursor.execute(f"INSERT INTO {into} VALUES {content.decode()}")  # noqa: S608
        for reset in connection.ops.sequence_reset_sql(no_style(), list(rows)):
            cursor.execute(reset)


def _copied(model: type[Model]) -> bytes:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {_table(model)} ({_columns(model)}) TO STDOUT") as copy,
    ):
        return b"".join(bytes(part) for part in copy)


def _quoted(model: type[Model]) -> bytes:
    values = ", ".join(f"quote({column})" for column in _columns(model).split(", "))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {values} FROM {_table(model)}")  # noqa: S608
        return ",\n".join(f"({', '.join(map(str, row))})" for row in cursor.fetchall()).encode()


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _columns(model: type[Model]) -> str:
    fields: list[Any] = [
        field for field in model._meta.local_concrete_fields if not field.generated
    ]
    return ", ".join(connection.ops.quote_name(field.column) for field in fields)
