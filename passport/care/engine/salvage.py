"""A new database out of a damaged file of SQLite: whatever of it can still be read, and whose chain holds.

SQLite stops at the first broken page that a question meets, so each table is read by its row numbers:
a stretch that can't be read is halved until what is broken is single rows. What was read goes into a new
database, where the journal is scrubbed (`scrub.py`) and everything else made again from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, connection, connections, models, transaction
from django.db.utils import ConnectionHandler

from passport.care.engine import exchange, grafting, journal, scrub, tables, tell
from passport.care.errors import BeyondSaving
from passport.kernel.actor import Actor
from passport.node import actions as node
from passport.node.models import Acknowledged, Head, Identity, JournalRow, Origin, Peer, Stream
from passport.node.policies import check_room
from passport.sync import actions as sync
from passport.sync.manifest import JOURNALS

type _Read = Callable[[int, int], list[tuple[Any, ...]]]
"""Reads at most `_PORTION` rows between two row numbers; each begins with its own."""

_ALIAS: Final = "damaged"
_PORTION: Final = 2_000
_WINDOW: Final = 1_024
"""So many row numbers are tried one by one where nothing can be read, before leaping on."""
_LARGEST: Final = 2**32
"""A row number beyond any, where not even the last one can be read; emptiness costs nothing."""
_UNFIT: Final = (DatabaseError, ValueError, TypeError, OverflowError)


@dataclass(slots=True)
class Salvaged:
    """What came out of a damaged database."""

    entries: int = 0
    damages: list[scrub.Damage] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    """Tables of which rows could not be read, or belong to nobody now."""
    lost_country: bool = False
    """Nothing says any more whom this node exchanges parcels with."""


def salvage(telling: tell.Tell) -> Salvaged:
    """Make a new database of what the broken one still holds, and put that one aside."""
    path = exchange.database_file()
    check_room(path.parent, 3 * path.stat().st_size)
    salvaged = Salvaged()
    with exchange.new_database(), _readable(path) as file, _opened(file) as broken:
        _check_readable(broken)
        with _unchecked():
            for table in tables.KEPT:
                _copy_table(table, broken, salvaged)
            for journal_table in JOURNALS:
                _copy_journal(journal_table, broken, salvaged, telling)
            _drop_strays(salvaged)
        salvaged.damages = list(
            scrub.look(lambda done, total: telling(tell.CHECKING_JOURNAL, done, total))
        )
        scrub.mend(salvaged.damages)
        machine = Actor.machine()
        # What was lost at the end of a chain, its head included, doesn't show: ask for everything.
        node.ask_again(by=machine, streams=list(Stream.objects.values_list("pk", flat=True)))
        telling(tell.REBUILDING, 0, 1)
        salvaged.entries = sync.rebuild(by=machine)
        telling(tell.REBUILDING, 1, 1)
        waits = Identity.objects.filter(awaits_erasures=True).exists()
        node.begin_again(by=machine, name=settings.NODE_NAME, awaits_erasures=waits)
        salvaged.lost_country = settings.ROLE.reports_to_country and not Peer.objects.exists()
    return salvaged


@contextmanager
def _readable(path: Path) -> Iterator[Path]:
    """Give the broken file, or a copy of it whose tables are known again."""
    if grafting.opens(path):
        yield path
        return
    copy = path.with_name(path.name + ".copy")
    wanted = [_name(table) for table in (*tables.KEPT, *JOURNALS)]
    try:
        grafting.graft(path, copy, grafting.layouts(wanted, connection.connection))
        yield copy
    finally:
        grafting.remove(copy)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open the broken database beside the new one, to read only."""
    wanted = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": f"{path.resolve().as_uri()}?mode=ro",
    }
    broken: Any = ConnectionHandler({"default": {}, _ALIAS: wanted}).create_connection(_ALIAS)
    connections[_ALIAS] = broken
    try:
        broken.ensure_connection()
        broken.connection.text_factory = lambda text: text.decode(errors="replace")
        yield broken
    finally:
        broken.close()
        del connections[_ALIAS]


