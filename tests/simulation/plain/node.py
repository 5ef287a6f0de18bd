"""One node in memory: what it writes, shows and does of its own accord.

The rules are the production's own (`sync.policies`, `node.policies`, `kernel.clock`); around them
stands what `docs/protocol.md` says, without a database, keys or files.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast
from uuid import UUID

from passport.kernel.clock import next_stamp
from passport.sync.policies import Cursor, is_granted
from tests.simulation.plain.journal import COUNTRY_STREAM, Body, Chain, Entry, Said, Stream
from tests.simulation.plain.state import COUNTRY, ERASED, Broken, Db, Ground, Peer
from tests.simulation.plain.view import CUSTODY, ELSEWHERE, NEW, Person, View

NOBODY = Person()


class Node:
    """A country or a hub."""

    __slots__ = (
        "applied",
        "db",
        "faults",
        "ground",
        "is_country",
        "is_full",
        "has_ledger",
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
        self.has_ledger = True
        """The ledger is whole: it was here from the beginning, or all others have been heard since."""
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
        self.move(stream, origin, chain, entry)
        self.show(stream, entry)
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

    def move(self, stream: Stream, origin: str, chain: Chain, entry: Entry) -> None:
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

    def show(self, stream: Stream, entry: Entry) -> None:
        """Project an entry; the country's own words are carried out too."""
        db = self.db
        number = cast("int", stream.key)
        if stream.kind == "person" and number in db.away and entry.kind != CUSTODY:
            return
        if entry.kind in {CUSTODY, ELSEWHERE} and int(entry.body[1]) in db.view.erased:
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
                    self.show(stream, entry)

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

    def is_strange_to(self, key: str) -> None:
        """They don't know what to seal to, or we don't: we present ourselves once more."""
        if not self.faults.recipients_not_renewed:
            self.db.peers[key].introduce = True

    # Consequences

    def settle(self) -> None:
        """Do what follows from what was taken: let people go, take them back, merge, lack keys."""
        db = self.db
        if self.is_country:
            self._merge_by_card()
            self._erase_the_same()
            if db.inc != "0" and not self.faults.moves_forgotten:
                self._tell_moves_again()
                self._tell_mergers_again()
            if not self.faults.strangers_kept:
                self._tell_where_they_are()
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

    def renew_keys(self) -> None:
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
                told = _holds_entry(stream, CUSTODY, body)
                if not told and (stream.kind == "site" or number in view.persons):
                    self.note(place, CUSTODY, body)

    def _tell_mergers_again(self) -> None:
        """Say mergers and partings once more, where they stand in one of the two streams only."""
        view = self.db.view
        pairs = {
            merge: pair for person in view.persons.values() for merge, pair in person.merges.items()
        }
        parted = {merge for person in view.persons.values() for merge in person.parted}
        for merge, pair in pairs.items():
            for number in view.persons.keys() & set(pair):
                person = view.persons[number]
                if merge not in person.merges:
                    self.note(f"person:{number}", "identity.merged@1", (merge, *pair))
                if merge in parted and merge not in person.parted:
                    self.note(f"person:{number}", "identity.parted@1", (merge,))

    def _tell_where_they_are(self) -> None:
        """Whom a hub says it has, and isn't granted: tell it where they belong, so that it lets go."""
        view = self.db.view
        for hub, peer in self.db.peers.items():
            for name in peer.acks if hub not in view.revoked else ():
                number = int(name[7:]) if name[:7] == "person:" else -1
                if number not in view.persons or self.is_granted(hub, number):
                    continue
                epoch, site = view.custodian(number)
                if site is None:
                    self.give(number, view.persons[number].registered or 0)
                    epoch, site = view.custodian(number)
                body = view.custody[number][epoch][site or 0], number, epoch, site or 0
                place = min(self.sites_of[hub])
                if not _holds_entry(self.stream(f"site:{place}"), ELSEWHERE, body):
                    self.note(f"site:{place}", ELSEWHERE, body)

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
            self.ledger, self.has_ledger = set(ledger), False
        faults = self.faults
        if not faults.no_incarnation:
            db.inc = self.ground.incarnate(self.key)
        for peer in db.peers.values():
            peer.mark_heard = 0
            if faults.recipients_not_renewed:
                continue
            peer.introduce = True
            peer.mine, peer.used, peer.opened = (), True, 0
        db.awaits = not (faults.serves_at_once or (self.is_country and self.has_ledger))
        db.heard_from = set()
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
                self.show(stream, entry)


def _holds_entry(stream: Stream, kind: str, body: Body) -> bool:
    return any(
        entry.kind == kind and entry.body == body
        for chain in stream.chains.values()
        for entry in chain.rows.values()
    )


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
