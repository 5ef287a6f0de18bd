"""Noting what the node itself finds: who is in a course now, who has completed one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Count

from passport.learning.engine import lessons
from passport.learning.facts import (
    COMPLETED,
    ENROLLED,
    PROJECTORS,
    Completed,
    Enrolled,
    completion_id,
    enrolment_id,
)
from passport.learning.models import Completion, Enrolment, How, Progress
from passport.node.actions import Note, note_all
from passport.node.models import Stream, StreamKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from passport.kernel.actor import Actor
    from passport.learning.engine.lessons import Version

PERSONS_AT_ONCE: Final = 500


def note_enrolments(
    by: Actor, pairs: Iterable[tuple[UUID, UUID]], how: How
) -> list[tuple[UUID, UUID]]:
    """Note (person, course) pairs that aren't enrolled yet; returns those."""
    wanted = {enrolment_id(*pair): pair for pair in pairs}
    known = set(Enrolment.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    missing = {key: pair for key, pair in wanted.items() if key not in known}
    _note(
        by,
        ENROLLED,
        [
            (person, Enrolled(id=key, course=course, how=how))
            for key, (person, course) in missing.items()
        ],
    )
    return list(missing.values())


def note_completions(by: Actor, pairs: Iterable[tuple[UUID, UUID]]) -> int:
    """Note each (person, course) that is complete and was not; returns how many.

    The version is the one in which the person acted last, where that is complete, else the newest
    that is. One more version of a course is noted only when it asked for something that those
    completed before did not.
    """
    wanted = dict.fromkeys(pairs)
    versions = {course: lessons.versions_of(course) for course in {course for _, course in wanted}}
    due = _may_be_complete(wanted, versions)
    if not due:
        return 0
    persons, courses = {person for person, _ in due}, {course for _, course in due}
    done: dict[tuple[UUID, UUID], dict[UUID, int]] = {}
    acted: dict[tuple[UUID, UUID], tuple[int, UUID]] = {}
    lines = Progress.objects.filter(person__in=persons, course__in=courses).values_list(
        "person", "course", "lesson", "completed_at", "stamp", "version"
    )
    for person, course, lesson, completed_at, stamp, version in lines:
        if course is None:
            continue
        if completed_at is not None:
            done.setdefault((person, course), {})[lesson] = completed_at
        acted[person, course] = max(acted.get((person, course), (0, version)), (stamp, version))
    before: dict[tuple[UUID, UUID], set[UUID]] = {}
    completions = Completion.objects.filter(person__in=persons, course__in=courses)
    for person, course, version in completions.values_list("person", "course", "version"):
        before.setdefault((person, course), set()).add(version)
    found = []
    for person, course in due:
        pair = person, course
        completed = _completed(
            versions[course], done[pair], before.get(pair, set()), acted[pair][1]
        )
        if completed is not None:
            at = max(done[pair][lesson] for lesson in completed.lessons)
            key = completion_id(person, course, completed.id)
            found.append((person, Completed(id=key, course=course, version=completed.id, at=at)))
    _note(by, COMPLETED, found)
    return len(found)


def _may_be_complete(
    pairs: Iterable[tuple[UUID, UUID]], versions: Mapping[UUID, list[Version]]
) -> list[tuple[UUID, UUID]]:
    """Return the pairs with as many lessons done as some version has: a look that costs little."""
    fewest = {
        course: min(len(version.lessons) for version in known)
        for course, known in versions.items()
        if known
    }
    wanted = [pair for pair in pairs if pair[1] in fewest]
    counted = (
        Progress.objects.filter(
            person__in={person for person, _ in wanted},
            course__in=fewest.keys(),
            completed_at__isnull=False,
        )
        .values_list("person", "course")
        .annotate(done=Count("pk"))
    )
    done = {(person, course): count for person, course, count in counted}
    return [pair for pair in wanted if done.get(pair, 0) >= fewest[pair[1]]]


def _completed(
    versions: list[Version], done: Mapping[UUID, int], before: set[UUID], acted: UUID
) -> Version | None:
    learnt = {lesson for each in versions if each.id in before for lesson in each.lessons}
    news = [
        each
        for each in versions
        if each.lessons and each.lessons.keys() <= done.keys() and not each.lessons.keys() <= learnt
    ]
    if before and any(each not in {version.id for version in versions} for each in before):
        return None  # what was completed isn't here to compare with
    return next((each for each in news if each.id == acted), news[0] if news else None)


def _note(by: Actor, kind: str, facts: Iterable[tuple[UUID, Enrolled | Completed]]) -> None:
    """Note facts in persons' streams and project them."""
    listed = list(facts)
    streams = {
        stream.key: stream
        for stream in Stream.objects.filter(
            kind=StreamKind.PERSON, key__in={person for person, _body in listed}
        )
    }
    notes = [Note(streams[person], kind, body) for person, body in listed if person in streams]
    for fact in note_all(by=by, notes=notes) if notes else ():
        PROJECTORS[kind](fact)
