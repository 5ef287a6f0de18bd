"""Nodes as people run them, made once for all journeys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import nodes
from tests.journeys.nodes import Node


@dataclass(frozen=True)
class Served:
    """A node that serves, and what is on it."""

    home: Path
    address: str
    cast: dict[str, Any]

    def at(self, path: str) -> str:
        return self.address + path.format(**self.cast)

    def card(self, name: str) -> str:
        return f"{self.address}/c/{self.cast['learners'][name]['card']}"


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a country with the cast of all tests and two small courses."""
    home = tmp_path_factory.mktemp("small")
    listen = f"127.0.0.1:{nodes.free_port()}"
    nodes.run(home, "passport", "init", "--listen", listen)
    folder: Path = tmp_path_factory.mktemp("courses")
    cast = json.loads(nodes.run(home, "tests.journeys.small_cast", str(folder)))
    small = Node("small", home, f"http://{listen}")
    with nodes.served([small]):
        yield Served(home, small.address, cast)


@pytest.fixture(scope="session")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Node]]:
    """Serve a country and two hubs with the people of the demo and some of its courses."""
    with nodes.deployment(tmp_path_factory.mktemp("deployment")) as made:
        yield made


@pytest.fixture
def country(deployment: dict[str, Node]) -> Node:
    """The country's office."""
    return deployment["country"]


@pytest.fixture
def mango(deployment: dict[str, Node]) -> Node:
    """A hub with a network."""
    return deployment["mango"]


@pytest.fixture
def river(deployment: dict[str, Node]) -> Node:
    """A hub without any network: what comes and goes is carried."""
    return deployment["river"]