@contextmanager
def _unchecked() -> Iterator[None]:
    """Take rows whose neighbours may be lost."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF")
        try:
            yield
        finally:
            cursor.execute("PRAGMA foreign_keys=ON")


# One table


def _copy_table(table: type[models.Model], broken: Any, salvaged: Salvaged) -> None:
    """Copy what can be read of a small table."""
    name = _name(table)
    fields = table._meta.concrete_fields  # noqa: SLF001 - Django's name for it
    there = _columns(broken, name)
    columns = [one.attname for one in fields if one.column in there]

    def read(low: int, high: int) -> list[tuple[Any, ...]]:
        rows = table._default_manager.using(_ALIAS).extra(  # noqa: SLF001 - no words but ours
            select={"row_number": "rowid"},
            where=["rowid BETWEEN %s AND %s"],
            params=[low, high],
            order_by=["row_number"],
        )
        return list(rows.values_list("row_number", *columns)[:_PORTION])

    def keep(rows: Sequence[tuple[Any, ...]]) -> None:
        tables.insert([table(**dict(zip(columns, row[1:], strict=True))) for row in rows])

    if columns:
        _copy(read, keep, broken, name, salvaged)
    else:
        salvaged.lost.add(name)


def _copy_journal(
    table: type[JournalRow], broken: Any, salvaged: Salvaged, telling: tell.Tell
) -> None:
    """Copy what can be read of a journal; whether it holds is seen when all of it is here."""
    name = _name(table)
    copied = 0

    def read(low: int, high: int) -> list[tuple[Any, ...]]:
        with broken.cursor() as cursor:
            cursor.execute(
                f"SELECT rowid, {journal.COLUMNS} FROM {name} NOT INDEXED"  # noqa: S608 - ours
                f" WHERE rowid BETWEEN %s AND %s ORDER BY rowid LIMIT {_PORTION}",
                [low, high],
            )
            return list(cursor.fetchall())

    def keep(rows: Sequence[tuple[Any, ...]]) -> None:
        nonlocal copied
        journal.store([journal.read(row[1:]) for row in rows])
        copied += len(rows)
        telling(tell.READING_OLD, copied, copied)

    _copy(read, keep, broken, name, salvaged)


def _copy(
    read: _Read,
    keep: Callable[[Sequence[tuple[Any, ...]]], None],
    broken: Any,
    name: str,
    salvaged: Salvaged,
) -> None:
    """Read a table from its first row to its last, around what can't be read or kept."""

    def take(low: int, high: int) -> int:
        """Keep a portion; returns the row number after it."""
        rows = read(low, high)
        with transaction.atomic():
            keep(rows)
        return int(rows[-1][0]) + 1 if len(rows) == _PORTION else high + 1

    low, high = 0, _last(broken, name)
    while low <= high:
        try:
            low = take(low, high)
        except _UNFIT:
            salvaged.lost.add(name)
            end = min(low + _WINDOW - 1, high)
            if not _take_around(take, low, end):
                end = _leap(read, end, high)
            low = end + 1


def _take_around(take: Callable[[int, int], int], low: int, high: int) -> bool:
    """Take what there is between two row numbers, by halves; tells whether there was anything."""
    waiting, anything = [(low, high)], False
    while waiting:
        low, high = waiting.pop()
        try:
            while low <= high:
                low = take(low, high)
            anything = True
        except _UNFIT:
            if low < high:
                middle = (low + high) // 2
                waiting += [(middle + 1, high), (low, middle)]
    return anything


def _leap(read: _Read, end: int, high: int) -> int:
    """Look further and further for a row number from which on it can be read again."""
    step = _WINDOW
    while end + step <= high:
        try:
            read(end + step, end + step)
        except _UNFIT:
            end, step = end + step, 2 * step
        else:
            return end + (step // 2 if step > _WINDOW else 0)
    return high


def _last(broken: Any, name: str) -> int:
    """Return the largest row number of a table, or one that is no smaller."""
    for question in (
        f"SELECT max(rowid) FROM {name} NOT INDEXED",  # noqa: S608 - a table of ours
        f"SELECT max(number) FROM (SELECT rowid AS number FROM {name})",  # noqa: S608 - from an index
        f"SELECT seq FROM sqlite_sequence WHERE name = '{name}'",  # noqa: S608
    ):
        try:
            with broken.cursor() as cursor:
                cursor.execute(question)
                row = cursor.fetchone()
            if row is not None:
                return int(row[0] or 0)
        except _UNFIT:
            continue
    return _LARGEST


def _check_readable(broken: Any) -> None:
    """Look whether the file still says which tables it has. Raises `BeyondSaving`."""
    try:
        if _columns(broken, _name(Stream)) and _columns(broken, _name(Origin)):
            return
    except DatabaseError:
        pass
    raise BeyondSaving(
        "Nothing in the database can be read. `passport restore` brings back a backup."
    )


def _columns(broken: Any, name: str) -> set[str]:
    with broken.cursor() as cursor:
        cursor.execute(f"PRAGMA table_info({name})")
        return {row[1] for row in cursor.fetchall()}


def _drop_strays(salvaged: Salvaged) -> None:
    """Remove rows of streams and origins that are lost: nothing says whose they are."""
    placed: tuple[type[models.Model], ...] = (*JOURNALS, Head, Acknowledged)
    for table in placed:
        rows = table._default_manager  # noqa: SLF001 - Django's name for it
        stray = rows.exclude(stream__in=Stream.objects.all()) | rows.exclude(
            origin__in=Origin.objects.all()
        )
        if stray.exists():
            stray.delete()
            salvaged.lost.add(_name(table))


def _name(table: type[models.Model]) -> str:
    return table._meta.db_table  # noqa: SLF001 - Django's name for it
