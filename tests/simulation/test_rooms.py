"""The histories of the plain simulator hold in the real rooms too."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from passport.sync.policies import Fate
from tests.simulation import lying
from tests.simulation.mishaps import RoomsUnderFire
from tests.simulation.plain.rules import THEMES
from tests.simulation.rooms import live

QUICK_STEPS = 30


@pytest.mark.parametrize("seed", range(100, 100 + len(THEMES)))
def test_a_history_of_every_theme_holds_in_the_real_rooms(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker, seed: int
) -> None:
    with django_db_blocker.unblock():
        assert live(tmp_path, seed, QUICK_STEPS, make=RoomsUnderFire)


@pytest.mark.deep
def test_three_hundred_histories_hold_in_the_real_rooms(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock():
        for seed in range(1000, 1300):
            assert live(tmp_path / str(seed), seed, make=RoomsUnderFire)


def test_every_lie_of_a_hub_with_real_keys_is_set_aside(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock():
        rooms = RoomsUnderFire(tmp_path)
        for at in range(3):
            rooms.register(at, 0)
            rooms.meet(at, 0)
        liar = rooms.hubs[0]
        told = rooms.told_by(liar, 0)
        assert told is not None
        assert told.stranger
        for said in lying.LIES:
            lie = said(told, rooms.country)
            assert lie is not None
            forged = lying.forge(liar, rooms.country, lie)
            rooms.remember(forged)
            taken = rooms.country.take(forged.files)
            assert taken.tally.had(Fate.QUARANTINED) == 1, said.__name__
            rooms.check_set_aside()
        rooms.check_in_the_end()
        rooms.close()
