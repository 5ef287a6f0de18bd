"""What an answer is worth: 0-100, for each kind of question. Pure.

The browser marks with the same rules where it has to answer at once (`web/js`); the cases of
`tests/spec/marking.json` hold both to one meaning. What the node decides is what counts.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import msgspec

from passport.kernel.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from passport.records.facts import Response

FULL: Final = 100
_NUMBER: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)")
_LONGEST_NUMBER: Final = 40


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """What is right in one question; which fields matter follows its kind."""

    kind: str
    right: tuple[str, ...] = ()
    """one, several: the right ids; order: all ids in the right order."""
    answers: dict[str, tuple[str, ...]] = {}
    """text: what is accepted, by language."""
    number: str = "0"
    tolerance: str = "0"
    """number: decimals as text."""
    gaps: dict[str, tuple[tuple[str, ...], ...]] = {}
    """gaps: by language, what is accepted in each gap."""
    pairs: tuple[str, ...] = ()
    """match: the ids of the pairs; a left id goes with the same right id."""


def mark(key: Key, response: Response) -> int:
    """Mark one response; one of the wrong shape is worth nothing."""
    marker = _MARKERS.get(key.kind)
    return 0 if marker is None else marker(key, response)


def _one(key: Key, response: Response) -> int:
    return FULL if isinstance(response, str) and response in key.right else 0


def _several(key: Key, response: Response) -> int:
    chosen = isinstance(response, list) and set(response) == set(key.right)
    return FULL if chosen else 0


def _text(key: Key, response: Response) -> int:
    if not isinstance(response, str):
        return 0
    said = plain_text(response)
    accepted = (each for answers in key.answers.values() for each in answers)
    return FULL if said and any(said == plain_text(each) for each in accepted) else 0


def _number(key: Key, response: Response) -> int:
    if not isinstance(response, str):
        return 0
    said, right, tolerance = map(read_number, (response, key.number, key.tolerance))
    if said is None or right is None:
        return 0
    return FULL if abs(said - right) <= (tolerance or 0) else 0


def _order(key: Key, response: Response) -> int:
    if not isinstance(response, list):
        return 0
    hits = [given == wanted for given, wanted in zip(response, key.right, strict=False)]
    return _share(hits, key.right)


def _match(key: Key, response: Response) -> int:
    if not isinstance(response, dict):
        return 0
    return _share([response.get(each) == each for each in key.pairs], key.pairs)


def _gaps(key: Key, response: Response) -> int:
    if not isinstance(response, list):
        return 0
    said = [plain_text(each) for each in response]
    return max((_filled(said, gaps) for gaps in key.gaps.values()), default=0)


def _filled(said: list[str], gaps: Sequence[Sequence[str]]) -> int:
    hits = [
        bool(given) and any(given == plain_text(each) for each in accepted)
        for given, accepted in zip(said, gaps, strict=False)
    ]
    return _share(hits, gaps)


def _share(hits: list[bool], of: Sequence[object]) -> int:
    return FULL * sum(hits) // len(of) if of else 0


_MARKERS: Final[dict[str, Callable[[Key, Response], int]]] = {
    "one": _one,
    "several": _several,
    "text": _text,
    "number": _number,
    "order": _order,
    "match": _match,
    "gaps": _gaps,
}


def plain_text(written: str) -> str:
    """Return a short answer as it is compared: folded, with single spaces."""
    return " ".join(fold(written).split())


def read_number(written: str) -> Decimal | None:
    """Read a number as people write it: any script's digits, a decimal comma, "−", spaces within.

    A comma or "٫" is a decimal sign, "٬" parts thousands. None when it is no number.
    """
    folded = "".join(fold(written).split())
    plain = folded.replace("٬", "").replace("٫", ".").replace(",", ".").replace("−", "-")
    if len(plain) > _LONGEST_NUMBER or not _NUMBER.fullmatch(plain):
        return None
    return Decimal(plain)
