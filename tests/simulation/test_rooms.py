"""The histories of the plain simulator hold in the real rooms too."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.simulation.plain.rules import THEMES
from tests.simulation.rooms import live

QUICK_STEPS = 30


@pytest.mark.parametrize("seed", range(100, 100 + len(THEMES)))
def test_a_history_of_every_theme_holds_in_the_real_rooms(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker, seed: int
) -> None:
    with django_db_blocker.unblock():
        assert live(tmp_path, seed, QUICK_STEPS)


@pytest.mark.deep
def test_three_hundred_histories_hold_in_the_real_rooms(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock():
        for seed in range(1000, 1300):
            assert live(tmp_path / str(seed), seed)
