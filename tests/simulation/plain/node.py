"""One node in memory: what it holds, what it sends, what it takes.

The rules are the production's own (`sync.policies`, `node.policies`, `kernel.clock`); around them
stands what `docs/protocol.md` says, without a database, keys or files.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

from passport.kernel.clock import next_stamp
from passport.sync.policies import (
    AboutPerson,
    Cursor,
    Fate,
    Run,
    Standing,
    fate_of,
    is_granted,
    objection,
    overreach,
    ready,
    refills,
)
from tests.simulation.plain.faults import NONE, Faults
from tests.simulation.plain.journal import (
    COUNTRY_STREAM,
    Body,
    Chain,
    Entry,
    Said,
    Shipped,
    Stream,
    ship,
)
from tests.simulation.plain.view import CUSTODY, NEW, NEW_POWER, Person, View

COUNTRY = "c"
REGISTERED = "person.registered@1"
ERASED = "person.erased@1"
PAST = "sealed to a recipient of the past"
PARKED_RUNS = 3
"""For each peer: a liar fills nobody's place but their own."""
NOBODY = Person()


class Broken(AssertionError):
    """An invariant doesn't hold."""


@dataclass(slots=True)
class Ground:
    """What all nodes of one history stand on: chance-free numbers, and what was really signed."""

    faults: Faults = NONE
    count: int = 0
    signed: set[bytes] = field(default_factory=set)
    incarnations: dict[str, int] = field(default_factory=dict)
    flips: set[str] = field(default_factory=set)
    """Nodes of which another incarnation was heard, perhaps an older one again."""
    used: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """The newest recipient that was ever sealed to, by (origin, recipient's node, incarnation)."""

    def number(self) -> int:
        self.count += 1
        return self.count

    def incarnate(self, key: str) -> str:
        self.incarnations[key] = number = self.incarnations.get(key, -1) + 1
        return str(number)


class Peer:
    """Another node, as this one knows it."""

    __slots__ = (
        "acks",
        "inc",
        "introduce",
        "key",
        "keychains",
        "lacks",
        "mark_heard",
        "mark_taken",
        "mine",
        "opened",
        "past",
        "recipient",
        "turn",
        "used",
        "wants",
    )

    def __init__(self, key: str) -> None:
        self.key = key
        self.inc = "0"
        self.past: tuple[str, ...] = ("0",)
        self.acks: dict[str, dict[str, int]] = {}
        self.mark_heard = 0
        """Up to where, in our count, it knows our vector."""
        self.mark_taken = 0
        """Up to where, in its count, we know its vector."""
        self.recipient: tuple[str, int] = ("", 0)
        """What to seal to: (its incarnation, the number of the recipient)."""
        self.turn = 0
        self.mine: tuple[int, ...] = ()
        """Our recipients that it may seal to; the last is the newest."""
        self.used = True
        self.opened = 0
        self.introduce = False
        self.lacks: frozenset[str] = frozenset()
        self.keychains: dict[str, tuple[str, ...]] = {}
        self.wants: frozenset[int | str] = frozenset()

    def copy(self) -> Peer:
        twin = Peer.__new__(Peer)
        for name in Peer.__slots__:
            setattr(twin, name, getattr(self, name))
        twin.acks = {stream: heads.copy() for stream, heads in self.acks.items()}
        return twin


class Parcel:
    """What goes from one node to another."""

    __slots__ = (
        "again",
        "blobs",
        "erased",
        "heard",
        "inc",
        "is_intact",
        "keychains",
        "keys",
        "knows",
        "lacks",
        "mark",
        "number",
        "recipient",
        "runs",
        "sealed_to",
        "sender",
        "since",
        "to",
        "tombstones",
        "vector",
        "wants",
    )

    def __init__(self, number: int, sender: str, inc: str, to: str) -> None:
        self.number = number
        self.sender, self.inc, self.to = sender, inc, to
        self.sealed_to: tuple[str, int] = ("", 0)
        """(incarnation, number) of the recipient; number 0: the key file's own."""
        self.recipient = 0
        self.heard: tuple[str, int] = ("", 0)
        """The recipient's incarnation that the sender heard last, and how far it knows its vector."""
        self.knows: tuple[str, int] = ("", 0)
        """The recipient that it would seal to, if it weren't presenting itself."""
        self.since = self.mark = 0
        self.vector: dict[str, dict[str, int]] = {}
        self.again: dict[str, dict[str, int]] = {}
        self.lacks: frozenset[str] = frozenset()
        self.wants: frozenset[int | str] = frozenset()
        self.keys: dict[str, tuple[str, ...]] = {}
        self.keychains: dict[str, tuple[str, ...]] = {}
        """Which keys are here (their fingerprints) of persons whose key was ever renewed."""
        self.runs: list[Shipped] = []
        self.blobs: frozenset[int | str] = frozenset()
        self.tombstones: frozenset[int] = frozenset()
        """The erasures of a hub's ledger that its journal no longer has; the country signed them."""
        self.erased: frozenset[int] = frozenset()
        """For the observer: who was erased when it was made."""
        self.is_intact = True
        """False where somebody changed it on its way."""

    def twin(self) -> Parcel:
        other = Parcel.__new__(Parcel)
        for name in Parcel.__slots__:
            if hasattr(self, name):
                setattr(other, name, getattr(self, name))
        return other


