"""A country and a hub, each with a database of its own, and a class between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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


@pytest.fixture
def pair(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Pair]:
    with django_db_blocker.unblock():
        made = make_pair(tmp_path)
        yield made
        made.country.close()
        made.hub.close()


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
