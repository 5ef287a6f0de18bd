"""Pictures of "Counting to twenty": things that are easy to point at, one by one."""

from collections.abc import Sequence

from demo.make import people
from demo.make import things as t
from demo.make.shapes import (
    AMBER,
    CORAL,
    DEEP,
    INK,
    LEAF,
    LIGHT,
    PAPER,
    PLUM,
    SAND,
    SKY,
    WHITE,
    at,
    box,
    circle,
    hill,
    line,
    oval,
    path,
    picture,
)  # fmt: skip

NIGHT = "#2c3d66"
DAY = "#dceefa"


def pencil(x: float, y: float, colour: str, s: float = 1) -> str:
    """One pencil, standing, 16 wide and 72 high."""
    body = box(-8, -20, 16, 50, colour) + box(-3, -20, 6, 50, LIGHT[colour])
    return at(
        x,
        y,
        body,
        path("M-8-20H8L0-40Z", SAND),
        path("M-3.5-31H3.5L0-40Z", INK),
        box(-8, 28, 16, 9, DEEP[colour], 3),
        s=s,
    )


def pencils(count: int) -> str:
    """A box of ten, and the rest beside it."""
    colours = [CORAL, AMBER, LEAF, SKY, PLUM]
    ten = "".join(pencil(42 + 17.5 * i, 108, colours[i % 5], 1.02) for i in range(10))
    tray = (
        path("M26 112H216V200A10 10 0 0 1 206 210H36A10 10 0 0 1 26 200Z", CORAL)
        + box(26, 112, 190, 14, DEEP[CORAL])
        + "".join(circle(66 + 27 * i, 168, 9, LIGHT[CORAL]) for i in range(5))
    )
    more, row_of = count - 10, 5
    rest = ""
    for i in range(more):
        row, column = divmod(i, row_of)
        rest += pencil(
            244 + 31 * column,
            (96 if row == 0 else 196) if more > row_of else 146,
            colours[i % 5],
            1.1,
        )
    return (
        picture(box(0, 210, 400, 90, SAND), ten, tray, rest, background=PAPER)
        if more <= row_of
        else picture(box(0, 250, 400, 50, SAND), at(0, 40, ten, tray), rest)
    )


def group(thing: str, spots: Sequence[tuple[float, float]], size: float) -> str:
    return "".join(at(x, y, thing, s=size) for x, y in spots)


def small(thing: str, count: int, ground: str) -> str:
    """So many of a thing on a square card, set out as on a die."""
    spots = {
        1: [(100, 100)],
        2: [(62, 100), (138, 100)],
        3: [(100, 58), (56, 136), (144, 136)],
        4: [(60, 60), (140, 60), (60, 142), (140, 142)],
        5: [(52, 54), (148, 54), (100, 100), (52, 148), (148, 148)],
        6: [(58, 44), (142, 44), (58, 100), (142, 100), (58, 156), (142, 156)],
        9: [(44 + 56 * x, 44 + 56 * y) for y in range(3) for x in range(3)],
    }[count]
    size = {1: 1.1, 2: 0.72, 3: 0.74, 4: 0.7, 5: 0.55, 6: 0.5, 9: 0.48}[count]
    return picture(group(thing, spots, size), width=200, height=200, background=ground)


