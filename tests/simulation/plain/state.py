"""What a node holds and what it sends, as values."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.simulation.plain.faults import NONE, Faults
from tests.simulation.plain.journal import Shipped, Stream
from tests.simulation.plain.view import View

COUNTRY = "c"
REGISTERED = "person.registered@1"
ERASED = "person.erased@1"


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
        "asks",
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
        self.asks = False
        """It was restored, and asks whom we know to be erased."""

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
        "asks",
        "blobs",
        "erased",
        "heard",
        "inc",
        "is_intact",
        "is_sure",
        "is_torn",
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
        self.asks = False
        """The sender was restored and may lack erasures."""
        self.tombstones: frozenset[int] | None = None
        """Every erasure that the sender knows of, signed by the country; None: unasked."""
        self.erased: frozenset[int] = frozenset()
        """For the observer: who was erased when it was made."""
        self.is_sure = True
        """The sender knows of every erasure."""
        self.is_torn = False
        """Its end is missing where it is read."""
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
        "heard_from",
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
        self.lacks: dict[str, tuple[str, str, int]] = {}
        """{person's stream: the key that a run was sealed under, its origin and its last entry}"""
        self.blobs: set[int | str] = set()
        self.awaits = False
        """Restored, and not yet told who was erased meanwhile."""
        self.heard_from: set[str] = set()
        """By whom it was told, while it awaits that."""

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
        twin.heard_from = self.heard_from.copy()
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
