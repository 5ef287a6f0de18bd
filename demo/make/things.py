"""Things: each is drawn about (0, 0) in a box from -50 to 50, to be put anywhere with `at`."""

from demo.make.shapes import (
    AMBER,
    BROWN,
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
    line,
    oval,
    path,
    star_points,
)  # fmt: skip


def eyes(x: float, y: float, gap: float, r: float = 3) -> str:
    """Two dots."""
    return circle(x - gap, y, r, INK) + circle(x + gap, y, r, INK)


def apple(skin: str = CORAL) -> str:
    return (
        line("M0-20C0-32 3-40 9-46", DEEP[BROWN], 5)
        + path(
            "M0-22C-10-34-44-32-44 4C-44 32-22 48-8 46C-3 45 3 45 8 46C22 48 44 32 44 4C44-32 10-34 0-22Z",
            skin,
        )
        + oval(-25, -4, 6, 12, LIGHT[skin], 18)
        + path("M5-32C14-50 34-48 42-42C35-28 16-24 5-32Z", LEAF)
    )


def orange() -> str:
    return (
        circle(0, 4, 42, AMBER) + oval(-22, -8, 6, 11, LIGHT[AMBER], 30)
        + circle(0, -30, 4, DEEP[LEAF]) + path("M2-33C12-50 30-48 38-42C30-28 14-26 2-33Z", LEAF)
    )  # fmt: skip


def tomato() -> str:
    return (
        oval(0, 6, 46, 38, CORAL) + oval(-26, 0, 6, 11, LIGHT[CORAL], 25)
        + path("M0-36L6-28L22-34L14-22L26-14L8-18L0-6L-8-18L-26-14L-14-22L-22-34L-6-28Z", LEAF)
    )  # fmt: skip


def lemon() -> str:
    return at(0, 0,
        path("M-50 2C-42-4-40-10-34-18C-20-36 20-36 34-18C40-10 42-4 50 2C42 6 40 12 34 20C20 38-20 38-34 20C-40 12-42 6-50 2Z", AMBER),
        path("M-28-10C-18-24 4-26 14-22C0-18-16-12-22 0Z", LIGHT[AMBER]), turn=-18,
    ) + path("M22-34C28-48 42-50 48-46C46-32 34-28 22-34Z", LEAF)  # fmt: skip


def grapes() -> str:
    spots = [(-27, -14), (0, -16), (27, -14), (-14, 6), (14, 6), (0, 26)]
    balls = "".join(
        circle(x, y, 15, PLUM) + circle(x - 5, y - 5, 3.5, LIGHT[PLUM]) for x, y in spots
    )
    return (
        line("M0-20V-44", DEEP[BROWN], 5)
        + path("M2-34C16-52 36-46 42-36C30-26 12-24 2-34Z", LEAF)
        + balls
    )


def ball() -> str:
    return (
        circle(0, 0, 44, SKY)
        + path("M-8-43C-34-20-34 20-8 43C4 45 12 43 16 41C-8 16-8-16 16-41C8-44 0-45-8-43Z", AMBER)
        + path("M30-32C18-12 18 12 30 32C38 24 44 12 44 0C44-12 38-24 30-32Z", CORAL)
        + oval(-30, -16, 4, 9, LIGHT[SKY], 30)
    )


def cat(fur: str = AMBER) -> str:
    deep = DEEP[fur]
    return (
        line("M24 40C50 42 52 16 40 6", fur, 11)
        + path("M-26 48C-32 16-16-2 0-2C16-2 32 16 26 48Z", fur)
        + path("M-28-14L-27-46L-8-33H8L27-46L28-14C28 2 14 10 0 10C-14 10-28 2-28-14Z", fur)
        + path("M-22-36L-20-26L-13-31Z", LIGHT[CORAL]) + path("M22-36L20-26L13-31Z", LIGHT[CORAL])
        + line("M0-33V-25M-8-32V-27M8-32V-27", deep, 3.5)
        + eyes(0, -13, 11, 3.6)
        + path("M-4-5H4L0-1Z", CORAL)
        + line("M-7 2C-4 5-1 4 0 1C1 4 4 5 7 2", INK, 2.4)
        + line("M-22-6L-36-9M-22-1L-36 1M22-6L36-9M22-1L36 1", deep, 2)
        + oval(-11, 46, 9, 5, LIGHT[fur]) + oval(11, 46, 9, 5, LIGHT[fur])
    )  # fmt: skip


