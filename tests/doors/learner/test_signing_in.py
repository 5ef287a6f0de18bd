"""In at the door: by picture, by card, by name and password (R107, C33, C35)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from passport.people.queries import card_of
from passport.web.kit.pictures import CODE_KEYS
from tests.world import PASSWORD, Learner, World, browser, machine

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer


def pictures_of(learner: Learner) -> list[str]:
    return [CODE_KEYS[place] for place in learner.made.picture_code]


def wrong_pictures(learner: Learner) -> list[str]:
    right = pictures_of(learner)
    return [next(key for key in CODE_KEYS if key != right[0]), *right[1:]]


def tap_all(client: Client, learner: Learner, taps: list[str], **more: str) -> Answer:
    """As the script sends it: three taps at once."""
    form = {"so_far": ",".join(taps[:-1]), "tap": taps[-1], **more}
    return client.post(f"/sign-in/as/{learner.person}", form)


def is_in(client: Client) -> bool:
    return client.get("/learnt").status_code == 200


def test_a_visitor_is_sent_to_the_pictures(world: World) -> None:
    answer = browser().get("/", follow=True)

    assert answer.redirect_chain[0][0].startswith("/sign-in?next=")
    assert "Sunbirds" in answer.text


def test_where_there_is_one_class_its_pictures_come_at_once(world: World) -> None:
    from passport.people.actions import leave

    leave(by=machine(), person=world.chidi.person)

    answer = browser().get("/sign-in")

    assert answer.status_code == 302
    assert answer["Location"] == f"/sign-in/{world.sunbirds.id}"


def test_a_class_shows_pictures_and_no_names(world: World) -> None:
    page = browser().get(f"/sign-in/{world.sunbirds.id}").text

    assert f"/sign-in/as/{world.amina.person}" in page
    assert "Amina" not in page
    assert str(world.chidi.person) not in page


def test_three_taps_without_scripts_open_the_door(world: World) -> None:
    client = browser()
    so_far = ""
    for tap in pictures_of(world.amina):
        assert not is_in(client)
        client.post(f"/sign-in/as/{world.amina.person}", {"so_far": so_far, "tap": tap})
        so_far = f"{so_far},{tap}".strip(",")

    assert "Amina" in client.get("/").text


def test_three_taps_sent_at_once_open_the_door(world: World) -> None:
    client = browser()

    answer = tap_all(client, world.amina, pictures_of(world.amina), next="/learnt")

    assert answer["Location"] == "/learnt"
    assert is_in(client)


def test_nobody_is_sent_to_another_site(world: World) -> None:
    answer = tap_all(browser(), world.amina, pictures_of(world.amina), next="https://example.org/")

    assert answer["Location"] == "/"


def test_wrong_pictures_are_told_and_then_slow_down_one_person_only(world: World) -> None:
    client = browser()
    answers = [tap_all(client, world.amina, wrong_pictures(world.amina)) for _ in range(4)]

    assert "Those were not your pictures" in answers[0].text
    assert "Let us wait a little" in answers[-1].text
    assert "disabled" in answers[-1].text
    assert not is_in(client)
    tap_all(client, world.bilal, pictures_of(world.bilal))
    assert is_in(client)


@pytest.mark.parametrize("tap", ["", "dragon", "sun,moon,star,tree", "<script>"])
def test_what_is_no_picture_is_no_tap(world: World, tap: str) -> None:
    answer = browser().post(f"/sign-in/as/{world.amina.person}", {"so_far": tap, "tap": tap})

    assert answer.status_code == 200
    assert "<script>" not in answer.text


def test_a_card_is_scanned_or_typed(world: World) -> None:
    code = card_of(machine(), world.amina.person).code
    scanned, typed = browser(), browser()

    scanned.get(f"/c/{code.replace(' ', '')}")
    typed.post("/sign-in/card", {"code": code.lower().replace(" ", "-")})

    assert is_in(scanned)
    assert is_in(typed)


def test_an_unknown_card_is_told_in_words(world: World) -> None:
    answer = browser().get("/c/000000000000")

    assert answer.status_code == 403
    assert "This card is not known here" in answer.text
    assert "no-store" in answer["Cache-Control"]


def test_a_card_that_was_replaced_opens_nothing(world: World) -> None:
    from passport.people.actions import reissue_card

    code = card_of(machine(), world.amina.person).code.replace(" ", "")
    client = browser()
    client.get(f"/c/{code}")

    reissue_card(by=machine(), person=world.amina.person)

    assert not is_in(client)
    assert browser().get(f"/c/{code}").status_code == 403


def test_name_and_password(world: World) -> None:
    client = browser()
    wrong = client.post("/sign-in/password", {"username": "fatou", "password": "guess"})
    right = client.post("/sign-in/password", {"username": "fatou", "password": PASSWORD})

    assert "The name or the password is not right." in wrong.text
    assert "guess" not in wrong.text
    assert right["Location"] == "/"


def test_staff_begin_at_their_own_work(world: World) -> None:
    assert browser(world.facilitator.sign_in()).get("/")["Location"] == "/class"
    assert browser(world.office.sign_in()).get("/")["Location"] == "/office"


def test_changing_learner_takes_two_taps(world: World) -> None:
    client = browser(world.amina.sign_in())
    assert 'action="/sign-out"' in client.get("/").text

    answer = client.post("/sign-out")

    assert answer["Location"] == "/sign-in"
    assert not is_in(client)


def test_after_idle_time_the_page_asks_who_it_is(
    world: World, pass_time: Callable[[int], None]
) -> None:
    client = browser(world.amina.sign_in())
    client.get("/learnt")
    pass_time(9)
    assert client.get("/learnt").status_code == 200
    pass_time(10)

    asked = client.get("/courses?q=apples")
    question = client.get(asked["Location"])
    answer = client.post("/still-you", {"next": "/courses?q=apples"})

    assert asked["Location"] == "/still-you?next=%2Fcourses%3Fq%3Dapples"
    assert "Is this you?" in question.text
    assert answer["Location"] == "/courses?q=apples"
    assert client.get("/courses?q=apples").status_code == 200


def test_there_is_one_cookie_that_scripts_cannot_read(world: World) -> None:
    client = browser()
    tap_all(client, world.amina, pictures_of(world.amina))
    client.get("/")

    assert list(client.cookies) == ["session"]
    assert client.cookies["session"]["httponly"]
    assert client.cookies["session"]["samesite"] == "Lax"
