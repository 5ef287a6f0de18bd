"""A new database, made beside the one that is there, which takes its place in one step.

Until then nothing of the old one is touched, and afterwards it lies beside for a while (`aside.py`). On
SQLite it is another file, on PostgreSQL another schema.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from django.core.management import call_command
from django.db import connection, transaction

from passport.care.engine import aside
from passport.kernel import files
from passport.kernel.clock import now_ms
from passport.node import actions as node

_NEW_SCHEMA: Final = "passport_new"
_OLD_SCHEMA: Final = "passport_old_"
_BESIDE: Final = ("", "-wal", "-shm")
"""What SQLite's files are called after the database's name."""


def is_here() -> bool:
    """Tell whether there is a database already, whatever its state."""
    if connection.vendor == "sqlite":
        return database_file().exists()
    return "node_identity" in connection.introspection.table_names()


def database_file() -> Path:
    """Where SQLite's database lies."""
    return Path(connection.settings_dict["NAME"])


@contextmanager
def new_database() -> Iterator[None]:
    """Work on a new, empty database within the block; when it ends well, it is this node's."""
    beside = _new_file if connection.vendor == "sqlite" else _new_schema
    with beside():
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        node.forget()
        yield
    node.forget()


# SQLite


@contextmanager
def _new_file() -> Iterator[None]:
    path = database_file()
    new, ready = _with(path, ".new"), _with(path, ".ready")
    finish()
    _remove(new)
    connection.close()
    connection.settings_dict["NAME"] = new
    try:
        with connection.cursor() as cursor:  # what is unfinished goes: it needs no flush on its way
            cursor.execute("PRAGMA synchronous=OFF")
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        _flush(new)
        files.rename(new, ready)
    except BaseException:
        connection.close()
        _remove(new)
        raise
    finally:
        connection.settings_dict["NAME"] = path
    finish()


def finish() -> None:
    """Put a database that is ready in its place; also after a power cut in the middle of that."""
    if connection.vendor != "sqlite":
        return
    path = database_file()
    ready = _with(path, ".ready")
    if not ready.exists():
        return
    connection.close()
    files.make_folder(aside.folder())
    old = aside.dated(path.name)
    for ending in _BESIDE[:2]:
        if _with(path, ending).exists():
            with suppress(FileExistsError):  # a cut came after it was put there
                _with(old, ending).hardlink_to(_with(path, ending))
    files.flush_folder(aside.folder())
    for ending in _BESIDE[1:]:  # a log that stayed would be taken for the new one's
        _with(path, ending).unlink(missing_ok=True)
    files.rename(ready, path)


def _with(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _remove(path: Path) -> None:
    for ending in _BESIDE:
        _with(path, ending).unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """Flush the file, which was written without; SQLite left its log empty."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


# PostgreSQL


@contextmanager
def _new_schema() -> Iterator[None]:
    _run(f"DROP SCHEMA IF EXISTS {_NEW_SCHEMA} CASCADE", f"CREATE SCHEMA {_NEW_SCHEMA}")
    options: dict[str, Any] = connection.settings_dict["OPTIONS"]
    connection.close()
    connection.settings_dict["OPTIONS"] = {**options, "options": f"-c search_path={_NEW_SCHEMA}"}
    try:
        yield
    except BaseException:
        _come_back(options)
        _run(f"DROP SCHEMA IF EXISTS {_NEW_SCHEMA} CASCADE")
        raise
    _come_back(options)
    old = _schema_of(now_ms())
    _run(f"ALTER SCHEMA public RENAME TO {old}", f"ALTER SCHEMA {_NEW_SCHEMA} RENAME TO public")


def _come_back(options: dict[str, Any]) -> None:
    connection.close()
    connection.settings_dict["OPTIONS"] = options


def _run(*statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _schema_of(ms: int) -> str:
    return _OLD_SCHEMA + aside.date_of(ms).replace("-", "_")


def tidy() -> None:
    """Drop the old schemas that are older than they may be."""
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE %s AND nspname < %s",
            [f"{_OLD_SCHEMA}%", _schema_of(int(aside.kept_since() * 1000))],
        )
        old = [row[0] for row in cursor.fetchall()]
    _run(*(f"DROP SCHEMA {name} CASCADE" for name in old))
