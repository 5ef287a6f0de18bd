"""The office moves a learner: it says what will happen, and then it happens."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client

from passport.fleet.models import Hub
from passport.kernel.clock import moment, now_ms
from passport.node.models import Custody
from passport.people.models import Person
from tests.world import World, browser


def text(answer: object) -> str:
    plain = re.sub(r"<[^>]*>|[\u2066-\u2069]", " ", answer.content.decode())  # type: ignore[attr-defined]
    return " ".join(unescape(plain).split())


@pytest.fixture
def hubs(world: World) -> None:
    for number, (name, site) in enumerate(
        [("Mango hub", world.mango), ("Baobab hub", world.baobab)]
    ):
        key = f"{number}a" * 32
        Hub.objects.create(key=key, name=name, sites=[site.id.hex], admitted_at=moment(now_ms()))


@pytest.mark.usefixtures("hubs")
def test_what_will_happen_is_said_and_then_it_happens(world: World, adam: Client) -> None:
    there = f"/office/people/{world.amina.person}/move"
    assert there in adam.get(f"/office/people/{world.amina.person}").text
    sites = adam.get(there).text
    assert f"{there}/{world.baobab.id}" in sites
    assert f"{there}/{world.mango.id}" not in sites  # where she is already
    asked = text(adam.get(f"{there}/{world.baobab.id}"))
    assert "Baobab hub : gets the whole record" in asked
    assert "Mango hub : lets go of the record" in asked
    assert "Amina" not in asked
    assert not Custody.objects.exists()

    answer = adam.post(f"{there}/{world.baobab.id}", {"group": world.kites.id})
    assert answer.status_code == 302
    assert Person.objects.get(pk=world.amina.person).site_id == world.baobab.id
    assert "Kites" in text(adam.get(answer["Location"]))


def test_a_site_without_a_hub_is_said_to_have_none(world: World, adam: Client) -> None:
    page = text(adam.get(f"/office/people/{world.amina.person}/move/{world.baobab.id}"))
    assert "No hub serves this site yet" in page


def test_sites_are_searched(world: World, adam: Client) -> None:
    page = adam.get(f"/office/people/{world.amina.person}/move?q=mango").text
    assert str(world.baobab.id) not in page


@pytest.mark.parametrize("group", ["x", str(uuid4())])
def test_a_class_that_is_none_moves_nobody(world: World, adam: Client, group: str) -> None:
    there = f"/office/people/{world.amina.person}/move/{world.baobab.id}"
    assert adam.post(there, {"group": group}).status_code in {400, 404}
    assert Person.objects.get(pk=world.amina.person).site_id == world.mango.id


def test_others_move_nobody(world: World, olga: Client) -> None:
    there = f"/office/people/{world.amina.person}/move"
    for client in (
        olga,
        browser(world.facilitator.sign_in()),
        browser(world.amina.sign_in()),
    ):
        assert client.get(there).status_code == 404
        assert client.post(f"{there}/{world.baobab.id}").status_code == 404
    assert browser().get(there).status_code == 302
    assert "/move" not in olga.get(f"/office/people/{world.amina.person}").text
    assert not Custody.objects.exists()


@pytest.mark.parametrize("path", ["{0}/move", "{1}/move/{0}", "{0}/move/{2}"])
def test_nobody_and_nowhere_are_not_found(world: World, adam: Client, path: str) -> None:
    there = path.format(uuid4(), world.amina.person, world.baobab.id)
    assert adam.get(f"/office/people/{there}").status_code == 404


def test_choosing_is_read_only(world: World, adam: Client) -> None:
    assert adam.post(f"/office/people/{world.amina.person}/move").status_code == 405
