"""People: stick-simple bodies with round heads, in many skins, hairs and clothes."""

from demo.make.shapes import DEEP, INK, LIGHT, WHITE, box, circle, line, oval, path

DARK, BROWN_SKIN, TAN, FAIR = "#7a4f33", "#94603a", "#c98d5f", "#e6b98f"
BLACK_HAIR, BROWN_HAIR, GREY_HAIR = "#2b2326", "#5a3a26", "#b8b2ac"
Point = tuple[float, float]


def face(mood: str) -> str:
    """Eyes and mouth for a head of radius 26 about (0, -52)."""
    look = circle(-10, -52, 3, INK) + circle(10, -52, 3, INK)
    cheeks = oval(-16, -44, 4.5, 3, "#e8604c55") + oval(16, -44, 4.5, 3, "#e8604c55")
    mouths = {
        "smile": line("M-8-42C-4-36 4-36 8-42", INK, 2.6),
        "laugh": path("M-9-43H9C8-33-8-33-9-43Z", "#8c2f2a"),
        "sad": line("M-7-38C-4-43 4-43 7-38", INK, 2.6)
        + line("M-15-59L-8-61M15-59L8-61", INK, 2.2),
        "oh": oval(0, -39, 4, 5, "#8c2f2a") + line("M-14-61L-8-62M14-61L8-62", INK, 2.2),
        "calm": line("M-6-40H6", INK, 2.6),
    }
    if mood == "sleep":
        look = line("M-14-52C-12-49-8-49-6-52M6-52C8-49 12-49 14-52", INK, 2.4)
        return look + cheeks + mouths["smile"]
    return look + cheeks + mouths[mood]


def hair(style: str, colour: str) -> tuple[str, str]:
    """What is behind the head, and what is in front."""
    cap = path("M-27-50C-30-92 30-92 27-50C24-62 12-68-2-66C-14-66-24-62-27-50Z", colour)
    curls = [(-24, -60), (-18, -73), (-4, -80), (12, -77), (24, -64), (-27, -50), (27, -52)]
    under_curls = path("M-25-54C-20-80 20-80 25-54C14-66-14-66-25-54Z", colour)
    shawl = path("M-32-50C-34-92 34-92 32-50C32-30 36-16 30-6H-30C-36-16-32-30-32-50Z", colour)
    brow = path("M-29-50C-30-94 30-94 29-50C20-70-20-70-29-50Z", colour)
    chin = path("M-26-46C-20-26 20-26 26-46C32-20 22-6 0-6C-22-6-32-20-26-46Z", colour)
    sides = circle(-25, -52, 7, colour) + circle(25, -52, 7, colour)
    braids = line("M-26-52C-34-40-32-26-30-16M26-52C34-40 32-26 30-16", colour, 10)
    styles = {
        "short": ("", cap),
        "long": (box(-29, -66, 58, 52, colour, 20), cap),
        "curly": ("".join(circle(x, y, 11, colour) for x, y in curls), under_curls),
        "bun": (circle(0, -84, 12, colour), cap),
        "braids": (braids, cap),
        "scarf": (shawl, brow + chin),
        "bald": (sides, ""),
    }
    return styles[style]


def person(
    skin: str = TAN,
    style: str = "short",
    hair_colour: str = BLACK_HAIR,
    top: str = "#3d8fcf",
    *,
    bottom: str = "#2b2a33",
    left: Point = (-38, 34),
    right: Point = (38, 34),
    mood: str = "smile",
    dress: bool = False,
    beard: bool = False,
    legs: bool = True,
) -> str:
    """Someone from head (-86) to feet (100). `left` and `right` are where the hands are."""
    behind, before = hair(style, hair_colour)
    under = ""
    if legs:
        tone = skin if dress else bottom
        under = line("M-10 50V90M10 50V90", tone, 13) + line(
            "M-12 96H-18M12 96H18", DEEP["#9a6b45"], 10
        )
    shape = (
        "M-22-20C-22-28 22-28 22-20L34 66H-34Z"
        if dress
        else "M-22-18C-22-28 22-28 22-18L23 52H-23Z"
    )
    arms = ""
    for side, (x, y) in ((-1, left), (1, right)):
        arms += line(f"M{side * 19} -14L{x} {y}", LIGHT.get(top, top), 13) + circle(x, y, 8, skin)
    chin = path("M-24-46C-22-14 22-14 24-46C16-34-16-34-24-46Z", hair_colour) if beard else ""
    return (
        behind + under + path(shape, top) + arms + box(-6, -32, 12, 12, skin)
        + circle(0, -52, 26, skin) + chin + face(mood) + before
    )  # fmt: skip


def head(
    skin: str = TAN,
    style: str = "short",
    hair_colour: str = BLACK_HAIR,
    top: str = "#3d8fcf",
    mood: str = "smile",
) -> str:
    """Head and shoulders in a box from -50 to 50."""
    behind, before = hair(style, hair_colour)
    if style == "scarf":
        top_part = path("M-36 26C-36-14 36-14 36 26Z", top)
        return f'<g transform="translate(0 44)">{behind}{top_part.replace("26", "6")}{circle(0, -52, 26, skin)}{face(mood)}{before}</g>'
    return f'<g transform="translate(0 44)">{behind}{path("M-38 6C-38-30 38-30 38 6Z", top)}{box(-8, -34, 16, 18, skin, 6)}{circle(0, -52, 26, skin)}{face(mood)}{before}</g>'


__all__ = ["WHITE", "face", "hair", "head", "person"]
