"""Opens a node on what a power cut left, and tells everything that is not as was promised.

Thousands of cuts leave far fewer databases that differ, since most of what wasn't flushed is nothing to
SQLite. So each cut's database is opened and read, page by page; what takes longer is looked at once for
each database and set of files that is really another.
"""

from __future__ import annotations

import shutil
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.conf import settings as node_settings
from django.db import DatabaseError, connection

from passport import settings
from passport.care import actions as care
from passport.kernel.errors import PassportError
from passport.kernel.files import PART
from passport.library.models import Blob, BlobState, Course, VersionBlob
from passport.node import actions
from passport.node.engine.journal import forget_origin
from passport.node.models import Head
from passport.node.queries import introduction
from passport.sync.errors import UsedUp
from tests.simulation.nodes import MACHINE, Node
from tests.simulation.picture import picture
from tests.simulation.sound import broken_chains, counted_otherwise

type Said = Sequence[Mapping[str, Any]]
"""What the node had told the world before the cut."""
type Files = Mapping[str, bytes | None]
"""What the cut left, by name; None is a folder."""
type More = Callable[[Node], Iterable[str]]
"""Looks at what else a workload promises; returns what is wrong."""
LOST = "lost though acknowledged"
REFUSALS = (DatabaseError, PassportError, OSError, ValueError)
"""What opening a node may raise: the last for settings that can't be read."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is in a node, as far as something was promised of it."""

    troubles: Sequence[str]
    events: frozenset[str] = frozenset()
    heads: Mapping[tuple[int, int], int] | None = None
    shown: frozenset[str] = frozenset()

    def lacks(self, said: Said) -> Iterator[str]:
        """Compare it with what the node had said."""
        if self.heads is None:  # it didn't open: there is nothing to compare
            return
        for line in said:
            lost = set(line.get("events", ())) - self.events
            if lost:
                yield f"{LOST}: {len(lost)} answers"
            for stream, origin, seq in line.get("heads", ()):
                if self.heads.get((stream, origin), 0) < seq:
                    yield f"{LOST}: a parcel up to {seq} of stream {stream}"
            if "shown" in line and line["shown"] not in self.shown:
                yield f"{LOST}: the new version of the course"


class Looking:
    """Looks at one node after many cuts."""

    def __init__(self, *more: More, before: Callable[[Node], None] | None = None) -> None:
        """`before` is what a start does before it opens the database."""
        self._more = more
        self._before = before
        self._known: dict[int, Found] = {}

    def __call__(self, folder: Path, files: Files, said: Said) -> list[str]:
        """Open the node; returns what is wrong with it."""
        try:
            with opened(folder) as node:
                if self._before is not None:
                    self._before(node)
                found = self._look(node, files)
        except REFUSALS as problem:
            return [f"it doesn't open: {type(problem).__name__}: {problem}"]
        return [*found.troubles, *found.lacks(said)]

    def _look(self, node: Node, files: Files) -> Found:
        with node:
            introduction()  # the key file is there and fits the database
            state = _state(files)
        if state not in self._known:
            with node:
                found = _found()
            more = [trouble for look in self._more for trouble in look(node)]
            self._known[state] = Found(
                [*found.troubles, *more], found.events, found.heads, found.shown
            )
        return self._known[state]


@contextmanager
def opened(folder: Path) -> Iterator[Node]:
    """Wake up the node in this folder."""
    forget_origin()
    node = Node(folder, "After the cut", is_country=folder.name == "country", is_bare=True)
    try:
        yield node
    finally:
        node.close()


def _found() -> Found:
    with connection.cursor() as cursor:
        events = frozenset(row[0] for row in cursor.execute("SELECT id FROM records_event"))
    return Found(
        list(_troubles()),
        events,
        {(head.stream_id, head.origin_id): head.seq for head in Head.objects.all()},
        frozenset(course.current_id.hex for course in Course.objects.all() if course.current_id),
    )


def _troubles() -> Iterator[str]:
    """What must hold in every node at every moment."""
    with connection.cursor() as cursor:
        said = cursor.execute("PRAGMA integrity_check").fetchone()[0]
    if said != "ok":
        yield f"integrity: {said}"
    yield from (f"journal: {trouble}" for trouble in broken_chains())
    yield from (f"progress: {trouble}" for trouble in counted_otherwise())
    yield from _files()
    for course in Course.objects.filter(current__isnull=False).select_related("current"):
        lacking = VersionBlob.objects.filter(version=course.current, blob__state=BlobState.MISSING)
        if not (course.current and course.current.ready) or lacking.exists():
            yield "course: the version shown is not whole"


