"""Several real nodes in one process: each with its own folder, database, keys and role.

`with node:` makes a node the one that all code works on. Nothing of the program knows of this:
only Django's default connection and a few settings are exchanged.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from django.core.management import call_command
from django.db import connections
from django.test.utils import override_settings

from passport.fleet import actions as fleet
from passport.kernel import clock
from passport.kernel.actor import Actor
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.models import Peer
from passport.roles import COUNTRY, HUB
from passport.sync import actions as sync
from passport.sync.actions import Taken

MACHINE = Actor.machine()
_template: list[bytes] = []


class Node:
    """One node in a folder of its own, on SQLite as a hub has it, or in a database of its own."""

    def __init__(
        self,
        folder: Path,
        name: str,
        *,
        is_country: bool,
        is_copy: bool = False,
        has_key: bool = True,
        is_bare: bool = False,
        database_url: str | None = None,
        parcel_file_bytes: int = 256 * 1024,
    ) -> None:
        """Make a node, or (`is_copy`) wake up the one whose files lie in the folder.

        `has_key`: not the copy of somebody who got at the database alone.
        `is_bare`: whatever lies there is left as it is, and nothing of it is read yet.
        """
        self.name = name
        self.folder = folder
        (folder / "data").mkdir(parents=True, exist_ok=True)
        self._settings = override_settings(
            ROLE=COUNTRY if is_country else HUB,
            NODE_NAME=name,
            KEY_FILE=folder / "keys" / "node.key",
            DATA=folder / "data",
            MEDIA=folder / "data" / "media",
            PARCEL_FILE_BYTES=parcel_file_bytes,
        )
        database = folder / "data" / "passport.sqlite3"
        from_template = not (is_copy or is_bare or database_url) and bool(_template)
        if from_template:
            database.write_bytes(_template[0])
        self._connection = self._open(database, database_url)
        self._before: Any = None
        self.clock: clock.Clock | None = None
        """This machine's own, where a test has turned it; else that of the process."""
        if is_bare:
            return
        with self:
            if not is_copy and not from_template:
                call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
            if not (_template or is_copy or database_url):
                _template.append(self._dumped())
            if not is_copy:
                node.set_up(by=MACHINE, name=name)
            self.key = node_queries.introduction().key if has_key else ""

    def _dumped(self) -> bytes:
        """Return the empty database with all its tables: migrating takes longer than all the rest."""
        dumped: bytes = self._connection.connection.serialize()
        return dumped

    @staticmethod
    def _open(path: Path, database_url: str | None) -> Any:
        from django.db import DEFAULT_DB_ALIAS
        from django.db.utils import ConnectionHandler

        from passport.settings import database

        wanted = database(database_url)
        if not database_url:
            wanted["NAME"] = path
        wrapper = ConnectionHandler({DEFAULT_DB_ALIAS: wanted}).create_connection(DEFAULT_DB_ALIAS)
        wrapper.inc_thread_sharing()
        return wrapper

    def __enter__(self) -> Self:
        self._before = connections["default"]
        connections["default"] = self._connection
        self._settings.enable()
        self._clock_before = clock.machine
        clock.machine = self.clock or clock.machine
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        clock.machine = self._clock_before
        self._settings.disable()
        connections["default"] = self._before

    def close(self) -> None:
        """Close the database for good."""
        self._connection.close()

    # What couriers do

    def parcel_for(self, other: Node) -> list[bytes]:
        """Make a parcel for another node: the contents of its files."""
        with self:
            peer = Peer.objects.get(key=other.key)
            return [
                file.content for file in sync.make_parcel(by=MACHINE, peer=peer, carrier="stick")
            ]

    def take(self, files: Iterable[bytes]) -> Taken:
        """Take parcel files."""
        with self:
            return sync.take_parcel(
                by=MACHINE,
                files=[(f"file {at}", io.BytesIO(file)) for at, file in enumerate(files)],
                carrier="stick",
            )


def enrol(country: Node, hub: Node, sites: list[UUID]) -> None:
    """Enrol a hub, and carry its introduction and the answer."""
    with country:
        file = fleet.make_enrolment(by=MACHINE, name=hub.name, sites=sites)
    with hub:
        fleet.enrol(by=MACHINE, file=file)
    meet(hub, country)


def meet(hub: Node, country: Node) -> None:
    """Carry parcels both ways until neither side has anything new."""
    for _ in range(10):
        up = country.take(hub.parcel_for(country))
        down = hub.take(country.parcel_for(hub))
        assert not up.refused, up.refused
        assert not down.refused, down.refused
        if not (up.tally.entries or down.tally.entries or down.tally.blobs):
            return
    raise AssertionError("They don't come to an end.")


def find_again(hub: Node, country: Node) -> None:
    """Let a restored country speak first: it lost the keys that the hub's next parcel is sealed to."""
    assert not hub.take(country.parcel_for(hub)).refused
    meet(hub, country)
