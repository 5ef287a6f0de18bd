"""What a node shows: projections of its journal, made entry by entry, and again from the start."""

from __future__ import annotations

from collections.abc import Callable

from passport.node.policies import Stamp, is_last_word
from passport.sync.manifest import BY_NAME, PERSON, SITE, Author, Kind, Merge
from passport.sync.policies import forbidden
from tests.simulation.plain.faults import Faults
from tests.simulation.plain.journal import Entry

NEW_KIND = "badge.given@1"
"""Known to version 2 alone; hubs may write it."""
NEW_POWER = "law.made@1"
"""Known to version 2 alone; only the country may write it."""
NEW = (NEW_KIND, NEW_POWER)
CUSTODY = "custody.given@1"
ELSEWHERE = "custody.repeated@1"
"""To a hub that has somebody whom it shouldn't: where they are. It grants nothing."""

# What the country notes besides, and two kinds that only nodes of version 2 know.
for _kind in (
    Kind(NEW_KIND, PERSON, Author.HUB, Merge.FACT),
    Kind(NEW_POWER, PERSON, Author.COUNTRY, Merge.FACT),
    Kind(ELSEWHERE, SITE, Author.COUNTRY, Merge.FACT),
    Kind("key.renewed@1", PERSON, Author.COUNTRY, Merge.FACT),
):
    BY_NAME.setdefault(_kind.name, _kind)


class Person:
    """What is shown of one person."""

    __slots__ = (
        "badges",
        "card",
        "completed",
        "events",
        "fields",
        "joined",
        "left",
        "merges",
        "parted",
        "registered",
        "renewals",
    )

    def __init__(self) -> None:
        self.registered: int | None = None
        self.card: int | None = None
        """The person whose card they showed when they were registered."""
        self.joined: dict[int, int] = {}
        """{joining: site}"""
        self.left: set[int] = set()
        self.events: set[int] = set()
        self.completed: set[int] = set()
        self.badges: set[int] = set()
        self.fields: dict[str, tuple[Stamp, str | int]] = {}
        self.merges: dict[int, tuple[int, int]] = {}
        self.parted: set[int] = set()
        self.renewals: dict[str, tuple[int, str, str]] = {}
        """{key: (stamp, origin, the revoked hub for which it was made)}"""

    def state(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}

    def copy(self) -> Person:
        twin = Person.__new__(Person)
        twin.registered, twin.card = self.registered, self.card
        twin.joined = self.joined.copy()
        twin.left = self.left.copy()
        twin.events = self.events.copy()
        twin.completed = self.completed.copy()
        twin.badges = self.badges.copy()
        twin.fields = self.fields.copy()
        twin.merges = self.merges.copy()
        twin.parted = self.parted.copy()
        twin.renewals = self.renewals.copy()
        return twin

    @property
    def belonged(self) -> set[int]:
        """The sites at which they were registered or ever joined a group."""
        sites = set(self.joined.values())
        if self.registered is not None:
            sites.add(self.registered)
        return sites

    def newest_key(self) -> str:
        """The key that everybody who may read them must have."""
        return max(self.renewals, key=self.renewals.__getitem__) if self.renewals else ""


