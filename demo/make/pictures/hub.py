"""Pictures of "Running a class with a hub", for facilitators."""

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
    SAND,
    SKY,
    WHITE,
    at,
    box,
    circle,
    hill,
    line,
    path,
    picture,
)  # fmt: skip

DAY, CREAM, MINT, ROSE, LILAC = "#dceefa", "#fdebd0", "#e4f1e6", "#fbe3dc", "#efe6f6"
Point = tuple[float, float]
STUCK = 0.3  # how far the learner who is stuck has come


def grace(left: Point = (-38, 34), right: Point = (38, 34), mood: str = "smile") -> str:
    return people.person(
        people.DARK, "bun", top=LEAF, bottom=INK, left=left, right=right, mood=mood
    )


def office() -> str:
    """The country's office."""
    windows = "".join(
        box(-34 + 20 * x, -26 + 20 * y, 12, 12, LIGHT[SKY], 2)
        for y in range(3)
        for x in range(4)
        if (x, y) not in {(1, 2), (2, 2)}
    )
    return (
        box(-42, -38, 84, 84, SAND, 3)
        + box(-46, -44, 92, 10, DEEP[BROWN], 3)
        + windows
        + box(-9, 16, 18, 30, DEEP[BROWN], 2)
        + line("M0-44V-62", DEEP[BROWN], 3)
        + path("M2-62H22L16-56L22-50H2Z", LEAF)
    )


def sealed() -> str:
    return t.envelope() + at(0, 12, t.lock(), s=0.42)


def board() -> str:
    """The class at a glance on a screen: faces, bars, and one who is stuck."""
    looks = [
        (people.TAN, "short", SKY),
        (people.BROWN_SKIN, "long", CORAL),
        (people.DARK, "curly", AMBER),
        (people.FAIR, "braids", LEAF),
    ]
    rows = ""
    for i, ((skin, style, top), done) in enumerate(
        zip(looks, (0.9, 0.6, STUCK, 0.75), strict=True)
    ):
        y = -21 + 14 * i
        rows += (
            at(-34, y, people.head(skin, style, top=top), s=0.12)
            + box(-24, y - 3, 48, 6, "#cfd9e2", 3)
            + box(-24, y - 3, 48 * done, 6, CORAL if done == STUCK else LEAF, 3)
            + circle(33, y, 4, CORAL if done == STUCK else LEAF)
        )
    return rows


def arrow(x1: float, x2: float, y: float, colour: str = LEAF) -> str:
    tip = 12 if x2 > x1 else -12
    return line(f"M{x1} {y}H{x2}M{x2 - tip} {y - 12}L{x2} {y}L{x2 - tip} {y + 12}", colour, 7)


