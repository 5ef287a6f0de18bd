"""A country and a hub, each with a database of its own, and a class between them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pytest_django import DjangoDbBlocker

from passport.people import actions as people
from tests.rooms.learning import shelf
from tests.rooms.learning.device import Device
from tests.rooms.learning.shelf import Shelf
from tests.simulation.nodes import MACHINE, Node, enrol, meet
from tests.simulation.test_round_trip import learner
from tests.support.clocks import time_is_turned
from tests.support.remembering import move_in


@dataclass
class Pair:
    """A country and the hub of its only school, in step with each other."""

    country: Node
    hub: Node
    site: UUID
    group: UUID
    amina: UUID
    course: Shelf

    def learn(self, *pages: int, at: Node | None = None) -> list[UUID]:
        """Let Amina read pages of the article; returns the ids of the events."""
        with at or self.hub:
            device = Device(learner(self.amina, self.site), self.course)
            events = [device.event("viewed", "article", page=page, of=3) for page in pages]
            device.send(*events)
        return [UUID(event["id"]) for event in events]

    def register(self, given: str, at: Node | None = None) -> UUID:
        with at or self.hub:
            return people.register_learner(
                by=MACHINE, site=self.site, group=self.group, given=given
            ).person


def make_pair(folder: Path) -> Pair:
    """Make the two in a folder."""
    country = Node(folder / "country", "Demo Country", is_country=True)
    hub = Node(folder / "hub", "Mango hub", is_country=False)
    with country:
        site = people.add_site(by=MACHINE, name="Mango School").id
        group = people.add_group(by=MACHINE, site=site, name="Sunbirds").id
        course = shelf.publish(folder / "course", kinds=("article", "quiz"))
    enrol(country, hub, [site])
    with hub:
        amina = people.register_learner(
            by=MACHINE, site=site, group=group, given="Amina", family="Diallo"
        ).person
    meet(hub, country)
    return Pair(country, hub, site, group, amina, course)


@pytest.fixture(scope="session")
def first_pair(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> tuple[Path, Pair]:
    """Make the pair that all the others are copies of: to meet takes longer than most tests."""
    folder = tmp_path_factory.mktemp("pair")
    with django_db_blocker.unblock():
        made = make_pair(folder)
        made.country.close()
        made.hub.close()
    return folder, made


@pytest.fixture
def pair(
    tmp_path: Path, first_pair: tuple[Path, Pair], django_db_blocker: DjangoDbBlocker
) -> Iterator[Pair]:
    with django_db_blocker.unblock():
        made = make_pair(tmp_path) if time_is_turned() else copied(*first_pair, tmp_path)
        yield made
        made.country.close()
        made.hub.close()


def copied(folder: Path, first: Pair, place: Path) -> Pair:
    """Wake up a copy of a pair in another folder."""
    shutil.copytree(folder, place, dirs_exist_ok=True)
    country, hub = (
        Node(place / name, node.name, is_country=name == "country", is_copy=True)
        for name, node in (("country", first.country), ("hub", first.hub))
    )
    for node in (country, hub):
        with node:
            move_in()
    return replace(first, country=country, hub=hub)


@pytest.fixture
def acacia(pair: Pair, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
    """Give a second school with a hub of its own."""
    with django_db_blocker.unblock():
        hub: Any = Node(tmp_path / "acacia", "Acacia hub", is_country=False)
        with pair.country:
            hub.site = people.add_site(by=MACHINE, name="Acacia School").id
            hub.group = people.add_group(
                by=MACHINE,
                site=hub.site,
                name="Weavers",
            ).id
        enrol(pair.country, hub, [hub.site])
        yield hub
        hub.close()
