"""Flat shapes, as SVG text: the only drawing tools the demo pictures are made with.

Every function gives a fragment of SVG. Lengths are in the picture's own units; a whole picture
is 400 by 300 unless it says otherwise. Nothing here needs a font, a script or another file.
"""

from math import cos, pi, sin

PAPER, INK = "#fff8ec", "#2b2a33"
AMBER, CORAL, LEAF = "#f5a524", "#e8604c", "#4f9d69"
SKY, PLUM, SAND = "#3d8fcf", "#7a4d9f", "#e6cfa7"
WHITE, BROWN = "#fffdf8", "#9a6b45"
# A light and a deep neighbour of each colour, so that a flat shape can have a second tone.
LIGHT = {
    AMBER: "#fbd48a",
    CORAL: "#f5a596",
    LEAF: "#a9d3b3",
    SKY: "#a9d2f0",
    PLUM: "#cbb2e0",
    SAND: "#f4e6cb",
    BROWN: "#c79a73",
}
DEEP = {
    AMBER: "#cf7f0c",
    CORAL: "#bf4433",
    LEAF: "#33734a",
    SKY: "#256a9f",
    PLUM: "#573276",
    SAND: "#c4a877",
    BROWN: "#6f4a2d",
}


def num(value: float) -> str:
    """A number with one decimal at most, as short as it can be written."""
    short = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if short in {"-0", ""} else short


def circle(x: float, y: float, r: float, fill: str) -> str:
    """A disc."""
    return f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(r)}" fill="{fill}"/>'


def oval(x: float, y: float, rx: float, ry: float, fill: str, turn: float = 0) -> str:
    """An ellipse, turned by so many degrees about its middle."""
    turned = f' transform="rotate({num(turn)} {num(x)} {num(y)})"' if turn else ""
    place = f'cx="{num(x)}" cy="{num(y)}" rx="{num(rx)}" ry="{num(ry)}"'
    return f'<ellipse {place} fill="{fill}"{turned}/>'


def box(x: float, y: float, w: float, h: float, fill: str, r: float = 0) -> str:
    """A rectangle with its corners rounded by `r`."""
    rounded = f' rx="{num(r)}"' if r else ""
    place = f'x="{num(x)}" y="{num(y)}" width="{num(w)}" height="{num(h)}"'
    return f'<rect {place}{rounded} fill="{fill}"/>'


def path(d: str, fill: str) -> str:
    """A filled path."""
    return f'<path d="{d}" fill="{fill}"/>'


def line(d: str, stroke: str, width: float = 5) -> str:
    """A path drawn with a round pen."""
    return (
        f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{num(width)}"'
        ' stroke-linecap="round" stroke-linejoin="round"/>'
    )


def at(x: float, y: float, *parts: str, s: float = 1, turn: float = 0, flip: bool = False) -> str:
    """Parts moved to (x, y), made `s` times as large, turned, and mirrored if `flip`."""
    how = f"translate({num(x)} {num(y)})"
    if turn:
        how += f" rotate({num(turn)})"
    if flip or s != 1:
        size = f"{s:.2f}".rstrip("0").rstrip(".")
        how += f" scale(-{size} {size})" if flip else f" scale({size})"
    return f'<g transform="{how}">{"".join(parts)}</g>'


def words(x: float, y: float, text: str, size: float, fill: str = INK) -> str:
    """Big letters or digits, centred on x, standing on y, in whatever font the device has."""
    return (
        f'<text x="{num(x)}" y="{num(y)}" font-size="{num(size)}" font-weight="700" fill="{fill}"'
        f' font-family="sans-serif" text-anchor="middle">{text}</text>'
    )


def star_points(points: int, outer: float, inner: float) -> str:
    """The path of a star about (0, 0) with its first point up."""
    corners = []
    for i in range(points * 2):
        r = outer if i % 2 == 0 else inner
        angle = pi * i / points - pi / 2
        corners.append(f"{num(r * cos(angle))} {num(r * sin(angle))}")
    return "M" + "L".join(corners) + "Z"


def picture(*parts: str, background: str = PAPER, width: int = 400, height: int = 300) -> str:
    """A whole SVG file."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<rect width="{width}" height="{height}" fill="{background}"/>{"".join(parts)}</svg>\n'
    )


def hill(y: float, fill: str, bend: float = 24) -> str:
    """Ground from the left edge to the right, highest in the middle at `y`."""
    return path(f"M0 {num(y + bend)}Q200 {num(y - bend)} 400 {num(y + bend)}V300H0Z", fill)
