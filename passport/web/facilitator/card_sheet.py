"""Sign-in cards on A4, ten a page: own picture, name, code, QR code, marks to cut along.

Text is shaped (uharfbuzz), so that Arabic joins and runs from the right; the QR code and the
pictures are drawn as vectors and stay sharp on any printer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import segno
from fpdf import FPDF

from passport.web.kit.formats import reads_from_the_right

WEB: Final = Path(__file__).parent.parent
FONTS: Final = WEB / "static" / "fonts"
SPRITE: Final = WEB / "kit" / "pictures" / "avatars.svg"

WIDTH, HEIGHT, COLUMNS, ROWS = 88.0, 54.0, 2, 5
LEFT, TOP = (210 - COLUMNS * WIDTH) / 2, (297 - ROWS * HEIGHT) / 2
BAND, PICTURE, QR = 8.0, 24.0, 31.0
BRAND, SOFT = (19, 78, 87), (77, 90, 105)


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on one card."""

    given: str
    family: str
    picture: str
    """A symbol in the sprite of pictures."""
    code: str
    """In groups of four."""
    address: str
    """What the QR code opens."""


def sheet(cards: Iterable[Card], *, title: str, from_right: bool) -> bytes:
    """Draw all cards; `title` stands on each, `from_right` mirrors them for Arabic."""
    pdf = FPDF(format="A4")
    pdf.set_title(title)
    pdf.set_auto_page_break(auto=False)
    pdf.add_font("DejaVu", fname=FONTS / "DejaVuSans.ttf")
    pdf.add_font("DejaVu", style="B", fname=FONTS / "DejaVuSans-Bold.ttf")
    pdf.set_text_shaping(use_shaping_engine=True)
    pdf.c_margin = 0
    for place, card in enumerate(cards):
        row, column = divmod(place % (COLUMNS * ROWS), COLUMNS)
        if row == column == 0:
            pdf.add_page()
            _cut_marks(pdf)
        column = COLUMNS - 1 - column if from_right else column
        _card(pdf, card, LEFT + column * WIDTH, TOP + row * HEIGHT, title, from_right)
    return bytes(pdf.output())


def _card(pdf: FPDF, card: Card, x: float, y: float, title: str, from_right: bool) -> None:
    inner = 5.0
    qr_x = x + inner if from_right else x + WIDTH - inner - QR
    text_x = x + inner + (QR + 3 if from_right else 0)
    width = WIDTH - 2 * inner - QR - 3
    pdf.set_fill_color(*BRAND)
    pdf.rect(x + 1.5, y + 1.5, WIDTH - 3, BAND, style="F", round_corners=True, corner_radius=2)
    pdf.set_text_color(255, 255, 255)
    _line(pdf, title, x + inner, y + 2, WIDTH - 2 * inner, "B", 8.5, from_right, BAND - 1)
    picture_x = text_x + (width - PICTURE if from_right else 0)
    _picture(pdf, card.picture, picture_x, y + BAND + 3.5)
    pdf.set_text_color(31, 42, 55)
    _line(pdf, card.given, text_x, y + 36, width, "B", 13, from_right, 5.5)
    pdf.set_text_color(*SOFT)
    _line(pdf, card.family, text_x, y + 41.5, width, "", 9.5, from_right, 4.5)
    _qr(pdf, card.address, qr_x, y + BAND + 4)
    pdf.set_text_color(31, 42, 55)
    pdf.set_font("DejaVu", "B", 10)
    pdf.set_xy(x + inner if from_right else x + WIDTH - inner - 38, y + 46)
    pdf.cell(38, 5, card.code, align="L" if from_right else "R")


def _line(
    pdf: FPDF, text: str, x: float, y: float, width: float, style: str, size: float,
    from_right: bool, height: float,
) -> None:  # fmt: skip
    """Write one line, made smaller until it fits; a name stands on the side where its card begins."""
    pdf.set_font("DejaVu", style, size)
    while pdf.get_string_width(text) > width - 1 and size > 6:  # noqa: PLR2004 (still readable)
        size -= 0.5
        pdf.set_font_size(size)
    pdf.set_text_shaping(
        use_shaping_engine=True, direction="rtl" if reads_from_the_right(text) else "ltr"
    )
    pdf.set_xy(x, y)
    pdf.cell(width, height, text, align="R" if from_right else "L")
    pdf.set_text_shaping(use_shaping_engine=True)


def _qr(pdf: FPDF, address: str, x: float, y: float) -> None:
    rows = [list(row) for row in segno.make_qr(address, error="m").matrix]
    step = QR / len(rows)
    pdf.set_fill_color(0, 0, 0)
    for down, row in enumerate(rows):
        start = 0
        for across in range(1, len(row) + 1):
            if across == len(row) or row[across] != row[start]:
                if row[start]:
                    width = (across - start) * step
                    pdf.rect(x + start * step, y + down * step, width, step + 0.02, style="F")
                start = across


@cache
def _sprite() -> dict[str, str]:
    parts = SPRITE.read_text(encoding="utf-8").split('<symbol id="')[1:]
    return {part.split('"')[0]: part.split(">", 1)[1].split("</symbol>")[0] for part in parts}


def _picture(pdf: FPDF, key: str, x: float, y: float) -> None:
    """Draw one of the pictures that stand for people."""
    drawn = _sprite().get(key, "")
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">{drawn}</svg>'
    pdf.image(svg.encode(), x=x, y=y, w=PICTURE, h=PICTURE)


def _cut_marks(pdf: FPDF) -> None:
    pdf.set_draw_color(150, 150, 150)
    pdf.set_line_width(0.15)
    for row in range(ROWS + 1):
        for column in range(COLUMNS + 1):
            x, y = LEFT + column * WIDTH, TOP + row * HEIGHT
            pdf.line(x - 2.5, y, x + 2.5, y)
            pdf.line(x, y - 2.5, x, y + 2.5)
