"""The same world in the hands of hypothesis, which looks for histories on its own and makes them short."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.simulation.plain.faults import NONE, Faults, only
from tests.simulation.plain.invariants import check
from tests.simulation.plain.rules import RULES, Rule
from tests.simulation.plain.state import Broken
from tests.simulation.plain.world import World

NUMBERS = st.integers(0, 2**16 - 1)
EXAMPLES = 300
STEPS = 25


class Histories(RuleBasedStateMachine):
    """Each rule of the world is a rule of the machine."""

    faults: Faults = NONE
    shortest: list[str]

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self.faults, tells=True)

    def teardown(self) -> None:
        type(self).shortest = self.world.told or []
        check(self.world, random.Random(0))


def _rule(act: Rule) -> Callable[..., None]:
    def done(self: Histories, a: int, b: int) -> None:
        type(self).shortest = self.world.told or []
        act(self.world, a, b)

    done.__name__ = act.__name__
    return rule(a=NUMBERS, b=NUMBERS)(done)


for _act in RULES:
    setattr(Histories, _act.__name__, _rule(_act))


def _run(machine: type[Histories], examples: int, **more: Any) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )


def test_no_history_that_hypothesis_finds_loses_forges_or_revives_anything() -> None:
    _run(Histories, max(EXAMPLES, settings().max_examples))


@pytest.mark.parametrize(("fault", "steps"), [("no_eviction", 6), ("early_acknowledgement", 6)])
def test_a_planted_fault_is_shrunk_to_a_few_steps(fault: str, steps: int) -> None:
    class Faulty(Histories):
        faults = only(fault)

    with pytest.raises(Broken):
        _run(Faulty, 1_000, derandomize=True, database=None, phases=(Phase.generate, Phase.shrink))

    assert len(Faulty.shortest) <= steps, Faulty.shortest
