"""Pictures of "Staying safe online": calm, never frightening."""

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
    path,
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


def sting() -> str:
    """The mark of an unkind message: a jagged little storm."""
    return path("M-10-26H10L2-10H14L-12 14L-4-6H-16Z", CORAL)


def dots() -> str:
    return (
        circle(-20, -8, 6, DEEP[SAND])
        + circle(0, -8, 6, DEEP[SAND])
        + circle(20, -8, 6, DEEP[SAND])
    )


def face_mark(mood: str) -> str:
    mouth = {"smile": "M-10-4C-5 4 5 4 10-4", "sad": "M-10 2C-5-6 5-6 10 2"}[mood]
    return (
        circle(0, -9, 24, AMBER)
        + circle(-8, -15, 3, INK)
        + circle(8, -15, 3, INK)
        + line(mouth, INK, 3)
    )


def unknown() -> str:
    """Someone nobody knows: a grey shape with a question mark."""
    return (
        circle(0, -16, 24, "#8a94a3")
        + path("M-40 46C-40 0 40 0 40 46Z", "#8a94a3")
        + line("M-7-22C-7-32 8-32 8-21C8-15 0-15 0-8", WHITE, 5)
        + circle(0, -1, 3, WHITE)
    )


def gift() -> str:
    return (
        box(-36, -10, 72, 52, CORAL, 4)
        + box(-42, -22, 84, 18, DEEP[CORAL], 4)
        + box(-7, -22, 14, 64, AMBER)
        + path("M0-22C-28-26-28-48-10-46C-2-44 0-30 0-22C0-30 2-44 10-46C28-48 28-26 0-22Z", AMBER)
    )


def adam(
    mood: str = "smile",
    left: tuple[float, float] = (-38, 34),
    right: tuple[float, float] = (38, 34),
) -> str:
    return people.person(
        people.TAN, "short", people.BLACK_HAIR, LEAF, mood=mood, left=left, right=right
    )


def mother(left: tuple[float, float] = (-38, 34), right: tuple[float, float] = (38, 34)) -> str:
    return people.person(people.TAN, "scarf", SKY, PLUM, left=left, right=right, dress=True)


def teacher(left: tuple[float, float] = (-38, 34), right: tuple[float, float] = (38, 34)) -> str:
    return people.person(people.DARK, "bun", top=CORAL, bottom=INK, left=left, right=right)


def grandfather() -> str:
    return people.person(people.FAIR, "bald", people.GREY_HAIR, AMBER, bottom=BROWN, beard=True)


def friend(
    mood: str = "smile",
    left: tuple[float, float] = (-38, 34),
    right: tuple[float, float] = (38, 34),
) -> str:
    return people.person(
        people.DARK, "braids", top=AMBER, mood=mood, left=left, right=right, dress=True
    )


def card(part: str, ground: str, s: float = 1.5) -> str:
    return picture(at(100, 100, part, s=s), width=200, height=200, background=ground)


def photo() -> str:
    return (
        box(-44, -36, 88, 72, WHITE, 4)
        + box(-37, -29, 74, 52, SKY)
        + circle(0, -8, 13, people.BROWN_SKIN)
        + path("M-24 23C-24-2 24-2 24 23Z", CORAL)
        + path("M-13-10A13 13 0 0 1 13-10C8-18-8-18-13-10Z", INK)
    )


