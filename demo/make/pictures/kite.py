"""Pictures of the story "The red kite": a hill, a village, a river, and six people."""

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

DAY, DUSK, ROOM = "#dceefa", "#fbe0c4", "#fbeedb"
Point = tuple[float, float]


def mina(left: Point = (-38, 34), right: Point = (38, 34), mood: str = "smile") -> str:
    return people.person(
        people.BROWN_SKIN, "braids", top=AMBER, left=left, right=right, mood=mood, dress=True
    )


def sami(left: Point = (-38, 34), right: Point = (38, 34), mood: str = "smile") -> str:
    return people.person(
        people.BROWN_SKIN, "short", top=LEAF, bottom=DEEP[BROWN], left=left, right=right, mood=mood
    )


def grandmother(left: Point = (-38, 34), right: Point = (38, 34)) -> str:
    return people.person(
        people.BROWN_SKIN, "bun", people.GREY_HAIR, PLUM, left=left, right=right, dress=True
    )


def baker(left: Point = (-38, 34), right: Point = (38, 34), mood: str = "smile") -> str:
    apron = path("M-14 0H14L22 60H-22Z", WHITE)
    return (
        people.person(
            people.TAN, "scarf", CORAL, SKY, left=left, right=right, mood=mood, dress=True
        )
        + apron
    )


def teo(left: Point = (-38, 34), right: Point = (38, 34), mood: str = "smile") -> str:
    return people.person(
        people.DARK, "curly", top=SKY, bottom=BROWN, left=left, right=right, mood=mood
    )


def boatman(left: Point = (-38, 34), right: Point = (38, 34), *, legs: bool = True) -> str:
    return people.person(
        people.TAN, "bald", people.GREY_HAIR, PLUM, left=left, right=right, beard=True, legs=legs
    )


def red_kite(tail: str = INK) -> str:
    return t.kite(CORAL, CORAL).replace(LIGHT[CORAL], CORAL, 1) + line(
        "M0 30C-14 40 12 48-4 60S10 76 2 88", tail, 3
    )


def trees(*spots: tuple[float, float, float]) -> str:
    return "".join(at(x, y, t.tree(), s=s) for x, y, s in spots)


def river(y: float) -> str:
    waves = "".join(
        line(f"M{x} {y + dy}q12-9 24 0t24 0", LIGHT[SKY], 4)
        for x, dy in [(24, 26), (150, 44), (290, 28), (60, 66), (230, 72)]
    )
    return path(f"M0 {y}Q100 {y - 10} 200 {y}T400 {y}V300H0Z", SKY) + waves


def bow(colour: str) -> str:
    return path("M0 0L-14-9V9ZM0 0L14-9V9Z", colour) + circle(0, 0, 4, DEEP[colour])


def goats(*spots: tuple[float, float, float]) -> str:
    return "".join(at(x, y, t.goat(), s=s) for x, y, s in spots)


