"""Folding, words and direction: a table that a reader of each language can check."""

from __future__ import annotations

import pytest

from passport.kernel.text import direction, fold, words

FOLDED = [
    # what differs            what is the same
    ("ÉLAN", "elan"),
    ("Straße", "strasse"),
    ("Çfarë është", "cfare eshte"),
    ("İstanbul ılık", "istanbul ilik"),
    ("Ƙofar ɗakinshi", "kofar dakinshi"),
    ("إلى", "الي"),
    ("الأرقام", "الارقام"),
    ("مُحَمَّدٌ", "محمد"),
    ("قِطَّة", "قطه"),
    ("مـــدرسة", "مدرسه"),
    ("مسؤول", "مسوول"),
    ("ٱلكتاب", "الكتاب"),
    ("کتاب یک", "كتاب يك"),
    ("٢٠ ۱۲", "20 12"),
    ("การนับ", "การนับ"),
    ("ได้", "ได"),
    ("Їжак", "іжак"),
]


@pytest.mark.parametrize(("written", "folded"), FOLDED)
def test_what_readers_take_for_the_same_folds_to_the_same(written: str, folded: str) -> None:
    assert fold(written) == folded
    assert fold(fold(written)) == fold(written)


WORDS = [
    ("The cat, the mat.", ["the", "cat", "the", "mat"]),
    ("l'histoire d’eau", ["l", "histoire", "d", "eau"]),
    ("قطة وكلب.", ["قطه", "وكلب"]),
    ("ການນັບ", ["ກາ", "ານ", "ນນັ", "ນັບ"]),
    ("ก", ["ก"]),
    ("abcไทย", ["abc", "ไท", "ทย"]),
    ("हिन्दी में", ["हिन्दी", "में"]),
    ("…!?", []),
    ("", []),
]


@pytest.mark.parametrize(("written", "found"), WORDS)
def test_text_comes_apart_into_words(written: str, found: list[str]) -> None:
    assert words(written) == found


@pytest.mark.parametrize(
    ("language", "way"),
    [
        ("ar", "rtl"), ("ar-EG", "rtl"), ("prs", "rtl"), ("ku-Arab", "rtl"), ("he", "rtl"),
        ("en", "ltr"), ("ha-ne", "ltr"), ("uz-Latn", "ltr"), ("am", "ltr"), ("ar-Latn", "ltr"),
    ],
)  # fmt: skip
def test_a_language_has_a_direction(language: str, way: str) -> None:
    assert direction(language) == way