def _files() -> Iterator[str]:
    """What has the name of a blob is that blob, and what the library counts on is there."""
    whole = set()
    for folder in (node_settings.MEDIA, node_settings.MEDIA.parent / "lessons"):
        for path in folder.glob("[0-9a-f]*.*"):
            if sha256(path.read_bytes()).hexdigest() == path.stem:
                whole.add(path.stem)
            else:
                yield f"files: {path.name} is not whole"
    counted = Blob.objects.filter(state=BlobState.PRESENT).values_list("sha256", flat=True)
    for name in set(counted) - whole:
        yield f"files: {name} is counted on and not here"


# What some workloads promise besides


def the_stick_again(sticks: Sequence[Path], promised: Said) -> More:
    """Hand in the sticks again, now that the power is back: all must come that was promised in the end.

    Done at every fourth state: it takes longer than all the rest.
    """
    turn = cycle((True, False, False, False))

    def look(node: Node) -> Iterator[str]:
        if not next(turn):
            return
        for stick in sticks:
            taken = node.take(file.read_bytes() for file in sorted(stick.iterdir()))
            for _, problem in taken.refused:
                if not isinstance(problem, UsedUp):  # then what was in it is here: see below
                    yield f"the stick, again: {problem}"
        with node:
            found = _found()
        yield from (
            f"the stick, again: {each}" for each in (*found.troubles, *found.lacks(promised))
        )

    return look


def the_same_tables() -> More:
    """Compare the projections with what they were at the first look."""
    first: list[dict[str, Counter[str]]] = []

    def look(node: Node) -> Iterator[str]:
        with node:
            first.append(picture(shared=False))
        yield from (f"rebuilt: {name}" for name in first[0] if first[0][name] != first[-1][name])

    return look


class Backups:
    """Looks at a medium with backups: the newest whole one is no older than what was said to be done."""

    def __init__(self, keys: Path) -> None:
        """`keys` is the folder of the node whose backups these are."""
        self._keys = keys
        self._restored: dict[frozenset[str], int] = {}

    def __call__(self, folder: Path, files: Files, said: Said) -> list[str]:
        """Restore; returns what is wrong."""
        named = frozenset(name for name in files if PART not in name)
        try:
            if named not in self._restored:
                self._restored[named] = self._restore(folder)
        except REFUSALS as problem:
            return [f"it can't be restored: {type(problem).__name__}: {problem}"]
        promised = max((line["backed_up"] for line in said if "backed_up" in line), default=0)
        return [f"{LOST}: a backup"] if self._restored[named] < promised else []

    def _restore(self, folder: Path) -> int:
        home = folder.with_name("home")
        shutil.copytree(self._keys, home / "keys")
        with opened(home) as node, node:
            return care.restore(by=MACHINE, folder=folder, replace=True).entries


def finish_exchange(node: Node) -> None:
    """Do what a start does before it opens the database."""
    with node:
        care.finish_exchange()


class Beginnings:
    """Looks at a node that was being made, or upgraded: begun again, it must be as any other."""

    def __init__(self, done: str) -> None:
        """From when on the node has said that this is `done`, it must open without more ado."""
        self._done = done
        self._look = Looking()
        self._begun: dict[int, list[str]] = {}

    def __call__(self, folder: Path, files: Files, said: Said) -> list[str]:
        """Open the node, or begin again; returns what is wrong with it."""
        try:
            if not any(self._done in line for line in said):
                return self._begin_again(folder, files, said)
            return [*_settings_troubles(folder), *self._look(folder, files, said)]
        except REFUSALS as problem:
            return [f"it can't be begun again: {type(problem).__name__}: {problem}"]

    def _begin_again(self, folder: Path, files: Files, said: Said) -> list[str]:
        for name in ("data", "keys"):
            (folder / name).mkdir(exist_ok=True)
        with opened(folder) as node, node:
            state = _state(files)
            if state in self._begun:
                return self._begun[state]
            actions.upgrade_database(by=MACHINE)
            actions.set_up(by=MACHINE, name="Mango")
        self._begun[state] = [*_settings_troubles(folder), *self._look(folder, files, said)]
        return self._begun[state]


def _state(files: Files) -> int:
    """Sum up the database as SQLite gives it, and the files that mean something."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA user_version")
    others = frozenset(
        (name, content)
        for name, content in files.items()
        if ".sqlite3" not in name and PART not in name
    )
    return hash((connection.connection.serialize(), others))


def _settings_troubles(folder: Path) -> Iterator[str]:
    """Two files are read before anything else."""
    file = folder / "passport.toml"
    if file.exists() and tomllib.loads(file.read_text()).get("role") != "hub":
        yield "passport.toml: another role than was asked for"
    with patch.object(settings, "HOME", folder):
        if not settings._secret_key():
            yield "session.key is empty"