def rabbit(fur: str = SAND) -> str:
    return (
        circle(26, 38, 9, WHITE)
        + oval(-11, -34, 8, 20, fur, -8) + oval(11, -34, 8, 20, fur, 8)
        + oval(-11, -33, 3.5, 13, LIGHT[CORAL], -8) + oval(11, -33, 3.5, 13, LIGHT[CORAL], 8)
        + path("M-24 48C-32 22-16 8 0 8C16 8 32 22 24 48Z", fur)
        + oval(0, -4, 25, 21, fur)
        + oval(0, 34, 13, 14, LIGHT[SAND])
        + eyes(0, -7, 11, 3.5) + path("M-4 1H4L0 5Z", CORAL) + line("M0 5V9M-6 11C-3 13-1 12 0 9C1 12 3 13 6 11", INK, 2.2)
        + oval(-12, 47, 11, 5, LIGHT[SAND]) + oval(12, 47, 11, 5, LIGHT[SAND])
    )  # fmt: skip


def goat() -> str:
    fur, deep = WHITE, DEEP[SAND]
    return (
        line("M-24 20V44M-12 22V44M12 22V44M22 20V44", SAND, 8)
        + line("M-24 44V45M-12 44V45M12 44V45M22 44V45", deep, 8)
        + path("M-36 8C-38-10-20-14 4-12C24-12 30-6 28 12C27 26 14 28-4 28C-22 28-35 24-36 8Z", SAND)
        + line("M-35 0L-44-10", SAND, 7)
        + line("M20-34C14-48 24-50 28-48M30-34C30-48 40-48 42-44", deep, 5)
        + path("M14-6C10-30 20-38 30-36C42-32 50-20 48-14C44-8 34-8 32-4C30 6 20 8 14-6Z", fur)
        + path("M14-30C4-34 0-28 2-24C8-22 14-24 16-26Z", deep)
        + circle(30, -24, 3.2, INK) + line("M40-12C43-11 46-12 47-14", INK, 2)
        + path("M32-8L38-9L37 6Z", deep)
    )  # fmt: skip


def fish(scale: str = SKY, fin: str = AMBER) -> str:
    return (
        path("M22 0L48-24C44-8 44 8 48 24Z", fin)
        + path("M-8-24C0-40 14-38 18-20Z", fin) + path("M-6 22C0 34 8 34 12 20Z", fin)
        + path("M-48 2C-36-26 6-34 32 0C6 34-36 28-48 2Z", scale)
        + path("M-14-21C-4-8-4 10-14 23C-6 24 0 23 6 21C14 10 14-8 6-19C0-21-6-22-14-21Z", LIGHT[scale])
        + circle(-28, -5, 6, WHITE) + circle(-29, -5, 3.2, INK) + line("M-44 7C-40 11-36 11-33 9", INK, 2.6)
    )  # fmt: skip


def bird(feather: str = SKY) -> str:
    return (
        line("M-4 30V46M8 30V46M-10 47H2M2 47H14", DEEP[AMBER], 4)
        + path("M24 8L50 14L46 26L22 24Z", DEEP[feather])
        + path("M-30-14C-30-36-4-42 6-26C12-16 30-4 32 10C32 28 14 34 0 33C-22 32-30 10-30-14Z", feather)
        + path("M-4 0C10-8 28 2 30 12C18 24 0 20-4 0Z", DEEP[feather])
        + path("M-29-18L-48-10L-29-6Z", AMBER) + circle(-14, -20, 4, INK)
        + path("M-26 4C-24 20-12 30 2 31C-4 22-10 10-10 2C-16-2-22 0-26 4Z", LIGHT[feather])
    )  # fmt: skip


def hen() -> str:
    return (
        line("M-6 34V46M8 34V46", DEEP[AMBER], 4)
        + path("M40-22C50-10 46 8 34 12L20 4Z", DEEP[BROWN])
        + path("M-34-12C-36-32-14-36-10-18C-6-4 20-10 38-14C42 16 24 36 2 36C-22 36-32 10-34-12Z", BROWN)
        + path("M-2 6C10-2 26 4 26 10C18 24 0 22-2 6Z", LIGHT[BROWN])
        + path("M-32-28C-34-38-26-38-25-34C-24-42-16-40-17-34C-12-38-10-32-13-28Z", CORAL)
        + path("M-35-18L-48-12L-34-9Z", AMBER) + oval(-32, -3, 4, 7, CORAL) + circle(-24, -20, 3.4, INK)
    )  # fmt: skip


