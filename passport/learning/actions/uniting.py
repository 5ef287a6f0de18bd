"""Two persons found to be one: what they have learnt counts together, and once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from passport.learning import facts
from passport.node.actions import writes
from passport.people import actions as people
from passport.people import facts as people_facts
from passport.people import queries as people_queries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from passport.kernel.actor import Actor


@writes
def merge(*, by: Actor, person: UUID, into: UUID) -> UUID:
    """Say that a person is another who is known already; returns the merger, which `part` takes back."""
    merger = people.merge(by=by, person=person, into=into)
    unite(by=by, persons=[person])
    return merger.id


@writes
def part(*, by: Actor, merger: UUID) -> None:
    """Take a merger back: they were two after all."""
    unite(by=by, persons=[people.part(by=by, merger=merger).person])


@writes
def merge_by_card(*, by: Actor, persons: Iterable[UUID]) -> int:
    """Merge those of some persons who came in with a card that somebody else has; returns how many.

    Nobody has to decide that: who shows a card holds it.
    """
    pairs = people_queries.same_card(persons)
    for person, into in pairs:
        merge(by=by, person=person, into=into)
    return len(pairs)


@writes
def unite(*, by: Actor, persons: Iterable[UUID]) -> None:
    """Work out again all that is known of persons whom a merger or a parting has touched."""
    del by
    tied = {each for person in persons for each in people_facts.tied_to(person)}
    facts.unite(tied)
