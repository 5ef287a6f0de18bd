"""Making a backup of a running node.

One short look takes down the small tables and how far each chain goes; the journal only grows, so its
rows up to there can be read afterwards, portion by portion, while writing goes on. Every row's hash is
worked out on the way: a backup holds what holds, and names the rest.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256 as new_sha256
from pathlib import Path
from typing import Final

import msgspec

from passport import __version__
from passport.care.engine import journal, keys, parts, tables, tell
from passport.care.engine.chains import Found, Row, State, walk
from passport.care.engine.parts import MANIFEST, PURPOSE, VERSION, Header, Manifest, Signed, Writer
from passport.kernel import files
from passport.kernel.clock import now_ms
from passport.kernel.encoding import canonical
from passport.kernel.errors import Damaged
from passport.library import queries as library
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.policies import check_room

CONTENT: Final = "content"
"""The folder beside the backups in which files of content lie, each once for all of them."""
_TELL_EVERY: Final = 10_000
_ABANDONED_SECONDS: Final = 3600


@dataclass(slots=True)
class Saved:
    """What a backup came to."""

    folder: Path
    entries: int = 0
    people: int = 0
    holes: int = 0
    files: int = 0
    """Of content, all that belong to it; `copied` were not in the folder yet."""
    copied: int = 0
    damaged: int = 0
    """Files of content that are not what they were, and so were left out."""
    bytes: int = 0
    seconds: float = 0.0


def save(into: Path, *, keys_into: Path, with_content: bool, telling: tell.Tell) -> Saved:
    """Write a backup into a folder, beside those that are there. Raises `NoRoom`."""
    began = time.monotonic()
    ours = node_queries.introduction()
    _sweep(into)
    made = _after_those_in(into, ours.key)
    name = parts.folder_name(made, ours.key)
    with _hidden(into, name) as folder:
        saved = Saved(into / name)
        writer = Writer(folder)
        with tables.one_moment():
            heads, names = _save_tables(writer)
            saved.people = keys.save(keys_into, ours.key, made)
        _save_journal(writer, heads, names, saved, telling)
        if with_content:
            _save_content(writer, into / CONTENT, saved, telling)
        writer.close()
        manifest = Manifest(
            backup=VERSION,
            node=ours.key,
            made=made,
            program=__version__,
            entries=saved.entries,
            people=saved.people,
            holes=saved.holes,
            files=saved.files,
            bytes=saved.bytes,
            parts=writer.parts,
        )
        said = canonical(manifest)
        signed = Signed(msgspec.Raw(said), node.sign(PURPOSE, said))
        files.write(folder / MANIFEST, canonical(signed))
    saved.bytes += sum(part.size for part in writer.parts)
    saved.seconds = time.monotonic() - began
    return saved


def _after_those_in(into: Path, key: str) -> int:
    """Return the time that the next backup has: later than the last one's, whatever the clock says."""
    last = max((made for made, _ in parts.backups_in(into, key)), default=0)
    return max(now_ms(), last + 1000)


@contextmanager
def _hidden(into: Path, name: str) -> Iterator[Path]:
    """Give a folder that gets its name when the block ends well, and goes when it doesn't."""
    folder = into / f"{files.PART}{name}"
    files.make_folder(folder)
    try:
        yield folder
        files.rename(folder, into / name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _sweep(into: Path) -> None:
    """Remove what backups that were cut short have left."""
    if into.is_dir():
        files.sweep(into)
        for folder in into.glob(f"{files.PART}*"):
            if folder.is_dir() and time.time() - folder.stat().st_mtime > _ABANDONED_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def _save_tables(writer: Writer) -> tuple[dict[journal.Place, tuple[int, bytes]], journal.Names]:
    for table in tables.KEPT:
        shape = tables.Shape(table)
        label = table._meta.label  # noqa: SLF001 - Django's name for it
        header = partial(Header, table=label, columns=shape.columns)
        for row in shape.rows():
            writer.put(tables.encode(row), label, header)
    return journal.heads(), journal.Names.read()


def _save_journal(
    writer: Writer,
    heads: dict[journal.Place, tuple[int, bytes]],
    names: journal.Names,
    saved: Saved,
    telling: tell.Tell,
) -> None:
    total = sum(seq for seq, _ in heads.values())
    for place, rows in journal.chains():
        until, head = heads.pop(place, (0, b""))
        if not until:
            continue  # begun since
        chain = names.streams[place[0]], names.origins[place[1]]
        known = (row for row in rows if row.seq <= until)
        run = 0
        for found in walk(chain[1], chain[0], known, until=until, head=head):
            if found.row is None or found.state is State.BAD:
                run += 1
                saved.holes += found.last - found.first + 1
                writer.say(Header(hole=chain, first=found.first, last=found.last))
            elif found.state is not State.HEAD:
                _put(writer, chain, run, found, found.row)
                saved.entries += 1
                if saved.entries % _TELL_EVERY == 0:
                    telling(tell.SAVING_JOURNAL, saved.entries, total)
    for (stream, origin), (until, _) in heads.items():
        saved.holes += until
        chain = names.streams[stream], names.origins[origin]
        writer.say(Header(hole=chain, first=1, last=until))


def _put(writer: Writer, chain: tuple[str, str], run: int, found: Found, row: Row) -> None:
    kind = canonical(row.kind)
    line = b"[%d,%b,%b" % (row.hlc, kind, row.body) + (
        b"]" if row.dep is None else b",%b]" % row.dep
    )
    writer.put(
        line,
        (chain, run),
        lambda: Header(chain=chain, first=found.first, prev=found.prev or b""),
    )


def _save_content(writer: Writer, folder: Path, saved: Saved, telling: tell.Tell) -> None:
    """Copy the files that the folder lacks, and name all that belong to this backup."""
    here = list(library.every_file())
    header = partial(Header, content=["sha256", "extension", "size"])
    for number, (sha256, extension, size, path) in enumerate(here, 1):
        target = folder / f"{sha256}.{extension}"
        try:
            if not (target.is_file() and target.stat().st_size == size):
                _copy(path, target, sha256, size)
                saved.copied += 1
        except (Damaged, OSError):
            saved.damaged += 1
            continue
        saved.files += 1
        saved.bytes += size
        writer.put(tables.encode((sha256, extension, size)), "content", header)
        telling(tell.SAVING_CONTENT, number, len(here))


def _copy(path: Path, target: Path, sha256: str, size: int) -> None:
    check_room(target.parent, size)
    hashed = new_sha256()
    with files.writing(target) as sink, path.open("rb") as source:
        while piece := source.read(1024 * 1024):
            hashed.update(piece)
            sink.write(piece)
        if hashed.hexdigest() != sha256:
            raise Damaged("This file of content is not what its name says.")
