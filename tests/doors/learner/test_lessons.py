"""Lessons as they work without scripts, and what their pages hand to scripts."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

from django.test import Client

from passport.learning.queries import course_progress
from tests.doors.learner.shelf import RIGHT, Shelf, publish
from tests.world import World, browser

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer


def attempt_on(page: Answer) -> str:
    found = re.search(r'name="attempt" value="([0-9a-f]{32})"', page.text)
    assert found is not None
    return found[1]


def hand_in(client: Client, shelf: Shelf, **more: object) -> Answer:
    page = client.get(f"/lessons/{shelf.quiz}")
    form = {**RIGHT, "attempt": attempt_on(page), **more}
    return client.post(f"/lessons/{shelf.quiz}/answers", form, follow=True)


def data_of(page: Answer, name: str) -> str:
    found = re.search(rf'data-{name}="([^"]*)"', page.text)
    assert found is not None
    return unescape(found[1])


def test_an_article_is_shown_whole_and_done_when_read(
    world: World, shelf: Shelf, amina: Client
) -> None:
    page = amina.get(f"/lessons/{shelf.article}")
    assert "One apple." in page.text
    assert "Two apples." in page.text
    assert not course_progress(world.amina.actor, shelf.course).of(shelf.article).done

    answer = amina.post(f"/lessons/{shelf.article}/read")

    assert answer["Location"] == f"/lessons/{shelf.quiz}"
    assert course_progress(world.amina.actor, shelf.course).of(shelf.article).done


def test_a_link_to_outside_goes_through_the_warning(shelf: Shelf, amina: Client) -> None:
    page = amina.get(f"/lessons/{shelf.article}").text

    assert 'href="https://' not in page
    assert "/away?to=https%3A%2F%2Fexample.org%2Fapples" in page


def test_a_perfect_quiz_in_one_form(world: World, shelf: Shelf, amina: Client) -> None:
    page = hand_in(amina, shelf)

    assert "<strong data-score>100</strong>" in page.text
    assert page.text.count('class="verdict good"') == 7
    assert "Count with a finger." in page.text
    assert course_progress(world.amina.actor, shelf.course).of(shelf.quiz).done


def test_a_failed_quiz_can_be_tried_once_more(world: World, shelf: Shelf, amina: Client) -> None:
    wrong = {"one": "a", "several": ["b"], "text": "dog", "number": "7", "gaps.0": "", "gaps.1": ""}
    first = hand_in(amina, shelf, **wrong)
    assert "You need 60" in first.text
    assert not course_progress(world.amina.actor, shelf.course).of(shelf.quiz).done

    second = hand_in(amina, shelf)

    assert "<strong data-score>100</strong>" in second.text


def test_an_attempt_handed_in_twice_counts_once(world: World, shelf: Shelf, amina: Client) -> None:
    page = amina.get(f"/lessons/{shelf.quiz}")
    form = {**RIGHT, "attempt": attempt_on(page)}
    for _ in range(2):
        amina.post(f"/lessons/{shelf.quiz}/answers", form)

    assert course_progress(world.amina.actor, shelf.course).of(shelf.quiz).attempts == 1


def test_no_more_tries_than_the_quiz_allows(world: World, amina: Client, tmp_path: Path) -> None:
    shelf = publish(tmp_path / "test", feedback="at the end", attempts=1)
    hand_in(amina, shelf, one="a")

    page = amina.get(f"/lessons/{shelf.quiz}")

    assert "You have used all your tries" in page.text
    assert "data-quiz-form" not in page.text


def test_a_test_keeps_its_key_to_itself(world: World, amina: Client, tmp_path: Path) -> None:
    shelf = publish(tmp_path / "test", feedback="at the end")

    page = amina.get(f"/lessons/{shelf.quiz}")

    assert data_of(page, "keys") == "{}"
    assert "Count with a finger." not in page.text
    assert "cat" not in data_of(page, "keys")


def test_feedback_at_once_needs_the_key_on_the_page(shelf: Shelf, amina: Client) -> None:
    keys = json.loads(data_of(amina.get(f"/lessons/{shelf.quiz}"), "keys"))

    assert keys["one"]["right"] == ["b"]
    assert keys["match"]["pairs"] == ["1", "2"]
    assert keys["one"]["explain"] == "Count with a finger."


def test_a_page_loaded_again_asks_in_the_same_order(shelf: Shelf, amina: Client) -> None:
    pages = [amina.get(f"/lessons/{shelf.quiz}").text for _ in range(2)]
    order = [re.findall(r'data-question="(\w+)"', page) for page in pages]

    assert order[0] == order[1]


def test_what_was_answered_is_still_there(world: World, shelf: Shelf, amina: Client) -> None:
    from passport.web.learner.doing import note

    attempt = attempt_on(amina.get(f"/lessons/{shelf.quiz}"))
    said = {"attempt": attempt, "question": "text", "response": "cat", "ms": 5}
    note(world.amina.actor, shelf.version, shelf.quiz, [("answered", said)])

    page = amina.get(f"/lessons/{shelf.quiz}")

    assert attempt_on(page) == attempt
    assert json.loads(data_of(page, "noted")) == {"text": 100}
    assert 'name="text" value="cat"' in page.text


def test_nobody_sees_the_result_of_somebody_else(world: World, shelf: Shelf, amina: Client) -> None:
    handed_in = hand_in(amina, shelf).redirect_chain[-1][0]

    page = browser(world.bilal.sign_in()).get(handed_in)

    assert "data-score>100" not in page.text


def test_a_course_done_gets_its_page_and_its_stamp(
    world: World, shelf: Shelf, amina: Client
) -> None:
    assert amina.get(f"/courses/{shelf.course}/done")["Location"] == f"/courses/{shelf.course}"
    amina.post(f"/lessons/{shelf.article}/read")
    hand_in(amina, shelf)

    done = amina.get(f"/courses/{shelf.course}/done")

    assert "You have done it!" in done.text
    assert "Counting apples" in amina.get("/learnt").text
    assert "You have done this course" in amina.get(f"/courses/{shelf.course}").text


def test_opening_a_lesson_finishes_nothing(world: World, shelf: Shelf, amina: Client) -> None:
    amina.get(f"/lessons/{shelf.article}")
    amina.get(f"/lessons/{shelf.quiz}")

    assert not course_progress(world.amina.actor, shelf.course).lessons
