"""What is drawn on a card: a line of text in any script, a QR code, a picture. Sizes in mm."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple

import segno
from fpdf import FPDF

from passport.web.kit.formats import reads_from_the_right

SPRITE: Final = Path(__file__).parent.parent / "kit" / "pictures" / "avatars.svg"
SMALLEST: Final = 6
"""Points; still readable on paper."""


type Side = Literal["L", "R"]


class Box(NamedTuple):
    """Where something is drawn."""

    x: float
    y: float
    width: float
    height: float


class Letters(NamedTuple):
    """How a line is written; `size` in points, at most."""

    style: Literal["", "B"]
    size: float
    align: Side


def line(pdf: FPDF, text: str, box: Box, letters: Letters) -> None:
    """Write one line, made smaller until it fits, in the direction of its own script."""
    size = letters.size
    pdf.set_font("DejaVu", letters.style, size)
    while pdf.get_string_width(text) > box.width - 1 and size > SMALLEST:
        size -= 0.5
        pdf.set_font_size(size)
    direction = "rtl" if reads_from_the_right(text) else "ltr"
    pdf.set_text_shaping(use_shaping_engine=True, direction=direction)
    pdf.set_xy(box.x, box.y)
    pdf.cell(box.width, box.height, text, align=letters.align)


def qr_code(pdf: FPDF, address: str, box: Box) -> None:
    """Draw a QR code, a rectangle for each run of dark modules."""
    rows = [list(row) for row in segno.make_qr(address, error="m").matrix]
    step = box.width / len(rows)
    pdf.set_fill_color(0, 0, 0)
    for down, row in enumerate(rows):
        start = 0
        for across in range(1, len(row) + 1):
            if across == len(row) or row[across] != row[start]:
                if row[start]:
                    x, width = box.x + start * step, (across - start) * step
                    pdf.rect(x, box.y + down * step, width, step + 0.02, style="F")
                start = across


@cache
def _sprite() -> dict[str, str]:
    parts = SPRITE.read_text(encoding="utf-8").split('<symbol id="')[1:]
    return {part.split('"')[0]: part.split(">", 1)[1].split("</symbol>")[0] for part in parts}


def picture(pdf: FPDF, key: str, box: Box) -> None:
    """Draw one of the pictures that stand for people."""
    drawn = _sprite().get(key, "")
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">{drawn}</svg>'
    pdf.image(svg.encode(), x=box.x, y=box.y, w=box.width, h=box.height)
