"""How often this node has begun again, counted beside the key file.

Neither a backup nor a copied database brings a number back, so peers can tell the incarnation that
lives from one that is gone, however late its parcels come.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

FAR = 1_000_000


def leap(known: int) -> None:
    """Go far ahead of a count that may have gone on since it was known: the file is new here."""
    Path(settings.KEY_FILE).with_name("lives").write_text(str(known + FAR))


def next_life(known: int) -> int:
    """Return the number of the incarnation that begins; on disk on return."""
    path = Path(settings.KEY_FILE).with_name("lives")
    counted = int(path.read_text() or 0) if path.exists() else 0
    life = max(known, counted) + 1
    path.write_text(str(life))
    return life
