"""Pictures of "First steps on a tablet", and the frames of the film about signing in."""

from demo.make import people
from demo.make import things as t
from demo.make.shapes import (
    AMBER,
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
    line,
    picture,
)  # fmt: skip

DAY, CREAM, MINT, ROSE, LILAC, GREY = (
    "#dceefa",
    "#fdebd0",
    "#e4f1e6",
    "#fbe3dc",
    "#efe6f6",
    "#d5dbe3",
)
CODE = (t.fish, t.sun, t.key)


def amal(
    left: tuple[float, float] = (-38, 34),
    right: tuple[float, float] = (38, 34),
    mood: str = "smile",
) -> str:
    return people.person(
        people.BROWN_SKIN, "long", top=CORAL, left=left, right=right, mood=mood, dress=True
    )


def amal_head() -> str:
    return people.head(people.BROWN_SKIN, "long", top=CORAL)


def tile(x: float, y: float, fill: str, part: str, s: float = 0.16, *, size: float = 18) -> str:
    return box(x - size / 2, y - size / 2, size, size, fill, 4) + at(x, y, part, s=s)


HEADS = [
    (people.TAN, "short", SKY), (people.BROWN_SKIN, "long", CORAL), (people.DARK, "curly", AMBER),
    (people.FAIR, "braids", LEAF), (people.DARK, "bun", PLUM), (people.TAN, "scarf", SKY),
]  # fmt: skip


def grid() -> str:
    """The pictures of a class on a screen."""
    grounds = [LIGHT[AMBER], LIGHT[SKY], LIGHT[LEAF], LIGHT[CORAL], LIGHT[SAND], LIGHT[PLUM]]
    spots = [(-26, -13), (0, -13), (26, -13), (-26, 13), (0, 13), (26, 13)]
    return "".join(
        tile(x, y, g, people.head(a, b, top=c), 0.2, size=22)
        for (x, y), g, (a, b, c) in zip(spots, grounds, HEADS, strict=True)
    )


def code_screen(done: int = 0) -> str:
    """Six pictures to choose from, and three places above for those chosen."""
    parts = [t.fish(), t.house(), t.sun(), t.apple(), t.key(), t.boat()]
    spots = [(-26, 0), (0, 0), (26, 0), (-26, 18), (0, 18), (26, 18)]
    dots = "".join(
        circle(-10 + 10 * i, -18, 3.4, LEAF if i < done else "#b9c6d2") for i in range(3)
    )
    return dots + "".join(
        tile(x, y, WHITE, p, 0.14, size=16) for (x, y), p in zip(spots, parts, strict=True)
    )


def home_screen() -> str:
    return (
        box(-38, -24, 76, 12, PLUM, 2)
        + at(-31, -18, amal_head(), s=0.1)
        + tile(-24, 8, LIGHT[AMBER], t.apple(), 0.2, size=24)
        + tile(2, 8, LIGHT[SKY], t.drop(), 0.2, size=24)
        + tile(28, 8, LIGHT[CORAL], t.kite(), 0.2, size=24)
    )


def ring(r: float, colour: str = AMBER) -> str:
    return f'<circle r="{r}" fill="none" stroke="{colour}" stroke-width="5" opacity=".8"/>'


def big_card() -> str:
    return t.card(at(-24, 4, amal_head(), s=0.42))


def card(part: str, ground: str, s: float = 1.5) -> str:
    return picture(at(100, 100, part, s=s), width=200, height=200, background=ground)