def egg() -> str:
    return (
        path("M0-46C22-46 37-10 37 10C37 33 21 46 0 46C-21 46-37 33-37 10C-37-10-22-46 0-46Z", SAND)
        + path("M-24-4C-22-20-12-32-6-34C-14-22-18-8-18 0Z", LIGHT[SAND])
        + circle(12, -14, 3.5, DEEP[SAND]) + circle(-8, 14, 4, DEEP[SAND]) + circle(18, 16, 3, DEEP[SAND]) + circle(4, 30, 3, DEEP[SAND])
    )  # fmt: skip


def door() -> str:
    return (
        box(-36, -48, 72, 96, DEEP[BROWN], 5) + box(-29, -41, 58, 89, PLUM, 3)
        + box(-21, -33, 18, 30, DEEP[PLUM], 3) + box(3, -33, 18, 30, DEEP[PLUM], 3) + box(-21, 5, 18, 34, DEEP[PLUM], 3)
        + box(3, 5, 18, 34, DEEP[PLUM], 3) + circle(20, 1, 5, AMBER)
    )  # fmt: skip


def house(wall: str = SAND, roof: str = CORAL) -> str:
    return (
        box(20, -44, 12, 24, DEEP[roof])
        + box(-36, -10, 72, 56, wall, 2)
        + path("M-50-6L0-48L50-6Z", roof)
        + box(-9, 12, 22, 34, DEEP[BROWN], 2) + circle(8, 30, 2.4, AMBER)
        + box(-30, 6, 15, 15, SKY, 2) + line("M-22.500 6V21M-30 13.500H-15", WHITE, 2) + box(19, 6, 12, 15, SKY, 2)
    )  # fmt: skip


def moon() -> str:
    return path(
        "M14-44C-22-40-44-12-34 18C-24 46 14 54 38 30C10 34-10 18-10-6C-10-22 0-36 14-44Z", AMBER
    ) + path(star_points(5, 9, 4), LIGHT[AMBER]).replace("/>", ' transform="translate(26 -12)"/>')


def sun() -> str:
    return path(star_points(12, 50, 35), LIGHT[AMBER]) + circle(0, 0, 31, AMBER)


def happy_sun() -> str:
    return sun() + eyes(0, -5, 10, 3.2) + line("M-10 7C-5 14 5 14 10 7", INK, 3)


def star(fill: str = AMBER) -> str:
    return path(star_points(5, 48, 22), fill)


def cloud(fill: str = WHITE) -> str:
    return (
        circle(-22, 6, 20, fill)
        + circle(2, -8, 26, fill)
        + circle(26, 8, 18, fill)
        + box(-40, 6, 82, 20, fill, 10)
    )


def tree(leaf: str = LEAF) -> str:
    return (
        path("M-7 48L-5 0H5L7 48Z", DEEP[BROWN]) + line("M0 18L14 4", DEEP[BROWN], 5)
        + circle(-20, -8, 22, leaf) + circle(20, -6, 22, leaf) + circle(0, -26, 24, leaf) + circle(0, -4, 22, leaf)
        + circle(-10, -28, 8, LIGHT[leaf]) + circle(-26, -10, 6, LIGHT[leaf])
    )  # fmt: skip


def mango_tree() -> str:
    fruit = "".join(
        oval(x, y, 4.5, 6, AMBER, 15)
        for x, y in [(-28, 4), (-8, -4), (14, 8), (30, -6), (6, -30), (-18, -22)]
    )
    return tree() + fruit


def flower(petal: str = CORAL) -> str:
    petals = "".join(
        oval(0, -34, 9, 14, petal, turn=0).replace("/>", f' transform="rotate({a} 0 -16)"/>')
        for a in range(0, 360, 60)
    )
    return (
        line("M0-4C2 16-2 30 0 48", LEAF, 6) + path("M0 34C8 14 28 16 34 22C28 36 12 40 0 36Z", LEAF)
        + petals + circle(0, -16, 11, AMBER)
    )  # fmt: skip


def mountain() -> str:
    return (
        path("M-50 46L-6-42L24 10L32-4L50 46Z", PLUM) + path("M-22-10L-6-42L10-14L2-20L-6-12L-12-18Z", WHITE)
        + path("M-50 46L-34 14L-20 46Z", DEEP[PLUM])
    )  # fmt: skip


