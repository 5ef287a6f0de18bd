"""Nodes as people run them: processes that are killed, HTTP, sticks; nothing acknowledged is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.simulation.processes import live
from tests.support.postgres import running_postgres

pytestmark = pytest.mark.skipif(
    bool(os.environ.get("DATABASE_URL")),
    reason="it starts a PostgreSQL for its country: looked at in the run on SQLite",
)


def test_a_short_history_of_real_processes_loses_nothing(tmp_path: Path) -> None:
    with running_postgres() as database:
        assert live(tmp_path, database, seed=3, acts=6, times=1).kills


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(10))
def test_many_histories_of_real_processes_lose_nothing(tmp_path: Path, seed: int) -> None:
    with running_postgres() as database:
        assert live(tmp_path, database, seed, acts=10, times=4).kills
