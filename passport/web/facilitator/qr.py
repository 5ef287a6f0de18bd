"""The QR code of a card: what it opens, and how it is drawn on a page."""

from __future__ import annotations

from dataclasses import dataclass

import segno
from django.conf import settings


@dataclass(frozen=True, slots=True)
class Drawn:
    """A QR code as the path of an SVG, in modules, with the quiet zone around it."""

    size: int
    path: str


def card_address(code: str) -> str:
    """Return what the QR code of a card opens: this node, by the address that it was given."""
    return f"{settings.ADDRESS}/c/{code.replace(' ', '')}"


def qr_path(address: str, quiet: int = 4) -> Drawn:
    """Draw a QR code, one stroke for each run of dark modules."""
    rows = segno.make_qr(address, error="m").matrix
    path = []
    for down, row in enumerate(rows):
        start = None
        for across, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = across
            elif not dark and start is not None:
                path.append(f"M{start + quiet} {down + quiet}h{across - start}v1h{start - across}z")
                start = None
    return Drawn(len(rows) + 2 * quiet, "".join(path))
