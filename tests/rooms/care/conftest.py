"""A country and its hub, with nodes of their own; and their country on PostgreSQL where there is one."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.support.postgres import own_database
from tests.sync.conftest import first_pair, pair

__all__ = ["first_pair", "pair"]


@pytest.fixture(autouse=True)
def own_databases(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def postgresql() -> Iterator[str]:
    """Give the URL of an empty database of its own."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        pytest.skip("There is no PostgreSQL; the suite runs a second time with one.")
    with own_database(url) as own:
        yield own
