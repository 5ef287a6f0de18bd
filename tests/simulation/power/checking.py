"""Opens a node on what a power cut left, and tells everything that is not as was promised."""

from __future__ import annotations

import sqlite3
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

from django.db import DatabaseError, connection

from passport import settings
from passport.kernel.errors import PassportError
from passport.library.models import Blob, BlobState, Course, VersionBlob
from passport.node import actions
from passport.node.engine.journal import forget_origin
from passport.node.models import Head
from passport.node.queries import introduction
from tests.simulation.nodes import MACHINE, Node
from tests.simulation.picture import picture
from tests.simulation.sound import broken_chains, counted_otherwise

type Said = Sequence[dict[str, Any]]
"""What the node had told the world before the cut."""
type Look = Callable[[Path, Said], list[str]]
"""Looks at a node's folder; returns what is wrong with it."""


def look_at_node(folder: Path, said: Said, more: Callable[[], Iterable[str]] = tuple) -> list[str]:
    """Open a node and look at all that must hold in it at every moment, and at what else is asked for."""
    try:
        with opened(folder) as node, node:
            return [*_troubles(said), *more()]
    except (DatabaseError, PassportError, OSError) as problem:
        return [f"it doesn't open: {type(problem).__name__}: {problem}"]


@contextmanager
def opened(folder: Path) -> Iterator[Node]:
    """Wake up the node in this folder."""
    forget_origin()
    node = Node(folder, "After the cut", is_country=folder.name == "country", is_bare=True)
    try:
        yield node
    finally:
        node.close()


def _troubles(said: Said) -> Iterator[str]:
    introduction()  # the key file is there and fits the database
    with connection.cursor() as cursor:
        found = cursor.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        yield f"integrity: {found}"
    yield from (f"journal: {trouble}" for trouble in broken_chains())
    yield from (f"progress: {trouble}" for trouble in counted_otherwise())
    yield from _events(said)
    yield from _heads(said)
    yield from _files()
    yield from _courses(said)


def _events(said: Said) -> Iterator[str]:
    with (
        connection.cursor() as cursor
    ):  # as SQLite holds them: making thousands of UUIDs takes longer
        held = {row[0] for row in cursor.execute("SELECT id FROM records_event")}
    for line in said:
        lost = set(line.get("events", ())) - held
        if lost:
            yield f"{LOST}: {len(lost)} answers"


def _heads(said: Said) -> Iterator[str]:
    held = {(head.stream_id, head.origin_id): head.seq for head in Head.objects.all()}
    for line in said:
        for stream, origin, seq in line.get("heads", ()):
            if held.get((stream, origin), 0) < seq:
                yield f"{LOST}: a parcel up to {seq} of stream {stream}"


LOST = "lost though acknowledged"


def _files() -> Iterator[str]:
    """What has the name of a blob is that blob, and what the library counts on is there."""
    from django.conf import settings as node

    whole = set()
    for folder in (node.MEDIA, node.MEDIA.parent / "lessons"):
        for path in folder.glob("[0-9a-f]*.*"):
            if sha256(path.read_bytes()).hexdigest() == path.stem:
                whole.add(path.stem)
            else:
                yield f"files: {path.name} is not whole"
    counted = Blob.objects.filter(state=BlobState.PRESENT).values_list("sha256", flat=True)
    for name in set(counted) - whole:
        yield f"files: {name} is counted on and not here"


def _courses(said: Said) -> Iterator[str]:
    for course in Course.objects.select_related("current"):
        if course.current is None:
            continue
        lacking = VersionBlob.objects.filter(version=course.current, blob__state=BlobState.MISSING)
        if not course.current.ready or lacking.exists():
            yield "course: the version shown is not whole"
        shown = [line["shown"] for line in said if "shown" in line]
        if shown and course.current_id != UUID(shown[-1]):
            yield f"{LOST}: the new version of the course"


# Looks of some workloads: the same, and what else they promise


