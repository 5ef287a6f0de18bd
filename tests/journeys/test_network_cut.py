"""The network goes in the middle of a quiz and comes back: nothing is lost, nothing comes twice."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.nodes import Node
from tests.journeys.screens import (
    DESK,
    OpenPage,
    answer,
    question,
    quiz,
    saved,
    sign_in,
    take_quiz,
    waiting,
)

COURSE, LESSON = "counting", "how-many"


def test_answers_given_without_a_network_arrive_exactly_once(
    page: Page, open_page: OpenPage, mango: Node
) -> None:
    asked, mateo = quiz(COURSE, LESSON), mango.learner("Mateo")
    page.goto(mango.card("Mateo"))
    page.goto(mango.lesson(COURSE, LESSON))
    answer_and_check(page, asked)
    saved(page)

    page.context.set_offline(True)
    for _ in range(3):
        page.locator("[data-on]").click()
        answer_and_check(page, asked)
    expect(page.locator("[data-saved] [data-when=waiting]")).to_be_visible()
    kept = waiting(page)
    assert [event["verb"] for event in kept] == ["answered"] * 3
    assert len(mango.answers_of(mateo["person"])) == 1

    page.context.set_offline(False)
    saved(page)
    assert waiting(page) == []
    before = question(page)
    page.reload()
    assert question(page) == before
    take_quiz(page, asked)
    expect(page.locator("[data-score]")).to_have_text("100")
    saved(page)

    held = mango.answers_of(mateo["person"])
    assert sorted(each["question"] for each in held) == sorted(asked)
    assert {event["id"] for event in kept} <= {each["id"] for each in held}

    desk = open_page(viewport=DESK)
    sign_in(desk, mango, "grace")
    desk.goto(mango.at(f"/learners/{mateo['person']}/answers/{mango.lesson_id(COURSE, LESSON)}"))
    expect(desk.locator("ol.answered > li.right")).to_have_count(len(asked))


def test_an_acknowledgement_that_is_lost_makes_no_second_answer(page: Page, mango: Node) -> None:
    asked, kai = quiz(COURSE, LESSON), mango.learner("Kai")
    page.goto(mango.card("Kai"))
    page.goto(mango.lesson(COURSE, LESSON))
    saved(page)
    heard: list[int] = []

    def swallow(route: object) -> None:
        """Let the request through to the hub, and the answer go nowhere."""
        heard.append(route.fetch().status)  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    page.route("**/events", swallow)
    answer_and_check(page, asked)
    expect(page.locator("[data-saved] [data-when=waiting]")).to_be_visible()
    assert heard[0] == 200
    assert len(waiting(page)) == 1

    page.unroute("**/events")
    saved(page)
    assert waiting(page) == []
    assert len(mango.answers_of(kai["person"])) == 1


def answer_and_check(page: Page, asked: dict[str, dict[str, object]]) -> None:
    answer(page, asked)
    page.locator("[data-check]").click()
    expect(page.locator("[data-question]:not([hidden]) .verdict.good")).to_be_visible()
