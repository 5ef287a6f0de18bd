"""Every screen of the office's door: works, nobody, the wrong person, wrong method, malformed."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from tests.rooms.learning.shelf import Shelf
from tests.world import World, browser

LISTS = {
    "figures": "/office",
    "another figure": "/office?figure=users",
    "one figure": "/office/figures/users",
    "courses over time": "/office/figures/courses",
    "a figure at a site": "/office/figures/trained?site={site}",
    "sites": "/office/sites",
    "sites by people": "/office/sites?sort=people&q=mango",
    "a site": "/office/sites/{site}",
    "people": "/office/people",
    "people by site": "/office/people?sort=site",
    "people of a site": "/office/people?site={site}",
    "people found": "/office/people?q=amina",
    "a person": "/office/people/{person}",
    "hubs": "/office/hubs",
    "courses": "/office/courses",
    "courses by lessons": "/office/courses?sort=lessons",
    "courses found": "/office/courses?q=counting",
    "a course": "/office/courses/{course}",
    "parcels": "/office/parcels",
    "a page beyond the last": "/office/people?page=99",
    "a page that is none": "/office/people?page=-1",
}
SET_UP = {
    "a new site": "/office/sites/add",
    "staff": "/office/staff",
    "new staff": "/office/staff/add",
    "enrol a hub": "/office/hubs/enrol",
    "publish": "/office/courses/publish",
}
WRITES = {
    "count": "/office/count",
    "a class": "/office/sites/{site}/classes",
    "a role": "/office/people/{person}/role",
}


@pytest.fixture
def at(world: World, shelf: Shelf) -> Callable[[str], str]:
    names = {"site": world.mango.id, "person": world.amina.person, "course": shelf.course}
    return lambda address: address.format(**names)


@pytest.mark.parametrize("language", ["en", "ar", "fr", "es"])
@pytest.mark.parametrize("screen", LISTS.values(), ids=list(LISTS))
def test_the_office_sees_it(
    olga: Client, at: Callable[[str], str], screen: str, language: str
) -> None:
    olga.post("/language", {"language": language})

    assert olga.get(at(screen)).status_code == 200


@pytest.mark.parametrize("screen", SET_UP.values(), ids=list(SET_UP))
def test_setting_up_is_for_the_administrator(
    adam: Client, olga: Client, at: Callable[[str], str], screen: str
) -> None:
    assert adam.get(at(screen)).status_code == 200
    assert olga.get(at(screen)).status_code == 404


@pytest.mark.parametrize("screen", [*LISTS.values(), *SET_UP.values()])
def test_facilitators_and_learners_find_nothing(
    world: World, at: Callable[[str], str], screen: str
) -> None:
    for somebody in (world.facilitator, world.amina):
        assert browser(somebody.sign_in()).get(at(screen)).status_code == 404


@pytest.mark.parametrize("screen", [*LISTS.values(), *SET_UP.values()])
def test_nobody_is_led_to_the_door(at: Callable[[str], str], screen: str) -> None:
    answer = browser().get(at(screen))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in")


@pytest.mark.parametrize("screen", WRITES.values(), ids=list(WRITES))
def test_writes_are_posts(adam: Client, at: Callable[[str], str], screen: str) -> None:
    assert adam.get(at(screen)).status_code == 405


@pytest.mark.parametrize(
    "address",
    [
        "/office?figure=happiness",
        "/office/figures/happiness",
        "/office/figures/users?site={0}",
        "/office/figures/users?site=here",
        "/office/sites/{0}",
        "/office/people/{0}",
        "/office/people?site=here",
        "/office/courses/{0}",
        "/office/courses/publish/{0.hex}",
        "/office/courses/publish/desk",
        "/office/hubs/{0.hex}",
        "/office/staff/{0}/end",
        "/office/parcels/x.parcel",
        "/office/parcels/..%2fkeys%2fnode.key",
    ],
)
def test_what_is_not_there_is_not_found(adam: Client, address: str) -> None:
    assert adam.get(address.format(uuid4())).status_code == 404


@pytest.mark.parametrize("address", ["/office/people?sort=name", "/office/sites?sort=;drop"])
def test_an_order_that_is_none_is_refused_in_words(olga: Client, address: str) -> None:
    answer = olga.get(address)

    assert answer.status_code == 400
    assert "sorted" in answer.text


def test_one_cookie_and_no_script_inside(adam: Client, at: Callable[[str], str]) -> None:
    for screen in (*LISTS.values(), *SET_UP.values()):
        answer = adam.get(at(screen))
        assert set(answer.cookies) <= {"session"}
        assert "'unsafe" not in answer["Content-Security-Policy"]


def test_a_refusal_is_noted(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """R002: an official who opens what is not theirs is refused, and that is logged."""
    browser(world.office.sign_in()).get(f"/class/{world.sunbirds.id}")

    assert any(str(world.office.person) in record.getMessage() for record in caplog.records)
