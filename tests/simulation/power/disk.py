"""A disk as it may look after the power went: what was flushed, and of the rest what chance leaves.

Stricter than the usual file systems, so that nothing is proved of one of them only: a file's bytes
last once the file was flushed, and its name once the folder was; until then each 512-byte sector and
each name is kept or not as chance has it, whatever came before or after.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from random import Random

from tests.simulation.power.recording import (
    FOLDER,
    Change,
    Name,
    Said,
    Sync,
    SyncNames,
    Truncate,
    Write,
    moved,
)

SECTOR = 512
KEPT_SHARES = (0.1, 0.5, 0.9)


class Left(Enum):
    """What is left of the writes that were not flushed."""

    NOTHING = "nothing"
    ALL = "all: the power of a process went, not of the machine"
    BEGINNING = "the first of them, the last torn"
    SOME = "some whole writes, whatever their order"
    SECTORS = "some sectors of each"
    GARBAGE = "some sectors; in others what was never written"


@dataclass(slots=True)
class _File:
    flushed: bytes = b""
    waiting: list[Write | Truncate] = field(default_factory=list)

    def flush(self) -> None:
        if self.waiting:
            self.flushed = _done(self.flushed, self.waiting)
            self.waiting.clear()

    def after_power_cut(self, left: Left, chance: Random) -> bytes:
        if not self.waiting or left is Left.NOTHING:
            return self.flushed
        return _done(self.flushed, _that_reached_it(self.waiting, left, chance))


class Disk:
    """The disk of one node while its changes come in."""

    def __init__(self) -> None:
        self._files: dict[int, _File] = {}
        self._names: dict[str, int] = {}
        """Those that were flushed."""
        self._waiting: list[Name] = []
        self.said: list[dict[str, object]] = []
        """What the node has told the world until now."""

    def take(self, change: Change) -> None:
        """Let the next change happen."""
        match change:
            case Write() | Truncate():
                self._files.setdefault(change.file, _File()).waiting.append(change)
            case Sync():
                self._files.setdefault(change.file, _File()).flush()
            case Name():
                if change.file == FOLDER and change.before:
                    # What waits in a renamed folder waits under its new name.
                    self._waiting = [
                        name
                        if name.path == change.before
                        else name._replace(path=moved(name.path, change.before, change.path))
                        for name in self._waiting
                    ]
                self._waiting.append(change)
            case SyncNames():
                kept = []
                for name in self._waiting:
                    if _folder(name.path) == change.folder:
                        _rename(self._names, name)
                    else:
                        kept.append(name)
                self._waiting = kept
            case Said():
                self.said.append(change.what)

    def settle(self) -> None:
        """Flush everything."""
        for file in self._files.values():
            file.flush()
        for name in self._waiting:
            _rename(self._names, name)
        self._waiting.clear()

    def after_power_cut(self, left: Left, chance: Random) -> dict[str, bytes | None]:
        """Return what may be there after a cut at this moment: files with their content, folders."""
        names = dict(self._names)
        for name in _names_that_reached_it(self._waiting, left, chance):
            _rename(names, name)
        found: dict[str, bytes | None] = {}
        for path, file in sorted(names.items()):  # a folder comes before what is in it
            folder = _folder(path)
            if folder and folder not in found:
                continue
            if file == FOLDER:
                found[path] = None
            else:
                held = self._files.get(file)
                found[path] = held.after_power_cut(left, chance) if held else b""
        return found


def write(found: dict[str, bytes | None], folder: Path) -> None:
    """Make real files of what was found."""
    for path, content in found.items():
        if content is None:
            (folder / path).mkdir(exist_ok=True)
        else:
            (folder / path).write_bytes(content)


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _rename(names: dict[str, int], name: Name) -> None:
    if name.before and name.file == FOLDER:
        for path in [each for each in names if each.startswith(f"{name.before}/")]:
            names[moved(path, name.before, name.path)] = names.pop(path)
    if name.before:
        names.pop(name.before, None)
    if name.file is None:
        names.pop(name.path, None)
    else:
        names[name.path] = name.file


def _names_that_reached_it(waiting: list[Name], left: Left, chance: Random) -> Iterator[Name]:
    if left is Left.NOTHING:
        return
    if left in {Left.ALL, Left.BEGINNING}:
        yield from waiting if left is Left.ALL else waiting[: chance.randint(0, len(waiting))]
        return
    share = chance.choice(KEPT_SHARES)
    yield from (name for name in waiting if chance.random() < share)


def _that_reached_it(
    waiting: list[Write | Truncate], left: Left, chance: Random
) -> Iterator[Write | Truncate]:
    if left is Left.ALL:
        yield from waiting
    elif left is Left.BEGINNING:
        last = chance.randrange(len(waiting))
        yield from waiting[:last]
        pieces = list(_sectors(waiting[last]))
        yield from pieces[: chance.randint(0, len(pieces))]
    else:
        share = chance.choice(KEPT_SHARES)
        for change in waiting:
            for piece in [change] if left is Left.SOME else _sectors(change):
                if chance.random() < share:
                    yield piece
                elif left is Left.GARBAGE and isinstance(piece, Write) and chance.random() < share:
                    yield piece._replace(content=chance.randbytes(len(piece.content)))


def _sectors(change: Write | Truncate) -> Iterator[Write | Truncate]:
    """Part a write as the disk does."""
    if isinstance(change, Truncate):
        yield change
        return
    end = change.offset + len(change.content)
    at = change.offset
    while at < end:
        then = min(end, (at // SECTOR + 1) * SECTOR)
        yield Write(change.file, at, change.content[at - change.offset : then - change.offset])
        at = then


def _done(before: bytes, changes: Iterable[Write | Truncate]) -> bytes:
    content = bytearray(before)
    for change in changes:
        _do(content, change)
    return bytes(content)


def _do(content: bytearray, change: Write | Truncate) -> None:
    if isinstance(change, Truncate):
        size = change.size
        if size < len(content):
            del content[size:]
    else:
        size = change.offset
    if size > len(content):
        content.extend(bytes(size - len(content)))
    if isinstance(change, Write):
        content[change.offset : change.offset + len(change.content)] = change.content
