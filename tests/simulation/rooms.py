"""The histories of the plain simulator, lived through by the real rooms on real databases.

`tests/simulation/plain` draws them; here each act is done by a country and three hubs with everything that
they have: keys, parcels that are sealed, files, backups. What the plain world does inside its own tables
(a bit that rots, a kind of tomorrow) has tests of its own and is left out here.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import UUID

from passport.care import actions as care
from passport.fleet import actions as fleet
from passport.insights import actions as insights
from passport.kernel.errors import PassportError
from passport.learning import actions as learning
from passport.learning.models import Completion, Progress
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.models import Erased, Quarantined
from passport.people import actions as people
from passport.people.models import Merger, Parting, Person
from passport.privacy import actions as privacy
from passport.records.models import Event
from passport.sync import actions as sync
from passport.sync.errors import Refused
from tests.rooms.learning import shelf
from tests.rooms.learning.device import Device
from tests.simulation.nodes import MACHINE, Node, enrol
from tests.simulation.picture import picture
from tests.simulation.plain.histories import STEPS, steps_of
from tests.simulation.plain.world import SITES_OF
from tests.simulation.test_round_trip import learner

MOST_PEOPLE = 4
ROUNDS = 15
QUIET = 3
"""Rounds in which nothing was new: after a restore they first have to present themselves again."""


class Rooms:
    """A country, three hubs, and everything that happens to them; each act takes two numbers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: list[str] = []
        self.country = Node(folder / "c", "Country", is_country=True)
        self.hubs = [Node(folder / name, name, is_country=False) for name in SITES_OF]
        with self.country:
            self.sites = {
                number: people.add_site(by=MACHINE, name=f"School {number}").id
                for number in (1, 2, 3)
            }
            self.groups = {
                number: people.add_group(by=MACHINE, site=site, name="Sunbirds").id
                for number, site in self.sites.items()
            }
            self.course = shelf.publish(folder / "course", kinds=("article", "quiz"))
        for hub in self.hubs:
            enrol(self.country, hub, [self.sites[each] for each in sorted(SITES_OF[hub.name])])
        self.bag: list[tuple[Node, list[bytes]]] = []
        self.backups: dict[str, list[Path]] = {}
        self.cards: dict[UUID, str] = {}
        self.acknowledged: dict[UUID, UUID] = {}
        """Events by id, with whom they are of."""
        self.completed: set[UUID] = set()
        self.erased: set[UUID] = set()
        self.forgetful: set[str] = set()
        """Who was restored from a backup."""
        self.revoked: Node | None = None

    def close(self) -> None:
        for each in self.nodes():
            each.close()

    def nodes(self) -> list[Node]:
        return [self.country, *self.hubs]

    def hub(self, a: int) -> Node:
        return self.hubs[a % len(self.hubs)]

    def sites_of(self, hub: Node) -> list[UUID]:
        return [self.sites[number] for number in sorted(SITES_OF[hub.name])]

    def served(self, at: Node, b: int) -> UUID | None:
        """Somebody whom people meet at a node."""
        with at:
            if node_queries.awaits_erasures():
                return None
            known = Person.objects.exclude(registered_at=None).filter(one=None)
            everybody = sorted(known.values_list("pk", flat=True))
        return everybody[b % len(everybody)] if everybody else None

    # What people do

    def register(self, a: int, b: int) -> None:
        if len(self.cards) < MOST_PEOPLE:
            self._register(self.hub(a), b)

    def come_with_card(self, a: int, b: int) -> None:
        known = sorted(self.cards)
        if known and len(known) <= MOST_PEOPLE + 1:
            card = self.cards[known[b % len(known)]]
            with self.hub(a):
                is_known = Person.objects.filter(pk=known[b % len(known)]).exists()
            if not is_known:
                self._register(self.hub(a), b, card)

    def _register(self, hub: Node, b: int, card: str = "") -> None:
        sites = sorted(SITES_OF[hub.name])
        number = sites[b % len(sites)]
        with hub:
            if node_queries.awaits_erasures():
                return
            made = people.register_learner(
                by=MACHINE,
                site=self.sites[number],
                group=self.groups[number],
                given=f"Learner {len(self.cards)}",
                card_code=card,
            )
        self.cards[made.person] = made.card

    def learn(self, a: int, b: int) -> None:
        hub = self.hub(a)
        person = self.served(hub, b)
        if person is None:
            return
        with hub:
            device = Device(learner(person, self.sites[min(SITES_OF[hub.name])]), self.course)
            pages = (1, 2, 3) if b & 0x300 == 0 else (1 + (b >> 10) % 3,)
            events = [device.event("viewed", "article", 500, page=page, of=3) for page in pages]
            if len(pages) > 1:
                attempt = node_queries.introduction().key[:32]
                events += [
                    device.event("answered", "quiz", attempt=attempt, question=f"q{n}", response=said, ms=900)
                    for n, said in ((1, "b"), (2, "10.5"), (3, ["Cat", "rug"]))
                ]  # fmt: skip
                events.append(device.event("submitted", "quiz", attempt=attempt))
            device.send(*events)
            device.send(*events)  # the answer got lost: the device sends again
            self.acknowledged |= {UUID(event["id"]): person for event in events}
            if Completion.objects.filter(person=person).exists():
                self.completed.add(person)

    def edit(self, a: int, b: int) -> None:
        at = self.country if a % 3 == 0 else self.hub(a // 3)
        person = self.served(at, b)
        if person is not None:
            with at:
                people.change_person(by=MACHINE, person=person, given=f"Called {b}")

    def join(self, a: int, b: int) -> None:
        hub = self.hub(a)
        person, sites = self.served(hub, b), sorted(SITES_OF[hub.name])
        if person is not None:
            with hub:
                people.move_to_group(
                    by=MACHINE, person=person, group=self.groups[sites[b % len(sites)]]
                )

    def leave(self, a: int, b: int) -> None:
        person = self.served(self.hub(a), b)
        if person is not None:
            with self.hub(a):
                people.leave(by=MACHINE, person=person)

    # What the country does

    def move(self, a: int, b: int) -> None:
        person = self.served(self.country, b)
        if person is not None:
            with self.country:
                people.move_to_site(by=MACHINE, person=person, site=self.sites[1 + a % 3])

    def merge(self, a: int, b: int) -> None:
        one, into = self.served(self.country, a), self.served(self.country, b)
        if one is not None and into is not None and one != into:
            with self.country:
                learning.merge(by=MACHINE, person=one, into=into)

    def part(self, a: int, b: int) -> None:
        del b
        with self.country:
            parted = Parting.objects.values("merger")
            mergers = list(Merger.objects.exclude(pk__in=parted).order_by("pk"))
            if mergers:
                learning.part(by=MACHINE, merger=mergers[a % len(mergers)].pk)

    def erase(self, a: int, b: int) -> None:
        del a
        person = self.served(self.country, b)
        if person is not None:
            with self.country:
                self.erased |= set(privacy.erase(by=MACHINE, person=person))

    def publish(self, a: int, b: int) -> None:
        with self.country:
            people.add_site(by=MACHINE, name=f"Another school {a} {b}")

    def revoke(self, a: int, b: int) -> None:
        del b
        if self.revoked is None:
            with self.country:
                fleet.revoke(by=MACHINE, key=self.hub(a).key, why="It was stolen.")
            self.revoked = self.hub(a)

    def export(self, a: int, b: int) -> None:
        del a, b
        with self.country:
            insights.refresh(by=MACHINE)

    # What couriers do

    def send_up(self, a: int, b: int) -> None:
        del b
        self.bag.append((self.country, self.hub(a).parcel_for(self.country)))

    def send_down(self, a: int, b: int) -> None:
        del b
        self.bag.append((self.hub(a), self._for(self.hub(a))))

    def _for(self, hub: Node) -> list[bytes]:
        return [] if hub is self.revoked else self.country.parcel_for(hub)

    def meet(self, a: int, b: int) -> None:
        del b
        self.exchange(self.hub(a))

    def exchange(self, hub: Node) -> bool:
        """Carry a parcel each way; tells whether anything was new.

        What a hub carries for others goes along each time, and is refused or known in the end.
        """
        up = self.country.take(hub.parcel_for(self.country))
        down = hub.take(self._for(hub))
        return bool(up.tally.entries or down.tally.entries)

    def arrive(self, a: int, b: int) -> None:
        """Any of them, perhaps for the second time, perhaps long after later ones, perhaps cut."""
        if not self.bag:
            return
        to, files = self.bag[a % len(self.bag)]
        if b & 0x700 == 0:
            files = [file[: len(file) * (b & 0xFF) // 256] for file in files]
        to.take(files)
        if b & 1:
            self.bag.pop(a % len(self.bag))

    def lose(self, a: int, b: int) -> None:
        del b
        if self.bag:
            self.bag.pop(a % len(self.bag))

    def tamper(self, a: int, b: int) -> None:
        if not self.bag:
            return
        to, files = self.bag[a % len(self.bag)]
        changed = [bytearray(file) for file in files]
        for file in changed:
            file[b % len(file)] ^= 1 << (b >> 8) % 8
        to.take(map(bytes, changed))

    def misdeliver(self, a: int, b: int) -> None:
        if self.bag:
            to, files = self.bag[a % len(self.bag)]
            others = [each for each in self.nodes() if each.key != to.key]
            assert not others[b % len(others)].take(files).tally.entries

    def relay(self, a: int, b: int) -> None:
        """One hub feeds another, by the country's seals."""
        one, other = self.hub(a), self.hub(b)
        if one.key == other.key or self.revoked in {one, other}:
            return
        with one:
            peer = fleet.peer_of(by=MACHINE, key=other.key)
            if peer is None:
                return
            made = sync.make_parcel(by=MACHINE, peer=peer, carrier="stick")
            files = [file.content for file in made]
        other.take(files)

    # What befalls machines

    def back_up(self, a: int, b: int) -> None:
        del b
        at = self.nodes()[a % 4]
        kept = self.backups.setdefault(at.name, [])
        place = self.folder / "sticks" / at.name / str(len(kept))
        with at:
            care.back_up(by=MACHINE, into=place)
        kept.append(place)

    def restore(self, a: int, b: int) -> None:
        at = self.nodes()[a % 4]
        kept = self.backups.get(at.name, [])
        if not kept:
            return
        with at:
            care.restore(by=MACHINE, folder=kept[b % len(kept)], replace=True)
        self.forgetful.add(at.name)
        held = set().union(*(self._events_at(each) for each in self.nodes()))
        # Nobody else had them yet: they died with the disk.
        self.acknowledged = {each: who for each, who in self.acknowledged.items() if each in held}
        self.completed = {who for who in self.completed if self._is_complete_somewhere(who)}

    def _events_at(self, at: Node) -> set[UUID]:
        with at:
            return set(Event.objects.values_list("id", flat=True))

    def _is_complete_somewhere(self, who: UUID) -> bool:
        for each in self.nodes():
            with each:
                if Completion.objects.filter(person=who).exists():
                    return True
        return False

    def clone(self, a: int, b: int) -> None:
        """A hub's disk is copied and its twin goes on instead, as somebody new; the hub's own is lost."""
        del b
        hub = self.hub(a)
        hub.close()
        copy = hub.folder.with_name(f"{hub.folder.name}x")
        shutil.copytree(hub.folder, copy)
        twin = Node(copy, hub.name, is_country=False, is_copy=True)
        with twin:
            assert node.start(by=MACHINE)
        self.hubs[self.hubs.index(hub)] = twin
        self.bag = [(twin if to is hub else to, files) for to, files in self.bag]
        if self.revoked is hub:
            self.revoked = twin

    # What must hold

    def check_now(self) -> None:
        """At every moment: nobody who was erased here is here again."""
        for each in self.nodes():
            with each:
                gone = set(Erased.objects.values_list("pk", flat=True))
                assert not Person.objects.filter(pk__in=gone).exists(), f"back at {each.name}"
                assert not Event.objects.filter(stream__key__in=gone).exists(), (
                    f"back at {each.name}"
                )

    def check_in_the_end(self) -> None:
        """When all have met: nothing lost, everything once, nobody back, all agree, rebuilt is live."""
        self._settle()
        self.check_set_aside()
        living = [hub for hub in self.hubs if hub is not self.revoked]
        with self.country:
            events = list(Event.objects.values_list("id", flat=True))
            assert len(events) == len(set(events))
            gone = set(Erased.objects.values_list("pk", flat=True))
            assert self.erased <= gone, "The country forgot an erasure."
            expected = {each for each, who in self.acknowledged.items() if who not in gone}
            if self.revoked is None:
                assert set(events) == expected
            done = set(Completion.objects.values_list("person", flat=True))
            done |= {one.into for one in Merger.objects.all() if one.person in self.completed}
            assert self.revoked or self.completed - gone <= done | set(
                Merger.objects.filter(into__in=done).values_list("person", flat=True)
            )
        for each in (self.country, *living):
            self._check_erased(each, gone)
            self._check_rebuilt(each)
        self._check_same(living)

    def check_set_aside(self) -> None:
        """Nobody lies here: nothing is set aside but what a revoked hub brings."""
        for each in self.nodes():
            with each:
                assert self.revoked or not Quarantined.objects.exists(), each.name

    def _settle(self) -> None:
        living = [hub for hub in self.hubs if hub is not self.revoked]
        quiet = 0
        for _ in range(ROUNDS):
            quiet = 0 if any([self.exchange(hub) for hub in living]) else quiet + 1  # noqa: C419 - all of them
            if quiet == QUIET:
                return
        raise AssertionError("They don't come to an end.")

    def _check_erased(self, at: Node, gone: Iterable[UUID]) -> None:
        with at:
            assert not node_queries.awaits_erasures()
            assert set(gone) == set(Erased.objects.values_list("pk", flat=True)), at.name
            assert not Progress.objects.filter(person__in=gone).exists()

    def _check_rebuilt(self, at: Node) -> None:
        with at:
            live = picture(shared=False)
            sync.rebuild(by=MACHINE)
            rebuilt = picture(shared=False)
        for table, rows in rebuilt.items():
            assert rows == live[table], f"{at.name}: rebuilt {table} is not what was live"

    def _check_same(self, living: list[Node]) -> None:
        """Whom a hub serves, it shows as the country does."""
        for hub in living:
            with hub:
                theirs = {row.person: row for row in Progress.objects.all()}
            with self.country:
                ours = {row.person: row for row in Progress.objects.all()}
            if self.country.name in self.forgetful:
                continue
            for person, row in theirs.items():
                one = ours[person]
                assert (row.percent, row.views, row.spent, row.completed_at) == (
                    one.percent, one.views, one.spent, one.completed_at,
                ), f"{hub.name} and the country differ"  # fmt: skip


def live(folder: Path, seed: int, steps: int = STEPS, make: Callable[[Path], Rooms] = Rooms) -> int:
    """Live through the history of a seed; returns how many acts did something. Raises `AssertionError`."""
    chance = random.Random(seed)
    rooms, done = make(folder), 0
    try:
        for act, a, b in steps_of(chance, seed, steps):
            do: Callable[[int, int], None] | None = getattr(rooms, act.__name__, None)
            if do is None:
                continue
            rooms.told.append(f"{act.__name__}({a}, {b})")
            try:
                do(a, b)
            except Refused:
                continue  # it says so to whoever asked, and nothing happened
            except PassportError as problem:
                rooms.told[-1] += f": {problem}"
            rooms.check_now()
            done += 1
        rooms.check_in_the_end()
    except BaseException as problem:
        problem.add_note(f"seed {seed}:\n" + "\n".join(rooms.told))
        raise
    finally:
        rooms.close()
    return done