def draw() -> dict[str, str]:
    floor = box(0, 244, 400, 56, SAND)
    return {
        "cover.svg": picture(at(200, 150, t.tablet(), s=3), at(200, 150, t.shield(), s=1.7), at(66, 60, t.heart(), s=0.6), at(336, 240, t.heart(AMBER), s=0.5), background="#d9c7ea"),
        "key.svg": picture(at(120, 146, t.house(), s=1.9), at(292, 146, t.lock(), s=1.6), background=DAY),
        "private.svg": picture(at(86, 90, t.house(), s=1.2), at(210, 90, t.phone(at(0, 0, t.speaker(), s=0.36)), s=1.1), at(326, 90, photo(), s=1.1), at(140, 218, t.lock(), s=1), at(268, 218, t.card(), s=1.1), background=CREAM),
        "whisper.svg": picture(floor, at(106, 172, adam(right=(30, -34))), at(200, 176, mother(left=(-48, 8)), s=1), at(318, 84, t.bubble(WHITE, at(0, -8, t.lock(), s=0.42)), s=1.2), at(344, 204, t.tick(), s=0.6), background=MINT),
        "think.svg": picture(floor, at(118, 172, friend("calm", right=(34, 0))), at(158, 170, t.tablet(at(0, 0, photo(), s=0.55)), s=0.62), at(290, 90, t.cloud(), s=1.9), at(290, 92, t.question(), s=0.62), background=DAY),
        "unkind.svg": picture(floor, at(110, 174, adam("sad", right=(40, 20))), at(156, 192, t.phone(), s=0.6), at(248, 80, t.bubble(WHITE, sting()), s=0.95), at(334, 150, t.bubble(WHITE, sting()), s=0.8), at(250, 196, t.bubble(WHITE, at(0, 0, face_mark("sad"), s=0.9)), s=0.75), background=GREY),
        "not-your-fault.svg": picture(hill(250, LIGHT[LEAF]), at(126, 184, adam("calm", right=(48, 10))), at(218, 178, mother(left=(-44, 14)), s=1.05), at(170, 66, t.heart(), s=0.7), at(330, 90, t.happy_sun(), s=0.8), background=DAY),
        "three-steps.svg": picture(at(76, 120, circle(0, 0, 60, CORAL), t.hand(), s=1), at(200, 180, circle(0, 0, 60, AMBER), t.camera(), s=1), at(324, 120, circle(0, 0, 60, LEAF), at(0, 8, t.bubble(WHITE, face_mark("smile")), s=0.8), s=1), background=CREAM),
        "friend.svg": picture(hill(250, LIGHT[LEAF]), at(140, 184, adam("smile", right=(50, 6))), at(226, 184, friend("smile", left=(-34, 14), right=(40, 30))), at(318, 90, t.bubble(WHITE, at(0, -8, t.heart(), s=0.42)), s=1.1), background=DAY),
        "who.svg": picture(floor, at(70, 176, mother()), at(160, 176, teacher()), at(246, 178, grandfather()), at(334, 200, adam("laugh", left=(-50, -10)), s=0.8), background=MINT),
        "helpline.svg": picture(floor, at(108, 176, people.person(people.BROWN_SKIN, "curly", top=SKY, left=(-36, 30), right=(28, -44), mood="calm")), at(142, 122, t.phone(), s=0.38), line("M180 100Q230 60 270 100", AMBER, 5).replace('"/>', '" stroke-dasharray="1 13"/>'), at(318, 130, people.head(people.FAIR, "long", people.BROWN_HAIR, LEAF), s=1.4), line("M276 110Q276 60 318 56Q360 60 360 110", INK, 6), at(362, 124, box(-8, -14, 16, 28, INK, 7)), line("M360 138Q356 158 334 160", INK, 4), background=CREAM),
        "tell-again.svg": picture(floor, at(96, 178, friend("calm", right=(46, 0))), at(190, 96, t.bubble(WHITE, dots()), s=0.9), at(250, 176, grandfather(), s=0.95), at(340, 174, teacher(left=(-44, 4))), at(316, 66, t.bubble(LIGHT[LEAF], at(0, -8, t.heart(), s=0.42)), s=0.9, flip=True), background=LILAC),
        "prize.svg": picture(at(120, 150, t.phone(at(0, -6, gift(), s=0.42)), s=2.2), line("M300 20V150C300 196 244 196 244 160", INK, 6), path("M236 170L244 146L254 168Z", INK), at(310, 214, t.question(), s=0.8), background=CREAM),
        "stranger.svg": picture(floor, at(118, 140, t.tablet(at(0, 6, unknown(), s=0.5)), s=2), at(310, 178, friend("calm", left=(-30, -30))), background=GREY),
        "say-no.svg": picture(floor, at(130, 174, friend("calm", left=(-34, 30), right=(60, -20))), at(206, 134, t.hand(people.DARK), s=0.85), at(324, 130, t.camera(), line("M-52 0A52 52 0 1 1 52 0A52 52 0 1 1-52 0ZM-36-36L36 36", CORAL, 11), s=1.15), background=ROSE),
        "ask.svg": picture(floor, at(116, 190, adam("smile", right=(44, 10)), s=0.9), at(170, 190, t.tablet(at(0, 0, t.question(), s=0.4)), s=0.7), at(272, 172, mother(left=(-52, 20)), s=1.05), background=MINT),
        "adam.svg": picture(hill(246, LIGHT[LEAF]), at(110, 182, adam("smile", right=(46, 14))), at(200, 178, teacher(left=(-44, 10)), s=1.05), at(296, 186, friend("laugh", right=(40, -44))), at(320, 64, t.heart(), s=0.6), background=CREAM),
        "card-house.svg": card(t.house(), DAY), "card-lock.svg": card(t.lock(), CREAM), "card-photo.svg": card(photo(), MINT), "card-ball.svg": card(t.ball(), CREAM),
        "card-tell.svg": picture(at(66, 140, people.head(people.TAN, "short", top=LEAF), s=1.1), at(140, 60, t.bubble(WHITE, at(0, -8, t.heart(), s=0.42)), s=0.85), width=200, height=200, background=MINT),
        "card-send.svg": picture(at(100, 100, t.envelope(), s=1.4), line("M96 170H150M136 156L152 170L136 184", CORAL, 8), width=200, height=200, background=CREAM),
        "card-alone.svg": picture(at(100, 110, people.head(people.TAN, "short", top=LEAF, mood="sad"), s=1.5), width=200, height=200, background=GREY),
        "bubble-blue.svg": card(t.bubble(SKY, dots()), DAY), "bubble-green.svg": card(t.bubble(LEAF, dots()), MINT), "bubble-plum.svg": card(t.bubble(PLUM, dots()), LILAC),
    }  # fmt: skip


def sheets() -> dict[str, str]:
    """Pictures that only the printed card shows."""
    return {
        "shield.svg": picture(
            at(200, 150, t.shield(), s=2.4),
            at(70, 70, t.heart(), s=0.7),
            at(336, 236, t.heart(AMBER), s=0.6),
            background=LILAC,
        ),
        "steps.svg": draw()["three-steps.svg"],
        "who.svg": draw()["who.svg"],
    }
