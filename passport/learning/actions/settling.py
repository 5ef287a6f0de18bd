"""Looking again after a parcel: what has become complete, what content has arrived for."""

from __future__ import annotations

from itertools import batched
from typing import TYPE_CHECKING
from uuid import UUID

from passport.learning.engine import lessons
from passport.learning.engine.notes import PERSONS_AT_ONCE, note_completions, note_enrolments
from passport.learning.facts import recount
from passport.learning.models import How, Progress
from passport.node.actions import writes
from passport.people import queries as people

if TYPE_CHECKING:
    from collections.abc import Iterable

    from passport.kernel.actor import Actor


@writes
def settle(*, by: Actor, persons: Iterable[UUID] = ()) -> int:
    """Note the courses that some persons have completed and nobody has noted; returns how many.

    Called after each parcel, with the persons whose streams it touched. Progress that waited for
    content (R048: a device may bring work in a course that isn't here yet) is worked out again
    where the content has come, whoever's it is.
    """
    touched = set(persons) | _content_came(by)
    touched |= set(people.counted_under(touched).values())
    noted = 0
    for part in batched(sorted(touched), PERSONS_AT_ONCE):
        pairs = (
            Progress.objects.filter(
                person__in=part, course__isnull=False, completed_at__isnull=False
            )
            .values_list("person", "course")
            .distinct()
        )
        noted += note_completions(by, ((person, course) for person, course in pairs if course))
    return noted


def _content_came(by: Actor) -> set[UUID]:
    waiting = Progress.objects.filter(waits_for__isnull=False)
    wanted = {each for each in waiting.values_list("waits_for", flat=True).distinct() if each}
    here = {each for each in wanted if _is_whole(each)}
    places = set(waiting.filter(waits_for__in=here).values_list("person", "lesson"))
    if not places:
        return set()
    recount(places)
    persons = {person for person, _ in places}
    begun = Progress.objects.filter(person__in=persons, course__isnull=False)
    pairs = begun.values_list("person", "course").distinct()
    note_enrolments(by, ((person, course) for person, course in pairs if course), How.STARTED)
    return persons


def _is_whole(version_id: UUID) -> bool:
    version = lessons.version(version_id)
    return version is not None and all(lesson.whole for lesson in version.lessons.values())
