"""What visitors' devices show on their clocks: in this process's memory, never by person, never written.

Kept is one difference of clocks by network address, the address itself as a number that means nothing
outside of this process. What leaves here is one figure that most of at least three devices agree on.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from statistics import median_low
from typing import Final, NamedTuple

from passport.kernel import clock

FEWEST: Final = 3
AGREE_MS: Final = 300_000
"""Tablets that never meet a network drift by minutes."""
ROOM_FOR: Final = 200
_DIGITS: Final = len(str(clock.LAST_DAY_MS))


class Agreed(NamedTuple):
    """What most devices agree on."""

    now: int
    """What they show now, in ms since 1970."""
    devices: int
    """How many agree."""


class Devices:
    """By how much each device was ahead of our monotonic clock when it was last heard."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ahead: OrderedDict[int, int] = OrderedDict()

    def hear(self, address: str, shown: str) -> None:
        """Take what a device shows: milliseconds since 1970 in digits; anything else is nothing."""
        if not (shown.isascii() and shown.isdigit() and len(shown) <= _DIGITS):
            return
        key, ahead = hash(address), int(shown) - clock.machine.monotonic_ms()
        with self._lock:
            self._ahead[key] = ahead
            self._ahead.move_to_end(key)
            while len(self._ahead) > ROOM_FOR:
                self._ahead.popitem(last=False)

    def agreed(self) -> Agreed | None:
        """Return what they agree on, once they are three or more and most of them agree."""
        with self._lock:
            ahead = list(self._ahead.values())
        if len(ahead) < FEWEST:
            return None
        middle = median_low(ahead)
        near = sum(1 for each in ahead if abs(each - middle) <= AGREE_MS)
        if near < FEWEST or near * 2 <= len(ahead):
            return None
        return Agreed(clock.machine.monotonic_ms() + middle, near)

    def forget(self) -> None:
        with self._lock:
            self._ahead.clear()


devices: Final = Devices()
"""What this process has heard."""
