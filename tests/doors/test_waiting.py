"""After a restore nobody is served until the erasures since were replayed, and parcels still come in."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings

from passport.node import actions as node
from passport.node import queries
from passport.roles import HUB
from tests.world import World, browser, machine


@pytest.fixture
def restored(world: World) -> World:
    node.begin_again(by=machine(), name="", awaits_erasures=True)
    return world


@pytest.mark.parametrize("address", ["/", "/sign-in", "/courses", "/class", "/office", "/learnt"])
def test_no_page_shows_anybody(restored: World, address: str) -> None:
    for client in (
        Client(),
        browser(restored.facilitator.sign_in()),
        browser(restored.office.sign_in()),
    ):
        answer = client.get(address)
        assert answer.status_code == 503
        assert "restored without its list of the erased" in answer.text
        assert "Amina" not in answer.text


def test_a_hub_says_that_it_waits_for_the_country(restored: World) -> None:
    with override_settings(ROLE=HUB):
        answer = Client().get("/sign-in")
    assert answer.status_code == 503
    assert "needs a parcel from the country" in answer.text


def test_a_learners_answers_stay_on_their_device(restored: World) -> None:
    answer = browser(restored.amina.sign_in()).post(
        "/events", b"{}", content_type="application/json"
    )
    assert (answer.status_code, answer.json()["why"][:12]) == (503, "This country")


def test_parcels_come_in_by_every_way(restored: World) -> None:
    assert (
        Client()
        .post("/peers/v1/parcels", b"x", content_type="application/octet-stream")
        .status_code
        == 400
    )
    assert browser(restored.facilitator.sign_in()).get("/carry").status_code == 200
    assert browser(restored.office.sign_in()).get("/office/parcels").status_code == 200
    assert Client().get("/sign-in/password").status_code == 200
    assert 'href="/office/parcels"' in browser(restored.office.sign_in()).get("/").text
    assert 'href="/sign-in/password"' in Client().get("/").text


def test_with_the_erasures_replayed_the_doors_open(restored: World) -> None:
    node.serve_again(by=machine(), erased=[b'{"person":"1"}'])
    node.forget()
    assert Client().get("/sign-in").status_code == 200
    assert list(queries.erasures_remembered()) == [b'{"person":"1"}']
    assert queries.knows_every_erasure()


def test_asking_costs_no_question_to_the_database_once_people_are_served(
    world: World, django_assert_num_queries: object
) -> None:
    assert not queries.awaits_erasures()
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert not queries.awaits_erasures()
