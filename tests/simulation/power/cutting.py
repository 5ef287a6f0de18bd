"""Cuts the power at random moments of what was recorded, and looks at the node each time."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import mkdtemp

from tests.simulation.power.checking import Files
from tests.simulation.power.checking import Said as WasSaid
from tests.simulation.power.disk import Disk, Left, write
from tests.simulation.power.recording import (
    Change,
    Name,
    Recording,
    Said,
    Sync,
    SyncNames,
)

type Look = Callable[[Path, Files, WasSaid], list[str]]
"""Opens a node on what was left, given what it had said; returns what is wrong."""
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
"""Where the disks are rebuilt if it is there: SQLite flushes them too, for nobody."""


@dataclass(slots=True)
class Outcome:
    """What came of some cuts."""

    points: int = 0
    failed: int = 0
    troubles: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a recording that is one workload."""

    name: str
    folder: str
    """The name of the node's folder."""
    before: Sequence[Change]
    changes: Sequence[Change]


def parts(recordings: Sequence[Recording]) -> dict[str, Part]:
    """Part recordings where the node said that a workload begins."""
    found = {}
    for recording in recordings:
        changes = recording.changes
        begins = [
            at for at, one in enumerate(changes) if isinstance(one, Said) and "begin" in one.what
        ]
        for begin, end in pairwise([*begins, len(changes)]):
            first = changes[begin]
            assert isinstance(first, Said)
            name = str(first.what["begin"])
            found[name] = Part(name, recording.folder.name, changes[:begin], changes[begin:end])
    return found


def never_flushed(part: Part, forgotten: type[Sync | SyncNames]) -> Part:
    """Forget every flush of files (but of the database), or of folders, as a careless program does."""
    database = {
        change.file
        for change in (*part.before, *part.changes)
        if isinstance(change, Name) and ".sqlite3" in change.path
    }
    kept = [
        change
        for change in part.changes
        if not isinstance(change, forgotten)
        or (isinstance(change, Sync) and change.file in database)
    ]
    return replace(part, changes=kept)


def cut(part: Part, points: int, look: Look, seed: int, *, at_the_end: bool = False) -> Outcome:
    """Cut the power at random points of a workload, or just after it, and look at what is left."""
    chance = Random(f"{part.name} {seed}")
    last = len(part.changes) - 1
    times = Counter([last] * points if at_the_end else chance.choices(range(last + 1), k=points))
    outcome = Outcome()
    for disk in _disks(part, times):
        left = chance.choice(list(Left))
        above = Path(mkdtemp(prefix="passport-power-", dir=MEMORY if MEMORY.is_dir() else None))
        folder = above / part.folder
        folder.mkdir()
        try:
            files = disk.after_power_cut(left, chance)
            write(files, folder)
            troubles = look(folder, files, disk.said)
        finally:
            shutil.rmtree(above)
        outcome.points += 1
        outcome.failed += bool(troubles)
        outcome.troubles.update({f"{left.name}: {trouble}" for trouble in troubles})
    return outcome


def _disks(part: Part, times: Counter[int]) -> Iterator[Disk]:
    """Give the disk after each of these changes, as many times as asked."""
    disk = Disk()
    for change in part.before:
        disk.take(change)
    disk.settle()
    for at, change in enumerate(part.changes):
        disk.take(change)
        for _ in range(times[at]):
            yield disk


def end_of(recording: Recording) -> dict[str, bytes | None]:
    """Return the disk after everything, flushed."""
    disk = Disk()
    for change in recording.changes:
        disk.take(change)
    disk.settle()
    return disk.after_power_cut(Left.NOTHING, Random(0))
