"""Writing the search index: a course's words go in as one, and come out as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import batched
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Model

from passport.library.engine.search import (
    Entry,
    as_bytes,
    deletions,
)
from passport.library.models import (
    SearchDeletion,
    SearchEntry,
    SearchPosting,
    SearchTerm,
)

_MANY: Final = 500


def write(entries: Sequence[Entry]) -> None:
    """Put courses into the index, in place of what it held of them. In the caller's transaction."""
    erase(entry.course for entry in entries)
    rows = SearchEntry.objects.bulk_create(
        SearchEntry(course_id=entry.course, audience=entry.audience, length=entry.length())
        for entry in entries
    )
    postings = [entry.postings() for entry in entries]
    numbers = _numbers_of({term for each in postings for term in each})
    _insert(
        SearchPosting,
        ("term_id", "entry_id", "weight", "lessons", "titled"),
        (
            (numbers[term], row.pk, at.weight, as_bytes(at.lessons), as_bytes(at.titled))
            for row, each in zip(rows, postings, strict=True)
            for term, at in each.items()
        ),
    )


def erase(courses: Iterable[UUID]) -> None:
    """Take courses out of the index; words that nothing uses any more find nothing."""
    for some in batched(courses, _MANY):
        entries = list(SearchEntry.objects.filter(course__in=some).values_list("pk", flat=True))
        if entries:
            SearchPosting.objects.filter(entry__in=entries).delete()
            SearchEntry.objects.filter(pk__in=entries).delete()


def _numbers_of(texts: set[str]) -> dict[str, int]:
    """The numbers of terms; new ones are added, with their deletions."""
    numbers = _known(texts)
    new = sorted(texts - numbers.keys())
    if new:
        SearchTerm.objects.bulk_create(
            (SearchTerm(text=text) for text in new), ignore_conflicts=True, batch_size=5_000
        )
        added = _known(set(new))
        _insert(
            SearchDeletion,
            ("text", "term_id"),
            ((form, number) for text, number in added.items() for form in deletions(text)),
        )
        numbers |= added
    return numbers


def _insert(
    table: type[Model], columns: Sequence[str], rows: Iterable[tuple[int | str | bytes, ...]]
) -> None:
    """Insert many small rows without making an object of each: most of the cost of indexing."""
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table._meta.db_table} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608, SLF001 - names from the model
            list(rows),
        )


def _known(texts: set[str]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for some in batched(sorted(texts), _MANY):
        numbers.update(SearchTerm.objects.filter(text__in=some).values_list("text", "pk"))
    return numbers
