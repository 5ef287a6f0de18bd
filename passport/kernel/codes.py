"""Codes for people: they can be read aloud, and typed by somebody in a hurry.

Crockford's base 32 has no I, L, O, U, so printing a code loses nothing to a mistyped O. Every
character holds five random bits: a card has twelve, what opens a node or a backup twenty-eight.
"""

from __future__ import annotations

import secrets
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 12
"""Of a card: 60 bits, which nobody guesses at a door."""
LONG: Final = 28
"""Of what opens a copied disk, where guesses are made by the million: 140 bits."""
_GROUP: Final = 4
_TYPED: Final = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None, "\u00a0": None})


def new_code(length: int = LENGTH) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def typed_code(text: str, length: int = LENGTH) -> str | None:
    """Return the code that somebody typed or scanned; None when it can't be one."""
    code = text.strip().upper().translate(_TYPED)
    fits = len(code) == length and all(letter in _ALPHABET for letter in code)
    return code if fits else None


def shown_code(code: str) -> str:
    """Return a code in groups of four, as it stands on paper."""
    return " ".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))
