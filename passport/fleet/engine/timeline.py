"""When a hub's events really happened, from what is known of its clock. Pure.

Node time never goes back and runs at the right rate, except at starts and leaps. Between two of
these, in a *stretch*, one offset therefore leads from node time to the time that it was, and all that
is known of the clock narrows that offset down:

- the country's own clock, met over the network: the offset itself;
- visitors' devices: the offset, as far as most of several devices agree;
- a parcel that came to the hub on a stick: it was no earlier than when that was made;
- a parcel that came to the country: it was no later than when that arrived.

A leap of a running clock joins two stretches: what is known of one holds for the other, leap added.
Over a start only the order holds: what is known of stretches before and after says no earlier, no later.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate
from typing import Final

from passport.kernel.clock import NEAR_MS


class Source(StrEnum):
    """What says something of a hub's clock."""

    START = "start"
    LEAP = "leap"
    PARCEL = "parcel"
    DEVICES = "devices"
    COUNTRY = "country"
    ARRIVAL = "arrival"


class Quality(StrEnum):
    """How well a corrected time is known."""

    COUNTRY = "confirmed by the country"
    DEVICES = "by visitors' devices"
    NO_EARLIER = "no earlier than"
    NO_LATER = "no later than"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that is known of a hub's clock. All times are in ms since 1970."""

    source: Source
    node: int
    """Node time at the hub."""
    reference: int
    """What it was then by the source; of a leap, node time just before it; of a start, the wall clock."""
    boot: int = 0
    """Of a start or leap: its number."""
    devices: int = 0
    """How many devices agreed."""
    trip: int = 0
    """Of the country's clock: how long question and answer were under way."""

    @property
    def offset(self) -> int:
        return self.reference - self.node


@dataclass(frozen=True, slots=True)
class Corrected:
    """When something happened at a hub."""

    ms: int
    quality: Quality
    evidence: tuple[Evidence, ...]
    """What says so, in the order of node time."""


@dataclass(slots=True)
class _Stretch:
    """Node time from one start or leap to the next."""

    opened: Evidence | None
    evidence: list[Evidence] = field(default_factory=list)

    def offset(self, source: Source, ms: int) -> int | None:
        """Return the offset that a source gives, where it was asked at about that time."""
        held = [each for each in self.evidence if each.source is source]
        return min(held, key=lambda each: abs(each.node - ms)).offset if held else None

    def bound(self, choose: Callable[[Iterable[int]], int], source: Source) -> int | None:
        held = [each.offset for each in self.evidence if each.source is source]
        return choose(held) if held else None


_NEVER: Final = 1 << 62
_DRIFT_MS: Final = 3_600_000
"""A crystal that is off by 100 ppm loses an hour in 400 days: no contradiction."""


class Timeline:
    """All that is known of one hub's clock, by origin."""

    def __init__(self, evidence: Iterable[Evidence], now: int = _NEVER) -> None:
        """Nothing has happened later than `now`, by the clock of the country."""
        self._now = now
        self.evidence = listed = sorted(
            evidence, key=lambda each: (each.node, each.source not in _OPENS)
        )
        self._stretches = [_Stretch(None)]
        for each in listed:
            if each.source in _OPENS:
                self._stretches.append(_Stretch(each))
            else:
                self._stretches[-1].evidence.append(each)
        self._began = [each.node for each in listed if each.source in _OPENS]
        self._earliest = [0, *accumulate(map(_earliest, self._stretches), max)]
        """What it was at least, before each stretch."""
        late = [*accumulate(map(_latest, reversed(self._stretches)), min)]
        self._latest = [*reversed(late), _NEVER][1:]
        """What it was at most, after each stretch."""

    def at(self, ms: int) -> Corrected:
        """Return when something happened that was noted at `ms` in node time."""
        number = bisect_right(self._began, ms)
        joined = list(self._joined(number))
        low = max(_known(s.bound(max, Source.PARCEL), shift) for s, shift in joined)
        high = min(_known(s.bound(min, Source.ARRIVAL), shift, _NEVER) for s, shift in joined)
        no_earlier = max(ms + low if low > -_NEVER else 0, self._earliest[number])
        no_later = min(ms + high if high < _NEVER else _NEVER, self._latest[number], self._now)
        found, quality = self._found(joined, ms)
        unknown = quality is Quality.UNKNOWN
        # A hub goes by the country's parcels itself: then its clock and the bound say the same.
        slack = -NEAR_MS if unknown else _DRIFT_MS
        if no_earlier and found < no_earlier - slack:
            found, quality = max(found, no_earlier), Quality.NO_EARLIER
        if found > no_later + (0 if unknown else _DRIFT_MS):
            found, quality = no_later, Quality.NO_LATER
        return Corrected(found, quality, self._evidence(number, joined))

    def _found(self, joined: list[tuple[_Stretch, int]], ms: int) -> tuple[int, Quality]:
        for source, quality in _OFFSETS:
            for stretch, shift in joined:
                offset = stretch.offset(source, ms + shift)
                if offset is not None:
                    return ms + offset + shift, quality
        return ms, Quality.UNKNOWN

    def _joined(self, number: int) -> Iterator[tuple[_Stretch, int]]:
        """Yield a stretch and those that leaps join it with; what their offsets lack to be its own."""
        yield self._stretches[number], 0
        shift = 0
        for after in range(number + 1, len(self._stretches)):
            leap = self._leap(after)
            if leap is None:
                break
            shift += leap
            yield self._stretches[after], shift
        shift = 0
        for before in range(number - 1, -1, -1):
            leap = self._leap(before + 1)
            if leap is None:
                break
            shift -= leap
            yield self._stretches[before], shift

    def _leap(self, number: int) -> int | None:
        """Return by how much the clock leapt into a stretch; None where it was started."""
        opened, before = self._stretches[number].opened, self._stretches[number - 1].opened
        if opened is None or opened.source is not Source.LEAP:
            return None
        if before is not None and before.boot != opened.boot - 1:
            return None  # a start between the two was never noted
        return opened.node - opened.reference

    def _evidence(self, number: int, joined: list[tuple[_Stretch, int]]) -> tuple[Evidence, ...]:
        rows = [
            row
            for stretch, _ in joined
            for row in ([stretch.opened] if stretch.opened else []) + stretch.evidence
        ]
        for other in self._stretches[:number][::-1]:
            rows += [row for row in other.evidence if row.reference == self._earliest[number]][:1]
        for other in self._stretches[number + 1 :]:
            rows += [row for row in other.evidence if row.reference == self._latest[number]][:1]
        return tuple(sorted(dict.fromkeys(rows), key=lambda row: row.node))


_OPENS: Final = (Source.START, Source.LEAP)
_OFFSETS: Final = ((Source.COUNTRY, Quality.COUNTRY), (Source.DEVICES, Quality.DEVICES))


def _known(offset: int | None, shift: int, otherwise: int = -_NEVER) -> int:
    return otherwise if offset is None else offset + shift


def _earliest(stretch: _Stretch) -> int:
    """Return what it was at least at the end of a stretch."""
    return max(
        (e.reference for e in stretch.evidence if e.source in (Source.PARCEL, Source.COUNTRY)),
        default=0,
    )


def _latest(stretch: _Stretch) -> int:
    """Return what it was at most at its beginning."""
    return min(
        (e.reference for e in stretch.evidence if e.source in (Source.ARRIVAL, Source.COUNTRY)),
        default=_NEVER,
    )
