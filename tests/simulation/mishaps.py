"""What else befalls real nodes: a hub that lies, clocks that are turned, disks that are full, leases that end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.db import OperationalError, connection

from passport.fleet import actions as fleet
from passport.kernel.clock import Clock
from passport.kernel.errors import PassportError
from passport.node import actions as node
from passport.node.models import Boot, Entry, Quarantined
from passport.people.models import Person
from passport.records.models import Event
from passport.sync.engine import grants
from tests.rooms.learning.device import Device
from tests.simulation import lying
from tests.simulation.nodes import MACHINE, Node
from tests.simulation.rooms import Rooms
from tests.simulation.test_round_trip import learner

YEAR_NS = 365 * 86_400 * 10**9
LEASE_MS = 400 * 86_400_000
OF_THE_MOMENT = {lying.a_strangers_record, lying.a_registration, lying.a_merger}
"""What would be true, or could be, if it arrived after a move."""


class RoomsUnderFire(Rooms):
    """What befalls them besides what people and couriers do; each act takes two numbers."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.liar: Node | None = None
        self.marks: set[bytes] = set()
        """Under which the forged are found where they are set aside."""
        self.heads: set[bytes] = set()
        """The hashes of the forged entries."""

    def lie(self, a: int, b: int) -> None:
        """One hub, always the same, tells the country what it may not say, at once or by a stick."""
        liar = self._the_liar(a >> 4)
        if liar is None:
            return
        told = self.told_by(liar, b)
        said = lying.LIES[a % len(lying.LIES)]
        lie = told and said(told, self.country)
        if not lie:
            return
        forged = lying.forge(liar, self.country, lie)
        self.told[-1] += f": {liar.name} tells {said.__name__}"
        self.remember(forged)
        if b & 1 and said not in OF_THE_MOMENT:
            self.bag.append((self.country, forged.files))
        else:
            self.country.take(forged.files)

    def remember(self, forged: lying.Forged) -> None:
        self.marks.add(forged.mark)
        self.heads.add(forged.head)

    def _the_liar(self, a: int) -> Node | None:
        if self.liar is None:
            self.liar = self.hub(a)
        # Its copy is the same hub; one that was restored may repeat itself honestly, which is a lie then.
        found = next((each for each in self.hubs if each.key == self.liar.key), None)
        is_fit = found is not None and found is not self.revoked and not self.forgetful
        return found if is_fit else None

    def told_by(self, liar: Node, b: int) -> lying.Told | None:
        """Find somebody whom the liar has, and somebody at the country whom it hasn't."""
        ours = self.served(liar, b)
        if ours is None:
            return None
        with liar:
            known = set(Person.objects.values_list("pk", flat=True))
        with self.country:
            everybody = set(Person.objects.exclude(registered_at=None).values_list("pk", flat=True))
            granted = self._ever_at(liar)
        strangers = sorted(everybody - known - granted)
        sites = sorted(self.sites_of(liar), key=lambda each: each.hex)
        stranger = strangers[b % len(strangers)] if strangers else None
        return lying.Told(ours, stranger, sites[b % len(sites)])

    def _ever_at(self, liar: Node) -> set[UUID]:
        """Return whom the country knows to be or to have been at a hub: of them it may still bring work."""
        peer = fleet.peer_of(by=MACHINE, key=liar.key)
        return set() if peer is None else set(grants.grants_for(peer).known)

    def turn_clock(self, a: int, b: int) -> None:
        """The machine starts again under a clock that is years off, either way, or says 1970."""
        hub = self.hub(a)
        years = (b % 41) - 20
        wall = (lambda: 1) if b & 0x700 == 0 else (lambda: time.time_ns() + years * YEAR_NS)
        with hub:
            node.keep_running(by=MACHINE)
        hub.clock = Clock(wall=wall)
        with hub:
            node.resume_time()
            node.keep_running(by=MACHINE)

    def fill_disk(self, a: int, b: int) -> None:
        """The database can't grow by a page: what it then takes is whole, and what it refuses isn't there."""
        hub = self.hub(a)
        person = self.served(hub, b)
        parcel = self._for(hub)
        with crowded(hub):
            if person is not None:
                self._learn_while_it_goes(hub, person)
            try:
                hub.take(parcel)
            except OperationalError as problem:
                self.told[-1] += f": {problem}"

    def _learn_while_it_goes(self, hub: Node, person: UUID) -> None:
        with hub:
            device = Device(learner(person, self.sites_of(hub)[0]), self.course)
            for page in (1, 2, 3):
                event = device.event("viewed", "article", 500, page=page, of=3)
                try:
                    device.send(event)
                except (OperationalError, PassportError):
                    return
                self.acknowledged[UUID(event["id"])] = person

    def lapse(self, a: int, b: int) -> None:
        """A hub runs for longer than its lease, without a word from the country."""
        del b
        hub = self.hub(a)
        with hub:
            node.keep_running(by=MACHINE)
            row = Boot.objects.get()
            Boot.objects.update(running=row.running + LEASE_MS)
            node.let_lease_lapse(by=MACHINE)

    # What must hold

    def check_set_aside(self) -> None:
        """No journal holds a lie; where nobody was revoked, nothing else was set aside."""
        for each in self.nodes():
            with each:
                for table in (Entry, Event):
                    assert not table.objects.filter(hash__in=self.heads).exists(), (
                        f"{each.name} believes a lie"
                    )
                aside = {bytes(row) for row in Quarantined.objects.values_list("digest", flat=True)}
                assert self.revoked or aside <= self.marks, (
                    f"{each.name} set aside what is honest: "
                    f"{list(Quarantined.objects.exclude(digest__in=self.marks).values_list('what', 'reason'))}"
                )


@contextmanager
def crowded(hub: Node) -> Iterator[None]:
    """Let a node's database have all the room that there is."""
    with hub, connection.cursor() as cursor:
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        (most,) = cursor.execute("PRAGMA max_page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count={pages}")
    try:
        yield
    finally:
        with hub, connection.cursor() as cursor:
            cursor.execute(f"PRAGMA max_page_count={most}")
