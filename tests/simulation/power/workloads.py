"""What the nodes do while their disks are recorded: a table, and a process that works through it.

One life: a country is set up, a hub is enrolled, learners answer, a stick goes both ways, the course
gets a new version, the tables are rebuilt, a new program comes. Each workload says to the world (a line
of the file `said`) what it was told is done; that is what must be there after any power cut.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import sys
import threading
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from uuid import UUID

if TYPE_CHECKING:
    from passport.node.engine.writer import Writer
    from tests.rooms.learning.shelf import Shelf
    from tests.simulation.nodes import Node

LEARNERS = 6
BURSTS = 3
SENDINGS = 6
"""Of each learner in a burst."""
IDLE_SECONDS = 0.03
"""After so long the writer moves the log into the database: between bursts, not after a second."""
NEWER_ROOMS = frozenset({"insights"})
"""What the older program didn't have, so that there is something to make even before any table changed."""
LONG_BYTES = 1_150_000
"""Of the sound file of the new version: it travels in pieces."""


@dataclass(frozen=True, slots=True)
class Workload:
    """Something that a node does."""

    name: str
    folder: str
    """The node whose disk is looked at."""
    run: Callable[[World], None]
    percent: int = 0
    """Of all the power cuts."""


class World:
    """The nodes, made as the workloads come to them."""

    country: Node
    hub: Node
    site: UUID
    learners: list[UUID]
    course: Shelf

    def __init__(self, root: Path) -> None:
        self.root = root

    def say(self, folder: str, **what: Any) -> None:
        """Tell the world something, once it is done."""
        line = json.dumps(what, default=str).encode()
        with (self.root / folder / "said").open("ab", buffering=0) as said:
            said.write(line)

    def stick(self, name: str, files: list[bytes]) -> list[bytes]:
        """Keep a copy of what is on a stick: it is handed in again after the power is back."""
        folder = self.root.parent / name
        folder.mkdir()
        for number, file in enumerate(files):
            (folder / f"{number:03}").write_bytes(file)
        return files


# The workloads


def first_start(world: World) -> None:
    """Make a node out of an empty folder, by the command."""
    from passport.cli.main import run

    home = world.root / "first-start"
    assert run(["--home", str(home), "init", "--role", "hub", "--name", "Mango"]) == 0
    world.say("first-start", role="hub", set_up=True)
    _make_everybody(world, home)


def ingest(world: World) -> None:
    """Learners answer, all at once, through the one writer."""
    _learn(world, world.hub)


def carry_up(world: World) -> None:
    """The country takes what the hub's learners did."""
    taken = world.country.take(world.stick("up", world.hub.parcel_for(world.country)))
    assert taken.tally.events
    _say_heads(world, "country", world.country)


