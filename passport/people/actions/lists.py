"""A class from a pasted list: looked at first, then taken whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from passport.kernel.actor import Actor
from passport.kernel.errors import Invalid
from passport.kernel.permissions import Permission
from passport.kernel.text import words
from passport.node.actions import writes
from passport.people.actions.learners import Registered, group_at, register
from passport.people.engine.hidden import open_all
from passport.people.engine.registering import Details
from passport.people.engine.roster import Row, rows_of
from passport.people.engine.scope import open_memberships
from passport.people.errors import ListNotTaken
from passport.people.models import Person
from passport.people.policies import LONGEST_LIST, check_may, checked_family, checked_given


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line of the list as it was understood."""

    number: int
    given: str
    family: str
    sex: str | None
    problem: Invalid | None = None
    """Why this line can't be taken."""
    duplicate: bool = False
    """Somebody of this name is in the class, or stands on the list, already."""


@dataclass(frozen=True, slots=True)
class ListReport:
    """What a list says, line by line, and whom it registered (nobody on a dry run)."""

    lines: tuple[ListLine, ...]
    registered: tuple[Registered, ...] = ()

    @property
    def problems(self) -> tuple[ListLine, ...]:
        return tuple(line for line in self.lines if line.problem is not None)

    @property
    def duplicates(self) -> tuple[ListLine, ...]:
        return tuple(line for line in self.lines if line.duplicate)


@writes
def register_learners(
    *,
    by: Actor,
    site: UUID,
    group: UUID,
    text: str,
    dry_run: bool,
    skip_duplicates: bool = True,
) -> ListReport:
    """Register the learners of a pasted list; `dry_run` says what would happen.

    Raises `ListNotTaken`, with the report, when a line can't be taken; then nobody is registered.
    Namesakes of the class are left out unless `skip_duplicates` is False, so a list that is pasted
    twice registers nobody twice.
    """
    check_may(by, Permission.MANAGE_LEARNERS, site=site)
    group_at(site, group)
    lines = _understood(list(rows_of(text)), _names_in(group))
    report = ListReport(lines)
    if dry_run:
        return report
    if report.problems:
        refusal = ListNotTaken("Nothing was taken: some lines can't be read.")
        refusal.report = report
        raise refusal
    taken = [line for line in lines if not (line.duplicate and skip_duplicates)]
    everybody = [Details(line.given, line.family, line.sex) for line in taken]
    return ListReport(lines, tuple(register(by, site, group, everybody)))


def _understood(rows: list[Row], names: set[str]) -> tuple[ListLine, ...]:
    if not rows:
        raise Invalid("There is nobody on this list.")
    if len(rows) > LONGEST_LIST:
        raise Invalid("A list can have %(most)s lines at most.", most=LONGEST_LIST)
    lines = []
    for row in rows:
        name = _compared(row.given, row.family)
        lines.append(
            ListLine(
                number=row.number,
                given=row.given,
                family=row.family,
                sex=row.sex,
                problem=_problem(row),
                duplicate=name in names,
            )
        )
        names.add(name)
    return tuple(lines)


def _problem(row: Row) -> Invalid | None:
    try:
        checked_given(row.given)
        checked_family(row.family)
    except Invalid as problem:
        return problem
    if row.sex_word is not None:
        return Invalid("This is not one of the answers: %(answer)s", answer=row.sex_word)
    return None


def _names_in(group: UUID) -> set[str]:
    people: Iterable[Person] = Person.objects.filter(
        pk__in=open_memberships().filter(group=group).values("person")
    )
    return {_compared(hidden.given, hidden.family) for hidden in open_all(people).values()}


def _compared(given: str, family: str) -> str:
    """Return a name so that the order of its parts and the way they are written don't matter."""
    return " ".join(sorted(words(f"{given} {family}")))