def frames() -> dict[str, dict[str, str]]:
    """The frames of the films of this course: film, then frame."""
    desk = box(0, 240, 400, 60, SAND)
    viewfinder = line("M-24-14V-22H-16M16-22H24V-14M24 14V22H16M-16 22H-24V14", AMBER, 3)
    camera_view = box(-42, -28, 84, 56, "#4a4f5e", 4) + at(0, 0, big_card(), s=0.34) + viewfinder
    return {
        "sign-in": {
            "card": picture(at(200, 150, big_card(), s=2.9), background="#fbd9d0"),
            "amal": picture(desk, at(130, 170, amal(right=(52, 0), mood="laugh"), s=1.05), at(206, 160, big_card(), s=0.5), at(310, 206, t.tablet(), s=1), background=DAY),
            "camera-1": picture(desk, at(130, 140, t.tablet(camera_view), s=2.1), at(324, 140, big_card(), s=0.95), background=DAY),
            "camera-2": picture(desk, at(130, 140, t.tablet(camera_view + ring(26)), s=2.1), at(316, 140, big_card(), s=0.95), background=DAY),
            "link-1": picture(at(200, 150, t.tablet(box(-30, -12, 60, 24, LEAF, 8) + line("M-8 0H8M2-6L8 0L2 6", WHITE, 3)), s=3), at(250, 222, t.finger(people.BROWN_SKIN), s=1.2), background=CREAM),
            "link-2": picture(at(200, 150, t.tablet(box(-30, -12, 60, 24, DEEP[LEAF], 8) + line("M-8 0H8M2-6L8 0L2 6", WHITE, 3)), s=3), at(236, 200, t.finger(people.BROWN_SKIN), s=1.2), at(236, 150, ring(20)), background=CREAM),
            "type": picture(at(200, 120, t.tablet(box(-34, -16, 68, 16, WHITE, 3) + line("M-28-8H-22M-16-8H-10M-4-8H2M8-8H14", INK, 5) + "".join(box(-34 + 9 * i, 8, 7, 7, "#b9c6d2", 1.5) for i in range(8)) + "".join(box(-34 + 9 * i, 18, 7, 7, "#b9c6d2", 1.5) for i in range(8))), s=2.3), at(310, 236, big_card(), s=1), background=LILAC),
            "home": picture(at(200, 150, t.tablet(home_screen()), s=3.2), background="#fde3b0"),
            "out": picture(desk, at(90, 172, amal(left=(-40, -40), right=(48, 10), mood="laugh")), at(206, 190, t.tablet(at(0, 0, t.door(), s=0.42)), s=1), at(316, 180, people.person(people.DARK, "curly", top=AMBER, left=(-50, 10), mood="laugh"), s=0.95), background=MINT),
            "safe": picture(at(146, 150, big_card(), s=2), at(312, 150, t.shield(), s=1.5), background=DAY),
        }
    }  # fmt: skip