def flip(world: World) -> None:
    """The hub takes a new version of the course, files and all, beside the version that is shown."""
    from passport.library.actions import publish
    from tests.simulation.nodes import MACHINE

    with world.country:
        course = world.root.parent / "course"
        (course / "article.en.md").write_text("Quite another text.")
        with wave.open(str(course / "audio.wav"), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(1)
            sound.setframerate(8_000)
            sound.writeframes(random.Random(1).randbytes(LONG_BYTES))
        version = publish(by=MACHINE, folder=course).version
    for number in range(2):  # the hub says what it lacks, and gets it
        world.hub.take(world.stick(f"down {number}", world.country.parcel_for(world.hub)))
        _say_heads(world, "hub", world.hub)
        world.country.take(world.hub.parcel_for(world.country))
    with world.hub:
        from passport.library.models import Course

        assert Course.objects.get().current_id == version
    world.say("hub", shown=version.hex)


def rebuild(world: World) -> None:
    """The hub makes every table again from its journal."""
    from passport.sync.actions import rebuild as rebuild_all
    from tests.simulation.nodes import MACHINE

    with world.hub:
        rebuild_all(by=MACHINE)


def upgrade(world: World) -> None:
    """A new program finds the tables of an older one."""
    from passport.node.actions import upgrade_database
    from tests.simulation.nodes import MACHINE

    with _copied(world, "upgraded", make_older) as node:
        world.say("upgraded", begin="upgrade")
        with node:
            upgrade_database(by=MACHINE)
        world.say("upgraded", upgraded=True)


def back_up(world: World) -> None:
    """The hub writes a second backup beside the first, on a medium of its own."""
    from passport.care.actions import back_up
    from tests.simulation.nodes import MACHINE

    def save() -> None:
        with world.hub:
            saved = back_up(by=MACHINE, into=world.root / "medium")
        world.say("medium", backed_up=saved.entries)

    save()
    world.say("hub", begin="what the second backup has more")
    _learn(world, world.hub)
    world.say("medium", begin="backup")
    save()


def restore(world: World) -> None:
    """A backup takes the place of the database that is there."""
    from passport.care.actions import restore
    from passport.records.models import Event
    from tests.simulation.nodes import MACHINE

    with _copied(world, "restored") as node, node:
        ids = Event.objects.values_list("id", flat=True)
        world.say("restored", events=[each.hex for each in ids])
        world.say("restored", begin="restore")
        restore(by=MACHINE, folder=world.root / "medium", replace=True)
        world.say("restored", restored=True)


def ingest_without_flushes(world: World) -> None:
    """What must be found out: with synchronous=NORMAL answers are acknowledged before they last."""
    from passport import settings

    careless = settings.SQLITE_PRAGMAS.replace("synchronous=FULL", "synchronous=NORMAL")
    assert careless != settings.SQLITE_PRAGMAS
    with patch.object(settings, "SQLITE_PRAGMAS", careless), _copied(world, "careless") as node:
        world.say("careless", begin="ingest, synchronous=NORMAL")
        _learn(world, node)


def ingest_said_too_early(world: World) -> None:
    """What must be found out: answers are acknowledged inside the transaction that keeps them."""
    from django.db import transaction

    from passport.node.engine.writer import Writer

    commit = Writer._commit

    def commit_too_late(self: Writer, group: list[Any]) -> None:
        with transaction.atomic():
            commit(self, group)
            for job in group:
                done, job.done = job.done, threading.Lock()
                job.done.acquire()
                done.release()
            time.sleep(0.002)

    with patch.object(Writer, "_commit", commit_too_late), _copied(world, "hasty") as node:
        world.say("hasty", begin="ingest, said too early")
        _learn(world, node)


WORKLOADS = (
    Workload("first start", "first-start", first_start, 10),
    Workload("ingest", "hub", ingest, 25),
    Workload("parcel", "country", carry_up, 15),
    Workload("course flip", "hub", flip, 20),
    Workload("rebuild", "hub", rebuild, 10),
    Workload("upgrade", "upgraded", upgrade, 10),
    Workload("backup", "medium", back_up, 5),
    Workload("restore", "restored", restore, 5),
)
FAULTY = (
    Workload("ingest, synchronous=NORMAL", "careless", ingest_without_flushes),
    Workload("ingest, said too early", "hasty", ingest_said_too_early),
)
"""Each must fail the look that the others pass."""


def main(root: Path) -> None:
    """Work through both tables; a process of its own, under the recorder."""
    os.environ["PASSPORT_HOME"] = str(root / "first-start")
    os.environ["DJANGO_SETTINGS_MODULE"] = "passport.settings"
    world = World(root)
    (root / "first-start").mkdir()
    for workload in (*WORKLOADS, *FAULTY):
        if (root / workload.folder).exists():
            world.say(workload.folder, begin=workload.name)
        workload.run(world)


# What they stand on


def _make_everybody(world: World, first: Path) -> None:
    """Make the country, its course, a hub, and learners who are known on both."""
    from tests.rooms.learning import shelf
    from tests.simulation import nodes
    from tests.simulation.nodes import MACHINE, Node, enrol, meet

    nodes._template.append(_tables_only(first / "data" / "passport.sqlite3"))
    world.country = Node(world.root / "country", "Country", is_country=True)
    world.hub = Node(world.root / "hub", "Hub", is_country=False)
    from passport.people import actions as people

    with world.country:
        world.site = people.add_site(by=MACHINE, name="Mango School").id
        group = people.add_group(by=MACHINE, site=world.site, name="Sunbirds").id
        world.course = shelf.publish(
            world.root.parent / "course", kinds=("article", "audio", "quiz")
        )
    enrol(world.country, world.hub, [world.site])
    with world.hub:
        world.learners = [
            people.register_learner(
                by=MACHINE, site=world.site, group=group, given=f"Learner {number}"
            ).person
            for number in range(LEARNERS)
        ]
    for _ in range(2):
        meet(world.hub, world.country)


def _tables_only(database: Path) -> bytes:
    """Return an empty database: migrating again would take longer than all the rest."""
    with closing(sqlite3.connect(database)) as found, closing(sqlite3.connect(":memory:")) as copy:
        found.backup(copy)
        copy.executescript("DELETE FROM node_identity; DELETE FROM node_origin")
        return copy.serialize()


def _learn(world: World, node: Node) -> None:
    """Let every learner answer in a thread of its own, some answers at once, in bursts."""
    from django.db import connections

    from passport.node import actions
    from passport.node.engine import writer

    database = {**connections.settings["default"], **node._connection.settings_dict}
    node.close()
    with (
        node,
        patch.dict(connections.settings, default=database),
        patch.object(writer, "IDLE_SECONDS", IDLE_SECONDS),
    ):
        actions.start_writer()
        try:
            for burst in range(BURSTS):
                threads = [
                    threading.Thread(target=_answer, args=(world, node.folder.name, person, burst))
                    for person in world.learners
                ]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                time.sleep(4 * IDLE_SECONDS)
        finally:
            actions.stop_writer()


def _answer(world: World, folder: str, person: UUID, burst: int) -> None:
    from django.db import connection

    from passport.kernel.actor import Actor, Grant
    from passport.kernel.ids import new_id
    from passport.kernel.permissions import RoleName
    from tests.rooms.learning.device import NOON, Device

    by = Actor(person=person, grants=frozenset({Grant(RoleName.LEARNER, world.site)}))
    device = Device(by, world.course, NOON + burst * 1_000_000)
    attempt = new_id()
    for number in range(SENDINGS):
        events = [
            device.event("answered", "quiz", attempt=attempt, question="q1", response="b", ms=900)
            for _ in range(1 + number % 3)
        ]
        device.send(*events)
        world.say(folder, events=[event["id"] for event in events])
    connection.close()


def _say_heads(world: World, folder: str, node: Node) -> None:
    """Say how far the node holds each stream: a parcel that was taken is a promise too."""
    from passport.node.models import Head

    with node:
        heads = Head.objects.values_list("stream_id", "origin_id", "seq")
        world.say(folder, heads=[list(head) for head in heads])


@contextmanager
def _copied(
    world: World, name: str, change: Callable[[Path], None] | None = None
) -> Iterator[Node]:
    """Give a copy of the hub, another node for all that is recorded."""
    from tests.simulation.nodes import Node

    world.hub.close()
    folder = world.root / name
    shutil.copytree(world.hub.folder, folder, ignore=shutil.ignore_patterns("said"))
    node = Node(folder, name, is_country=False, is_copy=True)
    if change is not None:
        node.close()
        change(folder / "data" / "passport.sqlite3")
    try:
        yield node
    finally:
        node.close()


def make_older(database: Path) -> None:
    """Put what a database holds into the tables that the first program would have made."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    from tests.simulation.nodes import Node

    older = database.with_name("older.sqlite3")
    before, made = connections["default"], Node._open(older, None)
    connections["default"] = made
    try:
        executor = MigrationExecutor(made)
        nodes = executor.loader.graph.nodes
        first = [
            name for name in nodes if name[1].startswith("0001") and name[0] not in NEWER_ROOMS
        ]
        executor.migrate(first)
    finally:
        made.close()
        connections["default"] = before
    with closing(sqlite3.connect(older, autocommit=True)) as old:
        old.execute("ATTACH ? AS today", [str(database)])
        tables = old.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            columns = ", ".join(_columns(old, "main", table) & _columns(old, "today", table))
            if columns and table not in {"django_migrations", "sqlite_sequence"}:
                old.execute(
                    f"INSERT INTO main.{table} ({columns})"  # noqa: S608 - names from the tables
                    f" SELECT {columns} FROM today.{table}"
                )
    older.replace(database)


def _columns(database: sqlite3.Connection, schema: str, table: str) -> set[str]:
    return {f'"{row[1]}"' for row in database.execute(f"PRAGMA {schema}.table_info({table})")}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
