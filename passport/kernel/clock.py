"""Time that can be trusted a little: node time, and an order that survives a wrong clock.

*Node time* is what this machine takes for milliseconds since 1970. It never goes back, also not over
a restart, and it runs at the right rate, whatever is done to the wall clock; it may be years off all
the same (R037, R048). The country works out what it was (`fleet.queries.corrected`).

*Stamps* are a hybrid logical clock (Kulkarni et al., "Logical Physical Clocks", 2014) packed into
one integer: node time in the high bits, a counter in the low 16. Comparing two stamps compares the
order in which their writers knew of each other.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, NamedTuple

COUNTER_BITS = 16
NEAR_MS: Final = 120_000
"""Two minutes: clocks that differ by less agree, as far as days and weeks are concerned."""
LAST_DAY_MS = 7_258_118_400_000
"""The year 2200. A clock beyond it is taken to stand there, so that a stamp always has a next one."""
LATEST_STAMP = (LAST_DAY_MS << COUNTER_BITS) + (1 << 40)
"""No honest writer comes here: it would have to write a million million entries after the last day."""

_NS: Final = 1_000_000
_FOLLOW_NS: Final = _NS
"""Reading two clocks takes time of its own; only what is further ahead than a millisecond is followed."""
_LATEST_NS: Final = LAST_DAY_MS * _NS


class Leap(NamedTuple):
    """A clock that was found far ahead, and followed: node time before and after, at one moment."""

    before: int
    after: int


class Clock:
    """Node time: the wall clock at first, from then on the machine's monotonic clock.

    A wall clock that is found ahead is followed: a person or the network has set it. One that is
    behind is not: what was later must not become earlier. A hub follows its country's clock too.
    """

    def __init__(
        self,
        wall: Callable[[], int] = time.time_ns,
        monotonic: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        """Begin; both clocks give nanoseconds."""
        self._wall = wall
        self._monotonic = monotonic
        self._lock = threading.Lock()
        at = wall()
        self._anchor = (at if 0 < at < _LATEST_NS else 0, monotonic())
        """Node time at a reading of the monotonic clock, both in ns."""
        self.since_ms = self._anchor[0] // _NS
        """Node time when this process began."""
        self.leap: Leap | None = None
        """How far it leapt ahead since `forget_leap`; several leaps count as one."""

    def now_ms(self) -> int:
        """Milliseconds since 1970 in node time."""
        at, mark = self._anchor
        now = at + self._monotonic() - mark
        if now + _FOLLOW_NS < self._wall() < _LATEST_NS:
            now = self._follow_wall()
        return now // _NS

    def monotonic_ms(self) -> int:
        """What the monotonic clock shows: good for differences, in this process only."""
        return self._monotonic() // _NS

    def wall_ms(self) -> int:
        """What the wall clock claims."""
        return self._wall() // _NS

    def go_on_after(self, last_ms: int, gap_ms: int) -> None:
        """At a start: where the wall clock lies before the time last known, go on a gap after that."""
        with self._lock:
            now, tick = self._read()
            if now < last_ms * _NS:
                self._anchor = ((last_ms + gap_ms) * _NS, tick)
                self.since_ms = last_ms + gap_ms

    def forget_leap(self, leap: Leap) -> None:
        """Forget a leap that has been noted, unless a further one has come since."""
        with self._lock:
            if self.leap == leap:
                self.leap = None

    def follow(self, least_ms: int) -> bool:
        """Go by somebody trusted, who says that it is at least so late; tells whether that was news."""
        with self._lock:
            now, tick = self._read()
            news = now + NEAR_MS * _NS < least_ms * _NS < _LATEST_NS
            if news:
                self._go_on(now, least_ms * _NS, tick)
            return news

    def _follow_wall(self) -> int:
        with self._lock:
            now, tick = self._read()
            wall = self._wall()
            if now < wall < _LATEST_NS:
                self._go_on(now, wall, tick)
            return max(now, self._anchor[0])

    def _read(self) -> tuple[int, int]:
        at, mark = self._anchor
        tick = self._monotonic()
        return at + tick - mark, tick

    def _go_on(self, now: int, after: int, tick: int) -> None:
        if after - now > NEAR_MS * _NS:
            before = now // _NS if self.leap is None else self.leap.before
            self.leap = Leap(before, after // _NS)
        self._anchor = (after, tick)


machine = Clock()
"""The clock of this process."""


def now_ms() -> int:
    """Milliseconds since 1970 in this machine's node time."""
    return machine.now_ms()


def next_stamp(node_ms: int, seen: int) -> int:
    """Return a stamp that is later than what the writer has seen and no earlier than its clock.

    `seen` is the latest stamp at any head of one stream. A foreign clock far ahead therefore drags
    along that one stream and nothing else.
    """
    stamp = min(node_ms, LAST_DAY_MS) << COUNTER_BITS
    return stamp if stamp > seen else seen + 1


def stamp_ms(stamp: int) -> int:
    """Return the milliseconds since 1970 that the writer's clock claimed."""
    return stamp >> COUNTER_BITS


def moment(ms: int) -> datetime:
    """Turn milliseconds since 1970 into a UTC time; clocks out of range give the nearest bound."""
    return datetime.fromtimestamp(min(max(ms, 0), 253_402_300_799_000) / 1000, tz=UTC)
