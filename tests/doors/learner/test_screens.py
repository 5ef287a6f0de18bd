"""Every screen of the learner's door: works, nobody, wrong method, missing, malformed, by language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from tests.doors.learner.shelf import Shelf, publish
from tests.world import World, browser

SCREENS = {
    "home": "/",
    "courses": "/courses",
    "search": "/courses?q=apple",
    "a course": "/courses/{course}",
    "a course in Arabic": "/courses/{course}?in=ar",
    "an article": "/lessons/{article}",
    "a quiz": "/lessons/{quiz}",
    "stamps": "/learnt",
}
OPEN = {
    "groups": "/sign-in",
    "pictures": "/sign-in/{group}",
    "picture code": "/sign-in/as/{person}",
    "password": "/sign-in/password",
    "away": "/away?to=https%3A%2F%2Fexample.org%2F",
    "language": "/language",
}
WRITES = (
    "/sign-out",
    "/sign-in/card",
    "/lessons/{quiz}/answers",
    "/lessons/{article}/read",
    "/events",
)


@pytest.fixture
def at(world: World, shelf: Shelf) -> Callable[[str], str]:
    names = {
        "course": shelf.course,
        "article": shelf.article,
        "quiz": shelf.quiz,
        "group": world.sunbirds.id,
        "person": world.amina.person,
    }
    return lambda address: address.format(**names)


@pytest.mark.parametrize("language", ["en", "ar", "fr", "es"])
@pytest.mark.parametrize("screen", SCREENS.values(), ids=list(SCREENS))
def test_a_learner_sees_it(
    amina: Client, at: Callable[[str], str], screen: str, language: str
) -> None:
    amina.post("/language", {"language": language})

    page = amina.get(at(screen))

    assert page.status_code == 200
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page.text


@pytest.mark.parametrize("screen", OPEN.values(), ids=list(OPEN))
def test_anybody_sees_it(world: World, at: Callable[[str], str], screen: str) -> None:
    assert browser().get(at(screen)).status_code == 200


@pytest.mark.parametrize("screen", SCREENS.values(), ids=list(SCREENS))
def test_nobody_is_asked_to_sign_in(at: Callable[[str], str], screen: str) -> None:
    answer = browser().get(at(screen))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("screen", SCREENS.values(), ids=list(SCREENS))
def test_screens_are_only_looked_at(amina: Client, at: Callable[[str], str], screen: str) -> None:
    assert amina.post(at(screen)).status_code == 405


@pytest.mark.parametrize("address", WRITES)
def test_writes_are_never_links(amina: Client, at: Callable[[str], str], address: str) -> None:
    assert amina.get(at(address)).status_code == 405


@pytest.mark.parametrize(
    "address",
    ["/courses/{}", "/courses/{}/done", "/lessons/{}", "/sign-in/{}", "/sign-in/as/{}"],
)
def test_what_is_not_there_is_told_in_words(amina: Client, address: str) -> None:
    answer = amina.get(address.format(uuid4()), follow=True)

    assert answer.status_code == 404
    assert "There is no such" in answer.text


@pytest.mark.parametrize("address", ["/courses/x", "/lessons/1;drop", "/sign-in/as/0", "/c/a/b"])
def test_what_is_malformed_is_not_found(amina: Client, address: str) -> None:
    assert amina.get(address).status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "999999", "x", "٢", ""])
def test_any_page_number_shows_a_page(amina: Client, shelf: Shelf, number: str) -> None:
    assert amina.get("/courses", {"page": number}).status_code == 200


def test_courses_for_staff_are_not_for_learners(
    world: World, amina: Client, tmp_path: Path
) -> None:
    shelf = publish(tmp_path / "staff", audience="facilitator")

    assert "Counting apples" not in amina.get("/courses").text
    assert amina.get(f"/courses/{shelf.course}").status_code == 404
    assert amina.get(f"/lessons/{shelf.article}").status_code in (403, 404)
    assert browser(world.facilitator.sign_in()).get(f"/courses/{shelf.course}").status_code == 200


def test_a_chosen_language_of_a_course_stays(amina: Client, shelf: Shelf) -> None:
    amina.get(f"/courses/{shelf.course}?in=ar")

    page = amina.get(f"/lessons/{shelf.article}").text

    assert "تفاحة واحدة" in page
    assert '<html lang="en" dir="ltr">' in page
    assert 'lang="ar" dir="rtl"' in page


@pytest.mark.parametrize("language", ["xx", "", "../en", "de"])
def test_a_language_that_is_not_offered_changes_nothing(amina: Client, language: str) -> None:
    amina.post("/language", {"language": language})

    assert '<html lang="en"' in amina.get("/learnt").text


def test_away_names_the_place_and_goes_nowhere_by_itself(world: World) -> None:
    answer = browser().get("/away", {"to": "https://example.org/x?y=1"})

    assert answer.status_code == 200
    assert "example.org" in answer.text
    assert "This door leads outside" in answer.text


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//", "", "ftp://x"]
)
def test_away_offers_no_address_that_is_not_one(world: World, address: str) -> None:
    page = browser().get("/away", {"to": address}).text

    assert "This address leads nowhere." in page
    assert "javascript:" not in page


@pytest.mark.parametrize("screen", ["/", "/courses/{course}"])
def test_a_page_asks_the_database_little(
    amina: Client,
    at: Callable[[str], str],
    screen: str,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    amina.get(at(screen))

    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        amina.get(at(screen))


def test_events_of_somebody_else_are_not_taken(world: World, amina: Client) -> None:
    answer = amina.post(
        "/events",
        {"person": world.bilal.person.hex, "events": []},
        content_type="application/json",
    )

    assert answer.status_code == 409
    assert browser().post("/events", {}, content_type="application/json").status_code == 401


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_address_that_leads_nowhere_is_told_in_the_visitors_language(
    world: World, language: str
) -> None:
    answer = browser(None, **{"Accept-Language": language}).get("/nowhere/at/all")

    assert answer.status_code == 404
    assert f'<html lang="{language}"' in answer.text


def test_a_form_from_before_the_sign_in_is_told_in_words(world: World) -> None:
    client = Client(enforce_csrf_checks=True)

    answer = client.post("/sign-in/password", {"username": "x", "password": "y"})

    assert answer.status_code == 403
    assert "Go back and try again." in answer.text


def test_a_fault_of_ours_is_no_bare_page(amina: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("passport.learning.queries.learnt", broken)
    amina.raise_request_exception = False

    answer = amina.get("/learnt")

    assert answer.status_code == 500
    assert "our fault" in answer.text
    assert "secret detail" not in answer.text