class Db:
    """All that a backup copies."""

    __slots__ = (
        "aside",
        "awaits",
        "away",
        "blobs",
        "inc",
        "lacks",
        "moved",
        "parked",
        "peers",
        "streams",
        "view",
    )

    def __init__(self, inc: str) -> None:
        self.inc = inc
        self.streams: dict[str, Stream] = {}
        self.view = View()
        self.peers: dict[str, Peer] = {}
        self.parked: dict[str, list[tuple[Shipped, bool]]] = {}
        self.aside: dict[bytes, tuple[str, Shipped]] = {}
        """Quarantine."""
        self.moved = 0
        self.away: set[int] = set()
        """Persons who were given elsewhere."""
        self.lacks: dict[str, str] = {}
        """{person's stream: the key that something was sealed under that came}"""
        self.blobs: set[int | str] = set()
        self.awaits = False
        """Restored, and not yet told who was erased meanwhile."""

    def copy(self) -> Db:
        twin = Db(self.inc)
        twin.streams = {name: stream.copy() for name, stream in self.streams.items()}
        twin.view = self.view.copy()
        twin.peers = {key: peer.copy() for key, peer in self.peers.items()}
        twin.parked = {key: waiting.copy() for key, waiting in self.parked.items()}
        twin.aside = self.aside.copy()
        twin.moved = self.moved
        twin.away = self.away.copy()
        twin.lacks = self.lacks.copy()
        twin.blobs = self.blobs.copy()
        twin.awaits = self.awaits
        return twin

    def size(self) -> tuple[int, ...]:
        """Count what could grow."""
        return (
            len(self.streams),
            sum(
                len(chain.rows)
                for stream in self.streams.values()
                for chain in stream.chains.values()
            ),
            sum(len(stream.chains) for stream in self.streams.values()),
            sum(len(heads) for peer in self.peers.values() for heads in peer.acks.values()),
            sum(len(peer.mine) for peer in self.peers.values()),
            sum(len(waiting) for waiting in self.parked.values()),
            len(self.aside),
            len(self.lacks),
        )


