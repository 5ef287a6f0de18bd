"""A country, three hubs, their people, unreliable couriers, disasters, and one hub that lies.

Each rule takes two numbers and makes of them what can be done now; so chance (`histories.py`) and
hypothesis (`test_plain_machine.py`) drive the same world, and a history can be told again.
"""

from __future__ import annotations

from collections.abc import Sequence

from passport.sync.policies import Run
from tests.simulation.plain.faults import NONE, Faults
from tests.simulation.plain.journal import COUNTRY_STREAM, Body, Chain, Entry, Said, Shipped
from tests.simulation.plain.making import forward, make
from tests.simulation.plain.node import Node
from tests.simulation.plain.state import COUNTRY, ERASED, REGISTERED, Broken, Db, Ground, Parcel
from tests.simulation.plain.taking import PAST, take
from tests.simulation.plain.view import NEW_KIND

SITES_OF = {
    "h0": frozenset({1}),
    "h1": frozenset({2}),
    "h2": frozenset({2, 3}),  # a school with two boxes, one of which serves a second school
}
ALL_SITES = (1, 2, 3)
FIELDS = ("name", "language")
DECADES_MS = 1_000_000_000_000


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
            site = pick(sorted(hub.sites), b)
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

    def served(self, hub: Node, b: int) -> int | None:
        served = [number for number in hub.db.view.persons if hub.serves(number)]
        return pick(served, b) if served else None

    def learn(self, a: int, b: int) -> None:
        hub = self.hub(a)
        number = self.served(hub, b)
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
        number = self.served(node, b)
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
        number = self.served(hub, b)
        if number is None:
            return
        site = pick(sorted(hub.sites), b >> 8)
        hub.note(f"person:{number}", "membership.joined@1", (self.ground.number(), site))
        self.homes[number].add(site)
        self.say(f"p{number} joins a class of site {site} at {hub.name}")

    def leave(self, a: int, b: int) -> None:
        hub = self.hub(a)
        number = self.served(hub, b)
        if number is None:
            return
        person = hub.db.view.persons[number]
        still = [joining for joining in person.joined if joining not in person.left]
        if still:
            hub.note(f"person:{number}", "membership.left@1", (pick(still, b >> 8),))
            self.say(f"p{number} leaves a class at {hub.name}")

    def come_with_card(self, a: int, b: int) -> None:
        """Somebody turns up with a card at a hub that has never heard of them."""
        hub = self.hub(a)
        if not self.people or hub.db.awaits:
            return
        number = b % len(self.people)
        if hub.serves(number) or len(self.people) > 5:
            return
        site = pick(sorted(hub.sites), b >> 8)
        self._register(hub, site, (site, number))
        self._are_kin(number, self.people[-1])
        self.say(f"p{number} comes to {hub.name} with a card, and is p{self.people[-1]} there")

    def award(self, a: int, b: int) -> None:
        """A node that was upgraded writes a kind that others don't know."""
        hub = self.hub(a)
        number = self.served(hub, b)
        if number is not None and hub.version == 2:
            hub.note(f"person:{number}", NEW_KIND, (self.ground.number(),))
            self.say(f"{hub.name} gives p{number} a badge")

    # What the country does

    def known(self, b: int) -> int | None:
        persons = self.country.db.view.persons
        known = [number for number, one in persons.items() if one.registered is not None]
        return pick(known, b) if known else None

    def move(self, a: int, b: int) -> None:
        number = self.known(b)
        if number is not None:
            site = pick(ALL_SITES, a)
            view = self.country.db.view
            for one in sorted(view.same_person(number) & view.persons.keys()):
                self.country.give(one, site)
                self.homes[one].add(site)
            self.say(f"the country gives p{number} to site {site}")

    def merge(self, a: int, b: int) -> None:
        one, into = self.known(a), self.known(b)
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
        number = self.known(b)
        if number is None:
            return
        person = self.country.db.view.persons[number]
        merges = [merge for merge in person.merges if merge not in person.parted]
        if merges:
            merge = pick(merges, a)
            country = self.country
            places = {
                each: country.db.view.custodian(each)[1] or country.db.view.persons[each].registered
                for each in country.db.view.same_person(number)
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
        number = self.known(b)
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
        country.renew_keys()
        self.say(f"the country revokes {hub.key}")

    def export(self, a: int, b: int) -> None:
        """A learner's record at the country holds all that its journal holds of them."""
        number = self.known(b)
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

    def make(self, node: Node, to: str) -> Parcel:
        parcel = make(node, to)
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
        self.bag.append(self.make(hub, COUNTRY))
        self.say(f"a parcel goes from {hub.name} into the bag ({len(self.bag) - 1})")

    def send_down(self, a: int, b: int) -> None:
        hub = self.hubs[a % len(self.hubs)]
        self.bag.append(self.make(self.country, hub.key))
        self.say(f"a parcel for {hub.name} goes into the bag ({len(self.bag) - 1})")

    def meet(self, a: int, b: int) -> None:
        """A hub reaches the country over a network."""
        hub = self.hub(a)
        self.exchange(hub)
        self.say(f"{hub.name} meets the country")

    def exchange(self, hub: Node) -> bool:
        """Carry a parcel each way; tells whether there was anything in them."""
        up = self.make(hub, COUNTRY)
        arrived = self.deliver_to(self.country, up)
        if arrived == PAST:
            hub.is_strange_to(COUNTRY)
        down = self.make(self.country, hub.key)
        returned = self.deliver_to(hub, down)
        return (
            hub.db.awaits
            or PAST in {arrived, returned}
            or any(
                parcel.runs
                or parcel.keys
                or parcel.again
                or parcel.blobs
                or parcel.sealed_to[1] == 0
                for parcel in (up, down)
            )
        )

    def deliver_to(self, node: Node, parcel: Parcel, upto: int | None = None) -> str:
        """Hand a parcel to a node, and look at what must hold at every moment."""
        if node.key == parcel.to:
            fate = take(node, parcel, upto)
            self.look(node)
            if parcel.sender == COUNTRY and parcel.erased and fate == "taken":
                self._look_first(node, parcel, upto)
            return fate
        return take(node, parcel, upto)

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
        node = pick(machines, b >> 4)
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
        parcel.runs[at] = forged_copy(parcel.runs[at], self.ground.number())
        node = next(node for node in self.nodes() if node.key == parcel.to)
        self.say(f"a parcel for {node.name} was changed on its way")
        self.deliver_to(node, parcel)

    def misdeliver(self, a: int, b: int) -> None:
        """A hub carries a parcel for somebody else, and can't open it."""
        if not self.bag:
            return
        parcel = self.bag[a % len(self.bag)]
        node = pick([node for node in self.nodes() if node.key != parcel.to], b)
        before = node.applied, node.db.size()
        if take(node, parcel) == "taken" or (node.applied, node.db.size()) != before:
            raise Broken(f"{node.name} used a parcel for {parcel.to}")

    def relay(self, a: int, b: int) -> None:
        """A hub hands another what the country signed."""
        giver, taker = self.hub(a), self.hub(b)
        if giver.key == taker.key:
            return
        fate = self.deliver_to(taker, forward(giver, taker.key))
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
        backup, ledger = pick(backups, b)
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
                if event in self.gone or not holds(before, *place):
                    continue
                if not any(holds(each.db, *place) for each in self.nodes()):
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
            name, origin, chain, seq = pick(rows, b)
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
                and any(hub.key == key and holds(hub.db, name, origin, seq) for hub in self.hubs)
            )
        return origin[0] == COUNTRY and holds(self.country.db, name, origin, seq)

    # What a liar needs

    def forge(
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

    def stranger(self, hub: Node, b: int) -> int | None:
        """Somebody whom the country knows, and who was never at this hub."""
        strangers = [
            number
            for number in self.country.db.view.persons
            if self.homes[number].isdisjoint(hub.sites)
        ]
        return pick(strangers, b) if strangers else None

    def living(self) -> list[Node]:
        """The hubs that anybody still talks to."""
        revoked = self.country.db.view.revoked
        return [hub for hub in self.hubs if hub.key not in revoked and hub.key != self.outlaw]


def pick[T](choices: Sequence[T], a: int) -> T:
    return choices[a % len(choices)]


def holds(db: Db, name: str, origin: str, seq: int) -> bool:
    stream = db.streams.get(name)
    if stream is None:
        return False
    chain = stream.chains.get(origin)
    return chain is not None and seq in chain.rows


def forged_copy(one: Shipped, number: int) -> Shipped:
    """Exchange the last entry of a run for another that follows as well."""
    last = one.entries[-1]
    hashed = b"%d" % number
    said = Said(last.kind, hashed, last.said.dep, last.said.epoch, last.hlc)
    body: Body = (number, *last.body[1:])
    entry = Entry(last.origin, last.seq, last.prev, last.hlc, last.kind, body, said, forged=True)
    run = one.run._replace(entries=[*one.run.entries[:-1], said])
    return one._replace(run=run, entries=(*one.entries[:-1], entry))