def island() -> str:
    return (
        box(-50, 22, 100, 26, SKY, 12) + path("M-36 26C-26 6 26 6 36 26Z", AMBER)
        + line("M0 14C-4-4 0-16 6-26", DEEP[BROWN], 6)
        + line("M6-26C-6-40-22-36-28-24M6-26C2-42 20-48 26-42M6-26C20-34 36-26 36-14M6-26C-2-24-10-16-10-8", LEAF, 7)
        + line("M-38 36C-32 40-28 40-22 36M18 38C24 42 30 42 36 38", LIGHT[SKY], 3)
    )  # fmt: skip


def eye() -> str:
    return (
        path("M-48 4C-28-28 28-28 48 4C28 34-28 34-48 4Z", WHITE) + circle(0, 2, 20, LEAF) + circle(0, 2, 10, INK)
        + circle(6, -4, 4, WHITE) + line("M-48 4C-28-28 28-28 48 4", INK, 5)
        + line("M-28-22L-34-32M0-28V-40M28-22L34-32", INK, 4.5)
    )  # fmt: skip


def key() -> str:
    return at(0, 0,
        box(-4, -12, 8, 60, AMBER, 3), box(0, 28, 20, 8, AMBER, 2), box(0, 40, 15, 8, AMBER, 2),
        circle(0, -26, 22, AMBER), circle(0, -26, 10, PAPER), turn=38,
    )  # fmt: skip


def bucket() -> str:
    return (
        line("M-34-14C-30-56 30-56 34-14", DEEP[SKY], 5)
        + path("M-38-16H38L28 46H-28Z", SKY) + oval(0, -16, 38, 9, DEEP[SKY]) + oval(0, -14, 31, 6, LIGHT[SKY])
        + path("M-34 8L34 8L32 20H-32Z", LIGHT[SKY])
    )  # fmt: skip


def boat() -> str:
    return (
        line("M0 20V-46", DEEP[BROWN], 5) + path("M4-46C34-34 40-10 38 8H4Z", CORAL) + path("M-5-34C-22-24-30-8-30 8H-5Z", AMBER)
        + path("M-46 16H46C42 36 32 44 20 44H-20C-32 44-42 36-46 16Z", BROWN) + box(-46, 14, 92, 7, DEEP[BROWN], 3)
    )  # fmt: skip


def book(cover: str = CORAL) -> str:
    return (
        path("M-46-26C-30-34-12-32 0-22C12-32 30-34 46-26V32C30 24 12 26 0 36C-12 26-30 24-46 32Z", cover)
        + path("M-40-28C-28-34-12-32 0-22V28C-12 20-28 18-40 24Z", WHITE) + path("M40-28C28-34 12-32 0-22V28C12 20 28 18 40 24Z", LIGHT[SAND])
        + line("M-31-16C-24-18-16-16-9-12M-31-4C-24-6-16-4-9 0M-31 8C-24 6-16 8-9 12M31-16C24-18 16-16 9-12M31-4C24-6 16-4 9 0", DEEP[SAND], 3)
    )  # fmt: skip


def hand(skin: str = "#c98d5f") -> str:
    return (
        line("M-16-2V-30M-3-4V-38M10-4V-34M22 4V-22", skin, 12) + line("M-22 22L-36 4", skin, 12)
        + path("M-23-4H29C29 14 28 24 22 34V48H-16V36C-24 28-24 12-23-4Z", skin)
        + line("M-10 16C-2 22 8 22 16 16", "#a26b42", 2.5)
    )  # fmt: skip


def kite(left: str = CORAL, right: str = AMBER) -> str:
    return (
        line("M0 30C-14 38 12 42-2 50", INK, 2)
        + path("M0-46L-32-10L0 32Z", left) + path("M0-46L32-10L0 32Z", right)
        + path("M-32-10H0V32Z", DEEP[left]) + path("M0-10H32L0 32Z", LIGHT[right])
        + line("M0-46V32M-32-10H32", PAPER, 2.5)
    )  # fmt: skip


