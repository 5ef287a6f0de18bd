"""Every screen of the facilitator's door: works, nobody, the wrong person, the wrong site, malformed."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from tests.rooms.learning.device import Device
from tests.rooms.learning.shelf import Shelf
from tests.world import World, browser

OF_A_CLASS = {
    "a class at a glance": "/class/{group}",
    "its board": "/class/{group}/board",
    "ready to leave": "/class/{group}/ready",
    "its board of devices": "/class/{group}/ready/board",
    "add a learner": "/class/{group}/add",
    "paste a list": "/class/{group}/list",
    "cards": "/class/{group}/cards.pdf",
    "give a course": "/class/{group}/assign",
    "a learner": "/learners/{person}",
    "a card": "/learners/{person}/card",
    "a card on paper": "/learners/{person}/card.pdf",
    "give one a course": "/learners/{person}/assign",
    "answers": "/learners/{person}/answers/{quiz}",
}
OF_EVERYBODY = {"classes": "/class?all", "carry": "/carry", "password": "/password"}
WRITES = {
    "a new class": "/class/new",
    "move": "/learners/{person}/change",
    "pictures": "/learners/{person}/pictures",
    "make a parcel": "/carry/make",
    "take parcels": "/carry/take",
}


@pytest.fixture
def at(world: World, shelf: Shelf, amina: Device) -> Callable[[str], str]:
    amina.fail_quiz()
    names = {
        "group": world.sunbirds.id,
        "person": world.amina.person,
        "quiz": shelf.lessons["quiz"],
    }
    return lambda address: address.format(**names)


@pytest.mark.parametrize("language", ["en", "ar", "fr", "es"])
@pytest.mark.parametrize("screen", [*OF_A_CLASS.values(), *OF_EVERYBODY.values()])
def test_the_own_facilitator_sees_it(
    fatou: Client, at: Callable[[str], str], screen: str, language: str
) -> None:
    fatou.post("/language", {"language": language})

    assert fatou.get(at(screen)).status_code == 200


@pytest.mark.parametrize("screen", OF_A_CLASS.values(), ids=list(OF_A_CLASS))
def test_the_facilitator_of_another_site_finds_nothing(
    sam: Client, at: Callable[[str], str], screen: str
) -> None:
    answer = sam.get(at(screen))

    assert answer.status_code == 404
    assert "Amina" not in answer.text
    assert "Sunbirds" not in answer.text


@pytest.mark.parametrize("screen", [*OF_A_CLASS.values(), *OF_EVERYBODY.values()])
def test_a_learner_finds_nothing(world: World, at: Callable[[str], str], screen: str) -> None:
    assert browser(world.bilal.sign_in()).get(at(screen)).status_code == 404


@pytest.mark.parametrize("screen", OF_A_CLASS.values(), ids=list(OF_A_CLASS))
def test_the_office_has_no_classroom(world: World, at: Callable[[str], str], screen: str) -> None:
    """R002: officials read figures; the list of a class is refused to them."""
    assert browser(world.office.sign_in()).get(at(screen)).status_code == 404


@pytest.mark.parametrize("screen", [*OF_A_CLASS.values(), *OF_EVERYBODY.values()])
def test_nobody_is_led_to_the_door(at: Callable[[str], str], screen: str) -> None:
    answer = browser().get(at(screen))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in")


@pytest.mark.parametrize("screen", WRITES.values(), ids=list(WRITES))
def test_writes_are_posts(fatou: Client, at: Callable[[str], str], screen: str) -> None:
    assert fatou.get(at(screen)).status_code == 405


@pytest.mark.parametrize("screen", WRITES.values(), ids=list(WRITES))
def test_writes_ask_who(at: Callable[[str], str], screen: str) -> None:
    assert browser().post(at(screen)).status_code == 302


@pytest.mark.parametrize(
    "address", ["/class/{0}", "/class/{0}/add", "/learners/{0}", "/learners/{0}/card", "/carry/{0}"]
)
def test_what_is_not_there_is_not_found(fatou: Client, world: World, address: str) -> None:
    assert fatou.get(address.format(uuid4())).status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/class/xyz", "/learners/1", "/carry/..%2f..%2fkeys%2fnode.key", "/class/{group}/add?new=1"],
)
def test_nonsense_is_not_found(fatou: Client, at: Callable[[str], str], address: str) -> None:
    assert fatou.get(at(address)).status_code == 404


def test_no_page_keeps_more_than_one_cookie_or_a_script_inside(
    fatou: Client, at: Callable[[str], str]
) -> None:
    for screen in OF_A_CLASS.values():
        answer = fatou.get(at(screen))
        assert set(answer.cookies) <= {"session"}
        assert "script-src" not in answer["Content-Security-Policy"]
        assert "'unsafe" not in answer["Content-Security-Policy"]
