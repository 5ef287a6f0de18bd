"""Text as people compare it: folded for search and for look-ups, cut into words, with a direction.

Pure functions on strings. The same folding serves the search of courses, the look-up of names and
the marking of short answers, so that "Élan", "elan" and "ELAN" are one word everywhere. R191, R192.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Final, Literal

Direction = Literal["ltr", "rtl"]

# Marks that a reader may leave out. Marks of other scripts (the vowels of Devanagari, Lao or
# Thai) are letters to their readers and stay; the tone marks of Lao and Thai do not.
_MARKS: Final = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F),
    (0x0670, 0x0670), (0x06D6, 0x06DC), (0x06DF, 0x06E4), (0x06E7, 0x06E8), (0x06EA, 0x06ED),
    (0x08CA, 0x08FF), (0x0E47, 0x0E4E), (0x0EC8, 0x0ECE), (0x135D, 0x135F), (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F),
)  # fmt: skip

_LETTERS: Final = {
    # Arabic script: one shape for what writers use for one another. Alef and its hamza and madda
    # come apart in NFKD; what is listed here does not.
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ة": "ه", "ہ": "ه", "ۃ": "ه", "ھ": "ه",
    "ە": "ه", "ک": "ك", "ڪ": "ك", "ـ": "",
    # Latin letters with a stroke or a hook, which NFKD leaves whole.
    "ı": "i", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe",
    "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ɖ": "d", "ƒ": "f", "ɣ": "g", "ŋ": "n", "ɔ": "o",
    "ɛ": "e", "ǝ": "e", "ə": "e",
    # Invisible: joiners, direction marks, soft hyphen.
    "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\u200e": "", "\u200f": "",
    "\u061c": "", "\u2060": "", "\ufeff": "",
}  # fmt: skip

# Scripts that put no space between words: Thai and Lao, Burmese, Khmer, kana, Han.
_UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_RUNS: Final = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_ONE_UNSPACED: Final = re.compile(f"[{_UNSPACED}]")

_RTL_LANGUAGES: Final = frozenset({
    "ar", "arc", "azb", "bal", "bcc", "bgn", "bqi", "ckb", "dv", "fa", "glk", "he", "iw", "khw",
    "ks", "lrc", "mzn", "nqo", "pnb", "prs", "ps", "sd", "sdh", "skr", "syr", "ug", "ur", "yi",
})  # fmt: skip
_RTL_SCRIPTS: Final = frozenset({
    "adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa",
})  # fmt: skip


class _FoldTable(dict[int, str]):
    """What each code point becomes; filled as text is met, so that folding runs in C."""

    def __missing__(self, point: int) -> str:
        self[point] = folded = _folded_letter(point)
        return folded


class _WordTable(dict[int, str]):
    """Letters, marks and digits stay; everything else parts words."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        self[point] = kept = char if unicodedata.category(char)[0] in "LMN" else " "
        return kept


def _folded_letter(point: int) -> str:
    char = chr(point)
    if char in _LETTERS:
        return _LETTERS[char]
    if any(first <= point <= last for first, last in _MARKS):
        return ""
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)


_fold_table: Final = _FoldTable()
_word_table: Final = _WordTable()


def fold(text: str) -> str:
    """`text` without case, accents, harakat, tatweel and look-alikes; digits become 0-9.

    >>> fold("Çfarë është ÉLAN? ٢٠ إِلَى")
    'cfare eshte elan? 20 الي'
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text)
    apart = unicodedata.normalize("NFKD", apart.casefold())
    return unicodedata.normalize("NFC", apart.translate(_fold_table))


def words(text: str) -> list[str]:
    """The folded words of `text`, in order, repeated where they repeat.

    Scripts without spaces give overlapping pairs of letters (a letter keeps its vowel signs), so
    that a word is found inside a sentence; a run of one letter gives that letter.
    """
    found: list[str] = []
    for part in fold(text).translate(_word_table).split():
        if part.isascii():
            found.append(part)
            continue
        for run in _RUNS.findall(part):
            found.extend(_pairs(run) if _is_unspaced(run[0]) else [run])
    return found


def direction(language: str) -> Direction:
    """Which way a language is written, from its BCP 47 tag: "rtl" for "ar", "prs", "ku-Arab"."""
    parts = language.casefold().replace("_", "-").split("-")
    scripts = [part for part in parts[1:] if len(part) == 4 and part.isalpha()]  # noqa: PLR2004 - ISO 15924
    if scripts:
        return "rtl" if scripts[0] in _RTL_SCRIPTS else "ltr"
    return "rtl" if parts[0] in _RTL_LANGUAGES else "ltr"


def _is_unspaced(char: str) -> bool:
    return _ONE_UNSPACED.match(char) is not None


def _pairs(run: str) -> list[str]:
    letters: list[str] = []
    for char in run:
        if letters and unicodedata.category(char)[0] == "M":
            letters[-1] += char
        else:
            letters.append(char)
    if len(letters) == 1:
        return letters
    return [first + second for first, second in pairwise(letters)]
