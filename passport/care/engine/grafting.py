"""A copy of a broken file of SQLite that can be opened, where the list of its tables is what broke.

SQLite opens nothing whose first page or whose schema it can't read, however whole the rest is; and the
first page is the one that is written most often. The tables' own pages are found again by what is left
of the schema's rows on whichever page they lie; names that lost a bit are recognised. The copy then
gets a first page that names the wanted tables and nothing else.

The layout of pages and cells is SQLite's: https://www.sqlite.org/fileformat2.html, sections 1.3 to 2.1.
"""

from __future__ import annotations

import shutil
import sqlite3
import struct
from collections.abc import Iterable, Iterator
from contextlib import closing
from difflib import get_close_matches
from pathlib import Path
from typing import Final, NamedTuple

from passport.kernel import files

_MAGIC: Final = b"SQLite format 3\0"
_LEAF: Final = 0x0D
"""The first byte of a page that holds rows; `_INNER`: of one that leads to those."""
_INNER: Final = 0x05
_HEADER: Final = 100
_SMALLEST, _LARGEST, _USUAL = 512, 65_536, 4_096
_SCHEMA_COLUMNS: Final = 5
_FIRST_TEXT: Final = 13
_INTEGERS: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
"""Bytes of a whole number, by its type in a record."""

type Columns = list[tuple[str, bool]]
"""The columns of a table, in order, and whether each is the row number itself."""


class Layout(NamedTuple):
    """How a new database lays out a table."""

    columns: Columns
    root: int
    """Its first page: the same in every database that was made in one go."""


def opens(path: Path) -> bool:
    """Tell whether SQLite can read which tables a file has, and has any."""
    try:
        with closing(_connect(path, "ro")) as raw:
            return bool(raw.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    except (sqlite3.Error, UnicodeDecodeError):
        return False


def layouts(tables: Iterable[str], raw: sqlite3.Connection) -> dict[str, Layout]:
    """Ask a healthy database how it lays out some tables."""
    roots = dict(raw.execute("SELECT name, rootpage FROM sqlite_master WHERE type = 'table'"))
    return {name: Layout(_columns_of(name, raw), roots[name]) for name in tables}


def _columns_of(table: str, raw: sqlite3.Connection) -> Columns:
    rows = raw.execute(f"PRAGMA table_info({table})").fetchall()
    return [(row[1], bool(row[5]) and row[2].lower() == "integer") for row in rows]


def graft(path: Path, copy: Path, wanted: dict[str, Layout]) -> set[str]:
    """Make a copy that can be opened, with the wanted tables as far as they are found; which these are."""
    for ending in ("", "-wal"):
        if path.with_name(path.name + ending).exists():
            shutil.copyfile(path.with_name(path.name + ending), copy.with_name(copy.name + ending))
    size = _page_size(copy)
    if not _takes_log(copy):
        _write_first_page(copy, size, version=2)  # then at least its log can be read
        _takes_log(copy)
    copy.with_name(copy.name + "-wal").unlink(missing_ok=True)
    if opens(copy):
        return set(wanted)
    found = dict(_tables(copy, size, wanted))
    _write_first_page(copy, size, version=1)
    with closing(_connect(copy, "rw")) as raw:
        raw.execute("PRAGMA writable_schema=ON")
        for name, (root, columns) in found.items():
            listed = ", ".join(
                f'"{column}" integer PRIMARY KEY' if is_number else f'"{column}"'
                for column, is_number in columns
            )
            raw.execute(
                "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql)"
                " VALUES ('table', ?, ?, ?, ?)",
                [name, name, root, f"CREATE TABLE {name} ({listed})"],
            )
        raw.commit()
    return set(found)


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True)


def _page_size(path: Path) -> int:
    with path.open("rb") as file:
        header = file.read(_HEADER)
    size = int.from_bytes(header[16:18], "big")
    size = _LARGEST if size == 1 else size
    return size if _SMALLEST <= size <= _LARGEST and size.bit_count() == 1 else _USUAL


def _takes_log(path: Path) -> bool:
    """Have the log written into the file; tells whether SQLite took the file for one of its own."""
    try:
        with closing(_connect(path, "rw")) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except (sqlite3.Error, UnicodeDecodeError):
        return False
    return True


