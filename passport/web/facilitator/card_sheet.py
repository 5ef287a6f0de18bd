"""Sign-in cards on A4, ten a page: own picture, name, code, QR code, marks to cut along.

Text is shaped (uharfbuzz), so that Arabic joins and runs from the right; the QR code and the
pictures are drawn as vectors and stay sharp on any printer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fpdf import FPDF

from passport.web.facilitator.card_parts import Box, Letters, Side, line, picture, qr_code

FONTS: Final = Path(__file__).parent.parent / "static" / "fonts"

WIDTH, HEIGHT, COLUMNS, ROWS = 88.0, 54.0, 2, 5
LEFT, TOP = (210 - COLUMNS * WIDTH) / 2, (297 - ROWS * HEIGHT) / 2
BAND, PICTURE, QR = 8.0, 24.0, 31.0
INNER = 5.0
BRAND, INK, SOFT = (19, 78, 87), (31, 42, 55), (77, 90, 105)


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
    place: str
    """Site and class."""


def sheet(cards: Iterable[Card], *, from_right: bool) -> bytes:
    """Draw all cards; `from_right` mirrors them for Arabic."""
    pdf = FPDF(format="A4")
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
        _card(pdf, card, LEFT + column * WIDTH, TOP + row * HEIGHT, "R" if from_right else "L")
    return bytes(pdf.output())


def _card(pdf: FPDF, card: Card, x: float, y: float, begins: Side) -> None:
    """Draw one card with its corner at (x, y); `begins` is the side where its readers begin."""
    ends: Side = "L" if begins == "R" else "R"
    width = WIDTH - 2 * INNER
    beside = width - QR - 3
    text_x = x + INNER + (QR + 3 if begins == "R" else 0)
    pdf.set_fill_color(*BRAND)
    pdf.rect(x + 1.5, y + 1.5, WIDTH - 3, BAND, style="F", round_corners=True, corner_radius=2)
    pdf.set_text_color(255, 255, 255)
    line(pdf, card.place, Box(x + INNER, y + 2, width, BAND - 1), Letters("B", 8.5, begins))
    picture_x = text_x + (beside - PICTURE if begins == "R" else 0)
    picture(pdf, card.picture, Box(picture_x, y + BAND + 3.5, PICTURE, PICTURE))
    pdf.set_text_color(*INK)
    line(pdf, card.given, Box(text_x, y + 36, beside, 5.5), Letters("B", 13, begins))
    pdf.set_text_color(*SOFT)
    line(pdf, card.family, Box(text_x, y + 41.5, beside, 4.5), Letters("", 9.5, begins))
    qr_x = x + (INNER if begins == "R" else WIDTH - INNER - QR)
    qr_code(pdf, card.address, Box(qr_x, y + BAND + 4, QR, QR))
    pdf.set_text_color(*INK)
    line(pdf, card.code, Box(x + INNER, y + 46, width, 5), Letters("B", 10, ends))


def _cut_marks(pdf: FPDF) -> None:
    pdf.set_draw_color(150, 150, 150)
    pdf.set_line_width(0.15)
    for row in range(ROWS + 1):
        for column in range(COLUMNS + 1):
            x, y = LEFT + column * WIDTH, TOP + row * HEIGHT
            pdf.line(x - 2.5, y, x + 2.5, y)
            pdf.line(x, y - 2.5, x, y + 2.5)