class GoesOn:
    """Looks as always; and at some states hands in the stick again: everything must come in the end."""

    def __init__(self, sticks: Sequence[Path], promised: Said, every: int) -> None:
        """`promised` is all that the node said, to the end; hand in at every so-manieth state."""
        self._sticks = [[file.read_bytes() for file in sorted(stick.iterdir())] for stick in sticks]
        self._promised = promised
        self._every = every
        self._looked = 0

    def __call__(self, folder: Path, said: Said) -> list[str]:
        troubles = look_at_node(folder, said)
        self._looked += 1
        if troubles or self._looked % self._every:
            return troubles
        with opened(folder) as node:
            for files in self._sticks:
                taken = node.take(files)
                troubles += [f"the stick, again: {problem}" for _, problem in taken.refused]
        return [
            *troubles,
            *(f"the stick, again: {said}" for said in look_at_node(folder, self._promised)),
        ]


class SameTables:
    """Looks as always, and whether the projections are still what they were when the work began."""

    def __init__(self) -> None:
        self._seen: dict[str, Counter[str]] | None = None

    def __call__(self, folder: Path, said: Said) -> list[str]:
        return look_at_node(folder, said, self._others)

    def _others(self) -> Iterator[str]:
        seen = picture(shared=False)
        self._seen = self._seen or seen
        yield from (
            f"rebuilt: {name} is another" for name in seen if seen[name] != self._seen[name]
        )


# Beginnings: a node that is not whole yet must be made whole by beginning again


class Beginnings:
    """Looks at nodes that were being made, or made anew; each state that is really another is begun once."""

    def __init__(self, done: str) -> None:
        """From when on the node has said that this is `done`, it must open as any other."""
        self._done = done
        self._begun: dict[str, list[str]] = {}

    def __call__(self, folder: Path, said: Said) -> list[str]:
        if any(self._done in line for line in said):
            return [*_settings_troubles(folder), *look_at_node(folder, said)]
        try:
            state = _state_of(folder)
        except sqlite3.Error as problem:
            return [f"it doesn't open: {problem}"]
        if state not in self._begun:
            self._begun[state] = _begin_again(folder, said)
        return self._begun[state]


def _state_of(folder: Path) -> str:
    """Sum up what is there as far as a beginning depends on it."""
    seen: list[object] = [(path.name, path.stat().st_size > 0) for path in folder.glob("*")]
    seen += [(path.name, path.stat().st_size) for path in sorted(folder.glob("keys/*"))]
    database = folder / "data" / "passport.sqlite3"
    if database.exists():
        with closing(sqlite3.connect(database)) as found:
            seen += found.execute("PRAGMA integrity_check").fetchall()
            tables = found.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
            names = {name for name, _ in tables}
            seen += tables
            for table in {"django_migrations", "node_identity", "records_event"} & names:
                seen += found.execute(f"SELECT id FROM {table} ORDER BY id").fetchall()  # noqa: S608
    return repr(seen)


def _begin_again(folder: Path, said: Said) -> list[str]:
    """Do what the administrator does when the power is back: the same command."""
    for name in ("data", "keys"):
        (folder / name).mkdir(exist_ok=True)
    forget_origin()
    node = Node(folder, "After the cut", is_country=False, is_bare=True)
    try:
        with node:
            actions.upgrade_database(by=MACHINE)
            actions.set_up(by=MACHINE, name="Mango")
    except (DatabaseError, PassportError, OSError) as problem:
        return [f"it can't be begun again: {type(problem).__name__}: {problem}"]
    finally:
        node.close()
    return [*_settings_troubles(folder), *look_at_node(folder, said)]


def _settings_troubles(folder: Path) -> Iterator[str]:
    """The two files that are read before anything else."""
    file = folder / "passport.toml"
    if file.exists() and tomllib.loads(file.read_text()).get("role") != "hub":
        yield "passport.toml: another role than was asked for"
    with patch.object(settings, "HOME", folder):
        if not settings._secret_key():
            yield "session.key is empty"
