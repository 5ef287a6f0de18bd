"""Clocks that a test turns: a wall clock that anybody may set, a monotonic one that only goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from unittest.mock import patch

from passport.kernel import clock as kernel
from passport.kernel.clock import Clock

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
YEAR = 365 * DAY


def date(year: int, month: int = 1, day: int = 1, hour: int = 0) -> int:
    """Milliseconds since 1970."""
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp()) * SECOND


class FakeTime:
    """The time of a whole test, in ms: what it truly is, and what the machine's two clocks show."""

    def __init__(self, true: int, wall: int | None = None) -> None:
        self.true = true
        self.wall = true if wall is None else wall
        self._monotonic = 5_000
        self.clock = self._start()

    def _start(self) -> Clock:
        return Clock(
            wall=lambda: self.wall * 1_000_000, monotonic=lambda: self._monotonic * 1_000_000
        )

    def run(self, ms: int) -> None:
        """Let time pass while the machine runs."""
        self.true += ms
        self.wall += ms
        self._monotonic += ms

    def reboot(self, *, off: int = 0, wall: int | None = None) -> None:
        """Switch the machine off for a while; without a battery its clock then shows `wall`."""
        self.true += off
        self.wall = self.wall + off if wall is None else wall
        self._monotonic = 5_000
        self.clock = self._start()

    @contextmanager
    def used(self) -> Iterator[Clock]:
        """Let this process go by this machine's clock."""
        with patch("passport.kernel.clock.machine", self.clock):
            yield self.clock


_TRUE = kernel.machine


def time_is_turned() -> bool:
    """Tell whether a test has exchanged this machine's clock: what was made before doesn't fit then."""
    return kernel.machine is not _TRUE