class View:
    """All that a node shows."""

    __slots__ = (
        "confirmed",
        "courses",
        "custody",
        "erased",
        "laws",
        "merges",
        "persons",
        "revoked",
        "roles",
        "told",
    )

    def __init__(self) -> None:
        self.persons: dict[int, Person] = {}
        self.custody: dict[int, dict[int, dict[int, int]]] = {}
        """{person: {epoch: {site: id of the fact}}}"""
        self.told: set[tuple[int, int]] = set()
        """(site, person): a site's hubs were told where the person went."""
        self.merges = 0
        """How many mergers were shown: with none, nobody has to look for them."""
        self.courses: set[int | str] = set()
        self.roles: set[int | str] = set()
        self.laws: set[int | str] = set()
        self.revoked: set[str] = set()
        self.erased: set[int] = set()
        self.confirmed: set[tuple[int, str]] = set()

    def copy(self) -> View:
        twin = View()
        twin.persons = {number: person.copy() for number, person in self.persons.items()}
        twin.custody = {
            number: {epoch: sites.copy() for epoch, sites in given.items()}
            for number, given in self.custody.items()
        }
        twin.told = self.told.copy()
        twin.merges = self.merges
        twin.courses = self.courses.copy()
        twin.roles = self.roles.copy()
        twin.laws = self.laws.copy()
        twin.revoked = self.revoked.copy()
        twin.erased = self.erased.copy()
        twin.confirmed = self.confirmed.copy()
        return twin

    def state(self) -> dict[str, object]:
        """Take down everything, for a comparison."""
        taken: dict[str, object] = {
            name: getattr(self, name)
            for name in self.__slots__
            if name not in {"persons", "merges"}
        }
        taken["persons"] = {number: person.state() for number, person in self.persons.items()}
        return taken

    def custodian(self, number: int) -> tuple[int, int | None]:
        """The epoch and the site to which the country gave a person last."""
        given = self.custody.get(number)
        if not given:
            return 0, None
        epoch = max(given)
        sites = given[epoch]
        return epoch, max(sites, key=sites.__getitem__)

    def same_person(self, number: int) -> set[int]:
        """The identities that are merged with this one, itself among them."""
        if not self.merges:
            return {number}
        links: dict[int, set[int]] = {}
        parted = {merge for person in self.persons.values() for merge in person.parted}
        for person in self.persons.values():
            for merge, (one, other) in person.merges.items():
                if merge not in parted:
                    links.setdefault(one, set()).add(other)
                    links.setdefault(other, set()).add(one)
        found, left = {number}, [number]
        while left:
            for other in links.get(left.pop(), ()):
                if other not in found:
                    found.add(other)
                    left.append(other)
        return found

    def learned(self, number: int, faults: Faults) -> tuple[int, int]:
        """How many events and completions a person has, merged identities as one."""
        same = {number} if faults.double_merge else self.same_person(number)
        here = [self.persons[one] for one in same if one in self.persons]
        return (
            len(set().union(*(one.events for one in here))),
            len(set().union(*(one.completed for one in here))),
        )

    def project(self, stream: str, number: int, entry: Entry, version: int, faults: Faults) -> None:
        """Show one entry. Kinds of tomorrow are passed over until tomorrow."""
        kind, body = entry.kind, entry.body
        asks = not (entry.origin[0] == "c" or faults.no_authority or faults.no_late_authority)
        if (kind in NEW and version < 2) or (asks and forbidden(stream, kind) is not None):
            return
        if kind in {CUSTODY, ELSEWHERE}:
            self._give(entry, faults)
            if stream == "site" and kind == CUSTODY:
                self.told.add((number, int(body[1])))
        elif kind == NEW_POWER:
            self.laws.add(body[0])
        elif stream == "person":
            self._project_person(number, entry, faults)
        elif kind in _LISTS:
            getattr(self, _LISTS[kind]).add(body[0])
        elif kind == "erasure.confirmed@1":
            self.confirmed.add((int(body[0]), str(body[1])))

    def _project_person(self, number: int, entry: Entry, faults: Faults) -> None:
        person = self.persons.get(number)
        if person is None:
            person = self.persons[number] = Person()
        if entry.kind == "person.changed@1":
            _change(person, entry, faults)
        elif entry.kind in _SHOWN:
            _SHOWN[entry.kind](person, entry)
        if entry.kind == "identity.merged@1":
            self.merges += 1

    def _give(self, entry: Entry, faults: Faults) -> None:
        """Show a custody; it stands in several streams, and counts once."""
        fact, number, epoch, site = (int(part) for part in entry.body)
        sites = self.custody.setdefault(number, {}).setdefault(epoch, {})
        if not (faults.single_epochs and sites):
            sites[site] = max(fact, sites.get(site, 0))


def _change(person: Person, entry: Entry, faults: Faults) -> None:
    field, value = str(entry.body[0]), entry.body[1]
    stamp = Stamp(0 if faults.no_epochs else entry.said.epoch, entry.hlc, entry.origin)
    held = person.fields.get(field)
    if faults.arrival_order or is_last_word(stamp, None if held is None else held[0]):
        person.fields[field] = stamp, value


def _register(person: Person, entry: Entry) -> None:
    site, *card = entry.body
    person.registered = int(site)
    if card:
        person.card = int(card[0])


def _join(person: Person, entry: Entry) -> None:
    person.joined[int(entry.body[0])] = int(entry.body[1])


def _merge(person: Person, entry: Entry) -> None:
    merge, one, other = (int(part) for part in entry.body)
    person.merges[merge] = one, other


def _renew(person: Person, entry: Entry) -> None:
    person.renewals[str(entry.body[0])] = entry.hlc, entry.origin, str(entry.body[1])


def _first(entry: Entry) -> int:
    return int(entry.body[0])


_LISTS = {
    "course.published@1": "courses",
    "role.granted@1": "roles",
    "hub.revoked@1": "revoked",
}
_SHOWN: dict[str, Callable[[Person, Entry], None]] = {
    "event@1": lambda person, entry: person.events.add(_first(entry)),
    "course.completed@1": lambda person, entry: person.completed.add(_first(entry)),
    "membership.left@1": lambda person, entry: person.left.add(_first(entry)),
    "identity.parted@1": lambda person, entry: person.parted.add(_first(entry)),
    NEW_KIND: lambda person, entry: person.badges.add(_first(entry)),
    "person.registered@1": _register,
    "membership.joined@1": _join,
    "identity.merged@1": _merge,
    "key.renewed@1": _renew,
}
