"""Finding courses by their words (R079, R191): the rules, without the database.

An inverted index over folded words. One typing error is forgiven by symmetric deletion: a word
and a slip of it share a form with one letter left out, so the index holds those forms of every
term and a look-up tries those of the word typed. The idea is Wolf Garbe's SymSpell ("1000x Faster
Spelling Correction", 2012); this is an own, smaller implementation for one error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Final
from uuid import UUID

import msgspec

from passport.kernel.text import words

LONGEST: Final = 40
"""Letters of a word that count; what follows is cut."""
FORGIVING: Final = 4
"""Words of so many letters or more may have one slip."""
MOST_WORDS: Final = 12
"""Words of a question that are looked up."""


class Place(IntEnum):
    """Where a word stands, by what finding it there is worth."""

    TEXT = 2
    SUMMARY = 4
    TAG = 6
    LESSON_TITLE = 9
    TITLE = 13


class Match(IntEnum):
    """How a term fits the word typed, by what that is worth. Multiplied with the place's worth."""

    SLIP = 1
    PREFIX = 2
    EXACT = 4


class Posting(msgspec.Struct):
    """Where a term stands in a course: what its best place is worth, and lessons as bits."""

    weight: int = 0
    lessons: int = 0
    titled: int = 0


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A course as the index sees it: texts by (lesson, place); lesson 0 is the course itself."""

    course: UUID
    audience: str
    texts: tuple[tuple[int, Place, str], ...]

    def postings(self) -> dict[str, Posting]:
        """For each term, where it stands."""
        found: dict[str, Posting] = {}
        for lesson, place, text in self.texts:
            for term in terms(text):
                posting = found.setdefault(term, Posting())
                posting.weight = max(posting.weight, int(place))
                if lesson:
                    posting.lessons |= 1 << lesson
                if lesson and place is Place.LESSON_TITLE:
                    posting.titled |= 1 << lesson
        return found

    def length(self) -> int:
        """Words in the course's titles."""
        return sum(len(words(text)) for _, place, text in self.texts if place is Place.TITLE)


def as_bytes(lessons: int) -> bytes:
    """A set of lessons as it is stored."""
    return lessons.to_bytes((lessons.bit_length() + 7) // 8, "little")


def lessons_in(stored: bytes) -> Iterator[int]:
    """The lessons of a stored set."""
    bits = int.from_bytes(stored, "little")
    return (lesson for lesson in range(bits.bit_length()) if bits >> lesson & 1)


def terms(text: str) -> set[str]:
    """The terms that a text is found by."""
    return {form for word in words(text) for form in forms(word[:LONGEST])}


def forms(word: str) -> tuple[str, ...]:
    """A word as it stands, and without the Arabic article, which readers type or leave out."""
    if word.startswith("ال") and len(word) > FORGIVING:
        return word, word[2:]
    return (word,)


def question(text: str) -> list[str]:
    """The words to look up, each once, in order."""
    return list(dict.fromkeys(word[:LONGEST] for word in words(text)))[:MOST_WORDS]


def deletions(term: str) -> set[str]:
    """Every form of a term with one letter left out; none for what is too short to forgive."""
    if len(term) < FORGIVING or term.isdecimal() or "\u0e00" <= term[0] <= "\u0eff":
        return set()
    return {term[:at] + term[at + 1 :] for at in range(len(term))}


def one_slip_apart(one: str, other: str) -> bool:
    """Whether one letter was added, left out, replaced, or two neighbours were swapped."""
    if one == other:
        return False
    short, long = sorted((one, other), key=len)
    same = next(
        (at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short)
    )
    if len(long) == len(short) + 1:
        return short[same:] == long[same + 1 :]
    if len(long) != len(short):
        return False
    replaced = short[same + 1 :] == long[same + 1 :]
    swapped = (
        short[same : same + 2] == long[same : same + 2][::-1]
        and short[same + 2 :] == long[same + 2 :]
    )
    return replaced or swapped


def slips(word: str, candidates: Iterable[str]) -> list[str]:
    """Of the candidates, those that the word may be a slip of."""
    return [each for each in candidates if len(each) >= FORGIVING and one_slip_apart(word, each)]