def butterfly() -> str:
    return (
        oval(-22, -14, 20, 17, PLUM, 25) + oval(22, -14, 20, 17, PLUM, -25) + oval(-17, 16, 14, 13, AMBER, -20) + oval(17, 16, 14, 13, AMBER, 20)
        + circle(-24, -15, 6, LIGHT[PLUM]) + circle(24, -15, 6, LIGHT[PLUM]) + line("M0-14V28", INK, 7)
        + line("M0-16C-2-28-8-34-14-36M0-16C2-28 8-34 14-36", INK, 3)
    )  # fmt: skip


def cup() -> str:
    return (
        path("M-28-40H28L21 46H-21Z", "#dceefa") + path("M-25-14C-12-20 12-8 25-14L21 46H-21Z", SKY)
        + path("M-16 0L-13 36L-7 36L-8 0Z", LIGHT[SKY]) + oval(0, -40, 28, 6, LIGHT[SKY])
    )  # fmt: skip


def drop(fill: str = SKY, *, face: bool = False) -> str:
    look = eyes(0, 12, 10, 3.6) + line("M-8 22C-4 27 4 27 8 22", INK, 2.8) if face else ""
    return (
        path("M0-46C14-20 33-4 33 15C33 34 18 47 0 47C-18 47-33 34-33 15C-33-4-14-20 0-46Z", fill)
        + oval(-18, 14, 4.5, 10, LIGHT[fill], 10)
        + look
    )


def tap(*, running: bool = True) -> str:
    water = path("M22 8H38L40 46H20Z", LIGHT[SKY]) + box(27, 10, 4, 34, SKY, 2) if running else ""
    return (
        water + box(-48, -18, 18, 34, INK, 4) + path("M-34-12H14C34-12 40-2 40 10H20C20 4 16 4 10 4H-34Z", "#8a94a3")
        + box(-12, -30, 10, 20, "#6d7684") + box(-30, -42, 46, 13, CORAL, 6)
    )  # fmt: skip


def soap() -> str:
    return (
        box(-40, -2, 80, 44, LEAF, 18) + box(-30, 6, 60, 24, LIGHT[LEAF], 12)
        + circle(-26, -20, 13, LIGHT[SKY]) + circle(2, -28, 17, "#cfe6f7") + circle(28, -18, 10, LIGHT[SKY]) + circle(-4, -34, 4, WHITE) + circle(-30, -24, 3, WHITE)
    )  # fmt: skip


def germ(fill: str = LEAF) -> str:
    feet = "".join(
        line("M0-24V-40", DEEP[fill], 6).replace("/>", f' transform="rotate({a})"/>')
        + circle(0, -42, 5, DEEP[fill]).replace("/>", f' transform="rotate({a})"/>')
        for a in range(0, 360, 45)
    )
    return (
        feet
        + circle(0, 0, 29, fill)
        + circle(-14, 14, 4, DEEP[fill])
        + circle(15, 12, 5, DEEP[fill])
        + circle(-9, -6, 6, WHITE)
        + circle(9, -6, 6, WHITE)
        + circle(-8, -5, 3, INK)
        + circle(10, -5, 3, INK)
        + line("M-7 10C-3 6 3 6 7 10", INK, 2.6)
    )


def pot() -> str:
    return (
        line("M-10-34C-16-40-4-44-10-50M10-34C4-40 16-44 10-50", LIGHT[SKY], 4)
        + box(-50, -8, 14, 10, INK, 4) + box(36, -8, 14, 10, INK, 4)
        + path("M-38-14H38V20C38 32 30 36 20 36H-20C-30 36-38 32-38 20Z", "#6d7684") + box(-42, -20, 84, 10, "#8a94a3", 5) + circle(0, -25, 6, INK)
        + path("M-20 50C-24 40-14 42-14 34C-6 40-4 44-4 50ZM2 50C0 40 8 42 8 34C16 40 20 44 18 50Z", AMBER)
    )  # fmt: skip


def jar() -> str:
    """A water jar with a lid and a tap."""
    return (
        box(-26, -46, 52, 12, DEEP[CORAL], 5) + path("M-22-34H22C38-28 40-6 36 20C34 38 26 46 18 46H-18C-26 46-34 38-36 20C-40-6-38-28-22-34Z", CORAL)
        + path("M-28-10C-30 4-28 20-24 30L-17 30C-22 16-22 4-20-12Z", LIGHT[CORAL]) + box(-6, 20, 12, 8, INK, 2) + box(-3, 26, 6, 10, INK, 2)
    )  # fmt: skip


