"""The whole journal against its chains, and what is done about what doesn't hold (R209).

A row that isn't what was written is set aside in a file and leaves a hole; the peers are asked for
what was there. A damaged hash or head is worked out again from the rows around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from passport.care.engine import aside, journal
from passport.care.engine.chains import Found, State, walk
from passport.kernel.actor import Actor
from passport.node import actions as node
from passport.node.models import Head
from passport.sync.manifest import JOURNALS

type Tell = Callable[[int, int], None]
"""Is told how much is done, of how much."""

_TELL_EVERY: Final = 10_000
_HOLES: Final = frozenset({State.BAD, State.MISSING})


@dataclass(frozen=True, slots=True)
class Damage:
    """Something of one chain that doesn't hold."""

    place: journal.Place
    stream: str
    """On the wire; so is `origin`."""
    origin: str
    found: Found

    @property
    def is_hole(self) -> bool:
        """Whether something is missing once it is mended."""
        return self.found.state in _HOLES


def look(tell: Tell) -> Iterator[Damage]:
    """Walk every chain from its first entry to its head; may be stopped anywhere."""
    names, heads = journal.Names.read(), journal.heads()
    total, done = sum(seq for seq, _ in heads.values()), 0
    for place, rows in journal.chains():
        stream, origin = (names.streams.get(place[0], ""), names.origins.get(place[1], ""))
        until, head = heads.pop(place, (0, b""))
        for found in walk(origin, stream, rows, until=until, head=head):
            if found.state is not State.HOLDS:
                yield Damage(place, stream, origin, found)
            done += 1
            if done % _TELL_EVERY == 0:
                tell(done, total)
    for place, (until, _) in heads.items():
        found = Found(State.MISSING, 1, until)
        yield Damage(place, names.streams[place[0]], names.origins[place[1]], found)


@node.writes
def mend(damages: Iterable[Damage]) -> None:
    """Set aside what is bad, put right what can be, and have the peers asked for the rest."""
    streams = set()
    for damage in damages:
        found = damage.found
        if found.state is State.BAD and found.row is not None:
            aside.keep(damage.stream, damage.origin, found.row)
            _delete(damage)
        elif found.state is State.HASH:
            _rehash(damage)
        elif found.state is State.HEAD:
            _behead(damage)
        if damage.is_hole:
            streams.add(damage.place[0])
    node.ask_again(by=Actor.machine(), streams=streams)


def _delete(damage: Damage) -> None:
    stream, origin = damage.place
    for table in JOURNALS:
        rows = table.objects.filter(stream=stream, origin=origin, seq=damage.found.first)
        # Of two rows for one place the other one may hold.
        rows.filter(hash=damage.found.row.hash if damage.found.row else b"").delete()


def _rehash(damage: Damage) -> None:
    stream, origin = damage.place
    if damage.found.row is not None:
        for table in JOURNALS:
            rows = table.objects.filter(stream=stream, origin=origin, seq=damage.found.first)
            rows.update(hash=damage.found.row.hash)


def _behead(damage: Damage) -> None:
    """Write the head anew, as its last entry says."""
    row, (stream, origin) = damage.found.row, damage.place
    if row is not None:
        Head.objects.update_or_create(
            stream_id=stream,
            origin_id=origin,
            defaults={"seq": row.seq, "hash": row.hash, "hlc": row.hlc},
        )
