"""What every test stands on: a folder of its own for the node under test."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.chromium import browser, open_context, open_page, page, playwright_driver
from tests.support.effort import (
    pytest_addoption,
    pytest_collection_modifyitems,
    pytest_configure,
)

__all__ = [
    "browser",
    "open_context",
    "open_page",
    "page",
    "playwright_driver",
    "pytest_addoption",
    "pytest_collection_modifyitems",
    "pytest_configure",
]

_home = tempfile.TemporaryDirectory(prefix="passport-tests-")
os.environ["PASSPORT_HOME"] = _home.name
(Path(_home.name) / "data").mkdir()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passport.settings")


@pytest.fixture
def node(db: None, settings: object, tmp_path: Path) -> Iterator[None]:
    """Give a test a country node of its own: key pair, first incarnation, empty journal."""
    from passport.kernel.actor import Actor
    from passport.node import actions
    from passport.node.engine import journal

    settings.KEY_FILE = tmp_path / "keys" / "node.key"  # type: ignore[attr-defined]
    settings.MEDIA = tmp_path / "media"  # type: ignore[attr-defined]
    journal.forget_origin()
    actions.set_up(by=Actor.machine(), name="Test country")
    yield
    journal.forget_origin()


from tests.world import world  # noqa: E402, F401 - a fixture for everybody
