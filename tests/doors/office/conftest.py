"""What the tests of the office's door stand on."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from tests.rooms.learning.shelf import Shelf, publish
from tests.world import World, browser


@pytest.fixture
def shelf(world: World, tmp_path: Path) -> Shelf:
    return publish(tmp_path / "course")


@pytest.fixture
def olga(world: World) -> Client:
    """The office: figures and masked lists."""
    return browser(world.office.sign_in())


@pytest.fixture
def adam(world: World) -> Client:
    """The administrator."""
    return browser(world.administrator.sign_in())
