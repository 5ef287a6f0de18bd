"""Growth as a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from passport.insights.queries import MonthLine
from passport.web.kit.plot import Drawing, draw

MOST = 24
FEWEST = 12
"""A year is drawn, even where it began with nothing."""


def drawn(growth: Sequence[MonthLine]) -> Drawing:
    """Draw the totals at the end of each of the last two years' months."""
    points = [(_short(line.month), line.total) for line in growth[-MOST:]]
    before = growth[-MOST:][0].month
    while len(points) < FEWEST:
        before = (before - timedelta(days=1)).replace(day=1)
        points.insert(0, (_short(before), 0))
    return draw("line", points)


def _short(month: date) -> str:
    return f"{month:%m/%y}"