def sachet() -> str:
    return (
        path("M-28-40L-22-44L-14-40L-6-44L2-40L10-44L18-40L26-44L30-40V44H-28Z", WHITE) + box(-28, -24, 58, 44, SKY)
        + circle(1, -2, 16, WHITE) + path("M1-14C6-6 11-2 11 3A10 10 0 0 1-9 3C-9-2-4-6 1-14Z", SKY) + box(-28, 20, 58, 24, LIGHT[SKY])
    )  # fmt: skip


def clock(hour: float = -60, minute: float = 60) -> str:
    return (
        circle(0, 0, 46, SKY) + circle(0, 0, 38, WHITE)
        + line("M0-32V-30M32 0H30M0 32V30M-32 0H-30", INK, 4)
        + line("M0 0V-17", INK, 6).replace("/>", f' transform="rotate({hour})"/>') + line("M0 0V-26", CORAL, 4.5).replace("/>", f' transform="rotate({minute})"/>') + circle(0, 0, 4.5, INK)
    )  # fmt: skip


def tablet(screen: str = "") -> str:
    """Lying on its long side. `screen` is drawn about the middle of the screen (76 by 52)."""
    return (
        box(-50, -35, 100, 70, INK, 9)
        + box(-42, -28, 84, 56, "#e9f3fb", 4)
        + circle(-46, 0, 1.8, "#777")
        + screen
    )


def phone(screen: str = "") -> str:
    """Standing. `screen` is drawn about the middle of the screen (44 by 76)."""
    return (
        box(-29, -50, 58, 100, INK, 10)
        + box(-24, -42, 48, 82, "#e9f3fb", 4)
        + box(-8, -47, 16, 3, "#777", 1.5)
        + circle(0, 45, 2.4, "#777")
        + screen
    )


def card(face: str = "") -> str:
    """A sign-in card: a picture of the learner and a square code."""
    cells = "".join(
        box(8 + 7 * x, -16 + 7 * y, 7, 7, INK)
        for y, row in enumerate(["11101", "10011", "01010", "11001", "10111"])
        for x, bit in enumerate(row)
        if bit == "1"
    )
    who = face or (
        circle(-24, -6, 11, "#c98d5f")
        + path("M-35-8A11 11 0 0 1-13-8C-18-14-30-14-35-8Z", INK)
        + path("M-40 22C-40 8-8 8-8 22Z", CORAL)
    )
    return (
        box(-50, -33, 100, 66, WHITE, 8)
        + box(-50, -33, 100, 12, AMBER, 6)
        + box(5, -19, 41, 41, WHITE)
        + cells
        + who
    )


def lock(*, shut: bool = True) -> str:
    bow = "M-20-6V-22C-20-48 20-48 20-22V-6" if shut else "M-20-6V-24C-20-50 20-50 20-26"
    return (
        line(bow, "#8a94a3", 10)
        + box(-34, -8, 68, 54, AMBER, 10)
        + circle(0, 14, 8, INK)
        + box(-3.5, 16, 7, 18, INK, 3)
    )


def shield(*, mark: bool = True) -> str:
    tick = line("M-16 2L-4 14L18-12", WHITE, 9) if mark else ""
    return (
        path("M0-48C14-38 28-36 40-36C42 4 30 34 0 48C-30 34-42 4-40-36C-28-36-14-38 0-48Z", LEAF)
        + path("M0-48C14-38 28-36 40-36C42 4 30 34 0 48Z", DEEP[LEAF])
        + tick
    )


def bubble(fill: str = WHITE, mark: str = "") -> str:
    """A speech bubble with a mark about its middle (0, -8)."""
    return (
        path(
            "M-50-26C-50-38-42-44-32-44H32C42-44 50-38 50-26V8C50 20 42 26 32 26H-8L-28 46L-26 26H-32C-42 26-50 20-50 8Z",
            fill,
        )
        + mark
    )


def heart(fill: str = CORAL) -> str:
    return path(
        "M0 42C-20 24-46 8-46-16C-46-42-10-46 0-20C10-46 46-42 46-16C46 8 20 24 0 42Z", fill
    ) + oval(-26, -20, 6, 10, LIGHT[fill], 30)


def envelope() -> str:
    return (
        box(-48, -32, 96, 64, WHITE, 6)
        + path("M-48-28L0 10L48-28V26A6 6 0 0 1 42 32H-42A6 6 0 0 1-48 26Z", LIGHT[SAND])
        + line("M-46-29L0 8L46-29", DEEP[SAND], 4)
    )


