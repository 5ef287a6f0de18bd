"""The search index in the database: writing and asking it, in SQL that both databases read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import batched
from typing import Final
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import Model
from django.db.models.functions import Length

from passport.library.engine.search import (
    Entry,
    Match,
    Place,
    as_bytes,
    deletions,
    forms,
    lessons_in,
    question,
    slips,
)
from passport.library.models import (
    Audience,
    SearchDeletion,
    SearchEntry,
    SearchPosting,
    SearchTerm,
)

MOST_FOUND: Final = 500
"""Nobody turns so many pages: what is asked for is said more exactly instead."""
_COMPLETIONS: Final = 64
_MANY: Final = 500
_LAST: Final = "\U0010ffff"


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A course that was found; `entry` is its number in the index."""

    entry: int
    course: UUID
    score: int


# Writing


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


# Asking


def find(text: str, *, hidden: Audience | None) -> list[Found]:
    """Courses for a question, best first, at most `MOST_FOUND`.

    All words are wanted. Where no course has them all, those with the most of them are given.
    Courses of the audience `hidden` are left out.
    """
    return _ranked([_fitting(word, last) for word, last in _with_last(question(text))], hidden)


def best_lessons(text: str, entries: Sequence[int]) -> dict[int, int]:
    """For each of a few entries, the lesson (from 1) that fits the question best, if one does."""
    fits: dict[int, Match] = {}
    for word, last in _with_last(question(text)):
        fits |= _fitting(word, last)
    if not fits or not entries:
        return {}
    scores: dict[int, Counter[int]] = {}
    rows = SearchPosting.objects.filter(entry__in=entries, term__in=list(fits)).values_list(
        "entry", "term", "lessons", "titled"
    )
    for entry, term, lessons, titled in rows:
        score = scores.setdefault(entry, Counter())
        for lesson in lessons_in(bytes(lessons)):
            score[lesson] += Place.TEXT * fits[term]
        for lesson in lessons_in(bytes(titled)):
            score[lesson] += (Place.LESSON_TITLE - Place.TEXT) * fits[term]
    return {
        entry: max(score, key=lambda lesson: (score[lesson], -lesson))
        for entry, score in scores.items()
        if score
    }


def _with_last(typed: list[str]) -> list[tuple[str, bool]]:
    return [(word, at == len(typed) - 1) for at, word in enumerate(typed)]


def _fitting(word: str, last: bool) -> dict[int, Match]:  # noqa: FBT001 - private, and clear
    """The terms that a word may mean, and how well each fits.

    The last word may be unfinished; so may any that the library doesn't have as it stands.
    """
    exact = list(SearchTerm.objects.filter(text__in=forms(word)).values_list("pk", flat=True))
    fits: dict[int, Match] = {}
    if not exact:
        fits |= dict.fromkeys(_slips(word), Match.SLIP)
    if last or not exact:
        fits |= dict.fromkeys(_completions(word), Match.PREFIX)
    return fits | dict.fromkeys(exact, Match.EXACT)


def _completions(word: str) -> list[int]:
    """Terms that begin with a word, the shortest first."""
    return list(
        SearchTerm.objects.filter(text__gt=word, text__lt=word + _LAST)
        .order_by(Length("text"), "text")
        .values_list("pk", flat=True)[:_COMPLETIONS]
    )


def _slips(word: str) -> list[int]:
    shortened = deletions(word)
    if not shortened:
        return []
    near = dict(SearchTerm.objects.filter(text__in=shortened).values_list("text", "pk"))
    near |= dict(
        SearchDeletion.objects.filter(text__in=[word, *shortened]).values_list(
            "term__text", "term_id"
        )
    )
    return [near[text] for text in slips(word, near)]


def _ranked(slots: list[dict[int, Match]], hidden: Audience | None) -> list[Found]:
    wanted = [slot for slot in slots if slot]
    if not wanted:
        return []
    parts: list[str] = []
    parameters: list[int | str] = []
    for slot in wanted:
        worth, given = _worth(slot)
        marks = ", ".join(["%s"] * len(slot))
        parts.append(
            f"SELECT entry_id, MAX(weight * {worth}) AS score"  # noqa: S608 - marks and numbers only
            " FROM library_searchposting"
            f" WHERE term_id IN ({marks}) GROUP BY entry_id"
        )
        parameters += [*given, *slot]
    leave_out = ""
    if hidden is not None:
        leave_out = (
            "WHERE found.entry_id NOT IN (SELECT id FROM library_searchentry WHERE audience = %s)"
        )
        parameters.append(hidden.value)
    counted = (
        "SELECT found.entry_id, COUNT(*) AS hits, SUM(found.score) AS score"  # noqa: S608 - as above
        f" FROM ({' UNION ALL '.join(parts)}) AS found {leave_out}"
        " GROUP BY found.entry_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT best.entry_id, best.hits, best.score, entry.course_id"  # noqa: S608 - as above
            f" FROM ({counted}) AS best"
            " JOIN library_searchentry AS entry ON entry.id = best.entry_id"
            f" ORDER BY best.hits DESC, best.score DESC, entry.length, entry.id LIMIT {MOST_FOUND}",
            parameters,
        )
        rows = cursor.fetchall()
    most = rows[0][1] if rows else 0
    return [
        Found(entry=entry, course=_uuid(course), score=int(score))
        for entry, hits, score, course in rows
        if hits == most
    ]


def _worth(slot: dict[int, Match]) -> tuple[str, list[int | str]]:
    """SQL for how well the term of a row fits, with its parameters."""
    exact = [term for term, match in slot.items() if match is Match.EXACT]
    begun = [term for term, match in slot.items() if match is Match.PREFIX]
    cases: list[str] = []
    given: list[int | str] = []
    for terms, match in ((exact, Match.EXACT), (begun, Match.PREFIX)):
        if terms and len(terms) < len(slot):
            cases.append(f"WHEN term_id IN ({', '.join(['%s'] * len(terms))}) THEN {match.value}")
            given += terms
        elif terms:
            return str(match.value), []
    if not cases:
        return str(Match.SLIP.value), []
    return f"(CASE {' '.join(cases)} ELSE {Match.SLIP.value} END)", given


def _uuid(value: UUID | str) -> UUID:
    """SQLite gives hex text where PostgreSQL gives a UUID."""
    return UUID(value) if isinstance(value, str) else value
