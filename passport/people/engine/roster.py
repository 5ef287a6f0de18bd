"""Lists of learners as people paste them: a sheet, a message, a register typed in a hurry (C40).

Any of tab, semicolon, comma or bar parts the columns given, family, sex; with no delimiter, the
first word is the given name. Quotes, numbering, a heading line and empty lines do no harm.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from passport.kernel.text import fold

_DELIMITERS: Final = ("\t", ";", "|", ",", "،", "؛")
_NUMBERING: Final = re.compile(r"^\s*(?:\d{1,3}\s*[.):\-]\s+|[-*•]\s+)")
_SEX_WORDS: Final = {
    "female": "f female girl woman fille femme feminin feminine mujer nina femenino chica أنثى بنت",
    "male": "m male boy man garcon homme masculin masculine hombre nino masculino chico ذكر ولد",
    "other": "o other autre otro otra آخر أخرى",
}
_SEXES: Final = {fold(word): sex for sex, line in _SEX_WORDS.items() for word in line.split()}
_NOT_SAID: Final = frozenset({"", "-", "?", "n/a"})
_HEADINGS: Final = frozenset(
    fold(word)
    for word in (
        "name",
        "given",
        "given name",
        "first name",
        "firstname",
        "nom",
        "prénom",
        "prénoms",
        "nombre",
        "nombres",
        "الاسم",
        "الاسم الأول",
    )
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line with somebody on it. `sex_word` is what stood there where it says no known sex."""

    number: int
    """Counted from 1 over all lines, the empty ones too."""
    given: str
    family: str
    sex: str | None
    sex_word: str | None


def rows_of(text: str) -> Iterator[Row]:
    """Read a pasted list, a row for each line that names somebody."""
    lines = text.removeprefix("\ufeff").splitlines()
    delimiter = _delimiter(lines)
    heading_may_come = True
    for number, line in enumerate(lines, start=1):
        cells = _cells(_NUMBERING.sub("", line), delimiter)
        if not any(cells):
            continue
        if heading_may_come and fold(cells[0]) in _HEADINGS:
            heading_may_come = False
            continue
        heading_may_come = False
        yield _row(number, cells)


def _delimiter(lines: list[str]) -> str | None:
    """Return what most lines hold; a tab before a semicolon before a comma."""
    counts = {mark: sum(mark in line for line in lines) for mark in _DELIMITERS}
    most = max(counts.values(), default=0)
    return next((mark for mark in _DELIMITERS if most and counts[mark] == most), None)


def _cells(line: str, delimiter: str | None) -> list[str]:
    if delimiter is None or delimiter not in line:
        words = line.split()
        return [words[0], " ".join(words[1:])] if words else [""]
    cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [""])
    return [" ".join(cell.split()) for cell in cells]


def _row(number: int, cells: list[str]) -> Row:
    given, family, said = [*cells, "", "", ""][:3]
    if not given:
        given, family = family, ""
    word = fold(said)
    sex = _SEXES.get(word)
    unknown = sex is None and word not in _NOT_SAID
    return Row(number, given, family, sex, said if unknown else None)