def draw() -> dict[str, str]:
    desk = box(0, 240, 400, 60, SAND)
    code = "".join(
        at(
            80 + 120 * i,
            150,
            box(-48, -48, 96, 96, WHITE, 14),
            at(0, 0, part().replace("#fff8ec", WHITE), s=0.75),
        )
        for i, part in enumerate(CODE)
    )
    arrow = line("M-60 0H60M40-20L60 0L40 20", AMBER, 11)
    return {
        "cover.svg": picture(at(186, 146, t.tablet(home_screen()), s=3.1), at(300, 222, t.finger(people.BROWN_SKIN), s=1.6), background="#c5e3cb"),
        "hello.svg": picture(desk, at(120, 168, amal((-34, 30), (34, 10), "laugh"), s=1.1), at(270, 170, t.tablet(at(0, 0, t.happy_sun(), s=0.45)), s=2.2), background=DAY),
        "tap.svg": picture(at(200, 130, t.tablet(at(0, -2, t.apple(), s=0.42)), s=2.8), at(206, 134, ring(34)), at(206, 196, t.finger(), s=1.6), background=CREAM),
        "swipe.svg": picture(at(200, 126, t.tablet(at(-20, -4, t.book(), s=0.3) + at(20, -4, t.house(), s=0.3)), s=2.8), at(196, 176, arrow), at(240, 236, t.finger(), s=1.4), background=MINT),
        "hold.svg": picture(at(200, 130, t.tablet(at(0, -2, t.star(), s=0.46)), s=2.8), at(206, 134, ring(30), ring(46, LIGHT[AMBER]), ring(62, LIGHT[SAND])), at(206, 196, t.finger(), s=1.6), at(340, 60, t.clock(), s=0.9), background=LILAC),
        "sound.svg": picture(at(130, 150, t.speaker(), s=2), at(286, 160, people.head(people.DARK, "bun", top=PLUM, mood="laugh"), s=1.9), line("M226 130Q226 70 286 66Q346 70 346 130", INK, 9), box(212, 124, 26, 50, INK, 12), box(334, 124, 26, 50, INK, 12), background=DAY),
        "care.svg": picture(desk, at(120, 172, people.person(people.TAN, "short", people.BROWN_HAIR, SKY, left=(0, 24), right=(56, 24)), s=1.05), at(150, 192, t.tablet(), s=0.8), at(258, 96, t.drop(), s=0.8), at(258, 96, line("M-40-40L40 40", CORAL, 11)), at(330, 196, t.plug(), s=0.9), background=CREAM),
        "grid.svg": picture(at(200, 150, t.tablet(grid()), s=3.3), at(200, 106, ring(42)), background=DAY),
        "code.svg": picture(code, background="#c9b3de"),
        "secret.svg": picture(desk, at(124, 170, people.person(people.DARK, "curly", top=AMBER, left=(20, 10), right=(40, -2)), s=1.1), at(176, 184, t.tablet(code_screen(2)), s=1), at(312, 150, t.lock(), s=1.4), background=MINT),
        "words.svg": picture(at(80, 120, t.boat(), s=1.2), at(200, 120, t.lemon(), s=1.1), at(320, 120, t.kite(), s=1.2), box(60, 206, 280, 46, WHITE, 12), "".join(circle(96 + 30 * i, 229, 7, INK) for i in range(8)), background=LILAC),
        "lock.svg": picture(at(200, 150, t.lock(), s=2.2), at(82, 150, t.key(), s=1.1), background=CREAM),
        "start.svg": picture(at(200, 150, t.tablet(home_screen()), s=3.3), background="#fde3b0"),
        "next.svg": picture(at(200, 130, t.tablet(at(-12, 0, t.book(), s=0.6) + circle(30, 16, 9, LEAF) + line("M27 11L33 16L27 21", WHITE, 3)), s=3), at(296, 234, t.finger(), s=1.4), background=DAY),
        "done.svg": picture(at(130, 150, t.tick(), s=1.8), at(290, 150, t.star(), s=1.7), background=MINT),
        "saved.svg": picture(desk, at(110, 176, t.tablet(at(0, 0, t.tick(), s=0.4)), s=1.4), at(296, 170, t.hub(), s=1.3), line("M184 150H232M220 138L232 150L220 162", LEAF, 7), background=DAY),
        "out.svg": picture(desk, at(104, 172, amal(left=(-40, -40), right=(48, 10), mood="laugh"), s=1.05), at(230, 186, t.tablet(at(0, 0, t.door(), s=0.42)), s=1.2), at(340, 180, people.person(people.DARK, "curly", top=AMBER, left=(-44, 10)), s=0.9), background=MINT),
        "sign-in.svg": picture(at(200, 150, big_card(), s=2.9), background="#fbd9d0"),
        "card-tap.svg": picture(at(100, 80, ring(34)), at(100, 130, t.finger(), s=1.3), width=200, height=200, background=CREAM),
        "card-swipe.svg": picture(at(100, 60, arrow), at(120, 130, t.finger(), s=1.2), width=200, height=200, background=MINT),
        "card-hold.svg": picture(at(100, 72, ring(22), ring(36, LIGHT[AMBER]), ring(50, LIGHT[SAND])), at(100, 134, t.finger(), s=1.3), at(164, 40, t.clock(), s=0.5), width=200, height=200, background=LILAC),
        "card-speaker.svg": card(t.speaker(), DAY), "card-tick.svg": card(t.tick(), MINT), "card-door.svg": card(t.door(), CREAM),
        "card-wet.svg": picture(at(100, 110, t.tablet(), s=1.4), at(60, 60, t.drop(), s=0.6), at(110, 50, t.drop(), s=0.8), at(154, 70, t.drop(), s=0.5), width=200, height=200, background=GREY),
        "card-carry.svg": picture(at(100, 100, t.tablet(), s=1.2), at(34, 124, t.hand(), s=0.8, turn=50), at(166, 124, t.hand(), s=0.8, turn=-50, flip=True), width=200, height=200, background=MINT),
        "card-drop.svg": picture(box(0, 172, 200, 28, SAND), at(100, 120, t.tablet(line("M-20-28L-4-6L-16 8L2 28M-4-6L14-16", "#8a94a3", 3)), s=1.3, turn=24), line("M50 30V52M84 20V42M140 34V52", "#8a94a3", 5), width=200, height=200, background=GREY),
    }  # fmt: skip
