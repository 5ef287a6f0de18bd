"""The middleware: one cookie, the right person, the right language (R206)."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from passport.people import actions
from passport.people.models import SignIn
from passport.people.queries import actor_of
from passport.web.languages import choose_language
from passport.web.middleware import Request, begin, end
from tests.world import World, browser


def who(request: Request) -> HttpResponse:
    actor = request.actor
    return JsonResponse(
        {
            "person": actor and actor.person and actor.person.hex,
            "language": actor.language if actor else request.LANGUAGE_CODE,
            "site": request.visit and request.visit.site and request.visit.site.hex,
            "node": request.role.name,
        }
    )


def enter(request: HttpRequest, pk: str) -> HttpResponse:
    begin(request, SignIn.objects.get(pk=pk))
    return HttpResponse("in")


def go(request: HttpRequest) -> HttpResponse:
    end(request)
    return HttpResponse("out")


def speak(request: HttpRequest, language: str) -> HttpResponse:
    return HttpResponse(str(choose_language(request, language)))


urlpatterns = [
    path("who", who),
    path("enter/<pk>", enter),
    path("go", go),
    path("speak/<language>", speak),
]


@pytest.fixture(autouse=True)
def doors(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def test_a_session_names_the_person_and_the_node(world: World) -> None:
    answer = browser(world.amina.sign_in()).get("/who").json()
    assert answer == {
        "person": world.amina.person.hex,
        "language": "en",
        "site": world.mango.id.hex,
        "node": "country",
    }


def test_without_a_session_nobody_is_there_and_nothing_is_kept(world: World) -> None:
    response = browser().get("/who")
    assert response.json()["person"] is None
    assert not response.cookies


@pytest.mark.parametrize("held", ["zz", 7, [], "00" * 16, "../../etc"])
def test_a_session_that_names_nothing_is_nobody(world: World, held: Any) -> None:
    client = browser()
    session = client.session
    session["sign_in"] = held
    session.save()
    client.cookies["session"] = session.session_key or ""
    assert client.get("/who").json()["person"] is None
    client.cookies["session"] = "forged:1:x"
    assert client.get("/who").json()["person"] is None


def test_signing_in_and_out_leaves_one_cookie_and_no_open_door(world: World) -> None:
    client = browser()
    amina, bilal = world.amina.sign_in(), world.bilal.sign_in()
    response = client.get(f"/enter/{amina.id}")
    assert set(response.cookies) == {"session"}
    cookie = response.cookies["session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")
    client.get(f"/enter/{bilal.id}")
    assert client.get("/who").json()["person"] == world.bilal.person.hex
    assert actor_of(amina.id) is None
    client.get("/go")
    assert client.get("/who").json()["person"] is None
    assert actor_of(bilal.id) is None


def test_the_language_is_the_choice_then_the_sites_then_the_browsers(world: World) -> None:
    client = browser(world.amina.sign_in(), **{"Accept-Language": "de, es;q=0.8"})
    assert client.get("/who").json()["language"] == "es"
    actions.change_site(by=world.machine, site=world.mango.id, language="ar")
    response = client.get("/who")
    assert response.json()["language"] == response.headers["Content-Language"] == "ar"
    assert client.get("/speak/fr").content == b"True"
    assert client.get("/who").json()["language"] == "fr"
    assert client.get("/speak/xx").content == b"False"
    client.get("/go")
    assert client.get("/who").json()["language"] == "fr"


def test_only_languages_of_this_node_are_spoken(world: World, settings: Any) -> None:
    settings.SITE_LANGUAGES = ["fr", "ar"]
    client = browser(None, **{"Accept-Language": "es, ar-LB;q=0.5"})
    assert client.get("/who").json()["language"] == "ar"
    assert browser().get("/who").json()["language"] == "fr"
    long_header = {"Accept-Language": "x" * 10_000}
    assert browser(None, **long_header).get("/who").json()["language"] == "fr"


def test_a_visitor_of_a_box_with_one_site_meets_its_language(node: None) -> None:
    from tests.world import machine

    actions.add_site(by=machine(), name="Only", language="ar")
    assert browser(None, **{"Accept-Language": "fr"}).get("/who").json()["language"] == "ar"
