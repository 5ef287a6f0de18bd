"""What the tests of the learner's door stand on."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from passport.kernel.clock import Clock
from tests.doors.learner.shelf import Shelf, publish
from tests.world import World, browser


@pytest.fixture
def shelf(world: World, tmp_path: Path) -> Shelf:
    return publish(tmp_path / "counting")


@pytest.fixture
def amina(world: World) -> Client:
    return browser(world.amina.sign_in())


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let minutes pass, as far as idle time is concerned."""
    passed = [0]
    ahead = Clock(wall=lambda: time.time_ns() + passed[0] * 60_000_000_000)
    monkeypatch.setattr("passport.kernel.clock.machine", ahead)

    def minutes(count: int) -> None:
        passed[0] += count

    return minutes
