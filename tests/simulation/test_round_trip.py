"""A lesson learnt with no internet reaches the country, exactly once."""

from __future__ import annotations

from pathlib import Path

import pytest

from passport.people import actions as people
from passport.people import queries as people_queries
from tests.simulation.nodes import MACHINE, Node, enrol, meet


@pytest.fixture
def country(tmp_path: Path) -> Node:
    return Node(tmp_path / "country", "Demo Country", is_country=True)


def test_a_learner_registered_on_a_hub_is_known_at_the_country(country: Node, tmp_path: Path) -> None:
    hub = Node(tmp_path / "hub", "Mango hub", is_country=False)
    with country:
        site = people.add_site(by=MACHINE, name="Mango School")
        group = people.add_group(by=MACHINE, site=site.id, name="Sunbirds")
    enrol(country, hub, [site.id])
    with hub:
        made = people.register_learner(
            by=MACHINE, site=site.id, group=group.id, given="Amina", family="Diallo"
        )
    meet(hub, country)
    with country:
        page = people_queries.people_page(MACHINE, search="amina")
        assert [row.id for row in page.rows] == [made.person]
