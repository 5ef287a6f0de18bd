"""A country, three hubs, their people, unreliable couriers, disasters, and one hub that lies.

Each rule takes two numbers and makes of them what can be done now; so chance (`histories.py`) and
hypothesis (`test_plain_machine.py`) drive the same world, and a history can be told again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from passport.kernel.clock import LATEST_STAMP
from passport.sync.policies import Run
from tests.simulation.plain.faults import NONE, Faults
from tests.simulation.plain.journal import COUNTRY_STREAM, Body, Chain, Entry, Said, Shipped
from tests.simulation.plain.node import (
    COUNTRY,
    ERASED,
    PAST,
    REGISTERED,
    Broken,
    Db,
    Ground,
    Node,
    Parcel,
)
from tests.simulation.plain.view import CUSTODY, NEW_KIND, NEW_POWER

SITES_OF = {
    "h0": frozenset({1}),
    "h1": frozenset({2}),
    "h2": frozenset({2, 3}),  # a school with two boxes, one of which serves a second school
}
ALL_SITES = (1, 2, 3)
FIELDS = ("name", "language")
DECADES_MS = 1_000_000_000_000

type Rule = Callable[["World", int, int], None]


class World:
    """The nodes, what is under way between them, and what an all-seeing observer knows."""

    def __init__(self, faults: Faults = NONE, *, tells: bool = False) -> None:
        self.faults = faults
        self.ground = Ground(faults)
        self.told: list[str] | None = [] if tells else None
        self.country = Node(self.ground, COUNTRY, frozenset(), SITES_OF)
        self.hubs = [Node(self.ground, key, sites, SITES_OF) for key, sites in SITES_OF.items()]
        self.ground.count = 1
        for hub in self.hubs:
            hub.befriend(COUNTRY)
            self.country.befriend(hub.key)
        self.twins: list[Node] = []
        self.had_twins = False
        self.bag: list[Parcel] = []
        self.backups: dict[str, list[tuple[Db, frozenset[int]]]] = {}
        self.people: list[int] = []
        self.homes: dict[int, set[int]] = {}
        """Every site at which somebody really was; identities of one person share the set."""
        self.events: dict[int, tuple[int, Node, str, int]] = {}
        """What was acknowledged: {event: (person, author, origin, seq)}."""
        self.completed: dict[int, tuple[int, Node, str, int]] = {}
        self.gone: set[int] = set()
        """Events whose only disk died."""
        self.erased: set[int] = set()
        """Persons who must be erased in the end; `asked`: all who ever asked for it."""
        self.asked: set[int] = set()
        self.forgot: set[tuple[str, int]] = set()
        """Who was erased where; they may never be met there again."""
        self.restored: set[str] = set()
        self.revoked: set[str] = set()
        """Hubs that were ever revoked; a restored country may have forgotten it."""
        self.liar: str | None = None
        self.needed: set[str] = set()
        """Hubs that alone have what rotted elsewhere."""
        self.lawless = False
        self.outlaw = ""
        """The liar, when a lie of its own makes all that follows it unbelievable."""

    def say(self, sentence: str) -> None:
        if self.told is not None:
            self.told.append(sentence)

    def nodes(self) -> list[Node]:
        return [self.country, *self.hubs, *self.twins]

    def hub(self, a: int) -> Node:
        machines = self.hubs + self.twins if self.twins else self.hubs
        return machines[a % len(machines)]

    # What people do

    def register(self, a: int, b: int) -> None:
        hub = self.hub(a)
        if not hub.db.awaits and len(self.people) < 4:
            site = _pick(sorted(hub.sites), b)
            self._register(hub, site, (site,))
            self.say(f"{hub.name} registers p{self.people[-1]} at site {site}")

    def _register(self, hub: Node, site: int, body: Body) -> None:
        number = len(self.people)
        stream = hub.stream(f"person:{number}")
        stream.keys = (f"{number}/0",)
        hub.note(stream.name, REGISTERED, body)
        hub.note(stream.name, "membership.joined@1", (self.ground.number(), site))
        self.people.append(number)
        self.homes[number] = {site}

    def _served(self, hub: Node, b: int) -> int | None:
        served = [number for number in hub.db.view.persons if hub.serves(number)]
        return _pick(served, b) if served else None

    def learn(self, a: int, b: int) -> None:
        hub = self.hub(a)
        number = self._served(hub, b)
        if number is None:
            return
        event = self.ground.number()
        entry = hub.note(f"person:{number}", "event@1", (event,))
        self.events[event] = number, hub, entry.origin, entry.seq
        if b & 0x300 == 0:
            course = 1 + (b >> 10) % 2
            entry = hub.note(f"person:{number}", "course.completed@1", (course,))
            self.completed[self.ground.number()] = number, hub, entry.origin, entry.seq
        self.say(f"p{number} learns at {hub.name} (event {event})")

    def edit(self, a: int, b: int) -> None:
        node = self.country if a % 3 == 0 else self.hub(a // 3)
        number = self._served(node, b)
        if number is None or not node.db.streams[f"person:{number}"].keys:
            return
        field, value = FIELDS[(b >> 8) % 2], self.ground.number()
        person = node.db.view.persons[number]
        epoch = node.db.view.custodian(number)[0]
        entry = node.note(f"person:{number}", "person.changed@1", (field, value), epoch=epoch)
        self.say(f"{node.name} sets p{number}'s {field} to {value} (epoch {epoch}, {entry.hlc})")
        if person.fields[field][1] != value:
            raise Broken(f"I7: {node.name} doesn't see its own edit of p{number}")

    def join(self, a: int, b: int) -> None:
        hub = self.hub(a)
        number = self._served(hub, b)
        if number is None:
            return
        site = _pick(sorted(hub.sites), b >> 8)
        hub.note(f"person:{number}", "membership.joined@1", (self.ground.number(), site))
        self.homes[number].add(site)
        self.say(f"p{number} joins a class of site {site} at {hub.name}")

    def leave(self, a: int, b: int) -> None:
        hub = self.hub(a)
        number = self._served(hub, b)
        if number is None:
            return
        person = hub.db.view.persons[number]
        still = [joining for joining in person.joined if joining not in person.left]
        if still:
            hub.note(f"person:{number}", "membership.left@1", (_pick(still, b >> 8),))
            self.say(f"p{number} leaves a class at {hub.name}")

    def come_with_card(self, a: int, b: int) -> None:
        """Somebody turns up with a card at a hub that has never heard of them."""
        hub = self.hub(a)
        if not self.people or hub.db.awaits:
            return
        number = b % len(self.people)
        if hub.serves(number) or len(self.people) > 5:
            return
        site = _pick(sorted(hub.sites), b >> 8)
        self._register(hub, site, (site, number))
        self._are_kin(number, self.people[-1])
        self.say(f"p{number} comes to {hub.name} with a card, and is p{self.people[-1]} there")

    def award(self, a: int, b: int) -> None:
        """A node that was upgraded writes a kind that others don't know."""
        hub = self.hub(a)
        number = self._served(hub, b)
        if number is not None and hub.version == 2:
            hub.note(f"person:{number}", NEW_KIND, (self.ground.number(),))
            self.say(f"{hub.name} gives p{number} a badge")

    # What the country does

    def _known(self, b: int) -> int | None:
        persons = self.country.db.view.persons
        known = [number for number, one in persons.items() if one.registered is not None]
        return _pick(known, b) if known else None

    def move(self, a: int, b: int) -> None:
        number = self._known(b)
        if number is not None:
            site = _pick(ALL_SITES, a)
            view = self.country.db.view
            for one in sorted(view.same_person(number) & view.persons.keys()):
                self.country.give(one, site)
                self.homes[one].add(site)
            self.say(f"the country gives p{number} to site {site}")

    def merge(self, a: int, b: int) -> None:
        one, into = self._known(a), self._known(b)
        if one is None or into is None or one == into:
            return
        self.country.merge(one, into)
        self._are_kin(one, into)
        self.say(f"the country merges p{one} into p{into}")

    def _are_kin(self, one: int, other: int) -> None:
        """Note that two identities are, or were, one person: they may be sent together."""
        before = self.homes[one], self.homes[other]
        together = before[0] | before[1]
        for number, homes in self.homes.items():
            if homes is before[0] or homes is before[1]:
                self.homes[number] = together

    def part(self, a: int, b: int) -> None:
        number = self._known(b)
        if number is None:
            return
        person = self.country.db.view.persons[number]
        merges = [merge for merge in person.merges if merge not in person.parted]
        if merges:
            merge = _pick(merges, a)
            country = self.country
            places = {
                each: country.db.view.custodian(each)[1] or country.db.view.persons[each].registered
                for each in person.merges[merge]
                if each in country.db.view.persons
            }
            if not self.faults.silent_parting:
                for each, site in places.items():
                    if site is not None:
                        country.give(each, site)
            for each in person.merges[merge]:
                if each in self.country.db.view.persons:
                    self.country.note(f"person:{each}", "identity.parted@1", (merge,))
            self.say(f"the country parts p{number} again")

    def erase(self, a: int, b: int) -> None:
        number = self._known(b)
        if number is not None:
            view = self.country.db.view
            same = view.same_person(number) & view.persons.keys()
            for one in [number] if self.faults.erases_one else sorted(same):
                self.country.note(COUNTRY_STREAM, ERASED, (one,))
            self.erased |= same
            for one, homes in self.homes.items():
                if homes is self.homes[number]:
                    self.asked.add(one)
            self.say(f"the country erases p{number}")

    def publish(self, a: int, b: int) -> None:
        country = self.country
        number = self.ground.number()
        country.db.blobs.add(number)
        kind = "course.published@1" if a % 2 else "role.granted@1"
        country.note(COUNTRY_STREAM, kind, (number,))
        self.say(f"the country notes {kind}")

    def revoke(self, a: int, b: int) -> None:
        hub = self.hubs[a % len(self.hubs)]
        if self.revoked or hub.key in self.needed:
            return
        country = self.country
        self.revoked.add(hub.key)
        country.note(COUNTRY_STREAM, "hub.revoked@1", (hub.key,))
        country._renew_keys()
        self.say(f"the country revokes {hub.key}")

    def export(self, a: int, b: int) -> None:
        """A learner's record at the country holds all that its journal holds of them."""
        number = self._known(b)
        if number is None:
            return
        country = self.country
        rows = [
            int(entry.body[0])
            for chain in country.db.streams[f"person:{number}"].chains.values()
            for entry in chain.rows.values()
            if entry.kind == "event@1"
        ]
        if len(rows) != len(set(rows)):
            raise Broken(f"p{number} has an event twice")
        if not set(rows) <= country.db.view.persons[number].events:
            raise Broken(f"the record of p{number} lacks what the journal holds")

    # What couriers do

    def _make(self, node: Node, to: str) -> Parcel:
        parcel = node.make(to)
        if node is self.country:
            parcel.erased = frozenset(node.db.view.erased)
            if to in node.db.view.revoked and (parcel.runs or parcel.keys):
                raise Broken(f"{to} was revoked, and is sent something")
            for name in {*parcel.keys, *(one.stream for one in parcel.runs)}:
                if name[:7] == "person:" and self.homes[int(name[7:])].isdisjoint(SITES_OF[to]):
                    raise Broken(f"I3: p{name[7:]} is sent to {to}, where they never were")
        return parcel

    def send_up(self, a: int, b: int) -> None:
        hub = self.hub(a)
        self.bag.append(self._make(hub, COUNTRY))
        self.say(f"a parcel goes from {hub.name} into the bag ({len(self.bag) - 1})")

    def send_down(self, a: int, b: int) -> None:
        hub = self.hubs[a % len(self.hubs)]
        self.bag.append(self._make(self.country, hub.key))
        self.say(f"a parcel for {hub.name} goes into the bag ({len(self.bag) - 1})")

    def meet(self, a: int, b: int) -> None:
        """A hub reaches the country over a network."""
        hub = self.hub(a)
        self.exchange(hub)
        self.say(f"{hub.name} meets the country")

    def exchange(self, hub: Node) -> bool:
        """Carry a parcel each way; tells whether there was anything in them."""
        up = self._make(hub, COUNTRY)
        arrived = self.deliver_to(self.country, up)
        if arrived == PAST:
            hub.is_strange_to(COUNTRY)
        down = self._make(self.country, hub.key)
        returned = self.deliver_to(hub, down)
        return PAST in {arrived, returned} or any(
            parcel.runs or parcel.keys or parcel.again or parcel.blobs or parcel.sealed_to[1] == 0
            for parcel in (up, down)
        )

    def deliver_to(self, node: Node, parcel: Parcel, upto: int | None = None) -> str:
        """Hand a parcel to a node, and look at what must hold at every moment."""
        if node.key == parcel.to:
            fate = node.take(parcel, upto)
            self.look(node)
            if parcel.sender == COUNTRY and parcel.erased and fate == "taken":
                self._look_first(node, parcel, upto)
            return fate
        return node.take(parcel, upto)

    def look(self, node: Node) -> None:
        """Check what must hold at a node at every moment."""
        view = node.db.view
        for number in view.erased:
            self.forgot.add((node.name, number))
            if number in view.persons:
                raise Broken(f"I5: p{number} is back at {node.name}")
        if node is self.country:
            for number, key in view.confirmed:
                for hub in self.hubs:
                    if hub.key == key and hub.serves(number) and not self.had_twins:
                        raise Broken(f"{key} counts as having erased p{number}, and serves them")
        else:
            for name, number in self.forgot:
                if name == node.name and node.serves(number):
                    raise Broken(f"I5: p{number} was erased at {name}, and is served there again")

    def _look_first(self, node: Node, parcel: Parcel, upto: int | None) -> None:
        """Check that of a parcel that was cut short the erasures came before anything of people."""
        taken = parcel.runs[:upto]
        waits = any(
            one.stream == COUNTRY_STREAM for parked in node.db.parked.values() for one, _ in parked
        )
        if not waits and any(one.run.kind == "person" for one in taken):
            for number in parcel.erased:
                if node.serves(number):
                    raise Broken(f"{node.name} read on before it heard that p{number} was erased")

    def arrive(self, a: int, b: int) -> None:
        """Any parcel of the bag arrives: late, twice, or at once; perhaps cut short."""
        if not self.bag:
            return
        at = len(self.bag) - 1 if a % 4 == 0 else (a >> 2) % len(self.bag)
        parcel = self.bag[at] if b % 3 == 0 else self.bag.pop(at)
        machines = [node for node in self.nodes() if node.key == parcel.to]
        node = _pick(machines, b >> 4)
        upto = (b >> 8) % (len(parcel.runs) + 1) if (b >> 2) % 4 == 0 else None
        fate = self.deliver_to(node, parcel, upto)
        if self.told is not None:
            cut = "" if upto is None else f", cut to {upto} of {len(parcel.runs)} runs"
            self.say(
                f"parcel {parcel.number} of {parcel.sender} arrives at {node.name}{cut}: {fate}"
            )

    def lose(self, a: int, b: int) -> None:
        if self.bag:
            self.bag.pop(a % len(self.bag))
            self.say("a parcel is lost")

    def tamper(self, a: int, b: int) -> None:
        """Somebody changes an entry in a parcel on its way."""
        if not self.bag:
            return
        parcel = self.bag[a % len(self.bag)].twin()
        if not parcel.runs:
            return
        parcel.is_intact = False
        at = b % len(parcel.runs)
        parcel.runs = parcel.runs.copy()
        parcel.runs[at] = _forged_copy(parcel.runs[at], self.ground.number())
        node = next(node for node in self.nodes() if node.key == parcel.to)
        self.say(f"a parcel for {node.name} was changed on its way")
        self.deliver_to(node, parcel)

    def misdeliver(self, a: int, b: int) -> None:
        """A hub carries a parcel for somebody else, and can't open it."""
        if not self.bag:
            return
        parcel = self.bag[a % len(self.bag)]
        node = _pick([node for node in self.nodes() if node.key != parcel.to], b)
        before = node.applied, node.db.size()
        if node.take(parcel) == "taken" or (node.applied, node.db.size()) != before:
            raise Broken(f"{node.name} used a parcel for {parcel.to}")

    def relay(self, a: int, b: int) -> None:
        """A hub hands another what the country signed."""
        giver, taker = self.hub(a), self.hub(b)
        if giver.key == taker.key:
            return
        fate = self.deliver_to(taker, giver.forward(taker.key))
        self.say(f"{giver.name} hands {taker.name} what the country signed: {fate}")

    # What befalls machines

    def back_up(self, a: int, b: int) -> None:
        node = self._machine(a)
        self.backups.setdefault(node.name, []).append(
            (node.db.copy(), frozenset(node.db.view.erased))
        )
        self.say(f"{node.name} is backed up")

    def _machine(self, a: int) -> Node:
        return self.country if a % 3 == 0 else self.hubs[(a // 3) % len(self.hubs)]

    def restore(self, a: int, b: int) -> None:
        node = self._machine(a)
        backups = self.backups.get(node.name)
        if not backups or node.key == self.liar or node.key in self.needed:
            return
        before = node.db
        backup, ledger = _pick(backups, b)
        elsewhere = b & 0x300 == 0
        node.restore(backup, ledger if elsewhere else None)
        self.restored.add(node.name)
        self._count_losses(node, before)
        if elsewhere:
            self._count_forgotten(ledger)
        where = " on another disk" if elsewhere else ""
        self.say(
            f"{node.name} is restored{where} from backup {b % len(backups)}, now {node.origin}"
        )
        self.look(node)

    def _count_forgotten(self, ledger: frozenset[int]) -> None:
        """Note which erasures died with the last disk that knew of them."""
        knowing = [self.country, *(hub for hub in self.living() if hub.key not in self.revoked)]
        known = ledger.union(*(node.db.view.erased for node in knowing))
        self.erased &= known
        self.forgot = {(name, number) for name, number in self.forgot if number in self.erased}

    def _count_losses(self, node: Node, before: Db) -> None:
        """Note which events died with a disk: those that nobody else held."""
        for known in (self.events, self.completed):
            for event, (number, author, origin, seq) in known.items():
                place = f"person:{number}", origin, seq
                if event in self.gone or not _holds(before, *place):
                    continue
                if not any(_holds(each.db, *place) for each in self.nodes()):
                    self.gone.add(event)
                    if (
                        node is self.country
                        and author.name not in self.restored
                        and author in self.hubs
                        and number not in author.db.view.erased
                    ):
                        raise Broken(f"I1: event {event} was confirmed, and died with one disk")

    def clone(self, a: int, b: int) -> None:
        """A hub's disk is copied, and both go on; the copy finds out that it is one."""
        hub = self.hubs[a % len(self.hubs)]
        if self.twins or hub.key == self.liar:
            return
        twin = Node(self.ground, hub.key, hub.sites, SITES_OF)
        twin.name = f"{hub.key}'"
        twin.ledger = set(hub.ledger)
        twin.version, twin.wall = hub.version, hub.wall
        twin.restore(hub.db)
        self.twins.append(twin)
        self.had_twins = True
        self.say(f"{hub.name}'s disk is copied; the copy is {twin.origin}")

    def turn_clock(self, a: int, b: int) -> None:
        node = self._machine(a)
        node.wall = max(0, node.wall + (b % 7 - 3) * DECADES_MS)
        self.say(f"{node.name}'s clock says {node.wall}")

    def tidy(self, a: int, b: int) -> None:
        """A node needs the room in which runs wait for others; they will come again."""
        node = self._machine(a)
        if node.db.parked:
            node.db.parked.clear()
            self.say(f"{node.name} lets go of what was waiting")

    def fill_disk(self, a: int, b: int) -> None:
        node = self._machine(a)
        node.is_full = not node.is_full
        self.say(f"{node.name}'s disk is {'full' if node.is_full else 'free again'}")

    def upgrade(self, a: int, b: int) -> None:
        node = self._machine(a)
        node.upgrade()
        self.say(f"{node.name} is upgraded")

    def lapse(self, a: int, b: int) -> None:
        hub = self.hub(a)
        hub.lapse()
        self.say(f"{hub.name}'s lease is over")

    def rot(self, a: int, b: int) -> None:
        """A row of the journal is lost at a node; somebody else has it."""
        node = self._machine(a)
        if self.faults.no_again:
            return
        rows = [
            (name, origin, chain, seq)
            for name, stream in node.db.streams.items()
            if stream.kind == "person" and int(name[7:]) not in node.db.away
            for origin, chain in stream.chains.items()
            for seq in chain.rows
            if self._has_elsewhere(node, name, origin, seq)
        ]
        if rows:
            name, origin, chain, seq = _pick(rows, b)
            del chain.rows[seq]
            self.needed.add(origin.partition(".")[0])
            if seq <= chain.low:
                chain.low = seq - 1
            self.say(f"{node.name} finds {name} {origin}:{seq} rotten")

    def _has_elsewhere(self, node: Node, name: str, origin: str, seq: int) -> bool:
        if node is self.country:
            key = origin.partition(".")[0]
            return (
                key != self.liar
                and key not in self.revoked
                and any(hub.key == key and _holds(hub.db, name, origin, seq) for hub in self.hubs)
            )
        return origin[0] == COUNTRY and _holds(self.country.db, name, origin, seq)

    # What a liar does

    def lie(self, a: int, b: int) -> None:
        """A hub with real keys says what it may not say."""
        if self.liar is None:
            candidates = [hub for hub in self.hubs if hub.name not in self.restored]
            if not candidates or self.twins:
                return
            self.liar = _pick(candidates, a >> 4).key
        hub = next(hub for hub in self.hubs if hub.key == self.liar)
        lie = _LIES[a % len(_LIES)]
        forged = lie(self, hub, b)
        if forged is None:
            return
        parcel = self._make(hub, COUNTRY)
        if isinstance(forged, Shipped):
            parcel.runs = [*parcel.runs, forged]
        else:
            parcel.lacks = parcel.lacks | {forged}
        self.say(f"{hub.name} lies: {lie.__name__}")
        if b & 1 and lie not in _OF_THE_MOMENT:
            self.bag.append(parcel)
        else:
            self.deliver_to(self.country, parcel)
            self._make(self.country, hub.key)

    def _forge(
        self,
        hub: Node,
        name: str,
        kind: str,
        body: Body,
        *,
        origin: str = "",
        epoch: int = 0,
        hlc: int = 0,
        chain: Chain | None = None,
    ) -> Shipped:
        """Make a run of one forged entry, behind what the hub knows of that origin."""
        stream = hub.db.streams.get(name)
        origin = origin or hub.origin
        if stream is None:
            hub.stream(name)
            stream = hub.db.streams.pop(name)
        chain = chain or stream.chains.get(origin) or Chain()
        entry = hub.draft(stream, chain, origin, kind, body, epoch, forged=True)
        if hlc:
            entry.hlc = hlc
            entry.said = entry.said._replace(hlc=hlc)
        entry.under = ""
        run = Run(stream.kind, stream.key, origin, entry.seq, entry.prev, [entry.said])
        return Shipped(name, run, (entry,), "", entry.said.hash)

    def _stranger(self, hub: Node, b: int) -> int | None:
        """Somebody whom the country knows, and who was never at this hub."""
        strangers = [
            number
            for number in self.country.db.view.persons
            if self.homes[number].isdisjoint(hub.sites)
        ]
        return _pick(strangers, b) if strangers else None

    def living(self) -> list[Node]:
        """The hubs that anybody still talks to."""
        revoked = self.country.db.view.revoked
        return [hub for hub in self.hubs if hub.key not in revoked and hub.key != self.outlaw]


def _pick[T](choices: Sequence[T], a: int) -> T:
    return choices[a % len(choices)]


def _holds(db: Db, name: str, origin: str, seq: int) -> bool:
    stream = db.streams.get(name)
    if stream is None:
        return False
    chain = stream.chains.get(origin)
    return chain is not None and seq in chain.rows


def _forged_copy(one: Shipped, number: int) -> Shipped:
    """Exchange the last entry of a run for another that follows as well."""
    last = one.entries[-1]
    hashed = b"%d" % number
    said = Said(last.kind, hashed, last.said.dep, last.said.epoch, last.hlc)
    body: Body = (number, *last.body[1:])
    entry = Entry(last.origin, last.seq, last.prev, last.hlc, last.kind, body, said, forged=True)
    run = one.run._replace(entries=[*one.run.entries[:-1], said])
    return one._replace(run=run, entries=(*one.entries[:-1], entry))


# Lies

type Lie = Callable[[World, Node, int], Shipped | str | None]


def an_administrator(world: World, hub: Node, b: int) -> Shipped:
    return world._forge(hub, f"site:{min(hub.sites)}", "role.granted@1", (b,))


def a_course(world: World, hub: Node, b: int) -> Shipped:
    return world._forge(hub, COUNTRY_STREAM, "course.published@1", (b,))


def an_erasure(world: World, hub: Node, b: int) -> Shipped:
    """In the country's own name, with a signature that isn't one."""
    stream = hub.stream(COUNTRY_STREAM)
    origin = next((each for each in stream.chains if each[0] == COUNTRY), "c.0")
    number = world._known(b) or 0
    return world._forge(hub, COUNTRY_STREAM, ERASED, (number,), origin=origin)


def a_custody(world: World, hub: Node, b: int) -> Shipped | None:
    number = world._served(hub, b)
    if number is None:
        return None
    return world._forge(hub, f"person:{number}", CUSTODY, (b, number, 9, min(hub.sites)))


def a_merge(world: World, hub: Node, b: int) -> Shipped | None:
    number, other = world._served(hub, b), world._stranger(hub, b)
    if number is None or other is None:
        return None
    body = (world.ground.number(), number, other)
    return world._forge(hub, f"person:{number}", "identity.merged@1", body)


def an_epoch(world: World, hub: Node, b: int) -> Shipped | None:
    number = world._served(hub, b)
    if number is None:
        return None
    return world._forge(hub, f"person:{number}", "person.changed@1", ("name", b), epoch=9)


def a_strangers_event(world: World, hub: Node, b: int) -> Shipped | None:
    number = world._stranger(hub, b)
    return None if number is None else world._forge(hub, f"person:{number}", "event@1", (b,))


def a_registration(world: World, hub: Node, b: int) -> Shipped | None:
    """A stranger, once more, for a site of its own."""
    number = world._stranger(hub, b)
    if number is None:
        return None
    return world._forge(hub, f"person:{number}", REGISTERED, (min(hub.sites),))


def another_origin(world: World, hub: Node, b: int) -> Shipped | None:
    """In the name of another hub, with a signature that isn't its."""
    number = world._served(hub, b)
    other = next(each for each in world.hubs if each is not hub)
    if number is None:
        return None
    return world._forge(hub, f"person:{number}", "event@1", (b,), origin=other.origin)


def a_key(world: World, hub: Node, b: int) -> str | None:
    """It says that it lacks a stranger's key."""
    number = world._stranger(hub, b)
    return None if number is None else f"person:{number}"


def a_law_of_tomorrow(world: World, hub: Node, b: int) -> Shipped | None:
    """It writes what only the country may write, before anybody else knows the kind."""
    if world.country.version == 2 or world.lawless:
        return None
    world.lawless = True
    number = world._served(hub, b)
    if number is None:
        return None
    entry = hub.note(f"person:{number}", NEW_POWER, (b,))
    entry.forged = True
    for _ in range(3):
        world.exchange(hub)
    if not _holds(world.country.db, f"person:{number}", entry.origin, entry.seq):
        world.outlaw = hub.key
    return None


def a_stamp_beyond_all_time(world: World, hub: Node, b: int) -> Shipped | None:
    number = world._served(hub, b)
    if number is None:
        return None
    name = f"person:{number}"
    return world._forge(hub, name, "person.changed@1", ("name", b), hlc=LATEST_STAMP + 1)


def falling_stamps(world: World, hub: Node, b: int) -> Shipped | None:
    """It may edit; but its clock stands far ahead for one entry, and far behind for the next."""
    number = world._served(hub, b)
    if number is None or not hub.db.streams[f"person:{number}"].keys:
        return None
    before, hub.wall = hub.wall, 5 * DECADES_MS
    epoch = hub.db.view.custodian(number)[0]
    hub.note(f"person:{number}", "person.changed@1", ("name", b), epoch=epoch)
    hub.note(f"person:{number}", "event@1", (-1 - b,)).hlc = 5
    hub.wall = before
    world.exchange(hub)
    return None


_LIES: tuple[Lie, ...] = (
    an_administrator,
    a_course,
    an_erasure,
    a_custody,
    a_merge,
    an_epoch,
    a_strangers_event,
    a_registration,
    another_origin,
    a_key,
    a_law_of_tomorrow,
    a_stamp_beyond_all_time,
    falling_stamps,
)

_OF_THE_MOMENT = (a_strangers_event, a_registration)
"""What would be true if it arrived after a move."""


RULES: dict[Rule, int] = {
    World.register: 6,
    World.learn: 20,
    World.edit: 14,
    World.join: 3,
    World.leave: 2,
    World.come_with_card: 2,
    World.award: 2,
    World.move: 8,
    World.merge: 1,
    World.part: 1,
    World.erase: 2,
    World.publish: 2,
    World.revoke: 1,
    World.export: 1,
    World.send_up: 10,
    World.send_down: 10,
    World.meet: 8,
    World.arrive: 22,
    World.lose: 3,
    World.tamper: 1,
    World.misdeliver: 1,
    World.relay: 2,
    World.back_up: 4,
    World.restore: 2,
    World.clone: 1,
    World.turn_clock: 3,
    World.fill_disk: 1,
    World.tidy: 1,
    World.upgrade: 2,
    World.lapse: 1,
    World.rot: 1,
    World.lie: 3,
}
"""Every rule, and how often it is chosen."""

_DAILY = (World.register, World.learn, World.edit, World.send_up, World.send_down, World.arrive)


def _about(factors: dict[Rule, int]) -> dict[Rule, int]:
    """Let nothing happen but daily life and what a theme names."""
    return {rule: factors.get(rule, 1 if rule in _DAILY else 0) for rule in RULES}


type Prelude = tuple[tuple[Rule, int | None], ...]
"""How a history begins: what is done, and for whom (the rule's first number; None: anybody)."""

_FORGETFUL_COUNTRY: Prelude = (
    (World.register, None),
    (World.meet, 0),
    (World.meet, 1),
    (World.meet, 2),
    (World.back_up, 0),
    (World.edit, 0),
    (World.move, None),
    (World.meet, None),
    (World.meet, None),
    (World.edit, None),
    (World.restore, 0),
    (World.move, None),
)
_STRANGE_KEYS: Prelude = (
    (World.register, None),
    (World.meet, 0),
    (World.meet, 1),
    (World.meet, 2),
    (World.back_up, 0),
    (World.revoke, None),
    (World.meet, None),
    (World.meet, None),
    (World.restore, 0),
)
_LATE_NEWS: Prelude = (
    (World.register, 0),
    (World.register, 0),
    (World.meet, 0),
    (World.back_up, 3),
    (World.erase, None),
    (World.edit, 0),
    (World.send_down, 0),
    (World.arrive, 0),
)


_FORGETFUL_HUB: Prelude = (
    (World.register, 0),
    (World.meet, 0),
    (World.back_up, 0),
    (World.back_up, 1),
    (World.erase, None),
    (World.meet, 0),
    (World.restore, 0),
    (World.restore, 1),
)
_KIND_OF_TOMORROW: Prelude = (
    (World.register, 0),
    (World.meet, 0),
    (World.upgrade, 1),
    (World.award, 0),
    (World.meet, 0),
    (World.move, None),
    (World.meet, 1),
    (World.meet, 2),
    (World.upgrade, 0),
)


_TWO_IN_ONE: Prelude = (
    (World.register, 0), (World.register, 1), (World.meet, 0), (World.meet, 1),
    (World.merge, None), (World.meet, 0), (World.meet, 1), (World.part, None),
)


class Theme(NamedTuple):
    """What histories are about: rare things happen together in some of them."""

    factors: dict[Rule, int]
    """How much more often than else a rule is chosen."""
    preludes: tuple[Prelude, ...] = ((),)


_DAILY = (World.register, World.learn, World.edit, World.send_up, World.send_down, World.arrive)


def _about(factors: dict[Rule, int]) -> dict[Rule, int]:
    """Let nothing happen but daily life and what a theme names."""
    return {rule: factors.get(rule, 1 if rule in _DAILY else 0) for rule in RULES}


THEMES = (
    Theme({}),
    Theme(_about({World.move: 3, World.edit: 2, World.meet: 2, World.join: 2, World.lapse: 3})),
    Theme(
        _about({World.back_up: 4, World.restore: 8, World.move: 3, World.edit: 2, World.meet: 1}),
        (_FORGETFUL_COUNTRY,),
    ),
    Theme(
        _about({World.erase: 8, World.back_up: 5, World.restore: 9, World.meet: 2, World.clone: 2}),
        (_LATE_NEWS, _FORGETFUL_HUB),
    ),
    Theme(_about({World.lie: 8, World.edit: 2, World.upgrade: 3, World.meet: 2, World.move: 1})),
    Theme(
        {World.come_with_card: 4, World.merge: 4, World.part: 4, World.move: 2, World.erase: 2},
        (_TWO_IN_ONE,),
    ),
    Theme({World.revoke: 5, World.clone: 4, World.relay: 4, World.lapse: 2}, (_STRANGE_KEYS,)),
    Theme(
        _about(
            {
                World.rot: 8,
                World.tidy: 9,
                World.award: 5,
                World.upgrade: 4,
                World.fill_disk: 4,
                World.publish: 3,
                World.move: 3,
                World.meet: 1,
            }
        ),
        (_KIND_OF_TOMORROW,),
    ),
)
