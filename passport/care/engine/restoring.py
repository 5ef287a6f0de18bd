"""A backup becomes this node's database: checked whole, loaded beside, then exchanged in one step."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec
from django.conf import settings
from django.db import DatabaseError, models, transaction
from django.utils.translation import gettext_noop as n_

from passport.care.engine import exchange, journal, keys, parts, tables, tell
from passport.care.engine.chains import Row, hash_of
from passport.care.engine.erasures import replay_erasures
from passport.care.engine.journal import Names, Place
from passport.care.engine.parts import Header, Manifest, Part
from passport.care.engine.running import stopped
from passport.care.engine.saving import CONTENT
from passport.care.errors import BackupDamaged, NoBackup, NotOurs, TakesPlace
from passport.fleet import queries as fleet
from passport.kernel.actor import Actor
from passport.kernel.clock import moment
from passport.kernel.encoding import UNREADABLE, read
from passport.kernel.errors import Damaged, NoRoom
from passport.library import actions as library
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.policies import check_room
from passport.privacy import facts as privacy
from passport.sync import actions as sync

AWAITS_ERASURES: Final = n_(
    "This box was restored from a backup. It serves nobody until a parcel from the country has said"
    " who was erased since."
)
AWAITS_HUBS: Final = n_(
    "This country was restored without its list of the erased. It serves nobody until every hub has"
    " said whom it knows to be erased. Still to be heard: %(hubs)s."
)
_AT_ONCE: Final = 2_500
_GROWS: Final = 24
"""A database and its log take so many times the room of the backup. Measured: 14 and half of that."""
_TABLES: Final = {table._meta.label: table for table in tables.KEPT}  # noqa: SLF001 - Django's name


class _Line(msgspec.Struct, array_like=True):
    hlc: int
    kind: str
    body: msgspec.Raw
    dep: msgspec.Raw = msgspec.Raw(b"null")


_line = msgspec.json.Decoder(_Line)
_content = msgspec.json.Decoder(tuple[str, str, int])


@dataclass(slots=True)
class Restored:
    """What a restore came to."""

    manifest: Manifest
    folder: Path
    entries: int = 0
    files: int = 0
    """Of content, that were brought back; `lacking` could not be."""
    lacking: int = 0
    people: int | None = None
    """Whose keys came back; None: the folder has no file of keys."""
    awaits_erasures: bool = False
    streams_with_holes: set[int] = field(default_factory=set)
    seconds: float = 0.0

    def told(self) -> Iterator[tuple[str, dict[str, object]]]:
        """Say what came of it, sentence by sentence: what is to be translated, and its parts."""
        made = moment(self.manifest.made)
        yield (
            n_("The backup of %(date)s is back: %(entries)s entries, in %(seconds)s seconds."),
            {
                "date": f"{made:%Y-%m-%d %H:%M}",
                "entries": f"{self.entries:,}",
                "seconds": round(self.seconds),
            },
        )
        if self.people is None:
            yield (
                n_("There was no file of people's keys: their names come with the next parcel."),
                {},
            )
        if self.streams_with_holes:
            yield (
                n_(
                    "Streams of which something may be missing here: %(number)s. The next parcels ask for it."
                ),
                {"number": len(self.streams_with_holes)},
            )
        if self.lacking:
            yield (
                n_(
                    "Files of content that the backup lacks: %(number)s. The next parcel brings them."
                ),
                {"number": self.lacking},
            )
        if self.awaits_erasures:
            yield awaited()


def awaited() -> tuple[str, dict[str, object]]:
    """Say what a restored node waits for before it serves anybody."""
    if node_queries.role().may_publish:
        return AWAITS_HUBS, {"hubs": ", ".join(fleet.untold_erasures())}
    return AWAITS_ERASURES, {}


def restore(
    folder: Path, *, replace: bool, keys_from: Path, knows_all_erasures: bool, telling: tell.Tell
) -> Restored:
    """Make a node out of the newest whole backup in a folder.

    Raises `NoBackup`, `NotOurs`, `BackupDamaged`, `TakesPlace`, `StopFirst` and `NoRoom`; then
    nothing was changed.
    """
    began = time.monotonic()
    found, manifest = _newest(folder)
    if exchange.is_here() and not replace:
        raise TakesPlace("There is a database here already. With --replace it is put aside.")
    with stopped():
        parts.check(
            found, manifest.parts, lambda done, total: telling(tell.CHECKING_BACKUP, done, total)
        )
        check_room(Path(settings.DATA), _GROWS * sum(part.size for part in manifest.parts))
        restored = Restored(manifest, found)
        try:
            with exchange.new_database():
                _fill(restored, keys_from, telling)
                _erase_again(restored, knows_all=knows_all_erasures)
        except (DatabaseError, OverflowError) as problem:  # signed, and yet it can't be stored
            raise BackupDamaged("This backup can't be read. It was not used.") from problem
    restored.seconds = time.monotonic() - began
    return restored


def _newest(folder: Path) -> tuple[Path, Manifest]:
    key = node_queries.public_key()
    if not parts.is_backup(folder):
        found = [path for _, path in sorted(parts.backups_in(folder, key))]
        if not found and any(parts.backups_in(folder)):
            raise NotOurs("The backups in %(folder)s are another node's.", folder=folder)
        if not found:
            raise NoBackup("There is no backup in %(folder)s.", folder=folder)
        folder = found[-1]
    return folder, parts.read_manifest(folder, bytes.fromhex(key))


def _fill(restored: Restored, keys_from: Path, telling: tell.Tell) -> None:
    loading = _Loading(restored, telling)
    for part in restored.manifest.parts:
        with transaction.atomic():
            loading.take(part)
    loading.close()
    tables.after_insert()
    machine = Actor.machine()
    node.ask_again(by=machine, streams=restored.streams_with_holes)
    restored.people = keys.bring_back(keys_from, bytes.fromhex(restored.manifest.node))
    telling(tell.REBUILDING, 0, 1)
    sync.rebuild(by=machine)
    telling(tell.REBUILDING, 1, 1)
    node.begin_again(by=machine, name=settings.NODE_NAME, awaits_erasures=True)


def _erase_again(restored: Restored, *, knows_all: bool) -> None:
    """Erase whom the ledger names; the doors stay shut where others may be missing in it."""
    restored.awaits_erasures = not (knows_all or node_queries.knows_every_erasure())
    if restored.awaits_erasures:
        privacy.bury_again(node_queries.erasures_remembered())
    else:
        replay_erasures()


class _Loading:
    """Takes part after part; what the header line says holds for the lines below it."""

    def __init__(self, restored: Restored, telling: tell.Tell) -> None:
        self._restored = restored
        self._telling = telling
        self._names: dict[str, dict[str, int]] | None = None

    def take(self, part: Part) -> None:
        """Load one part. Raises `BackupDamaged`."""
        try:
            for header, lines in _sections(parts.lines_of(self._restored.folder, part)):
                if header.table is not None:
                    self._take_table(header, lines)
                elif header.chain is not None:
                    self._take_chain(header, header.chain, lines)
                elif header.hole is not None:
                    self._restored.streams_with_holes.add(self._place(header.hole)[0])
                elif header.content is not None:
                    self._take_content(lines)
        except (*UNREADABLE, Damaged, KeyError, ValueError) as problem:
            raise BackupDamaged("This backup can't be read. It was not used.") from problem

    def close(self) -> None:
        """Look whether all is here that was signed for. Raises `BackupDamaged`."""
        if self._restored.entries != self._restored.manifest.entries:
            raise BackupDamaged("This backup can't be read. It was not used.")

    def _take_table(self, header: Header, lines: Iterator[bytes]) -> None:
        table = _TABLES.get(header.table or "")
        if table is None:
            return  # a later version's, or one that is gone
        shape = tables.Shape(table, header.columns)
        rows: list[models.Model] = []
        for line in lines:
            rows.append(shape.decode(line))
            if len(rows) == _AT_ONCE:
                tables.insert(rows)
                rows = []
        tables.insert(rows)

    def _take_chain(self, header: Header, chain: tuple[str, str], lines: Iterator[bytes]) -> None:
        stream, origin = self._place(chain)
        hashed, rows = header.prev, list[tuple[int, int, Row]]()
        for seq, line in enumerate(lines, header.first):
            said = _line.decode(line)
            body, dep = bytes(said.body), bytes(said.dep)
            row = Row(seq, said.hlc, said.kind, body, None if dep == b"null" else dep, b"")
            hashed = hash_of(chain[1], chain[0], row, hashed)
            rows.append((stream, origin, row._replace(hash=hashed)))
            if len(rows) == _AT_ONCE:
                self._keep(rows)
                rows = []
        self._keep(rows)

    def _keep(self, rows: list[tuple[int, int, Row]]) -> None:
        journal.store(rows)
        self._restored.entries += len(rows)
        self._telling(tell.LOADING, self._restored.entries, self._restored.manifest.entries)

    def _place(self, chain: tuple[str, str]) -> Place:
        if self._names is None:  # the tables come first
            names = Names.read()
            self._names = {
                "streams": {wire: pk for pk, wire in names.streams.items()},
                "origins": {wire: pk for pk, wire in names.origins.items()},
            }
        return self._names["streams"][chain[0]], self._names["origins"][chain[1]]

    def _take_content(self, lines: Iterator[bytes]) -> None:
        folder = self._restored.folder.parent / CONTENT
        for line in lines:
            sha256, extension, _ = _content.decode(line)
            try:
                library.bring_back(
                    by=Actor.machine(),
                    sha256=sha256,
                    extension=extension,
                    source=folder / f"{sha256}.{extension}",
                )
                self._restored.files += 1
            except (Damaged, NoRoom, OSError):
                self._restored.lacking += 1


def _sections(lines: Iterator[bytes]) -> Iterator[tuple[Header, Iterator[bytes]]]:
    """Part lines at those that say what follows; each section is to be read before the next."""
    following: list[bytes] = [next(lines, b"")]

    def below() -> Iterator[bytes]:
        for line in lines:
            if line.startswith(b"{"):
                following.append(line)
                return
            yield line

    while following:
        header = read(following.pop(), Header)
        section = below()
        yield header, section
        for _ in section:  # what was passed over
            pass
