"""What the tests of the facilitator's door stand on."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from tests.rooms.learning.device import Device
from tests.rooms.learning.shelf import Shelf, publish
from tests.world import World, browser


@pytest.fixture
def shelf(world: World, tmp_path: Path) -> Shelf:
    return publish(tmp_path / "course")


@pytest.fixture
def fatou(world: World) -> Client:
    return browser(world.facilitator.sign_in())


@pytest.fixture
def sam(world: World) -> Client:
    """The facilitator of another site."""
    return browser(world.stranger.sign_in())


@pytest.fixture
def amina(world: World, shelf: Shelf) -> Device:
    return Device(world.amina.actor, shelf)
