"""When things happened that were noted at hubs whose clock was wrong (C15: by the time of the act).

Every fact carries the time of whoever noted it, and for most hubs that is right. Of the few others the
journal is read again, beside what the register of hubs knows of their clocks. Nothing is written:
better evidence that comes later moves the figures by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

import msgspec

from passport.fleet import queries as fleet
from passport.kernel.clock import stamp_ms
from passport.kernel.encoding import read
from passport.node import queries as node

REGISTERED = "person.registered@1"
ENROLLED = "enrolled@1"
COMPLETED = "course.completed@1"


class Corrections:
    """The corrected times of what hubs with a wrong clock noted; with none of those, nothing at all."""

    def __init__(self) -> None:
        self._clocks = fleet.wrong_clocks()
        self.origins = self._clocks.keys()
        """Who noted what is in here."""

    def registered(self) -> dict[UUID, int]:
        """Return when persons were registered."""
        return _first((person, at.ms) for person, at, _ in self._noted(REGISTERED))

    def enrolled(self) -> dict[UUID, int]:
        """Return when persons were first enrolled."""
        return _first((person, at.ms) for person, at, _ in self._noted(ENROLLED))

    def completed(self) -> dict[tuple[UUID, UUID], int]:
        """Return by when (person, version) was complete: when the hub noted it, where that is known."""
        return _first(
            ((person, read(body, _OfVersion).version), at.ms)
            for person, at, body in self._noted(COMPLETED)
            if at.quality not in (fleet.Quality.NO_EARLIER, fleet.Quality.UNKNOWN)
        )

    def _noted(self, kind: str) -> Iterator[tuple[UUID, fleet.Corrected, bytes]]:
        if self._clocks:
            for entry in node.noted_in_person_streams(kind, self._clocks):
                known = self._clocks[entry.origin]
                yield entry.person, known.at(stamp_ms(entry.hlc)), entry.body


def _first[Key](noted: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for key, at in noted:
        found[key] = min(at, found.get(key, at))
    return found


class _OfVersion(msgspec.Struct):
    version: UUID
