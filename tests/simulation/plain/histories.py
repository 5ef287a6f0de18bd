"""Histories by chance: a seed makes one, and makes it again."""

from __future__ import annotations

import random
from bisect import bisect
from itertools import accumulate
from typing import NamedTuple

from tests.simulation.plain.faults import NONE, Faults
from tests.simulation.plain.invariants import check
from tests.simulation.plain.rules import RULES, THEMES, Rule
from tests.simulation.plain.state import Broken
from tests.simulation.plain.world import World

STEPS = 50
_ACTS = tuple(RULES)
_LIMITS = tuple(
    tuple(accumulate(weight * theme.factors.get(rule, 1) for rule, weight in RULES.items()))
    for theme in THEMES
)

type Step = tuple[Rule, int, int]


def steps_of(chance: random.Random, seed: int, steps: int) -> list[Step]:
    """Draw a history: what is tried, one after the other."""
    draw, bits = chance.random, chance.getrandbits
    theme, limits = THEMES[seed % len(THEMES)], _LIMITS[seed % len(THEMES)]
    length = steps - 10 + int(draw() * 21)
    drawn: list[Step] = []
    if draw() < 0.5:
        prelude = theme.preludes[bits(8) % len(theme.preludes)]
        drawn += [(rule, bits(16) if a is None else a, bits(16)) for rule, a in prelude]
    total = limits[-1]
    while len(drawn) < length:
        drawn.append((_ACTS[bisect(limits, draw() * total)], bits(16), bits(16)))
    return drawn


class Outcome(NamedTuple):
    """How a history ended."""

    problem: str | None
    steps: int
    told: list[str] | None


def run(seed: int, faults: Faults = NONE, *, steps: int = STEPS, tells: bool = False) -> Outcome:
    """Live through one history."""
    chance = random.Random(seed)
    drawn = steps_of(chance, seed, steps)
    world = World(faults, tells=tells)
    done = 0
    try:
        for act, a, b in drawn:
            act(world, a, b)
            done += 1
        check(world, chance)
    except Broken as problem:
        return Outcome(str(problem), done, world.told)
    return Outcome(None, done, world.told)