def stick() -> str:
    return at(
        0,
        0,
        box(-48, -14, 66, 28, CORAL, 8),
        box(18, -10, 28, 20, "#b9c2cc", 2),
        box(28, -6, 5, 4, INK),
        box(28, 2, 5, 4, INK),
        circle(-36, 0, 5, LIGHT[CORAL]),
        turn=-25,
    )


def hub() -> str:
    """The box in the classroom, with its two aerials and three lights."""
    return (
        line("M-32-4V-40M32-4V-40", INK, 6) + circle(-32, -42, 5, AMBER) + circle(32, -42, 5, AMBER)
        + box(-48, -8, 96, 40, PLUM, 10) + box(-48, 20, 96, 12, DEEP[PLUM], 6) + circle(-28, 6, 5, LIGHT[LEAF]) + circle(-12, 6, 5, LIGHT[LEAF]) + circle(4, 6, 5, AMBER)
        + line("M-10-26C-4-32 4-32 10-26M-18-36C-8-46 8-46 18-36", SKY, 4.5)
    )  # fmt: skip


def battery(bars: int = 3) -> str:
    colour = LEAF if bars > 1 else CORAL
    return (
        box(-44, -24, 82, 48, INK, 8)
        + box(38, -10, 9, 20, INK, 4)
        + box(-37, -17, 68, 34, WHITE, 3)
        + "".join(box(-33 + 21 * i, -13, 18, 26, colour, 3) for i in range(bars))
    )


def panel() -> str:
    """A solar panel on its stand."""
    return (
        line("M-20 16L-30 46M20 16L30 46M-36 46H36", "#6d7684", 6)
        + path("M-34-34H34L48 18H-48Z", DEEP[SKY])
        + line("M-40-10H40M-11-33L-15 17M11-33L15 17", LIGHT[SKY], 3)
    )


def plug() -> str:
    return (
        line("M0 22C0 50 40 30 46 48", INK, 6)
        + line("M-12-24V-44M12-24V-44", "#8a94a3", 8)
        + path("M-26-26H26V-4C26 14 14 24 0 24C-14 24-26 14-26-4Z", AMBER)
    )


def camera() -> str:
    return (
        box(-20, -34, 36, 20, DEEP[PLUM], 6)
        + box(-46, -24, 92, 62, PLUM, 12)
        + circle(0, 6, 23, WHITE)
        + circle(0, 6, 17, SKY)
        + circle(-5, 0, 5, LIGHT[SKY])
        + circle(34, -12, 5, AMBER)
    )


def pencil() -> str:
    return at(
        0,
        0,
        box(-9, -42, 18, 12, CORAL, 4),
        box(-9, -32, 18, 54, AMBER),
        box(-3, -32, 6, 54, LIGHT[AMBER]),
        path("M-9 22H9L0 46Z", SAND),
        path("M-4 36H4L0 46Z", INK),
        turn=30,
    )


def sheet() -> str:
    """A page of writing."""
    return (
        box(-34, -46, 68, 92, WHITE, 6)
        + circle(-16, -26, 10, SKY)
        + line("M2-30H24M2-20H16M-24-2H24M-24 10H24M-24 22H24M-24 34H6", DEEP[SAND], 4.5)
    )


def table() -> str:
    rows = "".join(line(f"M-40 {y}H40", "#c9d3dc", 2.5) for y in (-8, 10, 28))
    return (
        box(-46, -40, 92, 80, WHITE, 6)
        + box(-46, -40, 92, 20, LEAF, 6)
        + box(-46, -28, 92, 8, LEAF)
        + rows
        + line("M-14-20V38M16-20V38", "#c9d3dc", 2.5)
        + box(22, 31, 18, 5, CORAL, 2)
        + box(22, -5, 18, 5, INK, 2)
        + box(22, 13, 18, 5, INK, 2)
        + box(-40, -5, 20, 5, INK, 2)
        + box(-40, 13, 14, 5, INK, 2)
    )


def coins() -> str:
    return (
        "".join(
            oval(x, y, 22, 8, DEEP[AMBER]) + oval(x, y - 4, 22, 8, AMBER)
            for x, y in [(-20, 38), (-20, 26), (-20, 14), (24, 38), (24, 26)]
        )
        + circle(14, -16, 26, DEEP[AMBER])
        + circle(14, -18, 26, AMBER)
        + circle(14, -18, 18, LIGHT[AMBER])
    )


