"""The ends of some persons' streams, opened when the first of them is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from passport.kernel.errors import NotFound
from passport.node.actions import close_tails, open_person_tails

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from passport.node.actions import Tail


class Ends:
    """Gives the open end of a person's stream, and writes back those that were asked for."""

    def __init__(self, persons: Iterable[UUID]) -> None:
        self._persons = set(persons)
        self._tails: dict[UUID, Tail] | None = None
        self._used: set[UUID] = set()

    def __call__(self, person: UUID) -> Tail:
        if self._tails is None:
            self._tails = open_person_tails(self._persons)
        if person not in self._tails:
            raise NotFound("This person isn't known here.")
        self._used.add(person)
        return self._tails[person]

    def close(self) -> None:
        """Write back the ends that something was added to."""
        if self._tails is not None:
            close_tails(self._tails[person] for person in self._used)