def draw() -> dict[str, str]:
    desk = box(0, 244, 400, 56, SAND)
    faces = "".join(
        at(x, y, t.card(at(-24, 4, people.head(s, h, top=c), s=0.42)), s=0.95)
        for x, y, s, h, c in [
            (74, 90, people.TAN, "short", SKY),
            (190, 90, people.BROWN_SKIN, "long", CORAL),
            (74, 190, people.DARK, "curly", AMBER),
            (190, 190, people.FAIR, "braids", LEAF),
        ]
    )
    return {
        "cover.svg": picture(hill(230, LIGHT[LEAF]), at(200, 176, t.hub(), s=2.2), at(70, 210, t.tablet(at(0, 0, t.apple(), s=0.4)), s=0.9), at(332, 210, t.tablet(at(0, 0, t.tick(), s=0.4)), s=0.9), background="#f4e6cb"),
        "hub.svg": picture(desk, at(200, 150, t.hub(), s=1.6), at(64, 214, t.tablet(at(0, 0, t.book(), s=0.4)), s=0.9), at(170, 238, t.phone(at(0, 0, t.star(), s=0.3)), s=0.6), at(246, 238, t.tablet(at(0, 0, t.sun(), s=0.4)), s=0.7), at(344, 214, t.tablet(at(0, 0, t.fish(), s=0.4)), s=0.9), background=DAY),
        "no-internet.svg": picture(desk, at(120, 166, t.hub(), s=1.4), at(296, 110, t.cloud("#c5d2dd"), s=1.5), line("M252 66L344 158", CORAL, 11), at(300, 214, t.tick(), s=0.6), background=DAY),
        "wifi.svg": picture(at(110, 160, t.hub(), s=1.5), at(304, 150, t.phone(line("M-16-4C-8-14 8-14 16-4M-8 6C-4 0 4 0 8 6", SKY, 5) + circle(0, 14, 4, SKY)), s=1.7), arrow(190, 240, 150), background=MINT),
        "cards.svg": picture(faces, at(320, 168, grace(left=(-50, 20))), background=CREAM),
        "add.svg": picture(desk, at(110, 178, grace(right=(46, 4))), at(216, 170, t.tablet(at(-10, 0, t.sheet(), s=0.46) + circle(26, 0, 11, LEAF) + line("M26-6V6M20 0H32", WHITE, 3)), s=1.3), at(340, 186, people.person(people.FAIR, "braids", people.BROWN_HAIR, AMBER, dress=True, mood="laugh"), s=0.85), background=DAY),
        "lost.svg": picture(at(110, 120, t.card(at(-24, 4, people.head(people.BROWN_SKIN, "long", top=CORAL), s=0.42)), s=1.3), line("M50 70L170 170", CORAL, 12), arrow(188, 232, 150, SKY), at(310, 160, t.card(at(-24, 4, people.head(people.BROWN_SKIN, "long", top=CORAL), s=0.42)), s=1.3), at(360, 230, t.tick(), s=0.5), background=ROSE),
        "board.svg": picture(at(200, 150, t.tablet(board()), s=3.3), background=LILAC),
        "stuck.svg": picture(desk, at(130, 180, people.person(people.DARK, "curly", top=AMBER, left=(-38, 30), right=(30, -70), mood="calm"), s=0.95), at(62, 210, t.tablet(at(0, 0, t.question(), s=0.4)), s=0.7), at(280, 172, grace(left=(-60, 0))), background=MINT),
        "saved-here.svg": picture(desk, at(96, 170, t.tablet(at(0, 0, t.tick(), s=0.4)), s=1.2), arrow(164, 212, 160), at(296, 164, t.hub(), s=1.3), background=DAY),
        "safe-country.svg": picture(hill(230, LIGHT[LEAF]), at(90, 176, t.hub(), s=1.1), arrow(160, 216, 160), at(306, 160, office(), s=1.6), at(366, 78, t.shield(), s=0.7), background=DAY),
        "carry.svg": picture(desk, at(86, 190, t.hub(), s=1.1), at(200, 90, t.stick(), s=1.1), at(310, 172, grace(left=(-60, -10))), at(120, 96, sealed(), s=0.7), background=CREAM),
        "hand-in.svg": picture(hill(240, LIGHT[LEAF]), at(110, 190, grace(right=(50, -6))), at(176, 160, t.stick(), s=0.6), at(300, 168, office(), s=1.6), background=DAY),
        "back.svg": picture(hill(240, LIGHT[LEAF]), at(306, 168, office(), s=1.4), arrow(236, 172, 160, AMBER), at(92, 190, t.hub(), s=1.2), at(200, 96, at(0, 0, t.book(), s=0.7) + at(50, 10, t.tick(), s=0.4)), background=MINT),
        "power.svg": picture(hill(240, LIGHT[LEAF]), at(70, 60, t.happy_sun(), s=0.9), at(116, 180, t.panel(), s=1.4), line("M180 220C210 240 220 190 250 190", INK, 5), at(310, 186, t.battery(), s=1.2), background=DAY),
        "night.svg": picture(at(320, 70, t.moon(), s=0.8), box(0, 244, 400, 56, "#3a4c78"), at(84, 196, t.battery(3), s=0.9), at(200, 196, t.tablet(at(0, 0, t.battery(2), s=0.4)), s=0.9), at(312, 196, t.tablet(at(0, 0, t.battery(3), s=0.4)), s=0.9), line("M124 208H152M248 208H264", AMBER, 5), background="#2c3d66"),
        "cut.svg": picture(at(110, 150, t.plug(), s=1.6), line("M60 80L170 220", CORAL, 12), at(284, 150, t.hub(), s=1.4), at(350, 90, t.shield(), s=0.7), background=ROSE),
        "card-stick.svg": picture(at(100, 100, t.stick(), s=1.6), width=200, height=200, background=CREAM),
        "card-phone.svg": picture(at(100, 100, t.phone(at(0, 0, sealed(), s=0.4)), s=1.6), width=200, height=200, background=MINT),
        "card-photo.svg": picture(at(100, 100, t.camera(), s=1.5), width=200, height=200, background=LILAC),
    }  # fmt: skip


def sheets() -> dict[str, str]:
    """Pictures that only the printed checklist shows."""
    return {name: draw()[name] for name in ("hub.svg", "board.svg", "night.svg", "carry.svg")}