def _write_first_page(path: Path, size: int, *, version: int) -> None:
    """Write an empty schema; `version` 2 says that there is a log, 1 that there is none."""
    pages = path.stat().st_size // size
    header = _MAGIC + struct.pack(
        ">HBBBBBBIIIIIIIIIIII20xII",
        size if size < _LARGEST else 1, version, version, 0, 64, 32, 32,
        1, pages, 0, 0, 1, 4, 0, 0, 1, 0, 0, 0, 1, 3_040_000,
    )  # fmt: skip
    leaf = struct.pack(">BHHHB", _LEAF, 0, 0, size % _LARGEST, 0)
    with path.open("rb+") as file:
        file.write((header + leaf).ljust(size, b"\0"))


# What is left of the schema


def _tables(
    path: Path, size: int, wanted: dict[str, Layout]
) -> Iterator[tuple[str, tuple[int, Columns]]]:
    """Find the first pages of the wanted tables; a name that lost a bit is taken for the nearest.

    One of which nothing is left is looked for where a new database has it.
    """
    rows = list(_schema_rows(path, size))
    left = dict(wanted)
    taken = {root for _, root, _ in rows}
    for cutoff in (1.0, 0.9):
        for name, root, said in rows:
            near = get_close_matches(name, left, n=1, cutoff=cutoff)
            if near:
                columns = left.pop(near[0]).columns
                yield near[0], (root, _columns_in(said) or columns)
    for name, (columns, root) in left.items():
        if root not in taken and _holds_rows(path, size, root):
            yield name, (root, columns)


def _holds_rows(path: Path, size: int, number: int) -> bool:
    with path.open("rb") as file:
        file.seek(size * (number - 1))
        return file.read(1) in {bytes([_LEAF]), bytes([_INNER])}


def _columns_in(said: str) -> Columns:
    """Read the columns from the words that made the table: in the field they may stand otherwise."""
    try:
        with closing(sqlite3.connect(":memory:")) as raw:
            raw.execute(said)
            (name,) = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchone()
            return _columns_of(name, raw)
    except (sqlite3.Error, UnicodeError, TypeError):
        return []


def _schema_rows(path: Path, size: int) -> Iterator[tuple[str, int, str]]:
    """Find rows of the schema (name, first page, words) on any page that holds rows."""
    with path.open("rb") as file:
        number = 0
        while page := file.read(size):
            start = 0 if number else _HEADER
            number += 1
            if len(page) == size and page[start] == _LEAF and b"CREATE TABLE" in page:
                yield from _rows_on(page, start)


def _rows_on(page: bytes, start: int) -> Iterator[tuple[str, int, str]]:
    count = min(int.from_bytes(page[start + 3 : start + 5], "big"), len(page) // 2)
    for cell in range(count):
        at = start + 8 + 2 * cell
        try:
            yield _row_at(page, int.from_bytes(page[at : at + 2], "big"))
        except (IndexError, ValueError, KeyError):
            continue


def _row_at(page: bytes, at: int) -> tuple[str, int, str]:
    """Read a record of text, text, text, number, text. Raises what `_rows_on` catches."""
    _, at = _varint(page, at)  # of the payload
    _, at = _varint(page, at)  # the row's number
    begin = at
    length, at = _varint(page, at)
    kinds = []
    while at < begin + length:
        kind, at = _varint(page, at)
        kinds.append(kind)
    if len(kinds) != _SCHEMA_COLUMNS:
        raise ValueError(kinds)
    values: list[bytes] = []
    for kind in kinds:
        width = _INTEGERS[kind] if kind in _INTEGERS else (kind - _FIRST_TEXT) // 2
        values.append(page[at : at + width])
        at += width
    what, name, _, root, said = values
    if what != b"table" or not root:
        raise ValueError(what)
    return name.decode(errors="replace"), int.from_bytes(root, "big"), said.decode(errors="replace")


def _varint(page: bytes, at: int) -> tuple[int, int]:
    """Read a number of one to nine bytes; returns it and where it ends."""
    value = 0
    for _ in range(8):
        byte = page[at]
        at += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:  # noqa: PLR2004 - the last one
            return value, at
    return value << 8 | page[at], at + 1


def remove(copy: Path) -> None:
    """Remove a copy that has served."""
    for ending in ("", "-wal", "-shm", "-journal"):
        copy.with_name(copy.name + ending).unlink(missing_ok=True)
    files.flush_folder(copy.parent)
