"""Counting: one function for each figure of `indicators.toml`, and the only place that computes it.

Each yields what happened as (person or None, when). Month, site and sex follow from these in one
place, so that every figure is told in the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from passport.insights.models import Sex
from passport.kernel.clock import moment
from passport.learning import queries as learning
from passport.library import queries as library
from passport.people import queries as people


class Cell(NamedTuple):
    """What a number in the roll-up is about."""

    indicator: str
    month: date
    site: UUID | None
    sex: str


class Happening(NamedTuple):
    """One countable thing; `person` where somebody did it."""

    at: datetime
    person: UUID | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """What figures need to know of a person."""

    site: UUID | None
    sex: str
    at: datetime


type Register = dict[UUID, Registered]


def count(now: datetime) -> Counter[Cell]:
    """Count every figure from the rooms below, as of now."""
    register: Register = {
        line.person: Registered(line.site, line.sex or Sex.UNSAID, line.at)
        for line in people.registrations()
    }
    cells: Counter[Cell] = Counter()
    for indicator, happenings in FIGURES.items():
        for happening in happenings(register):
            cells[_cell(indicator, happening, register, now)] += 1
    return cells


def _cell(indicator: str, happening: Happening, register: Register, now: datetime) -> Cell:
    at = min(happening.at, now)
    if happening.person is None:
        return Cell(indicator, _month(at), None, "")
    person = register[happening.person]
    return Cell(indicator, _month(max(at, min(person.at, now))), person.site, person.sex)


def _month(at: datetime) -> date:
    return timezone.localtime(at).date().replace(day=1)


# The figures


def _countries(register: Register) -> Iterator[Happening]:
    if register:
        yield Happening(min(person.at for person in register.values()))


def _users(register: Register) -> Iterator[Happening]:
    for person, known in register.items():
        yield Happening(known.at, person)


def _courses(register: Register) -> Iterator[Happening]:
    del register
    for at in library.first_publications():
        yield Happening(at)


def _trained(register: Register) -> Iterator[Happening]:
    return _of_registered(register, learning.first_enrolments())


def _completions(register: Register) -> Iterator[Happening]:
    first: dict[tuple[UUID, UUID], int] = {}
    for person, learnt in learning.completions():
        key = (person, learnt.course)
        first[key] = min(first.get(key, learnt.at), learnt.at)
    return _of_registered(register, ((person, at) for (person, _), at in first.items()))


def _of_registered(register: Register, did: Iterable[tuple[UUID, int]]) -> Iterator[Happening]:
    """Leave out whom this node doesn't know yet: their registration is still under way."""
    for person, at in did:
        if person in register:
            yield Happening(moment(at), person)


FIGURES: dict[str, Callable[[Register], Iterable[Happening]]] = {
    "countries": _countries,
    "users": _users,
    "courses": _courses,
    "trained": _trained,
    "completions": _completions,
}
