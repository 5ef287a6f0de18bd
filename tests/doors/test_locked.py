"""The doors of a node that started locked: a page that unlocks it, and for all else "later"."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings
from django.utils import translation

from passport.kernel.actor import Actor
from passport.node import actions as node
from passport.node.queries import is_locked
from tests.support.restart import make_keys_cheap, restart
from tests.world import PASSWORD, World, browser

BY = Actor.machine()
EVENTS = b'{"events": []}'


@pytest.fixture(params=["country", "hub"])
def code(
    request: pytest.FixtureRequest, world: World, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Lock a node of either role, with Fatou's password among those that unlock it; switch it on."""
    make_keys_cheap(monkeypatch)
    code = node.lock(by=BY)
    world.facilitator.sign_in()
    restart()
    with override_settings(ROOT_URLCONF=f"passport.roles.{request.param}"):
        yield code
    restart()


@pytest.mark.parametrize("path", ["/", "/sign-in", "/courses", "/office", "/class/x", "/nowhere"])
def test_every_address_shows_the_page_that_unlocks(code: str, path: str) -> None:
    answer = browser().get(path, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/unlock?next=")
    assert b'name="password"' in answer.content
    assert b"<script" not in answer.content


def test_whoever_was_signed_in_sees_no_more_than_anybody(world: World, code: str) -> None:
    from passport.people.models import SignIn

    answer = browser(SignIn.objects.first()).get("/", follow=True)
    assert b'name="password"' in answer.content
    assert b"Fatou" not in answer.content
    assert b"Amina" not in answer.content


def test_a_staff_password_opens_everything_and_leads_on(code: str) -> None:
    client = browser()
    answer = client.post("/unlock", {"password": PASSWORD, "next": "/sign-in"})
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in"
    assert not is_locked()
    assert browser().get("/sign-in", follow=True).status_code == 200


def test_the_printed_code_opens_too(code: str) -> None:
    browser().post("/unlock", {"password": code})
    assert not is_locked()


def test_a_wrong_password_opens_nothing_and_says_so(code: str) -> None:
    answer = browser().post("/unlock", {"password": "guess"})
    assert "This doesn't unlock this place." in answer.content.decode().replace("&#39;", "'")
    assert is_locked()


def test_guesses_at_the_page_have_to_wait(code: str) -> None:
    client = browser()
    for _ in range(3):
        client.post("/unlock", {"password": "guess"})
    assert "seconds" in client.post("/unlock", {"password": PASSWORD}).content.decode()
    assert is_locked()


def test_the_form_can_only_be_sent_from_the_page_itself(code: str) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/unlock", {"password": PASSWORD}).status_code == 403
    assert is_locked()


def test_a_device_that_brings_work_is_told_to_come_later_and_not_to_sign_in(code: str) -> None:
    """401, 403 and 409 would end its sending (`outbox.js`)."""
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/events", EVENTS, content_type="application/json")
    assert answer.status_code == 503
    assert answer.json()["why"]


def test_a_peer_is_told_to_come_later_in_a_sentence(code: str) -> None:
    answer = Client().post("/peers/v1/parcels", b"x", content_type="application/octet-stream")
    assert answer.status_code == 503
    assert answer.content.decode().endswith(".")


def test_health_can_be_asked_for_locked_and_open(code: str) -> None:
    assert browser().get("/health").json() == {"serves": True, "locked": True}
    browser().post("/unlock", {"password": PASSWORD})
    assert browser().get("/health").json() == {"serves": True, "locked": False}


@pytest.mark.parametrize("language", ["en", "ar", "fr", "es"])
def test_the_page_speaks_the_language_that_was_chosen(code: str, language: str) -> None:
    client = browser()
    client.post("/language", {"language": language, "next": "/"})
    answer = client.get("/", follow=True)
    assert f'lang="{language}"' in answer.content.decode()
    with translation.override(language):
        assert translation.gettext("This place is locked") in answer.content.decode()
