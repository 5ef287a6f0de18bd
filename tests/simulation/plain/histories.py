"""Histories by chance: a seed makes one, and makes it again."""

from __future__ import annotations

import random
from bisect import bisect
from itertools import accumulate
from typing import NamedTuple

from tests.simulation.plain.faults import NONE, Faults
from tests.simulation.plain.invariants import check
from tests.simulation.plain.node import Broken
from tests.simulation.plain.world import RULES, THEMES, World

STEPS = 50
_ACTS = tuple(RULES)
_LIMITS = tuple(
    tuple(accumulate(weight * theme.get(rule, 1) for rule, weight in RULES.items()))
    for theme in THEMES
)


class Outcome(NamedTuple):
    """How a history ended."""

    problem: str | None
    steps: int
    told: list[str] | None


def run(seed: int, faults: Faults = NONE, *, steps: int = STEPS, tells: bool = False) -> Outcome:
    """Live through one history."""
    chance = random.Random(seed)
    draw, bits = chance.random, chance.getrandbits
    world = World(faults, tells=tells)
    limits = _LIMITS[seed % len(_LIMITS)]
    total, at = limits[-1], 0
    length = steps - 10 + int(draw() * 21)
    try:
        for at in range(length):
            act = _ACTS[bisect(limits, draw() * total)]
            act(world, bits(16), bits(16))
        at = length
        check(world, chance)
    except Broken as problem:
        return Outcome(str(problem), at, world.told)
    return Outcome(None, length, world.told)
