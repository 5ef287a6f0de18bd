"""How much a run of the tests takes on: marks, `--deep`, which database, and how hard hypothesis tries."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

JOURNEYS = Path(__file__).parent.parent / "journeys"

THE_DATABASE = {"db", "transactional_db", "postgresql", "countrys_database"}
"""Fixtures that give a test the database that the run is about, or one of its own on the same server."""

# No test is timed: the machine may be shared, or a small one.
settings.register_profile("quick", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("deep", settings.get_profile("quick"), max_examples=2_000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--deep", action="store_true", help="run what takes minutes as well")


def pytest_configure(config: pytest.Config) -> None:
    profile = "deep" if config.getoption("--deep") else "quick"
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", profile))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("DATABASE_URL"):
        _keep_what_asks_for_the_database(config, items)
    for item in items:
        if item.path.is_relative_to(JOURNEYS):
            item.add_marker(pytest.mark.journey)
        if item.get_closest_marker("deep") and not config.getoption("--deep"):
            item.add_marker(pytest.mark.skip(reason="takes minutes; run with --deep"))


def _keep_what_asks_for_the_database(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave to the run on SQLite what would do the same again here.

    A test without one of these fixtures is kept from the database by pytest-django, or brings nodes
    of its own, which are hubs' files on SQLite in either run: the simulator, parcels, power cuts.
    """
    other = [item for item in items if not _asks_for_the_database(item)]
    if other:
        config.hook.pytest_deselected(items=other)
        items[:] = [item for item in items if _asks_for_the_database(item)]


def _asks_for_the_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(fixtures & THE_DATABASE) or item.get_closest_marker("django_db") is not None
