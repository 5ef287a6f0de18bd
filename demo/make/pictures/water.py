"""Pictures of "Water and health", and the frames of the film about washing hands."""

from demo.make import people
from demo.make import things as t
from demo.make.shapes import (
    AMBER,
    BROWN,
    CORAL,
    DEEP,
    INK,
    LEAF,
    LIGHT,
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

DAY, CREAM, MINT, ROSE = "#dceefa", "#fdebd0", "#e4f1e6", "#fbe3dc"
SKIN_A, SKIN_B = people.TAN, "#b87f52"


def glass_lens(inside: str) -> str:
    return (
        line("M34 34L66 66", DEEP[BROWN], 14)
        + circle(0, 0, 52, INK)
        + circle(0, 0, 44, "#e9f6ff")
        + inside
    )


def latrine() -> str:
    return (
        box(-34, -34, 68, 82, SAND, 3)
        + path("M-44-32L0-50L44-32Z", CORAL)
        + box(-18, -16, 36, 64, DEEP[BROWN], 3)
        + circle(0, 0, 7, LIGHT[AMBER])
        + circle(12, 20, 3, AMBER)
    )


def plate() -> str:
    return (
        oval(0, 10, 48, 26, SKY)
        + oval(0, 6, 44, 22, WHITE)
        + oval(-10, 2, 18, 10, AMBER)
        + oval(12, 6, 14, 8, LEAF)
        + oval(4, -4, 10, 6, CORAL)
    )


def bottle() -> str:
    return (
        box(-9, -50, 18, 12, DEEP[SKY], 3)
        + path(
            "M-8-38H8C8-24 26-24 26-6V42A6 6 0 0 1 20 48H-20A6 6 0 0 1-26 42V-6C-26-24-8-24-8-38Z",
            "#cfe6f7",
        )
        + path("M-26 0H26V42A6 6 0 0 1 20 48H-20A6 6 0 0 1-26 42Z", SKY)
        + line("M-18 10V32", LIGHT[SKY], 5)
    )


def nurse(left: tuple[float, float] = (-38, 34), right: tuple[float, float] = (38, 34)) -> str:
    sign = box(-4, 2, 8, 24, LEAF, 2) + box(-12, 10, 24, 8, LEAF, 2)
    return (
        people.person(people.DARK, "bun", top=WHITE, bottom=SKY, left=left, right=right).replace(
            '"#fffdf8" stroke', '"#e7eef2" stroke'
        )
        + sign
    )


def two_hands(gap: float, lift: float, *, foam: bool) -> str:
    suds = (
        "".join(
            circle(x, y, r, "#d7ebf9") + circle(x - r / 3, y - r / 3, r / 4, WHITE)
            for x, y, r in [
                (170, 120, 18),
                (205, 98, 22),
                (240, 124, 17),
                (190, 150, 15),
                (226, 158, 20),
                (158, 160, 11),
                (262, 150, 12),
            ]
        )
        if foam
        else ""
    )
    return (
        at(200 - gap, 150 + lift, t.hand(SKIN_A), s=1.9, turn=22)
        + at(
            200 + gap,
            150 - lift,
            t.hand(SKIN_B).replace("#a26b42", "#8f5c38"),
            s=1.9,
            turn=-22,
            flip=True,
        )
        + suds
    )


def thumbs(turn: float) -> str:
    """One hand, its thumb held in the other fist."""
    fist = (
        box(-30, -30, 60, 62, SKIN_B, 20)
        + line("M-22-14H8M-24 2H10M-22 18H8", "#8f5c38", 3)
        + line("M30 0L170 76", SKIN_B, 34)
    )
    suds = "".join(
        circle(x, y, r, "#d7ebf9")
        for x, y, r in [(120, 104, 16), (98, 122, 11), (146, 128, 12), (126, 204, 13)]
    )
    return at(226, 140, t.hand(SKIN_A), s=2.4) + at(124, 156, fist, turn=turn, flip=True) + suds


def under_tap(width: float) -> str:
    """Both hands below a running tap."""
    water = path(
        f"M{222 - width} 66H{250 + width}L{262 + width} 236H{210 - width}Z", LIGHT[SKY]
    ) + box(230, 70, 8, 150, SKY, 4)
    drops = "".join(
        circle(x, y, 6, SKY)
        for x, y in [(120, 250), (160, 268), (236, 270), (300, 262), (340, 240)]
    )
    return (
        at(190, 50, t.tap(running=False), s=1.3)
        + water
        + at(178, 196, t.hand(SKIN_A), s=1.6, turn=24)
        + at(292, 196, t.hand(SKIN_B).replace("#a26b42", "#8f5c38"), s=1.6, turn=-24, flip=True)
        + drops
    )


def frames() -> dict[str, dict[str, str]]:
    """The frames of the films of this course: film, then frame."""
    child = people.person(
        people.BROWN_SKIN, "curly", top=AMBER, left=(-56, -36), right=(56, -36), mood="laugh"
    )
    clean = (
        at(106, 118, t.star(), s=0.5)
        + at(298, 104, t.star(), s=0.4)
        + at(300, 196, t.star(), s=0.35)
        + at(96, 200, t.star(), s=0.35)
    )
    return {
        "wash-hands": {
            "hello": picture(hill(232, LIGHT[SKY]), at(200, 176, child, s=1.2), at(70, 110, t.soap(), s=0.9), at(330, 110, t.drop(face=True), s=0.9), background=CREAM),
            "wet-1": picture(under_tap(0), background=DAY),
            "wet-2": picture(under_tap(6), background=DAY),
            "soap": picture(two_hands(64, 40, foam=False), at(200, 110, t.soap(), s=1.25), background=MINT),
            "rub-1": picture(two_hands(34, 14, foam=True), background=MINT),
            "rub-2": picture(two_hands(34, -14, foam=True), background=MINT),
            "back-1": picture(two_hands(12, 20, foam=True), background=ROSE),
            "back-2": picture(two_hands(12, -18, foam=True), background=ROSE),
            "thumb-1": picture(thumbs(12), background=CREAM),
            "thumb-2": picture(thumbs(-12), background=CREAM),
            "dry": picture(two_hands(78, 0, foam=False), box(90, 176, 220, 90, WHITE, 10), box(90, 196, 220, 12, CORAL), box(90, 236, 220, 12, CORAL), background=DAY),
            "when": picture(at(112, 150, plate(), s=1.7), at(294, 146, latrine(), s=1.7), line("M204 70V230", LIGHT[SAND], 4), background=MINT),
            "clean": picture(two_hands(70, 0, foam=False), clean, background="#fde3b0"),
        }
    }  # fmt: skip


def draw() -> dict[str, str]:
    bed = (
        box(36, 180, 328, 70, DEEP[BROWN], 10)
        + box(36, 128, 16, 130, DEEP[BROWN], 6)
        + box(348, 170, 16, 88, DEEP[BROWN], 6)
        + box(52, 158, 80, 38, WHITE, 16)
    )
    sick = (
        at(
            104,
            190,
            people.head(people.TAN, "short", people.BROWN_HAIR, SKY, "sad"),
            s=0.86,
            turn=-80,
        )
        + path("M138 166C220 140 300 160 352 176V216H138Z", PLUM)
        + line("M150 186C220 168 290 180 346 192", LIGHT[PLUM], 5)
    )
    runner = people.person(
        people.DARK, "short", top=LEAF, left=(-44, -4), right=(42, 6), mood="laugh"
    )
    return {
        "cover.svg": picture(path("M0 236Q100 212 200 236T400 236V300H0Z", LIGHT[SKY]), path("M0 262Q100 240 200 262T400 262V300H0Z", SKY), at(200, 140, t.drop(face=True), s=2.2), at(76, 130, t.soap(), s=1), at(328, 134, t.cup(), s=1.1), background="#d5f0e6"),
        "drink.svg": picture(hill(240, LIGHT[LEAF]), at(340, 60, t.sun(), s=0.8), at(200, 178, people.person(people.BROWN_SKIN, "braids", top=CORAL, left=(-38, 30), right=(18, -20), mood="smile", dress=True), s=1.15), at(228, 138, t.cup(), s=0.42), at(80, 170, t.tree(), s=1.3), background=DAY),
        "germs.svg": picture(at(110, 150, t.cup(), s=2), at(270, 140, glass_lens(at(-14, -8, t.germ(), s=0.42) + at(18, 12, t.germ(PLUM), s=0.34) + at(14, -24, t.germ(CORAL), s=0.24)), s=1.7), background=CREAM),
        "safe.svg": picture(box(0, 236, 400, 64, SAND), at(78, 168, t.well(), s=1.35), at(206, 152, t.tap(), s=1.1), at(214, 216, t.bucket(), s=0.6), at(322, 168, t.jar(), s=1.4), background=DAY),
        "hot.svg": picture(hill(232, LEAF), at(70, 66, t.happy_sun(), s=1.1), at(150, 196, runner, s=0.85), at(250, 204, people.person(people.FAIR, "long", people.BROWN_HAIR, AMBER, left=(-40, 0), right=(44, -10), mood="laugh", dress=True), s=0.78), at(346, 190, t.cup(), s=1), background=DAY),
        "ill.svg": picture(box(0, 240, 400, 60, SAND), bed, sick, at(300, 76, t.clock(), s=0.7), background="#efe6f6"),
        "sachet.svg": picture(box(0, 236, 400, 64, SAND), at(112, 148, t.sachet(), s=1.5), line("M184 148H216M200 132V164", INK, 8), at(290, 150, bottle(), s=1.7), background=DAY),
        "food.svg": picture(box(0, 232, 400, 68, SAND), at(110, 156, t.pot(), s=1.5), at(286, 180, plate(), s=1.7), background=CREAM),
        "nurse.svg": picture(box(0, 244, 400, 56, SAND), box(250, 50, 150, 194, WHITE), box(302, 90, 20, 56, LEAF, 4), box(284, 108, 56, 20, LEAF, 4), at(208, 168, nurse((-48, 16), (38, 34)), s=1), at(130, 190, people.person(people.TAN, "short", people.BROWN_HAIR, SKY, mood="calm"), s=0.8), at(62, 172, people.person(people.TAN, "scarf", PLUM, CORAL, right=(40, 30), dress=True, mood="calm"), s=0.98), background=DAY),
        "wash-hands.svg": picture(two_hands(34, 10, foam=True), background=MINT),
        "boil.svg": picture(box(0, 246, 400, 54, SAND), at(200, 146, t.pot(), s=2.2), background=CREAM),
        "plate-card.svg": picture(at(100, 100, plate(), s=1.7), width=200, height=200, background=CREAM),
        "latrine-card.svg": picture(at(100, 100, latrine(), s=1.7), width=200, height=200, background=MINT),
        "goat-card.svg": picture(at(100, 100, t.goat(), s=1.6), width=200, height=200, background="#cfe7d4"),
        "book-card.svg": picture(at(100, 100, t.book(), s=1.6), width=200, height=200, background=DAY),
        "jar-card.svg": picture(at(100, 100, t.jar(), s=1.6), width=200, height=200, background=CREAM),
        "bucket-card.svg": picture(at(100, 108, t.bucket(), s=1.5), at(60, 90, t.germ(), s=0.3), at(140, 50, t.germ(PLUM), s=0.25), at(100, 92, t.germ(CORAL), s=0.2), width=200, height=200, background=DAY),
        "puddle-card.svg": picture(oval(100, 130, 84, 40, BROWN), oval(96, 124, 66, 28, "#8fa58a"), at(70, 60, t.bird(), s=0.6), at(130, 124, t.germ(), s=0.22), width=200, height=200, background="#cfe7d4"),
    }  # fmt: skip


def sheets() -> dict[str, str]:
    """Pictures that only the printed document shows."""
    return {
        "jar.svg": picture(box(0, 246, 400, 54, SAND), at(160, 150, t.jar(), s=2.1), at(310, 206, t.cup(), s=1), background=MINT),
        "poster.svg": picture(at(180, 150, box(-120, -100, 240, 200, WHITE, 8), at(-50, -20, t.tap(), s=0.9), at(50, -10, t.jar(), s=0.9), line("M-90 66H90", SAND, 6), turn=-3), at(346, 170, t.pencil(), s=1.7), background=ROSE),
    }  # fmt: skip
