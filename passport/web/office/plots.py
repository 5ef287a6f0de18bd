"""Growth as a drawing."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import formats

from passport.insights.queries import MonthLine
from passport.web.kit.plot import Drawing, draw

MOST = 24


def drawn(growth: Sequence[MonthLine]) -> Drawing:
    """Draw the totals at the end of each of the last two years' months."""
    points = [(formats.date_format(line.month, "M y"), line.total) for line in growth[-MOST:]]
    return draw("line" if len(points) > 1 else "bars", points)
