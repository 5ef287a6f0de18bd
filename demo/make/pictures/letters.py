"""Pictures of "Letters and sounds": a big letter beside a thing whose name begins with it."""

from demo.make import things as t
from demo.make.shapes import (
    AMBER,
    CORAL,
    INK,
    LEAF,
    LIGHT,
    PLUM,
    SKY,
    WHITE,
    at,
    box,
    circle,
    hill,
    picture,
    words,
)

NIGHT, DAY, CREAM, MINT, ROSE, LILAC = (
    "#2c3d66",
    "#dceefa",
    "#fdebd0",
    "#e4f1e6",
    "#fbe3dc",
    "#efe6f6",
)
# language: (file name, the letter as shown, what is drawn beside it)
LETTERS = {
    "en": [
        ("a", "Aa", "apple"), ("b", "Bb", "ball"), ("c", "Cc", "cat"), ("h", "Hh", "house"), ("m", "Mm", "moon"), ("s", "Ss", "sun"),
        ("d", "Dd", "door"), ("e", "Ee", "egg"), ("f", "Ff", "fish"), ("k", "Kk", "key"), ("l", "Ll", "lemon"), ("t", "Tt", "tree"),
    ],
    "ar": [
        ("alif", "أ", "rabbit"), ("ba", "ب", "house"), ("ta", "ت", "apple"), ("shin", "ش", "sun"), ("qaf", "ق", "moon"), ("nun", "ن", "star"),
        ("jim", "ج", "mountain"), ("dal", "د", "bucket"), ("sin", "س", "fish"), ("kaf", "ك", "ball"), ("lam", "ل", "lemon"), ("ya", "ي", "hand"),
    ],
    "fr": [
        ("a", "Aa", "tree"), ("e", "Éé", "star"), ("l", "Ll", "moon"), ("m", "Mm", "house"), ("p", "Pp", "apple"), ("s", "Ss", "sun"),
        ("b", "Bb", "ball"), ("c", "Cc", "key"), ("f", "Ff", "flower"), ("i", "Ii", "island"), ("o", "Oo", "orange"), ("t", "Tt", "tomato"),
    ],
    "es": [
        ("a", "Aa", "tree"), ("c", "Cc", "house"), ("e", "Ee", "star"), ("l", "Ll", "moon"), ("m", "Mm", "apple"), ("s", "Ss", "sun"),
        ("i", "Ii", "island"), ("o", "Oo", "eye"), ("u", "Uu", "grapes"), ("f", "Ff", "flower"), ("p", "Pp", "fish"), ("t", "Tt", "tomato"),
    ],
}  # fmt: skip
# Size and height of the Arabic letters that reach higher, lower or wider than the others.
ARABIC = {
    "أ": (150, 202),
    "ش": (128, 184),
    "س": (128, 170),
    "ي": (160, 164),
    "ب": (160, 172),
    "ج": (160, 160),
    "ق": (165, 180),
    "ل": (160, 186),
}
GROUNDS = {
    "moon": NIGHT, "star": NIGHT, "eye": "#fbd48a", "rabbit": MINT, "fish": DAY, "island": CREAM, "ball": CREAM,
    "bucket": CREAM, "mountain": CREAM, "key": DAY, "egg": MINT, "lemon": DAY, "orange": DAY, "sun": DAY, "door": CREAM,
}  # fmt: skip


def thing(name: str) -> str:
    return str(getattr(t, name)())


def letter(shown: str, name: str, colour: str, *, right: bool) -> str:
    """The letter on its own coloured half, on the side where the language begins."""
    ground = GROUNDS.get(name, CREAM)
    drawn = thing(name)
    if name == "key":
        drawn = drawn.replace("#fff8ec", ground)
    x = 300 if right else 100
    size = 118 if shown[0] != "M" else 96
    y = 192.0
    if right:
        size, y = ARABIC.get(shown, (180, 190))
    half = box(200 if right else 0, 0, 200, 300, colour)
    return picture(
        half, words(x, y, shown, size, WHITE), at(400 - x, 150, drawn, s=1.55), background=ground
    )


def square(name: str) -> str:
    ground = GROUNDS.get(name, CREAM)
    drawn = thing(name).replace("#fff8ec", ground) if name == "key" else thing(name)
    return picture(at(100, 100, drawn, s=1.6), width=200, height=200, background=ground)


def draw() -> dict[str, str]:
    colours = [CORAL, SKY, LEAF, PLUM, "#cf7f0c", "#256a9f"]
    blocks = (
        at(108, 176, box(-62, -62, 124, 124, CORAL, 16), words(0, 38, "A", 108, WHITE))
        + at(292, 176, box(-62, -62, 124, 124, SKY, 16), words(0, 22, "ب", 108, WHITE))
        + at(200, 92, box(-56, -56, 112, 112, LEAF, 16), words(0, 34, "é", 100, WHITE))
    )
    pictures = {
        "cover.svg": picture(hill(226, LIGHT[AMBER]), blocks, background="#fbd9d0"),
        "alphabet.svg": picture(
            hill(236, LIGHT[LEAF]), at(200, 156, t.book(), s=2.3),
            at(84, 66, circle(0, 0, 32, AMBER), words(0, 15, "a", 44, INK)), at(200, 48, circle(0, 0, 32, SKY), words(0, 15, "b", 44, WHITE)),
            at(316, 66, circle(0, 0, 32, PLUM), words(0, 8, "ج", 44, WHITE)), background=DAY,
        ),
        "bird-blue.svg": picture(at(104, 98, t.bird(), s=1.7), width=200, height=200, background=DAY),
        "bird-yellow.svg": picture(at(104, 98, t.bird(AMBER), s=1.7), width=200, height=200, background=CREAM),
        "bird-red.svg": picture(at(104, 98, t.bird(CORAL), s=1.7), width=200, height=200, background=ROSE),
    }  # fmt: skip
    for language, letters in LETTERS.items():
        for i, (name, shown, what) in enumerate(letters):
            pictures[f"{language}-{name}.svg"] = letter(
                shown, what, colours[i % 6], right=language == "ar"
            )
    for what in ("apple", "ball", "cat", "fish", "hand", "house", "key", "moon", "sun"):
        pictures[f"{what}.svg"] = square(what)
    return pictures
