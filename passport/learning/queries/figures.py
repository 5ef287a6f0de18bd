"""Rows for figures, by opaque id: joined with sites and sex, and counted, in `insights`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Min, Sum

from passport.learning.models import Completion, Enrolment, Progress
from passport.learning.queries.learner import Learnt

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from uuid import UUID


def first_enrolments(*, but_not_by: Collection[str] = ()) -> Iterator[tuple[UUID, int]]:
    """Yield (person, when) for everybody who is enrolled in at least one course (R085).

    When: the earliest enrolment, in ms since 1970. What the origins `but_not_by` noted is left out.
    """
    enrolments = Enrolment.objects.exclude(origin__in=list(but_not_by))
    rows = enrolments.values_list("person").annotate(first=Min("at")).order_by("person")
    yield from rows.iterator()


def completions() -> Iterator[tuple[UUID, Learnt]]:
    """Yield (person, what) for every completion, one for each version of a course (R086)."""
    rows = Completion.objects.order_by("pk").values_list("person", "course", "version", "at")
    for person, course, version, at in rows.iterator():
        yield person, Learnt(course, version, at)


def answers_given() -> dict[UUID, int]:
    """Return how many answers everybody here has given, by person."""
    rows = Progress.objects.filter(answers__gt=0).order_by().values_list("person")
    return dict(rows.annotate(n=Sum("answers")))
