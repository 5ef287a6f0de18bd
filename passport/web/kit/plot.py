"""Where the marks of a small plot go: pure arithmetic, drawn by the `plot` macro as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import get_language_bidi

from passport.web.kit.formats import number

WIDTH, HEIGHT, INSET, FOOT, HEAD = 640, 240, 56, 28, 14


@dataclass(frozen=True, slots=True)
class Mark:
    """One number: a bar's rectangle, or a point at (`middle`, `y`)."""

    label: str
    words: str
    x: float
    y: float
    width: float
    height: float
    middle: float
    shown: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """One line of the scale."""

    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A plot ready to be drawn, in units of its view box."""

    kind: Literal["bars", "line"]
    width: int
    height: int
    inset: int
    marks: list[Mark]
    ticks: list[Tick]
    path: str


def round_top(highest: float) -> int:
    """The smallest of 4, 8, 12, 16, 20, 40, 80, 120 … that is not below `highest`."""
    scale = 1
    while True:
        for step in (4, 8, 12, 16, 20):
            if highest <= step * scale:
                return step * scale
        scale *= 10


def draw(kind: Literal["bars", "line"], points: Sequence[tuple[str, float]]) -> Drawing:
    """Lay out (label, value) pairs; the first stands where reading starts. Values are ≥ 0."""
    top = round_top(max((value for _, value in points), default=0))
    floor = HEIGHT - FOOT
    room = floor - HEAD
    step = (WIDTH - INSET) / max(len(points), 1)
    every = max(1, -(-len(points) // 8))
    marks = []
    for place, (label, value) in enumerate(points):
        slot = len(points) - 1 - place if get_language_bidi() else place
        start = INSET + slot * step
        tall = round(room * value / top, 1)
        marks.append(
            Mark(
                label=label,
                words=number(value),
                x=round(start + step * 0.15, 1),
                y=round(floor - tall, 1),
                width=round(step * 0.7, 1),
                height=tall,
                middle=round(start + step / 2, 1),
                shown=place % every == 0,
            )
        )
    ticks = [Tick(round(floor - room * n / 4, 1), number(top * n / 4)) for n in range(5)]
    path = "M" + "L".join(f"{mark.middle} {mark.y}" for mark in marks) if marks else ""
    return Drawing(kind, WIDTH, HEIGHT, INSET, marks, ticks, path)
