"""Asking the search index, in SQL that both databases read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models.functions import Length

from passport.library.engine.search import (
    Match,
    Place,
    deletions,
    forms,
    lessons_in,
    question,
    slips,
)
from passport.library.models import Audience, SearchDeletion, SearchPosting, SearchTerm

MOST_FOUND: Final = 500
"""Nobody turns so many pages: what is asked for is said more exactly instead."""
_COMPLETIONS: Final = 64
_LAST: Final = "\U0010ffff"

type Slots = list[dict[int, Match]]
"""For each word typed, the terms that it may mean (by number) and how well each fits."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A course that was found; `entry` is its number in the index."""

    entry: int
    key: UUID | str
    score: int

    @property
    def course(self) -> UUID:
        """The course's id, which SQLite gives as hex text and PostgreSQL as it is."""
        return UUID(self.key) if isinstance(self.key, str) else self.key


def understood(text: str) -> Slots:
    """Look up what the words of a question may mean.

    The last word may be unfinished; so may any that the library doesn't have as it stands, and
    such a one may also be a slip.
    """
    typed = question(text)
    known = dict(
        SearchTerm.objects.filter(
            text__in={form for word in typed for form in forms(word)}
        ).values_list("text", "pk")
    )
    slots: Slots = []
    for at, word in enumerate(typed):
        exact = [known[form] for form in forms(word) if form in known]
        fits: dict[int, Match] = {}
        if not exact:
            fits |= dict.fromkeys(_slips(word), Match.SLIP)
        if not exact or at == len(typed) - 1:
            fits |= dict.fromkeys(_completions(word), Match.PREFIX)
        slots.append(fits | dict.fromkeys(exact, Match.EXACT))
    return slots


def find(slots: Slots, *, hidden: Audience | None) -> list[Found]:
    """Courses that have the terms, best first, at most `MOST_FOUND`.

    All words are wanted. Where no course has them all, those with the most of them are given.
    Courses of the audience `hidden` are left out.
    """
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
        Found(entry=entry, key=course, score=int(score))
        for entry, hits, score, course in rows
        if hits == most
    ]


def best_lessons(slots: Slots, entries: Sequence[int]) -> dict[int, int]:
    """For each of a few entries, the lesson (from 1) that fits best, if one does."""
    fits: dict[int, Match] = {}
    for slot in slots:
        fits |= slot
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