def draw() -> dict[str, str]:
    stars = "".join(
        circle(x, y, 2, LIGHT[SAND])
        for x, y in [(40, 60), (120, 30), (330, 50), (360, 140), (70, 150), (250, 40)]
    )
    branch = (
        line("M0 214C120 196 250 208 400 190", DEEP["#9a6b45"], 12)
        + oval(70, 190, 22, 10, LEAF, -24)
        + oval(330, 178, 24, 10, LEAF, 20)
        + oval(205, 218, 20, 9, LEAF, 10)
    )
    waves = "".join(
        line(f"M{x} {y}q14-12 28 0t28 0", LIGHT[SKY], 4)
        for x, y in [(30, 250), (160, 270), (290, 246)]
    )
    shelf = (
        box(30, 214, 340, 16, DEEP["#9a6b45"], 4)
        + box(60, 230, 12, 40, DEEP["#9a6b45"])
        + box(328, 230, 12, 40, DEEP["#9a6b45"])
    )
    books = "".join(
        box(76 + 66 * i, 214 - h, 46, h, c, 5)
        + box(76 + 66 * i, 214 - h + 18, 46, 10, LIGHT[c])
        + box(76 + 66 * i, 186, 46, 8, LIGHT[c])
        for i, (h, c) in enumerate([(120, CORAL), (98, LEAF), (132, PLUM), (108, SKY)])
    )
    furs = [AMBER, SAND, "#9a6b45", AMBER, SAND]
    cats = "".join(
        at(x, y, t.cat(f), s=1)
        for (x, y), f in zip(
            [(70, 110), (200, 96), (330, 110), (132, 214), (268, 214)], furs, strict=True
        )
    )
    rabbits = "".join(
        at(x, y, t.rabbit(f), s=0.95)
        for x, y, f in [
            (66, 120, SAND),
            (200, 104, WHITE),
            (334, 120, SAND),
            (66, 230, WHITE),
            (200, 220, SAND),
            (334, 230, WHITE),
        ]
    )
    seven = group(
        t.star(),
        [(70, 70), (200, 56), (330, 70), (130, 150), (270, 150), (70, 226), (330, 226)],
        0.82,
    )
    cups = group(t.cup(), [(60 + 94 * i, y) for y in (96, 206) for i in range(4)], 0.86)
    walls = [
        (SAND, CORAL),
        (WHITE, PLUM),
        (SAND, LEAF),
        (WHITE, CORAL),
        (SAND, SKY),
        (WHITE, LEAF),
        (SAND, PLUM),
        (WHITE, SKY),
        (SAND, CORAL),
    ]
    houses = "".join(
        at(80 + 120 * (i % 3), 62 + 92 * (i // 3), t.house(*w), s=0.78) for i, w in enumerate(walls)
    )
    ten = "".join(
        pencil(52 + 74 * i, y, c, 1.4)
        for y in (94, 216)
        for i, c in enumerate([CORAL, AMBER, LEAF, SKY, PLUM])
    )
    pictures = {
        "cover.svg": picture(
            hill(218, LEAF),
            at(88, 150, t.apple(), s=1.5), at(206, 178, t.apple(AMBER), s=1.5), at(322, 150, t.apple(LEAF).replace(LEAF, "#6fb684", 1), s=1.5),
            at(60, 46, t.star(), s=0.4), at(190, 40, t.star(CORAL), s=0.4), at(330, 46, t.star(PLUM), s=0.4),
            background="#fde3b0",
        ),
        "one-moon.svg": picture(stars, at(200, 130, t.moon(), s=1.7), hill(240, "#3c5a55"), background=NIGHT),
        "two-birds.svg": picture(branch, at(124, 150, t.bird(), s=1.3), at(276, 138, t.bird(CORAL), s=1.3, flip=True), background=DAY),
        "three-boats.svg": picture(box(0, 178, 400, 122, SKY), waves, at(82, 150, t.boat(), s=1.1), at(206, 190, t.boat(), s=1.2), at(326, 146, t.boat(), s=1.1), background=DAY),
        "four-books.svg": picture(shelf, books, background="#fdebd0"),
        "five-cats.svg": picture(hill(84, LIGHT[LEAF]), cats, background=DAY),
        "six-rabbits.svg": picture(hill(66, LIGHT[LEAF]), rabbits, background=DAY),
        "seven-stars.svg": picture(seven, background=NIGHT),
        "eight-cups.svg": picture(box(0, 134, 400, 14, "#c79a73"), box(0, 244, 400, 14, "#c79a73"), cups, background="#fdebd0"),
        "nine-houses.svg": picture(box(0, 92, 400, 12, LIGHT[LEAF]), box(0, 184, 400, 12, LIGHT[LEAF]), box(0, 276, 400, 24, LIGHT[LEAF]), houses, background=DAY),
        "ten-pencils.svg": picture(ten, background="#fdebd0"),
        "rhyme.svg": picture(
            hill(214, LEAF), at(320, 70, t.happy_sun(), s=1), at(70, 60, t.cloud(), s=0.9),
            at(110, 180, people.person(people.BROWN_SKIN, "braids", top=CORAL, left=(-44, -50), right=(50, -30), mood="laugh", dress=True), s=0.85),
            at(210, 184, people.person(people.TAN, "short", people.BROWN_HAIR, SKY, left=(-50, -30), right=(50, -44), mood="laugh"), s=0.85),
            at(306, 196, people.person(people.DARK, "curly", top=AMBER, left=(-46, -40), right=(44, -54), mood="laugh"), s=0.75),
            background=DAY,
        ),
        "bird-blue.svg": picture(at(104, 98, t.bird(), s=1.7), width=200, height=200, background=DAY),
        "bird-yellow.svg": picture(at(104, 98, t.bird(AMBER), s=1.7), width=200, height=200, background="#fdebd0"),
        "bird-red.svg": picture(at(104, 98, t.bird(CORAL), s=1.7), width=200, height=200, background="#fbe3dc"),
        "boats-2.svg": small(t.boat(), 2, DAY), "boats-3.svg": small(t.boat(), 3, DAY), "boats-4.svg": small(t.boat(), 4, DAY),
        "apples-4.svg": small(t.apple(), 4, "#fdebd0"), "fish-4.svg": small(t.fish(), 4, DAY), "balls-5.svg": small(t.ball(), 5, "#fdebd0"), "hens-3.svg": small(t.hen(), 3, "#e4f1e6"),
        "flower-1.svg": small(t.flower(), 1, "#e4f1e6"), "flowers-3.svg": small(t.flower(), 3, "#e4f1e6"),
        "flowers-6.svg": small(t.flower(), 6, "#e4f1e6"), "flowers-9.svg": small(t.flower(), 9, "#e4f1e6"),
    }  # fmt: skip
    for count in range(11, 21):
        pictures[f"pencils-{count}.svg"] = pencils(count)
    return pictures
