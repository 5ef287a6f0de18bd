"""A learner's device: whose answers it keeps, when it tells a result, what it asks after idle time."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.doors.learner.shelf import QUIZ
from tests.journeys.conftest import Served
from tests.journeys.screens import (
    NARROW,
    OpenPage,
    answer,
    questions,
    saved,
    take_quiz,
    waiting,
)

ASKED = questions(QUIZ.replace("{feedback}", "at the end").replace("{attempts}", "0"))


def test_answers_of_one_child_are_never_sent_in_the_name_of_another(
    open_page: OpenPage, served: Served
) -> None:
    page = open_page()
    page.goto(served.card("amina"))
    page.goto(served.at("/lessons/{test}"))
    answer(page, ASKED)
    saved(page)
    other = page.context.new_page()
    other.goto(served.card("bilal"))

    page.bring_to_front()
    page.locator("[data-on]").click()
    expect(page.locator("dialog[data-idle]")).to_be_visible()
    kept = waiting(page)
    assert len(kept) == 1

    other.reload()
    other.wait_for_timeout(500)
    assert waiting(other) == kept
    other.goto(served.card("amina"))
    saved(other)
    assert waiting(other) == []
    other.goto(served.at("/lessons/{test}"))
    assert "answered" in (other.locator("[data-steps] li").first.get_attribute("class") or "")


def test_a_test_tells_its_result_when_the_answers_have_arrived(
    open_page: OpenPage, served: Served
) -> None:
    page = open_page()
    page.goto(served.card("bilal"))
    page.goto(served.at("/lessons/{test}"))
    saved(page)

    page.context.set_offline(True)
    take_quiz(page, ASKED)
    expect(page.locator("[data-kept]")).to_be_visible()
    page.context.set_offline(False)

    page.wait_for_url(re.compile(r"\?attempt="))
    expect(page.locator("[data-score]")).to_have_text("100")
    expect(page.locator(".verdict.good")).to_have_count(7)


def test_after_idle_time_it_asks_and_keeps_the_page(open_page: OpenPage, served: Served) -> None:
    page = open_page()
    page.clock.install()
    page.goto(served.card("amina"))
    page.goto(served.at("/courses?q=apples"))
    page.locator("#q").fill("figs")

    page.clock.run_for("11:00")

    expect(page.locator("dialog[data-idle]")).to_be_visible()
    expect(page.locator("dialog[data-idle]")).to_contain_text("Amina")
    page.locator("[data-yes]").click()
    expect(page.locator("dialog[data-idle]")).to_be_hidden()
    expect(page.locator("#q")).to_have_value("figs")


def test_whoever_taps_and_never_scrolls_has_seen_every_page(
    open_page: OpenPage, served: Served
) -> None:
    page = open_page(viewport={"width": 320, "height": 120})
    page.goto(served.card("bilal"))
    page.goto(served.at("/lessons/{article}"))
    expect(page.locator("[data-page]:visible")).to_have_count(1)
    taps = 0
    while page.locator("[data-page='1']").is_visible():
        page.locator("[data-on]").dispatch_event("click")
        taps += 1
    assert taps > 1
    page.keyboard.press("End")
    expect(page.locator("[data-finish]")).to_be_visible()


@pytest.mark.parametrize("what", ["pictures", "home"])
def test_a_first_visit_is_light(open_page: OpenPage, served: Served, what: str) -> None:
    page = open_page(viewport=NARROW)
    network = page.context.new_cdp_session(page)
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda said: sizes.append(said["encodedDataLength"]))
    network.send("Network.enable")

    page.goto(
        served.card("bilal") if what == "home" else served.at("/sign-in/{group}"),
        wait_until="networkidle",
    )

    assert len(sizes) <= 12
    assert sum(sizes) <= 60_000
    assert page.locator("head link[rel=stylesheet]").count() == 1
    assert page.locator("head script:not([type=module])").count() == 0
