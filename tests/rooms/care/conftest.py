"""A country and its hub, with nodes of their own; and their country on PostgreSQL where there is one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

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
    name = f"care_{uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    try:
        yield f"{url.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
