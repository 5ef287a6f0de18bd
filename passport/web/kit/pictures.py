"""The pictures that stand for people and for codes: one name each, for alternative text.

A picture is a symbol in a sprite (`pictures/avatars.svg`, `pictures/codes.svg`); its place in these
lists is stored with people, so new ones are added at the end and none is ever moved or removed.
Left out on purpose, because somewhere they insult or frighten: dogs, pigs, monkeys, donkeys, owls,
snakes, hands and faces of people. (R107)
"""

from django.utils.translation import gettext_noop as n_

AVATARS: dict[str, str] = {
    "cat": n_("Cat"),
    "lion": n_("Lion"),
    "elephant": n_("Elephant"),
    "rabbit": n_("Rabbit"),
    "giraffe": n_("Giraffe"),
    "zebra": n_("Zebra"),
    "camel": n_("Camel"),
    "panda": n_("Panda"),
    "sheep": n_("Sheep"),
    "chick": n_("Chick"),
    "turtle": n_("Turtle"),
    "whale": n_("Whale"),
    "butterfly": n_("Butterfly"),
    "bee": n_("Bee"),
    "snail": n_("Snail"),
    "penguin": n_("Penguin"),
    "ladybird": n_("Ladybird"),
    "octopus": n_("Octopus"),
    "mango": n_("Mango"),
    "banana": n_("Banana"),
    "pineapple": n_("Pineapple"),
    "watermelon": n_("Watermelon"),
    "orange": n_("Orange"),
    "grapes": n_("Grapes"),
    "strawberry": n_("Strawberry"),
    "apple": n_("Apple"),
    "cherries": n_("Cherries"),
    "carrot": n_("Carrot"),
    "kite": n_("Kite"),
    "umbrella": n_("Umbrella"),
    "bicycle": n_("Bicycle"),
    "rocket": n_("Rocket"),
    "car": n_("Car"),
    "balloon": n_("Balloon"),
    "rainbow": n_("Rainbow"),
    "cactus": n_("Cactus"),
    "bell": n_("Bell"),
    "guitar": n_("Guitar"),
    "cup": n_("Cup"),
    "aeroplane": n_("Aeroplane"),
}

CODES: dict[str, str] = {
    "sun": n_("Sun"),
    "moon": n_("Moon"),
    "star": n_("Star"),
    "tree": n_("Tree"),
    "fish": n_("Fish"),
    "house": n_("House"),
    "drum": n_("Drum"),
    "boat": n_("Boat"),
    "flower": n_("Flower"),
    "bird": n_("Bird"),
    "ball": n_("Ball"),
    "key": n_("Key"),
}

COURSE_COLOURS = ("amber", "coral", "leaf", "sky", "plum", "sand")

_AVATAR_KEYS = tuple(AVATARS)
CODE_KEYS = tuple(CODES)


def avatar_key(place: int | str) -> str:
    """The symbol of an own picture, from its place in the list as it is stored with a person."""
    if isinstance(place, str):
        return place if place in AVATARS else _AVATAR_KEYS[0]
    return _AVATAR_KEYS[place % len(_AVATAR_KEYS)]


def code_place(key: str) -> int | None:
    """The place of a code picture in the list, as codes are stored; None where there is none."""
    return CODE_KEYS.index(key) if key in CODES else None
