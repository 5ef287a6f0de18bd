"""Somebody turns up with a card that nobody here knows: they are let in, and learn at once (C41)."""

from __future__ import annotations

import pytest
from django.test import Client

from passport.people.models import Person
from tests.world import World, browser

CARD = "ABCD 2345 WXYZ"


def admit(client: Client, world: World, card: str) -> object:
    there = f"/class/{world.sunbirds.id}/add"
    return client.post(there, {"given": "Neema", "card": card}, follow=True)


def test_a_strange_card_is_told_kindly(world: World) -> None:
    answer = browser().get("/c/ABCD2345WXYZ")
    assert answer.status_code == 403
    assert "Is the card from another place?" in answer.text


@pytest.mark.parametrize("card", [CARD, "abcd2345wxyz", "http://hub.local/c/ABCD2345WXYZ"])
def test_it_opens_the_door_once_they_are_in_the_class(
    world: World, fatou: Client, card: str
) -> None:
    page = admit(fatou, world, card).text  # type: ignore[attr-defined]
    assert "follows with the next parcels" in page
    assert CARD in page
    assert browser().get("/c/ABCD2345WXYZ").status_code == 302


def test_who_brings_no_card_is_told_nothing_of_one(world: World, fatou: Client) -> None:
    page = admit(fatou, world, "").text  # type: ignore[attr-defined]
    assert "follows with the next parcels" not in page


@pytest.mark.parametrize("card", ["12", "!!!!!!!!!!!!", "ABCD2345WXYZABCD2345WXYZ"])
def test_what_is_no_card_is_refused_in_words(world: World, fatou: Client, card: str) -> None:
    before = Person.objects.count()
    answer = admit(fatou, world, card)
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert "not the code of a card" in answer.text  # type: ignore[attr-defined]
    assert Person.objects.count() == before


def test_a_card_that_is_known_here_admits_nobody_twice(world: World, fatou: Client) -> None:
    admit(fatou, world, CARD)
    answer = admit(fatou, world, CARD)
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert "known here already" in answer.text  # type: ignore[attr-defined]


def test_nobody_of_another_site_admits_here(world: World, sam: Client) -> None:
    before = Person.objects.count()
    assert admit(sam, world, CARD).status_code == 404  # type: ignore[attr-defined]
    assert Person.objects.count() == before
