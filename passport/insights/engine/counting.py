"""Counting: one function for each figure of `indicators.toml`, and the only place that computes it.

Each yields what happened as (person or None, when). Month, site and sex follow from these in one
place, so that every figure is told in the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from passport.insights.engine.times import Corrections
from passport.insights.models import Frozen, Sex
from passport.kernel.clock import moment
from passport.learning import queries as learning
from passport.library import queries as library
from passport.people import queries as people

QUARTER_MS = 900_000
"""Every offset of a time zone in use is a number of whole quarters of an hour."""


class Cell(NamedTuple):
    """What a number in the roll-up is about."""

    indicator: str
    month: date
    site: UUID | None
    sex: str


class Happening(NamedTuple):
    """One countable thing, in ms since 1970; `person` where somebody did it."""

    at: int
    person: UUID | None = None


class Registered(NamedTuple):
    """What figures need to know of a person."""

    site: UUID | None
    sex: str
    at: int


type Register = dict[UUID, Registered]


def count(now: datetime) -> Counter[Cell]:
    """Count every figure from the rooms below, as of now, with what erased people had added."""
    cells = _counted(now, people.registrations())
    for row in Frozen.objects.all():
        cells[Cell(row.indicator, row.month, row.site, row.sex)] += row.value
    began = min((cell.month for cell in cells if cell.indicator == "users"), default=None)
    if began is not None:
        cells[Cell("countries", began, None, "")] = 1
    return cells


def count_of(person: UUID, now: datetime) -> Counter[Cell]:
    """Count what one person has added to the figures about people."""
    cells = _counted(now, people.registrations(person))
    return Counter({cell: value for cell, value in cells.items() if cell.sex})


def _register(lines: Iterable[people.Registration], corrections: Corrections) -> Register:
    corrected = corrections.registered()
    return {
        line.person: Registered(
            line.site, line.sex or Sex.UNSAID, corrected.get(line.person, _ms(line.at))
        )
        for line in lines
    }


def _counted(now: datetime, lines: Iterable[people.Registration]) -> Counter[Cell]:
    corrections = Corrections()
    register = _register(lines, corrections)
    calendar = _Calendar(_ms(now))
    cells: Counter[Cell] = Counter()
    for indicator, happenings in FIGURES.items():
        for at, person in happenings(register, corrections):
            if person is None:
                cells[Cell(indicator, calendar.month(at), None, "")] += 1
            else:
                # Nobody does anything before being registered, whatever a tablet's clock says.
                site, sex, since = register[person]
                cells[Cell(indicator, calendar.month(max(at, since)), site, sex)] += 1
    return cells


class _Calendar:
    """Months of the country, looked up by the quarter of an hour: a million happenings need few different ones."""

    def __init__(self, now: int) -> None:
        self.now = now
        self.known: dict[int, date] = {}

    def month(self, at: int) -> date:
        """Return the first day of the month; what a clock puts after now happened now."""
        quarter = min(at, self.now) // QUARTER_MS
        found = self.known.get(quarter)
        if found is None:
            day = timezone.localtime(moment(quarter * QUARTER_MS)).date()
            found = self.known[quarter] = day.replace(day=1)
        return found


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


# The figures


def _users(register: Register, corrections: Corrections) -> Iterator[Happening]:
    del corrections
    for person, known in register.items():
        yield Happening(known.at, person)


def _courses(register: Register, corrections: Corrections) -> Iterator[Happening]:
    del register, corrections
    for at in library.first_publications():
        yield Happening(_ms(at))


def _trained(register: Register, corrections: Corrections) -> Iterator[Happening]:
    first = corrections.enrolled()
    for person, at in learning.first_enrolments(but_not_by=corrections.origins):
        first[person] = min(at, first.get(person, at))
    return _of_registered(register, first.items())


def _completions(register: Register, corrections: Corrections) -> Iterator[Happening]:
    noted = corrections.completed()
    first: dict[tuple[UUID, UUID], int] = {}
    for person, learnt in learning.completions():
        at = learnt.at
        by = noted.get((person, learnt.version))
        # The device said when, and its clock may be right where the hub's was not; not this one.
        if by is not None and person in register and not register[person].at <= at <= by:
            at = by
        key = (person, learnt.course)
        first[key] = min(first.get(key, at), at)
    return _of_registered(register, ((person, at) for (person, _), at in first.items()))


def _of_registered(register: Register, did: Iterable[tuple[UUID, int]]) -> Iterator[Happening]:
    """Leave out whom this node doesn't know yet: their registration is still under way."""
    for person, at in did:
        if person in register:
            yield Happening(at, person)


FIGURES: dict[str, Callable[[Register, Corrections], Iterable[Happening]]] = {
    "users": _users,
    "courses": _courses,
    "trained": _trained,
    "completions": _completions,
}
