"""The codes of cards: twelve characters that can be read aloud and typed by somebody in a hurry.

Crockford's base 32 has no I, L, O, U. Twelve of them are 60 random bits: a card is a key that
nobody guesses, and printing it loses nothing to a mistyped O.
"""

from __future__ import annotations

import secrets
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 12
_GROUP: Final = 4
_TYPED: Final = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None, "\u00a0": None})


def new_code() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))


def typed_code(text: str) -> str | None:
    """Return the code that somebody typed or scanned; None when it can't be one."""
    code = text.strip().upper().translate(_TYPED)
    fits = len(code) == LENGTH and all(letter in _ALPHABET for letter in code)
    return code if fits else None


def shown_code(code: str) -> str:
    """Return a code in groups of four, as it stands on the card."""
    return " ".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))
