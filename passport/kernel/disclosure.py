"""How little a reader may see: masked names (R138)."""

from __future__ import annotations

MASK = "•••"


def masked_name(name: str) -> str:
    """Return each word's first letter and nothing of its length: "Amina Diallo" → "A••• D•••"."""
    return " ".join(word[0] + MASK for word in name.split()) or MASK
