"""What the tests of this room share: a course that was published, and two learners' devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rooms.learning.device import Device
from tests.rooms.learning.shelf import Shelf, publish

if TYPE_CHECKING:
    from pathlib import Path

    from tests.world import World


@pytest.fixture
def shelf(world: World, tmp_path: Path) -> Shelf:
    return publish(tmp_path / "course")


@pytest.fixture
def amina(world: World, shelf: Shelf) -> Device:
    return Device(world.amina.actor, shelf)


@pytest.fixture
def bilal(world: World, shelf: Shelf) -> Device:
    return Device(world.bilal.actor, shelf)