def draw() -> dict[str, str]:
    window = (
        box(236, 46, 124, 110, DEEP[BROWN], 6)
        + box(244, 54, 108, 94, DAY)
        + path("M244 124Q298 100 352 124V148H244Z", LIGHT[LEAF])
        + path("M270 148Q300 126 352 134V148Z", SKY)
        + line("M298 54V148", DEEP[BROWN], 5)
    )
    string = "M214 160C240 130 262 110 290 84"
    sailing = river(196)
    long_tail = (
        line("M300 118C280 136 322 150 300 168S276 190 292 208", INK, 3)
        + at(292, 138, bow(AMBER))
        + at(312, 154, bow(SKY))
        + at(288, 176, bow(LEAF))
        + at(286, 204, bow(PLUM))
    )
    oar = line("M222 188L268 92", BROWN, 7) + oval(272, 82, 8, 17, DEEP[BROWN], 26)
    return {
        "cover.svg": picture(hill(228, LEAF), at(330, 60, t.cloud(), s=0.9), at(60, 84, t.cloud(), s=0.7), line("M124 214C150 190 170 170 226 152", INK, 3), at(228, 120, red_kite(), s=1.9, turn=14), at(92, 222, mina((-34, 30), (46, -8), "laugh"), s=0.75), background="#bfe0f5"),
        "home.svg": picture(at(330, 56, t.happy_sun(), s=0.8), at(110, 60, t.cloud(), s=0.8), path("M0 230Q130 110 300 200T400 230V300H0Z", LEAF), path("M220 300Q300 236 400 250V300Z", SKY), at(140, 138, t.house(), s=1.3), trees((54, 186, 0.8), (232, 186, 0.7)), at(208, 214, mina(mood="laugh"), s=0.42), background=DAY),
        "paper.svg": picture(box(0, 236, 400, 64, SAND), window, at(120, 172, mina((-52, -30), (40, 46), "laugh"), s=1.05), path("M38 110L78 96L90 150L52 160Z", CORAL), line("M196 236L286 214M206 216L276 240", BROWN, 6), circle(322, 230, 20, WHITE), line("M308 222L334 238M306 232L330 246M314 214L338 228", DEEP[SAND], 2.5), background=ROOM),
        "making.svg": picture(box(0, 240, 400, 60, SAND), at(90, 170, sami((-36, 36), (52, 26), "laugh"), s=0.95), at(200, 166, mina((-30, 40), (30, 40)), s=1), at(312, 164, grandmother((-46, 30), (38, 40)), s=1.02), at(200, 206, t.kite(CORAL, CORAL), s=1.2), line("M204 262C240 280 262 230 268 196", INK, 3), at(238, 256, bow(SKY)), at(264, 226, bow(AMBER)), background=ROOM),
        "up.svg": picture(at(84, 60, t.cloud(), s=0.9), at(216, 40, t.cloud(), s=0.6), hill(226, LEAF), line(string, INK, 2.5), at(308, 58, red_kite(), s=0.95, turn=24), at(176, 198, mina((-36, 24), (38, -36), "laugh"), s=0.85), at(90, 214, sami((-40, -50), (40, -50), "laugh"), s=0.72), line("M20 120q20-10 40 0M330 170q20-10 40 0M120 96q16-8 32 0", WHITE, 4), background="#bfe0f5"),
        "snap.svg": picture(at(100, 56, t.cloud("#eef3f7"), s=1), hill(232, LEAF), trees((300, 206, 0.9), (356, 216, 0.8), (252, 220, 0.7)), at(330, 56, red_kite(), s=0.75, turn=50), line("M128 180C150 170 164 176 176 160M290 92C270 96 262 108 250 104", INK, 2.5), at(100, 204, mina((-40, 0), (36, -30), "oh"), s=0.85), at(34, 224, sami((-30, -30), (34, -30), "oh"), s=0.64), background="#cfe3ee"),
        "follow.svg": picture(at(310, 60, t.cloud(), s=0.8), path("M0 240Q150 170 400 220V300H0Z", LEAF), path("M150 300Q210 250 330 224L362 222Q270 258 250 300Z", SAND), at(150, 176, mina((-36, 30), (44, 44)), s=0.95), at(232, 196, sami((-42, 18), (34, 34), "sad"), s=0.78), path("M262 142C268 150 272 154 272 159A6 6 0 0 1 260 159C260 154 258 150 262 142Z", SKY).replace("/>", ' transform="translate(-18 16)"/>'), trees((356, 190, 0.6), (40, 220, 0.8)), background=DAY),
        "baker.svg": picture(box(0, 244, 400, 56, SAND), box(206, 40, 194, 204, "#f0cfa0"), path("M190 48L303 0H400V48Z", CORAL), box(240, 84, 130, 66, DEEP[BROWN], 6), at(272, 122, t.bread(), s=0.5), at(332, 122, t.bread(), s=0.5), at(290, 176, baker((-56, 10), (40, 40)), s=1), at(226, 180, t.bread(), s=0.5), at(132, 182, mina((-34, 34), (52, 8), "laugh"), s=0.88), at(56, 202, sami((-30, 30), (36, 10)), s=0.72), background=DAY),
        "goats.svg": picture(at(70, 60, t.cloud(), s=0.8), path("M0 200Q180 150 400 210V300H0Z", LIGHT[LEAF]), path("M0 250Q220 210 400 254V300H0Z", LEAF), goats((60, 236, 0.8), (356, 246, 0.85), (310, 186, 0.5)), at(256, 178, teo((-40, 30), (60, -34)), s=0.9), line("M202 216L196 122", BROWN, 6), at(158, 190, mina((-34, 34), (34, 34), "oh"), s=0.8), at(104, 206, sami((-30, 34), (32, 30)), s=0.66), background=DAY),
        "boat.svg": picture(path("M0 196Q90 150 200 178T400 168V220H0Z", LIGHT[LEAF]), at(344, 134, t.mango_tree(), s=1.2), at(340, 92, red_kite(), s=0.4, turn=30), sailing, at(84, 156, boatman((-34, 40), (52, 40), legs=False), s=0.95), at(170, 164, mina((-30, 40), (38, -30), "laugh"), s=0.72), at(222, 170, sami((-30, 30), (34, -26), "laugh"), s=0.62), at(272, 164, teo((-30, 36), (34, 26)), s=0.66), path("M30 196H330C324 240 300 256 270 256H90C60 256 36 240 30 196Z", BROWN), box(26, 192, 308, 12, DEEP[BROWN], 5), line("M130 196L160 288", DEEP[BROWN], 7), background=DAY),
        "tree.svg": picture(hill(240, LEAF), path("M318 250L326 150H346L356 250Z", DEEP[BROWN]), "".join(circle(x, y, r, LEAF) for x, y, r in [(290, 84, 52), (360, 78, 56), (326, 40, 54), (330, 112, 50)]), "".join(oval(x, y, 7, 9, AMBER) for x, y in [(352, 120), (372, 60), (318, 30), (310, 134)]), at(276, 66, red_kite(), s=0.6, turn=20), oar, at(206, 216, mina((26, -44), (30, -22), "laugh"), s=0.72), at(154, 222, teo((40, -30), (56, -16)), s=0.7), at(104, 232, sami((-36, -40), (36, -46), "laugh"), s=0.58), at(44, 206, boatman(right=(36, 0)), s=0.76), background=DAY),
        "tail.svg": picture(hill(236, LEAF), at(196, 100, t.kite(CORAL, CORAL), s=1.9), line("M196 190C150 220 250 236 196 262S130 284 160 292", INK, 3), at(176, 210, bow(AMBER)), at(222, 234, t.bell(), s=0.3), at(186, 264, bow(SKY)), at(70, 208, mina((-34, 34), (52, -8)), s=0.76), at(330, 208, teo((-52, 0), (34, 34)), s=0.76), at(376, 224, boatman((-36, 0), (30, 30)), s=0.62), at(22, 226, sami((-26, 30), (34, 0), "laugh"), s=0.58), background=DUSK),
        "ours.svg": picture(at(76, 62, t.happy_sun(), s=0.8), river(226), hill(214, LEAF).replace("V300H0Z", "V262Q200 240 0 262Z"), line("M206 178C240 150 262 130 296 108", INK, 2.5), at(302, 74, t.kite(CORAL, CORAL), s=1, turn=14), long_tail, at(176, 188, mina((-34, 20), (44, -14), "laugh"), s=0.62), at(122, 198, sami((-30, 30), (36, -30), "laugh"), s=0.5), at(232, 192, teo((-36, -16), (34, 30), "laugh"), s=0.6), at(62, 186, baker((-34, 30), (36, 30), "laugh"), s=0.64), at(352, 192, boatman((-34, 0), (30, 34)), s=0.6), background="#fde3c8"),
        "story-paper.svg": picture(box(0, 240, 400, 60, SAND), at(190, 150, box(-100, -76, 200, 152, WHITE, 8), t.kite(CORAL, CORAL), line("M-70 50Q0 20 70 50", LEAF, 8), turn=-4), at(330, 170, t.pencil(), s=1.7), background=ROOM),
        "story-who.svg": picture(at(80, 150, people.head(people.DARK, "curly", top=SKY), s=1.3), at(200, 150, t.cat(), s=1.3), at(322, 150, people.head(people.FAIR, "long", people.BROWN_HAIR, LEAF), s=1.3), background="#efe6f6"),
        "story-tell.svg": picture(box(0, 250, 400, 50, SAND), at(90, 178, mina((-40, -20), (44, 0), "laugh"), s=1), at(200, 70, t.bubble(WHITE, at(0, -8, t.star(), s=0.6)), s=1.2), "".join(at(x, 236, people.head(s, h, top=c), s=0.85) for x, s, h, c in [(208, people.TAN, "short", SKY), (282, people.DARK, "bun", CORAL), (354, people.FAIR, "scarf", PLUM)]), background="#fdebd0"),
        "face-baker.svg": picture(at(100, 104, people.head(people.TAN, "scarf", CORAL, SKY), s=1.7), width=200, height=200, background=DAY),
        "face-teo.svg": picture(at(100, 104, people.head(people.DARK, "curly", top=SKY), s=1.7), width=200, height=200, background="#e4f1e6"),
        "face-boatman.svg": picture(at(100, 186, boatman(legs=False), s=1.7), width=200, height=200, background="#fdebd0"),
        "face-grandmother.svg": picture(at(100, 104, people.head(people.BROWN_SKIN, "bun", people.GREY_HAIR, PLUM), s=1.5), width=200, height=200, background="#fbe3dc"),
        "kite-red.svg": picture(at(100, 100, t.kite(CORAL, CORAL), s=1.6), width=200, height=200, background=DAY),
        "kite-blue.svg": picture(at(100, 100, t.kite(SKY, SKY), s=1.6), width=200, height=200, background="#fdebd0"),
        "kite-green.svg": picture(at(100, 100, t.kite(LEAF, LEAF), s=1.6), width=200, height=200, background=DAY),
        "bread.svg": picture(at(100, 100, t.bread(), s=1.5), width=200, height=200, background="#fdebd0"),
        "boat-card.svg": picture(box(0, 142, 200, 58, SKY), at(100, 100, t.boat(), s=1.5), width=200, height=200, background=DAY),
        "goat.svg": picture(at(100, 100, t.goat(), s=1.5), width=200, height=200, background="#cfe7d4"),
    }  # fmt: skip
