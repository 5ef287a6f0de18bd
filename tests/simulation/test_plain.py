"""The rules of travel alone, in tens of thousands of histories (`plain/`), and faults that they must find."""

from __future__ import annotations

import pytest

from tests.simulation.plain import faults as planted
from tests.simulation.plain.histories import run

HISTORIES = 10_000
WITHIN = 4_000
"""Every fault shows in the first so many histories."""


def test_ten_thousand_histories_end_with_nothing_lost_forged_or_back_from_the_dead() -> None:
    failures = {seed: problem for seed in range(HISTORIES) if (problem := run(seed).problem)}

    assert not failures, (
        f"{failures}\nTo be told one: python -m tests.simulation.plain --seed {min(failures)}"
    )


@pytest.mark.parametrize("name", planted.NAMES)
def test_the_histories_find_a_planted_fault(name: str) -> None:
    fault = planted.only(name)

    assert any(run(seed, fault).problem for seed in range(WITHIN))


def test_a_history_is_the_same_when_it_is_told_again() -> None:
    first, second = run(7, tells=True), run(7, tells=True)

    assert first.told
    assert first == second