def bell() -> str:
    return (
        circle(0, 36, 9, DEEP[AMBER])
        + path(
            "M0-44C26-44 28-14 30 4C31 16 38 22 42 30H-42C-38 22-31 16-30 4C-28-14-26-44 0-44Z",
            AMBER,
        )
        + path("M-16-30C-22-20-20-4-22 10L-14 10C-14-4-14-20-8-32Z", LIGHT[AMBER])
    )


def no() -> str:
    """A round sign with a bar: do not."""
    return circle(0, 0, 44, CORAL) + circle(0, 0, 32, WHITE) + line("M-24-24L24 24", CORAL, 12)


def tick() -> str:
    return circle(0, 0, 44, LEAF) + line("M-20 2L-6 17L22-14", WHITE, 11)


def cross() -> str:
    return circle(0, 0, 44, CORAL) + line("M-17-17L17 17M17-17L-17 17", WHITE, 11)


def question() -> str:
    return (
        circle(0, 0, 46, SKY)
        + line("M-15-14C-15-34 17-34 16-13C15 0 0 0 0 13", WHITE, 9)
        + circle(0, 28, 6, WHITE)
    )


def speaker() -> str:
    return path("M-44-14H-24L2-38V38L-24 14H-44Z", PLUM) + line(
        "M16-16C26-8 26 8 16 16M28-30C48-14 48 14 28 30", AMBER, 7
    )


def finger(skin: str = "#c98d5f", sleeve: str = CORAL) -> str:
    """A hand that points up with one finger; its tip is at (0, -46)."""
    return (
        line("M0-40V4", skin, 13) + line("M13 2V10M25 6V12", skin, 12) + line("M-10 20L-18 8", skin, 11)
        + path("M-7-2H31V24C31 34 24 38 20 40H2C-6 36-14 28-14 18Z", skin) + line("M7-2V10M19 2V12", "#a26b42", 2)
        + box(-2, 36, 28, 14, sleeve, 3) + oval(0, -41, 3.5, 4, "#f0d3bb")
    )  # fmt: skip


def bread() -> str:
    return path(
        "M-48 8C-50-20-24-30 0-30C24-30 50-20 48 8C46 26 30 30 0 30C-30 30-46 26-48 8Z", BROWN
    ) + line("M-24-16L-14 8M0-20L8 6M22-16L30 6", SAND, 6)


def basket(*inside: str) -> str:
    return (
        "".join(inside)
        + path("M-44 2H44L34 46H-34Z", BROWN)
        + box(-48, -4, 96, 12, DEEP[BROWN], 5)
        + line("M-36 18H36M-33 32H33", LIGHT[BROWN], 3.5)
    )


def lamp() -> str:
    return (
        path(star_points(10, 46, 34), "#fdeccb")
        + box(-16, 26, 32, 16, DEEP[BROWN], 4)
        + path("M-18 26C-26 0-14-16 0-34C14-16 26 0 18 26Z", AMBER)
        + path("M-8 22C-12 8-4 0 0-8C4 0 12 8 8 22Z", WHITE)
    )


def well() -> str:
    return (
        line("M-30 4V-28M30 4V-28", DEEP[BROWN], 6)
        + path("M-46-24L0-48L46-24Z", CORAL)
        + line("M0-30V-6", INK, 2.5)
        + box(-8, -8, 16, 14, AMBER, 3)
        + box(-40, 8, 80, 38, "#a9a29a", 6)
        + line(
            "M-40 22H40M-40 34H40M-14 8V22M16 8V22M-28 22V34M0 22V34M28 22V34M-14 34V46M16 34V46",
            "#837c75",
            2.5,
        )
    )


def pin() -> str:
    return path(
        "M0 46C-14 20-34 8-34-14C-34-34-18-46 0-46C18-46 34-34 34-14C34 8 14 20 0 46Z", CORAL
    ) + circle(0, -14, 14, WHITE)


def backpack() -> str:
    return (
        line("M-14-34C-14-50 14-50 14-34", DEEP[SKY], 6)
        + box(-34, -36, 68, 82, SKY, 18)
        + box(-24, 6, 48, 30, DEEP[SKY], 8)
        + box(-24, 6, 48, 9, LIGHT[SKY], 4)
        + box(-5, 10, 10, 10, AMBER, 2)
        + line("M-18-16H18", LIGHT[SKY], 5)
    )