class Node:
    """A country or a hub."""

    __slots__ = (
        "applied",
        "db",
        "faults",
        "ground",
        "is_country",
        "is_full",
        "key",
        "ledger",
        "name",
        "sites",
        "sites_of",
        "version",
        "wall",
    )

    def __init__(
        self, ground: Ground, key: str, sites: frozenset[int], sites_of: dict[str, frozenset[int]]
    ) -> None:
        self.ground = ground
        self.faults = ground.faults
        self.key = self.name = key
        self.is_country = key == COUNTRY
        self.sites = sites
        self.sites_of = sites_of
        """What the country said of every hub; it never changes here."""
        self.db = Db(ground.incarnate(key))
        self.ledger: set[int] = set()
        """Who was erased; it lies beside the key file, so a restore doesn't take it back."""
        self.wall = 1_000
        self.version = 1
        self.is_full = False
        self.applied = 0
        """Runs that changed anything, ever."""

    @property
    def origin(self) -> str:
        return f"{self.key}.{self.db.inc}"

    def befriend(self, key: str) -> Peer:
        peer = self.db.peers[key] = Peer(key)
        peer.mine, peer.used, peer.turn, peer.recipient = (1,), False, 1, ("0", 1)
        return peer

    # Writing

    def stream(self, name: str) -> Stream:
        stream = self.db.streams.get(name)
        if stream is None:
            stream = self.db.streams[name] = Stream(name)
        return stream

    def note(self, name: str, kind: str, body: Body, *, epoch: int = 0) -> Entry:
        """Append an entry of ours, and show it."""
        stream, origin = self.stream(name), self.origin
        chain = stream.chains.get(origin)
        if chain is None:
            chain = stream.chains[origin] = Chain()
        entry = self.draft(stream, chain, origin, kind, body, epoch)
        chain.put(entry)
        self._move(stream, origin, chain, entry)
        self._show(stream, entry)
        return entry

    def draft(
        self,
        stream: Stream,
        chain: Chain,
        origin: str,
        kind: str,
        body: Body,
        epoch: int = 0,
        *,
        forged: bool = False,
    ) -> Entry:
        others = {
            each: held.seq for each, held in stream.chains.items() if each != origin and held.seq
        }
        dep = None
        if others != chain.seen:
            dep = others
            if not forged:
                chain.seen = others
        self.wall += 1
        latest = max([held.hlc for held in stream.chains.values()], default=0)
        hlc = self.wall << 16 if self.faults.wall_clock else next_stamp(self.wall, latest)
        hashed = b"%d" % self.ground.number()
        return Entry(
            origin,
            chain.seq + 1,
            chain.hash,
            hlc,
            kind,
            body,
            Said(kind, hashed, dep, epoch, hlc),
            under=stream.keys[0] if stream.keys else "",
            forged=forged,
        )

    def _move(self, stream: Stream, origin: str, chain: Chain, entry: Entry) -> None:
        """Move a head behind an entry."""
        if entry.seq != chain.seq + 1:
            raise Broken(f"{self.name}: a head jumps")
        chain.seq, chain.hash = entry.seq, entry.said.hash
        chain.hlc = entry.hlc if self.faults.falling_stamps else max(chain.hlc, entry.hlc)
        if entry.said.dep is not None:
            chain.seen = dict(entry.said.dep)
        db = self.db
        db.moved += 1
        chain.moved = db.moved
        stream.heads[origin] = Cursor(entry.seq, entry.said.hash)

    def _show(self, stream: Stream, entry: Entry) -> None:
        """Project an entry; the country's own words are carried out too."""
        db = self.db
        number = cast("int", stream.key)
        if stream.kind == "person" and number in db.away and entry.kind != CUSTODY:
            return
        if entry.kind == CUSTODY and int(entry.body[1]) in db.view.erased:
            return
        db.view.project(stream.kind, number, entry, self.version, self.faults)
        if stream.kind == COUNTRY_STREAM and entry.origin[0] == COUNTRY:
            if entry.kind == ERASED:
                self.forget(int(entry.body[0]))
            elif entry.kind == "hub.revoked@1":
                self.db.parked.pop(str(entry.body[0]), None)

    def project_again(self, number: int) -> None:
        """Show a person again from the journal."""
        self.db.view.persons.pop(number, None)
        stream = self.db.streams.get(f"person:{number}")
        if stream is not None:
            for chain in stream.chains.values():
                for entry in chain.rows.values():
                    self._show(stream, entry)

    def rebuilt(self, order: Iterable[tuple[Stream, Entry]]) -> View:
        """Make all that is shown again, in any order."""
        view = View()
        view.erased = set(self.ledger)
        for stream, entry in order:
            number = cast("int", stream.key)
            if entry.kind == ERASED and entry.origin[0] == COUNTRY:
                view.erased.add(int(entry.body[0]))
            elif stream.kind != "person" or number not in self.db.away or entry.kind == CUSTODY:
                view.project(stream.kind, number, entry, self.version, self.faults)
        for number in view.erased:
            view.custody.pop(number, None)
        view.told = {pair for pair in view.told if pair[1] not in view.erased}
        return view

    def journal(self) -> list[tuple[Stream, Entry]]:
        return [
            (stream, entry)
            for stream in self.db.streams.values()
            for chain in stream.chains.values()
            for entry in chain.rows.values()
        ]

    # Who is whose

    def is_mine(self, number: int) -> bool:
        """Tell whether this node may have a person, as far as it knows.

        A hub knows of the moves from and to its own sites. Who was given elsewhere may still be the
        same as somebody who belongs here.
        """
        if self.is_country:
            return True
        view = self.db.view
        site = view.custodian(number)[1]
        if site is None or site in self.sites:
            return True
        return any(
            _is_granted(self.sites, view, one) for one in view.same_person(number) if one != number
        )

    def is_granted(self, hub: str, number: int) -> bool:
        """Tell, on the country, whether a hub is granted a person, or somebody who is the same."""
        view, sites = self.db.view, self.sites_of[hub]
        if self.faults.split_merge:
            return _is_granted(sites, view, number)
        return any(_is_granted(sites, view, one) for one in view.same_person(number))

    def was_granted(self, hub: str, number: int) -> bool:
        view, sites = self.db.view, self.sites_of[hub]
        if not self.faults.forgets_mergers and any((site, number) in view.told for site in sites):
            return True
        return any(_was_granted(sites, view, one) for one in view.same_person(number))

    def serves(self, number: int) -> bool:
        """Tell whether people meet this person at this node."""
        person = self.db.view.persons.get(number)
        return (
            not self.db.awaits
            and person is not None
            and person.registered is not None
            and number not in self.db.away
        )

    # Making

    def make(self, to: str) -> Parcel:
        """Make a parcel: everything after what the peer has acknowledged."""
        db, faults = self.db, self.faults
        peer = db.peers[to]
        parcel = Parcel(self.ground.number(), self.key, db.inc, to)
        parcel.recipient = self._recipient(peer)
        parcel.heard = peer.inc, peer.mark_taken
        is_introduction = peer.introduce and not faults.recipients_not_renewed
        parcel.sealed_to = (peer.inc, 0) if is_introduction else peer.recipient
        parcel.knows = peer.recipient
        if not is_introduction and to not in self.ground.flips:
            place = self.origin, to, peer.recipient[0]
            if peer.recipient[1] < self.ground.used.get(place, 0):
                raise Broken(f"{self.name} seals to a recipient of the past of {to}")
            self.ground.used[place] = peer.recipient[1]
        parcel.since, parcel.mark = peer.mark_heard, db.moved
        revoked = to in db.view.revoked and not faults.revoked_heard
        for stream in [] if revoked else self._in_order():
            if not self._shares(to, stream):
                peer.acks.pop(stream.name, None)  # it has to let go of it; it will get it whole again
                if not faults.late_work_untold:
                    self._acknowledge_late(parcel, stream)
                continue
            self._acknowledge(parcel, stream)
            if is_introduction:
                continue
            shipped = self._new(peer, stream, stream.keys[0] if stream.keys else "")
            parcel.runs += shipped
            if (
                stream.name in peer.lacks
                or (shipped and not peer.acks.get(stream.name))
                or not set(stream.keys) <= set(peer.keychains.get(stream.name, stream.keys))
            ):
                keys = stream.keys or (stream.wrapped if to == COUNTRY else ())
                if keys:
                    parcel.keys[stream.name] = keys
        if faults.keys_to_all:
            for name in peer.lacks:
                if name in db.streams:
                    parcel.keys[name] = db.streams[name].keys
        if not self.is_country:
            parcel.tombstones = self._tombstones()
        parcel.lacks = self._asks_for()
        parcel.keychains = {
            name: db.streams[name].keys
            for name in (
                f"person:{number}"
                for number, person in db.view.persons.items()
                if person.renewals and number not in db.away
            )
        }
        parcel.wants = frozenset(db.view.courses - db.blobs)
        if not revoked:
            parcel.blobs = peer.wants & db.blobs
        if faults.early_acknowledgement:
            for one in parcel.runs:
                peer.acks.setdefault(one.stream, {})[one.run.origin] = one.run.last
        if faults.receipts_from_hubs and self.is_country:
            db.view.confirmed |= {(number, to) for number in db.view.erased}
        return parcel

    def _tombstones(self) -> frozenset[int]:
        stream = self.db.streams.get(COUNTRY_STREAM)
        noted = {
            int(entry.body[0])
            for chain in (stream.chains.values() if stream is not None else ())
            for entry in chain.rows.values()
            if entry.kind == ERASED
        }
        return frozenset(self.ledger - noted) if not self.faults.ledger_untold else frozenset()

    def _recipient(self, peer: Peer) -> int:
        """The recipient that the answer is to be sealed to: a new one when the last has been used."""
        if peer.used or not peer.mine:
            peer.mine = (*peer.mine, self.ground.number())
            peer.used = False
            if self.faults.recipient_destroyed_early:
                peer.mine = peer.mine[-1:]
        return peer.mine[-1]

    def _in_order(self) -> list[Stream]:
        streams = list(self.db.streams.values())
        by_kind = {"person": 0, "site": 1, COUNTRY_STREAM: 2}
        if not self.faults.tombstones_last:
            by_kind = {COUNTRY_STREAM: 0, "site": 1, "person": 2}
        return sorted(streams, key=lambda stream: by_kind[stream.kind])

    def _shares(self, to: str, stream: Stream) -> bool:
        """Tell whether a peer may have a stream."""
        if not self.is_country or stream.kind == COUNTRY_STREAM:
            return True
        number = cast("int", stream.key)
        if stream.kind == "site":
            return number in self.sites_of[to]
        return self.is_granted(to, number)

    def _acknowledge(self, parcel: Parcel, stream: Stream) -> None:
        """Say how far a stream is here, as far as that is news; with a hole, what is really here."""
        name = stream.name
        is_away = stream.kind == "person" and cast("int", stream.key) in self.db.away
        if (
            not is_away
            and not self.faults.no_again
            and (
                stream.again
                or stream.has_hole()
                or (not self.faults.parked_acknowledged and self._waits_for(parcel.to, name))
            )
        ):
            parcel.again[name] = {origin: chain.low for origin, chain in stream.chains.items()}
            return
        news = {
            origin: chain.seq
            for origin, chain in stream.chains.items()
            if chain.moved > parcel.since or name not in self.db.peers[parcel.to].acks
        }
        if news:
            parcel.vector[name] = news
        if self.faults.parked_acknowledged:
            for shipped, _ in self.db.parked.get(parcel.to, ()):
                if shipped.stream == name:
                    parcel.vector.setdefault(name, {})[shipped.run.origin] = shipped.run.last

    def _acknowledge_late(self, parcel: Parcel, stream: Stream) -> None:
        """Say what came of a hub's own work for a person whom it isn't granted any more."""
        if stream.kind != "person" or not self.was_granted(parcel.to, cast("int", stream.key)):
            return
        own = {
            origin: chain
            for origin, chain in stream.chains.items()
            if origin.partition(".")[0] in {parcel.to, COUNTRY}
        }
        if any(chain.low < chain.seq for chain in own.values()):
            parcel.again[stream.name] = {origin: chain.low for origin, chain in own.items()}
            return
        news = {origin: chain.seq for origin, chain in own.items() if chain.moved > parcel.since}
        if news:
            parcel.vector[stream.name] = news

    def _waits_for(self, key: str, name: str) -> bool:
        return any(one.stream == name for one, _ in self.db.parked.get(key, ()))

    def _new(self, peer: Peer, stream: Stream, under: str) -> list[Shipped]:
        """What a stream holds beyond the acknowledged heads."""
        known = peer.acks.get(stream.name) or _NOTHING
        shipped: list[Shipped] = []
        for origin, chain in stream.chains.items():
            after = known.get(origin, 0)
            upto = chain.seq
            ours = origin.partition(".")[0] == self.key
            if not ours and not self.is_country:
                # A hub brings back what the country wrote, where its seal goes with it.
                if origin[0] != COUNTRY:
                    continue
                upto = min(upto, chain.seal)
                if not all(seq in chain.rows for seq in range(after + 1, upto + 1)):
                    continue
            if upto <= after:
                continue
            if ours:
                self.ground.signed.add(chain.rows[upto].said.hash) if upto in chain.rows else None
                seal = upto
            else:
                seal = chain.seal
            shipped += ship(stream, origin, after, upto, under=under, seal=seal)
        return shipped

    def forward(self, to: str) -> Parcel:
        """Carry what the country signed to another hub, which isn't our peer."""
        parcel = Parcel(self.ground.number(), self.key, self.db.inc, to)
        stream = self.stream(COUNTRY_STREAM)
        for origin, chain in stream.chains.items():
            if origin[0] == COUNTRY:
                parcel.runs += ship(stream, origin, 0, chain.seal, seal=chain.seal)
        return parcel

    # Taking

    def take(self, parcel: Parcel, upto: int | None = None) -> str:
        """Take a parcel, or its first `upto` runs, and say what became of it."""
        db, faults = self.db, self.faults
        if parcel.to != self.key:
            return "for another"
        peer = db.peers.get(parcel.sender)
        if peer is None:
            return self._take_forwarded(parcel, upto)
        if not self._can_open(peer, parcel):
            if not self.is_country:
                self.is_strange_to(peer.key)
            return PAST
        if not parcel.is_intact and not faults.no_signatures:
            return "changed on its way"
        if parcel.sender in db.view.revoked and not faults.revoked_heard:
            for one in parcel.runs:
                db.aside.setdefault(one.entries[-1].said.hash, ("revoked", one))
            return "of a revoked hub"
        self._note_peer(peer, parcel)
        knows = parcel.sealed_to if faults.endless_introductions else parcel.knows
        if knows[0] == db.inc and knows[1] in peer.mine:
            peer.introduce = False
        is_whole = upto is None or upto >= len(parcel.runs)
        runs = parcel.runs if is_whole else parcel.runs[:upto]
        parked = self._take_runs(peer, parcel, runs)
        self._heed(peer, parcel)
        for number in sorted(parcel.tombstones - db.view.erased):
            self.note(COUNTRY_STREAM, ERASED, (number,))
        if is_whole:
            if parcel.sealed_to[1]:
                self._turn(peer, parcel)
            if not self.is_full:
                db.blobs |= parcel.blobs
            elif faults.full_disk_takes_content and parcel.blobs:
                raise Broken(f"{self.name}: content was taken on a full disk")
        if (
            db.awaits
            and peer.key == COUNTRY
            and parcel.heard[0] == db.inc
            and is_whole
            and parcel.sealed_to[1]
            and not any(one.stream == COUNTRY_STREAM for one in parked)
        ):
            db.awaits = False
        self.settle()
        if parcel.keys:
            self._learn_keys(parcel)
        if self.is_country and db.view.revoked:
            self._renew_keys()
        return "taken"

    def is_strange_to(self, key: str) -> None:
        """They don't know what to seal to, or we don't: we present ourselves once more."""
        if not self.faults.recipients_not_renewed:
            self.db.peers[key].introduce = True

    def _can_open(self, peer: Peer, parcel: Parcel) -> bool:
        incarnation, number = parcel.sealed_to
        if number == 0:
            return True
        if incarnation != self.db.inc:
            return False
        if number in peer.mine:
            return True
        if number >= peer.opened:
            raise Broken(f"{self.name}: a recipient was destroyed before a newer one was used")
        return False

    def _turn(self, peer: Peer, parcel: Parcel) -> None:
        """A whole parcel came, sealed to one of our recipients: those before it are destroyed."""
        number = parcel.sealed_to[1]
        peer.mine = tuple(one for one in peer.mine if one >= number)
        peer.opened = max(peer.opened, number)
        if number == peer.mine[-1]:
            peer.used = True

    def _note_peer(self, peer: Peer, parcel: Parcel) -> None:
        """Remember what the peer says of itself; another incarnation begins again."""
        faults = self.faults
        if parcel.inc != peer.inc and not (
            faults.incarnations_by_arrival and parcel.inc in peer.past
        ):
            peer.past = (*peer.past, parcel.inc)
            peer.inc = parcel.inc
            peer.turn = peer.mark_heard = 0
            if not faults.lacks_kept:
                self.db.lacks.clear()  # keys of runs that it may never send again
            self.ground.flips.add(peer.key)
            if not faults.acknowledgements_untagged:
                peer.mark_taken = 0
                peer.acks = {}
        if parcel.inc == peer.inc and (parcel.recipient > peer.turn or faults.recipient_turns_back):
            peer.recipient = parcel.inc, parcel.recipient
            peer.turn = parcel.recipient

    def _heed(self, peer: Peer, parcel: Parcel) -> None:
        """Take what the peer says it holds and lacks, if it is newer than what it said before."""
        faults = self.faults
        if parcel.inc != peer.inc:
            return
        if parcel.heard[0] == self.db.inc:
            told = parcel.heard[1]
            for stream in self.db.streams.values():
                if stream.again <= told:
                    stream.again = 0
            peer.mark_heard = max(peer.mark_heard, told) if faults.heard_only_grows else told
        if parcel.since > peer.mark_taken or parcel.mark < peer.mark_taken:
            return
        erased = self.db.view.erased
        for name, heads in parcel.vector.items():
            if name[:7] == "person:" and int(name[7:]) in erased:
                continue
            known = peer.acks.setdefault(name, {})
            for origin, seq in heads.items():
                if seq > known.get(origin, 0):
                    known[origin] = seq
        for name, heads in parcel.again.items():
            if name[:7] != "person:" or int(name[7:]) not in erased:
                peer.acks[name] = heads.copy()
        peer.mark_taken = max(peer.mark_taken, parcel.mark)
        peer.lacks = parcel.lacks
        peer.keychains = parcel.keychains
        peer.wants = parcel.wants

    def _take_forwarded(self, parcel: Parcel, upto: int | None) -> str:
        """Take what another hub carries for the country."""
        if not parcel.is_intact and not self.faults.no_signatures:
            return "changed on its way"
        if parcel.sender in self.db.view.revoked:
            return "of a revoked hub"
        runs = parcel.runs if upto is None else parcel.runs[:upto]
        peer = Peer(parcel.sender)
        self._take_runs(peer, parcel, runs)
        self.settle()
        return "taken"

    # Runs

    def _take_runs(self, peer: Peer, parcel: Parcel, runs: list[Shipped]) -> list[Shipped]:
        """Apply what can be applied, over and over until nothing moves; returns what is parked."""
        db = self.db
        waiting = list(zip(runs, self._vouched(runs), strict=True)) if runs else []
        before = db.parked.get(peer.key)
        if before:
            waiting += before
        moves = bool(waiting)
        if not waiting:
            return []
        while moves:
            moves = False
            left: list[tuple[Shipped, bool]] = []
            for pair in waiting:
                fate, reason = self._apply(peer, parcel, *pair)
                if fate is Fate.PARKED:
                    left.append(pair)
                elif fate is Fate.APPLIED:
                    moves = True
                    if reason:  # only a part of it
                        left.append(pair)
                elif fate is Fate.QUARANTINED:
                    shipped = pair[0]
                    db.aside.setdefault(shipped.entries[-1].said.hash, (reason, shipped))
            waiting = left
        kept = {
            (one.stream, one.run.origin, one.run.first, one.run.last): (one, ok)
            for one, ok in waiting
        }
        if self.faults.no_buffer:
            for one, _ in waiting:
                self._pass_over(one)
            kept = {}
        if kept:
            db.parked[peer.key] = list(kept.values())[:PARKED_RUNS]
        else:
            db.parked.pop(peer.key, None)
        return [one for one, _ in kept.values()]

    def _pass_over(self, one: Shipped) -> None:
        stream = self.stream(one.stream)
        chain = stream.chains.setdefault(one.run.origin, Chain())
        for entry in one.entries:
            if entry.seq > chain.seq:
                chain.seq = entry.seq - 1
                self._move(stream, one.run.origin, chain, entry)

    def _vouched(self, runs: list[Shipped]) -> list[bool]:
        """Tell of each run whether its writer's own seal covers it, through those that follow it."""
        vouched: list[bool] = []
        after: dict[tuple[str, str], Run] = {}
        for one in reversed(runs):
            run = one.run
            ok = (
                bool(one.seal)
                and run.origin[0] == COUNTRY
                and (one.seal in self.ground.signed or self.faults.seals_unchecked)
                and one.seal == run.entries[-1].hash
            )
            if not ok:
                follower = after.get((one.stream, run.origin))
                ok = (
                    follower is not None
                    and follower.first == run.last + 1
                    and follower.prev == run.entries[-1].hash
                )
            if ok:
                after[one.stream, run.origin] = run
            vouched.append(ok)
        vouched.reverse()
        return vouched

    def _learn_keys(self, parcel: Parcel) -> None:
        db = self.db
        for name, keys in parcel.keys.items():
            number = int(name[7:])
            if number in db.view.erased or number in db.away or name not in db.streams:
                continue
            stream = db.streams[name]
            if self.is_country or self.is_mine(number) or self.faults.stored_elsewhere:
                stream.keys = tuple(sorted({*stream.keys, *keys}, reverse=True))

    def _standing(self, key: str) -> Standing:
        return Standing(
            key,
            is_country=key == COUNTRY,
            is_hub_to_us=self.is_country,
            is_revoked=key in self.db.view.revoked,
            sites=cast("frozenset[UUID]", self.sites_of.get(key, frozenset())),
        )

    def _as_known(self, run: Run) -> Run:
        """A run as a node sees it that doesn't know the kinds of tomorrow."""
        if self.version == 2 or not any(said.kind in NEW for said in run.entries):
            return run
        return run._replace(
            entries=[
                said._replace(kind="unknown@1") if said.kind in NEW else said
                for said in run.entries
            ]
        )

    def _about(self, writer: str, one: Shipped) -> AboutPerson:
        view, number = self.db.view, int(one.stream[7:])
        person = view.persons.get(number, NOBODY)
        first = one.entries[0]
        is_new = person.registered is None or self.faults.anybody_registers
        return AboutPerson(
            is_known=self.was_granted(writer, number),
            is_granted=self.is_granted(writer, number)
            or (bool(person.merges) and not self.faults.forgets_mergers),
            custody=cast("dict[int, set[UUID]]", view.custody.get(number, {})),
            registers_here=is_new
            and first.seq == 1
            and first.kind == REGISTERED
            and first.body[0] in self.sites_of.get(writer, ()),
        )

    def _apply(
        self, peer: Peer, parcel: Parcel, one: Shipped, is_vouched: bool
    ) -> tuple[Fate, str]:
        """Apply one run; a reason says why it is set aside, or that only a part could be taken."""
        db, faults, run = self.db, self.faults, one.run
        stream = db.streams.get(one.stream)
        is_person = run.kind == "person"
        number = cast("int", run.key)
        if is_person and number in db.view.erased and not faults.resurrection:
            return Fate.FORGOTTEN, ""
        if is_person and not (self.is_mine(number) or faults.stored_elsewhere):
            return Fate.FORGOTTEN, ""
        if (
            one.under
            and (stream is None or one.under not in stream.keys)
            and one.under not in parcel.keys.get(one.stream, ())
        ):
            db.lacks[one.stream] = one.under
            return Fate.UNREADABLE, ""
        heads = stream.heads if stream is not None else {}
        chain = stream.chains.get(run.origin) if stream is not None else None
        held = chain if chain is not None else _EMPTY
        if faults.no_dependencies:
            run = run._replace(entries=[said._replace(dep=None) for said in _said(one)])
        fate = fate_of(run, heads, held.stored)
        if fate is Fate.QUARANTINED:
            return fate, "fork"
        if fate is Fate.KNOWN:
            return self._refill(one, stream, held), ""
        by_seal = is_vouched and peer.key != COUNTRY
        writer = run.origin.partition(".")[0] if by_seal else peer.key
        if not faults.no_authority:
            reason = objection(self._standing(writer), self._as_known(run))
            if reason is not None:
                if by_seal and not any(entry.forged for entry in one.entries):
                    return Fate.DAMAGED, ""  # of a hub that was revoked since
                return Fate.QUARANTINED, reason
            if faults.early_judgement and is_person and self.is_country and writer != COUNTRY:
                reason = overreach(self._standing(writer), run, self._about(writer, one))
                if reason is not None:
                    return Fate.QUARANTINED, reason
        if fate is not Fate.APPLIED:
            return fate, ""
        count = ready(run, heads)
        if faults.whole_runs and count < len(run.entries):
            return Fate.PARKED, ""
        if is_person and self.is_country and writer != COUNTRY and not faults.no_authority:
            part = run._replace(entries=run.entries[:count])
            reason = overreach(self._standing(writer), part, self._about(writer, one))
            if reason is not None:
                return Fate.QUARANTINED, reason
        self._keep(one, count, is_vouched)
        return Fate.APPLIED, "" if count == len(run.entries) else "in part"

    def _keep(self, one: Shipped, count: int, is_vouched: bool) -> None:
        """Store and show the first `count` entries of a run, as far as they are new."""
        faults, run = self.faults, one.run
        stream = self.stream(one.stream)
        origin = run.origin
        chain = stream.chains.get(origin)
        if chain is None:
            chain = stream.chains[origin] = Chain()
        number = cast("int", stream.key)
        self.applied += 1
        for entry in one.entries[:count]:
            if entry.seq <= chain.seq:
                continue
            if entry.forged and (
                entry.kind != NEW_POWER or (self.is_country and self.version == 2)
            ):
                raise Broken(f"{self.name} believes a liar: {entry.kind} in {one.stream}")
            self._move(stream, origin, chain, entry)
            unknown = entry.kind in NEW and self.version < 2
            chain.put(_hollow(entry) if unknown and faults.drops_unknown else entry)
            self._show(stream, entry)
            if number in self.db.view.erased and run.kind == "person" and not faults.resurrection:
                return
        if one.seal and is_vouched and count == len(one.entries):
            chain.seal = max(chain.seal, run.last)
        if not self.is_country and any(entry.kind == CUSTODY for entry in one.entries):
            self.settle()

    def _refill(self, one: Shipped, stream: Stream | None, chain: Chain) -> Fate:
        """A run below the head: what is missing of it here is put back; it is told again."""
        run = one.run
        if stream is None:
            return Fate.KNOWN
        if one.seal:
            chain.seal = max(chain.seal, run.last)
        is_away = run.kind == "person" and cast("int", run.key) in self.db.away
        if chain.low >= run.last or is_away or all(e.seq in chain.rows for e in one.entries):
            if not self.faults.known_untold:
                self.db.moved += 1
                chain.moved = self.db.moved
            return Fate.KNOWN
        if not refills(run, Cursor(chain.seq, chain.hash), chain.following):
            return Fate.PARKED
        for entry in one.entries:
            if entry.seq not in chain.rows:
                chain.rows[entry.seq] = entry
                self._show(stream, entry)
        chain.measure()
        self.db.moved += 1
        chain.moved = self.db.moved
        self.applied += 1
        return Fate.APPLIED

    # Consequences

    def settle(self) -> None:
        """Do what follows from what was taken: let people go, take them back, merge, lack keys."""
        db = self.db
        if self.is_country:
            self._merge_by_card()
            self._erase_the_same()
            if db.inc != "0" and not self.faults.moves_forgotten:
                self._tell_moves_again()
        else:
            for stream in list(db.streams.values()):
                if stream.kind != "person":
                    continue
                number = cast("int", stream.key)
                mine = self.is_mine(number) or self.faults.no_eviction
                if not mine and number not in db.away:
                    self._evict(stream)
                elif mine and number in db.away:
                    db.away.discard(number)
                    db.moved += 1
                    stream.again = db.moved
                    self.project_again(number)

    def _asks_for(self) -> frozenset[str]:
        """The persons' streams of which a key is lacking: to open what came, or the newest."""
        db = self.db
        for name, key in list(db.lacks.items()):
            stream = db.streams.get(name)
            if int(name[7:]) in db.view.erased or (stream is not None and key in stream.keys):
                del db.lacks[name]
        asks = set(db.lacks)
        for number, person in db.view.persons.items():
            if number not in db.away:
                name = f"person:{number}"
                keys, newest = db.streams[name].keys, person.newest_key()
                if not keys or (newest and newest not in keys):
                    asks.add(name)
        return frozenset(asks)

    def _evict(self, stream: Stream) -> None:
        """Let a person go: the key, the names, and what other hubs wrote, at once.

        What this node wrote stays, and what the country said: they may be asked for it again.
        """
        db, faults = self.db, self.faults
        number = cast("int", stream.key)
        db.away.add(number)
        if not faults.keys_lost:
            stream.wrapped = stream.keys or stream.wrapped
        stream.keys = ()
        db.lacks.pop(stream.name, None)
        for origin in list(stream.chains):
            writer = origin.partition(".")[0]
            if (writer == self.key and not (faults.evicts_rows or faults.evicts_heads)) or (
                writer == COUNTRY and not faults.evicts_news
            ):
                continue
            if writer == self.key and not faults.evicts_heads:
                stream.chains[origin].rows.clear()
                stream.chains[origin].low = 0
                continue
            del stream.chains[origin]
            del stream.heads[origin]
        self.project_again(number)

    def _erase_the_same(self) -> None:
        """Erase whoever turns out to be the same as somebody who was erased."""
        view = self.db.view
        if view.merges and view.erased and not self.faults.erases_one:
            for number in list(view.persons):
                if view.same_person(number) & view.erased:
                    self.note(COUNTRY_STREAM, ERASED, (number,))

    def _merge_by_card(self) -> None:
        """Unite with their record those who came to a hub that didn't know them, with their card."""
        view = self.db.view
        for number, person in list(view.persons.items()):
            card = person.card
            if card is None or card in view.erased or card not in view.persons:
                continue
            if view.persons[card].registered is None or any(
                {number, card} <= set(pair) for pair in person.merges.values()
            ):
                continue
            self.merge(number, card)

    def _renew_keys(self) -> None:
        """Give a further key to everybody whose key a revoked hub has held.

        Also where that was done, and the disk died that had the new key.
        """
        view = self.db.view
        for number, person in view.persons.items():
            stream = self.db.streams[f"person:{number}"]
            newest = person.newest_key()
            for hub in sorted(view.revoked):
                done = newest in stream.keys and any(
                    made_for == hub for _, _, made_for in person.renewals.values()
                )
                if not done and person.registered is not None and self.was_granted(hub, number):
                    newest = f"{number}/{self.ground.number():09}"
                    stream.keys = (newest, *stream.keys)
                    self.note(stream.name, "key.renewed@1", (newest, hub))

    def merge(self, one: int, into: int) -> None:
        """Say that two identities are one person; hubs that have one of them get both."""
        merge = self.ground.number()
        for number in (one, into):
            self.note(f"person:{number}", "identity.merged@1", (merge, one, into))

    def give(self, number: int, site: int) -> None:
        """Give a person to a site; that site's hubs are told, and those that had them."""
        view = self.db.view
        epoch = view.custodian(number)[0]
        body = self.ground.number(), number, epoch + 1, site
        self.note(f"person:{number}", CUSTODY, body)
        if not self.faults.untold_moves:
            for place in sorted(self.sites_that_had(number) | {site}):
                self.note(f"site:{place}", CUSTODY, body)

    def _tell_moves_again(self) -> None:
        """Say moves once more that a hub brought back, where those who had the person weren't told."""
        view = self.db.view
        for number in list(view.custody):
            epoch, site = view.custodian(number)
            if site is None or number in view.erased:
                continue
            fact = view.custody[number][epoch][site]
            body = fact, number, epoch, site
            for place in [f"person:{number}", *map("site:{}".format, self.sites_that_had(number))]:
                stream = self.stream(place)
                told = any(
                    entry.kind == CUSTODY and entry.body == body
                    for chain in stream.chains.values()
                    for entry in chain.rows.values()
                )
                if not told and (stream.kind == "site" or number in view.persons):
                    self.note(place, CUSTODY, body)

    def sites_that_had(self, number: int) -> set[int]:
        """Every site whose hubs may hold a person."""
        view = self.db.view
        sites = {site for site, one in view.told if one == number}
        for one in view.same_person(number):
            sites |= view.persons.get(one, NOBODY).belonged
            sites = sites.union(*view.custody.get(one, {}).values())
        return sites

    def forget(self, number: int) -> None:
        """Erase a person: nothing of them is stored again."""
        db = self.db
        if number in db.view.erased:
            return
        db.view.erased.add(number)
        if not self.faults.no_ledger:
            self.ledger.add(number)
        name = f"person:{number}"
        db.streams.pop(name, None)
        db.view.persons.pop(number, None)
        db.view.custody.pop(number, None)
        db.view.told = {pair for pair in db.view.told if pair[1] != number}
        db.away.discard(number)
        db.lacks.pop(name, None)
        for key, waiting in list(db.parked.items()):
            db.parked[key] = [pair for pair in waiting if pair[0].stream != name]
        db.aside = {place: kept for place, kept in db.aside.items() if kept[1].stream != name}
        for peer in db.peers.values():
            peer.acks.pop(name, None)
        if not self.is_country and (number, self.key) not in db.view.confirmed:
            self.note(f"site:{min(self.sites)}", "erasure.confirmed@1", (number, self.key))

    def lapse(self) -> None:
        """The lease is over: the keys of persons are destroyed; learning goes on."""
        for stream in self.db.streams.values():
            if stream.kind == "person" and stream.keys:
                if not self.faults.keys_lost:
                    stream.wrapped = stream.keys  # sealed to the country alone
                stream.keys = ()
        self.settle()

    # Disasters

    def restore(self, backup: Db, ledger: frozenset[int] | None = None) -> None:
        """Go on from a backup, as somebody new; with its own ledger where the folder is another."""
        self.db = db = backup.copy()
        if ledger is not None:
            self.ledger = set(ledger)
        faults = self.faults
        if not faults.no_incarnation:
            db.inc = self.ground.incarnate(self.key)
        for peer in db.peers.values():
            peer.mark_heard = 0
            if faults.recipients_not_renewed:
                continue
            peer.introduce = True
            peer.mine, peer.used, peer.opened = (), True, 0
        db.awaits = not (self.is_country or faults.serves_at_once)
        for number in sorted(self.ledger - db.view.erased):
            if self.is_country:
                self.note(COUNTRY_STREAM, ERASED, (number,))
            else:
                self.forget(number)
        self.settle()

    def upgrade(self) -> None:
        """Begin to understand kinds that were kept unknown until now."""
        if self.version == 2:
            return
        self.version = 2
        for stream, entry in self.journal():
            if entry.kind in NEW:
                self._show(stream, entry)


def _said(one: Shipped) -> list[Said]:
    return [entry.said for entry in one.entries]


def _hollow(entry: Entry) -> Entry:
    """What a node keeps of an entry that forgets what it doesn't understand."""
    said = entry.said._replace(kind="unknown@1")
    return Entry(entry.origin, entry.seq, entry.prev, entry.hlc, "unknown@1", (0,), said)


_NOTHING: dict[str, int] = {}
_EMPTY = Chain()


def _is_granted(sites: frozenset[int], view: View, number: int) -> bool:
    return is_granted(
        cast("frozenset[UUID]", sites),
        cast("UUID | None", view.custodian(number)[1]),
        cast("set[UUID]", view.persons.get(number, NOBODY).belonged),
    )


def _was_granted(sites: frozenset[int], view: View, number: int) -> bool:
    return not sites.isdisjoint(view.persons.get(number, NOBODY).belonged) or any(
        not sites.isdisjoint(given) for given in view.custody.get(number, {}).values()
    )
