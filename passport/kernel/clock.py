"""Time that can be trusted a little: the wall clock, and an order that survives a wrong one.

A hybrid logical clock (Kulkarni et al., "Logical Physical Clocks", 2014) packed into one integer:
milliseconds since 1970 in the high bits, a counter in the low 16. Comparing two stamps compares the
order in which their writers knew of each other; reading the high bits gives the time that the writer's
clock claimed.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

COUNTER_BITS = 16
LAST_DAY_MS = 7_258_118_400_000
"""The year 2200. A clock beyond it is taken to stand there, so that a stamp always has a next one."""
LATEST_STAMP = (LAST_DAY_MS << COUNTER_BITS) + (1 << 40)
"""No honest writer comes here: it would have to write a million million entries after the last day."""


def now_ms() -> int:
    """Milliseconds since 1970 by this machine's clock, which may be years off (R037, R048)."""
    return time.time_ns() // 1_000_000


def next_stamp(wall_ms: int, seen: int) -> int:
    """Return a stamp that is later than what the writer has seen and no earlier than its clock.

    `seen` is the latest stamp at any head of one stream. A foreign clock far ahead therefore drags
    along that one stream and nothing else.
    """
    wall = min(wall_ms, LAST_DAY_MS) << COUNTER_BITS
    return wall if wall > seen else seen + 1


def stamp_ms(stamp: int) -> int:
    """Return the milliseconds since 1970 that the writer's clock claimed."""
    return stamp >> COUNTER_BITS


def moment(ms: int) -> datetime:
    """Turn milliseconds since 1970 into a UTC time; clocks out of range give the nearest bound."""
    return datetime.fromtimestamp(min(max(ms, 0), 253_402_300_799_000) / 1000, tz=UTC)
