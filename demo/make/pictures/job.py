"""Pictures of "Digital skills for a first job"."""

from demo.make import people
from demo.make import things as t
from demo.make.shapes import (
    BROWN,
    CORAL,
    DEEP,
    INK,
    LEAF,
    PLUM,
    SAND,
    SKY,
    WHITE,
    at,
    box,
    circle,
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
Point = tuple[float, float]


def rania(left: Point = (-38, 34), right: Point = (38, 34), mood: str = "smile") -> str:
    return people.person(
        people.TAN, "long", people.BROWN_HAIR, PLUM, bottom=INK, left=left, right=right, mood=mood
    )


def joseph(left: Point = (-38, 34), right: Point = (38, 34), mood: str = "smile") -> str:
    return people.person(
        people.DARK, "short", top=WHITE, bottom=SKY, left=left, right=right, mood=mood
    ).replace(f'stroke="{WHITE}"', 'stroke="#e7eef2"')


def manager(left: Point = (-38, 34), right: Point = (38, 34)) -> str:
    return people.person(people.BROWN_SKIN, "scarf", CORAL, SKY, left=left, right=right, dress=True)


def messages(*, good: bool = True) -> str:
    first, second = (LEAF, SKY) if good else ("#b9c2cc", "#b9c2cc")
    return (
        box(-18, -32, 30, 12, first, 4)
        + box(-12, -14, 32, 16, second, 4)
        + box(-18, 8, 26, 12, first, 4)
    )


def laptop(screen: str) -> str:
    return (
        box(-48, -36, 96, 62, INK, 6)
        + box(-43, -31, 86, 52, "#e9f3fb", 3)
        + screen
        + path("M-60 26H60L54 38H-54Z", "#8a94a3")
    )


def stall() -> str:
    stripes = "".join(
        path(
            f"M{-60 + 24 * i}-50H{-36 + 24 * i}V-26Q{-48 + 24 * i}-14 {-60 + 24 * i}-26Z",
            CORAL if i % 2 == 0 else WHITE,
        )
        for i in range(5)
    )
    return (
        box(-54, -30, 6, 84, DEEP[BROWN])
        + box(48, -30, 6, 84, DEEP[BROWN])
        + stripes
        + box(-58, 12, 116, 42, BROWN, 4)
        + at(-32, 2, t.bread(), s=0.34)
        + at(0, 2, t.bread(), s=0.34)
        + at(32, 2, t.bread(), s=0.34)
    )


def draw() -> dict[str, str]:
    desk = box(0, 244, 400, 56, SAND)
    table_top = (
        box(120, 196, 160, 12, DEEP[BROWN], 4)
        + box(134, 206, 10, 50, DEEP[BROWN])
        + box(256, 206, 10, 50, DEEP[BROWN])
    )
    return {
        "cover.svg": picture(at(200, 146, laptop(at(-20, -5, t.table(), s=0.46) + at(22, -5, t.sheet(), s=0.46)), s=3), background="#f7c3b6"),
        "message.svg": picture(desk, at(100, 176, rania(right=(40, 0)), s=1), at(272, 150, t.phone(at(0, 0, messages())), s=2.1), background=DAY),
        "before-send.svg": picture(at(130, 150, t.phone(at(0, 0, messages())), s=2.2), at(282, 110, t.eye(), s=1.3), at(282, 216, t.tick(), s=0.8), background=CREAM),
        "stall.svg": picture(desk, at(150, 170, stall(), s=1.7), at(320, 176, joseph((-46, 20), (38, 34), "laugh")), background=DAY),
        "sheet.svg": picture(at(200, 146, laptop(at(0, -5, t.table(), s=0.56)), s=3), background=MINT),
        "formula.svg": picture(at(120, 150, t.table(), s=2), at(308, 124, t.coins(), s=1.4), line("M226 150H256M244 138L258 150L244 162", CORAL, 8), background=CREAM),
        "cv.svg": picture(desk, at(120, 150, t.sheet(), s=2), at(286, 176, rania((-44, 10), (38, 34), "laugh"), s=1), background=LILAC),
        "cv-private.svg": picture(at(126, 150, t.sheet(), s=2.1), at(292, 150, t.lock(), s=1.6), background=ROSE),
        "cv-check.svg": picture(at(130, 150, t.sheet(), s=2.1), at(292, 100, people.head(people.BROWN_SKIN, "scarf", CORAL, SKY), s=1.3), at(292, 220, t.pencil(), s=1), background=MINT),
        "offer.svg": picture(at(126, 150, t.phone(at(0, -4, t.coins(), s=0.4)), s=2.2), line("M300 20V150C300 196 244 196 244 160", INK, 6), path("M236 170L244 146L254 168Z", INK), at(312, 214, t.question(), s=0.8), background=GREY),
        "offer-check.svg": picture(desk, at(112, 176, joseph(right=(48, 10), mood="calm")), at(206, 178, manager(left=(-44, 10))), at(324, 130, t.shield(), s=1.3), background=DAY),
        "interview.svg": picture(desk, at(86, 178, rania((-30, 40), (50, 20))), at(314, 178, manager((-50, 20), (30, 40))), table_top, at(200, 174, t.sheet(), s=0.5), at(200, 70, t.bubble(WHITE, circle(-20, -8, 6, SKY) + circle(0, -8, 6, SKY) + circle(20, -8, 6, SKY)), s=1.1), background=CREAM),
        "card-good.svg": picture(at(100, 100, t.phone(at(0, 0, messages())), s=1.6), width=200, height=200, background=MINT),
        "card-bad.svg": picture(at(100, 100, t.phone(at(0, 0, messages(good=False))), s=1.6), width=200, height=200, background=GREY),
    }  # fmt: skip


def sheets() -> dict[str, str]:
    """Pictures that only the printed model shows."""
    return {name: draw()[name] for name in ("cv.svg", "cv-check.svg", "cv-private.svg")} | {
        "skills.svg": picture(
            at(100, 110, t.pencil(), s=1.2),
            at(210, 110, t.phone(at(0, 0, messages())), s=1.2),
            at(316, 110, t.coins(), s=1.2),
            at(130, 224, t.bread(), s=0.9),
            at(270, 220, t.heart(), s=0.9),
            background=CREAM,
        )
    }
