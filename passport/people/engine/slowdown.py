"""Wrong attempts make the next one wait; nobody is ever locked out (C36).

Counted in this process's memory by a clock that can't be set back. One key per person and way, so
that a mischievous neighbour at the picture code leaves the card working.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from math import ceil
from typing import Final

from passport.people.errors import TooSoon

FREE: Final = 2
"""Wrong attempts before the first wait follows the next."""
FIRST_WAIT: Final = 5
LONGEST_WAIT: Final = 60
FORGET_AFTER: Final = 900
ROOM_FOR: Final = 10_000


@dataclass(slots=True)
class _Count:
    wrong: int
    last: float
    until: float


class SlowDown:
    """Counts wrong attempts by key. Times are in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._counts: OrderedDict[Hashable, _Count] = OrderedDict()

    def attempt(self, key: Hashable) -> None:
        """Count an attempt as wrong until `right` says otherwise. Raises `TooSoon` during a wait.

        Counting first keeps many guesses at the same moment from all being the first one.
        """
        now = self._clock()
        with self._lock:
            count = self._counts.pop(key, None)
            if count is not None and count.until > now:
                self._counts[key] = count
                raise TooSoon(
                    "That was not right a few times. Wait %(seconds)s seconds, then try again.",
                    seconds=ceil(count.until - now),
                )
            if count is None or now - count.last > FORGET_AFTER:
                count = _Count(0, now, now)
            count.wrong += 1
            count.last = now
            count.until = now + _wait(count.wrong)
            self._counts[key] = count
            while len(self._counts) > ROOM_FOR:
                self._counts.popitem(last=False)

    def right(self, key: Hashable) -> None:
        """Forget the wrong attempts: it went well."""
        with self._lock:
            self._counts.pop(key, None)

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._counts.clear()


def _wait(wrong: int) -> int:
    if wrong <= FREE:
        return 0
    return min(FIRST_WAIT << min(wrong - FREE - 1, 8), LONGEST_WAIT)
