"""A learner with a phone: signs in without reading, learns, loses the network, loses nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Served

RIGHT = {"text": "cat", "number": "2.5"}

type OpenPage = Callable[..., Page]


def question(page: Page) -> tuple[str, str]:
    """The id and the kind of the question in view."""
    shown = page.locator("[data-question]:not([hidden])")
    name, kind = shown.get_attribute("data-question"), shown.get_attribute("data-kind")
    assert name is not None
    assert kind is not None
    return name, kind


def answer(page: Page) -> None:
    """Give the right answer to the question in view, by tapping and typing."""
    name, kind = question(page)
    shown = page.locator(f"[data-question={name}]")
    if kind == "one":
        shown.locator("input[value=b]").check(force=True)
    elif kind == "several":
        for value in ("a", "c"):
            shown.locator(f"input[value={value}]").check(force=True)
    elif kind == "order":
        for item in ("s", "m", "l"):
            shown.locator(f"[data-item={item}] button.tile").click()
    elif kind == "match":
        tiles = shown.locator(".pairs button.tile")
        sides = {
            side: [
                each.get_attribute(f"data-{side}") for each in shown.locator(f"[data-{side}]").all()
            ]
            for side in ("left", "right")
        }
        for at, pair in enumerate(sides["left"]):
            tiles.nth(2 * at).click()
            tiles.nth(2 * sides["right"].index(pair) + 1).click()
    elif kind == "gaps":
        arabic = page.locator("article[lang=ar]").count()
        for at, word in enumerate(("القطة", "السجادة") if arabic else ("cat", "mat")):
            shown.locator("input").nth(at).fill(word)
    else:
        arabic = page.locator("article[lang=ar]").count()
        shown.locator("input").fill("قطة" if arabic and kind == "text" else RIGHT[kind])


def go_through(page: Page) -> None:
    """Answer every question that is left, and hand in."""
    while page.locator("[data-quiz-form]").is_visible():
        answer(page)
        if page.locator("[data-check]").is_visible():
            page.locator("[data-check]").click()
            expect(page.locator("[data-question]:not([hidden]) .verdict.good")).to_be_visible()
        page.locator("[data-on]:visible, [data-send]:visible").click()


def kept(page: Page) -> list[dict[str, Any]]:
    """The events that wait on this device."""
    texts = page.evaluate(
        "Object.keys(localStorage).filter(k => k.startsWith('event.')).map(k => localStorage[k])"
    )
    return [json.loads(text) for text in texts]


def test_a_pre_reader_learns_a_whole_course_in_arabic(open_page: OpenPage, served: Served) -> None:
    page = open_page(locale="ar", viewport={"width": 320, "height": 640})
    amina = served.cast["learners"]["amina"]
    page.goto(served.at("/sign-in/{group}"))
    page.locator(f"a[href$='{amina['person']}']").click()
    for key in amina["pictures"]:
        page.locator(f"button[value={key}]").click()
    page.wait_for_url(served.at("/"))
    expect(page.locator("html")).to_have_attribute("dir", "rtl")

    page.goto(served.at("/courses/{course}"))
    page.locator(".lessons a").first.click()
    page.locator("[data-on]").click()
    expect(page.locator("[data-finish]")).to_be_visible()
    page.locator("[data-next] a").click()
    go_through(page)
    expect(page.locator("[data-score]")).to_have_text("100")
    page.locator("[data-course-done] a").click()
    expect(page.locator(".stamp")).to_contain_text("عدّ التفاح")

    page.goto(served.at("/learnt"))
    expect(page.locator(".stamp")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_network_goes_in_the_middle_of_a_quiz_and_comes_back(
    open_page: OpenPage, served: Served
) -> None:
    page = open_page()
    page.goto(served.card("bilal"))
    page.goto(served.at("/lessons/{quiz}"))
    expect(page.locator("[data-saved] [data-when=sent]")).to_be_visible()

    page.context.set_offline(True)
    for _ in range(3):
        answer(page)
        page.locator("[data-check]").click()
        expect(page.locator("[data-question]:not([hidden]) .verdict.good")).to_be_visible()
        page.locator("[data-on]").click()
    expect(page.locator("[data-saved] [data-when=waiting]")).to_be_visible()
    waiting = kept(page)
    assert [event["verb"] for event in waiting] == ["answered"] * 3
    assert len({event["id"] for event in waiting}) == 3

    page.context.set_offline(False)
    expect(page.locator("[data-saved] [data-when=sent]")).to_be_visible()
    assert kept(page) == []
    before = question(page)
    page.reload()
    assert question(page) == before
    go_through(page)
    expect(page.locator("[data-score]")).to_have_text("100")


def test_answers_of_one_child_are_never_sent_in_the_name_of_another(
    open_page: OpenPage, served: Served
) -> None:
    page = open_page()
    page.goto(served.card("amina"))
    page.goto(served.at("/lessons/{test}"))
    answer(page)
    expect(page.locator("[data-saved] [data-when=sent]")).to_be_visible()
    other = page.context.new_page()
    other.goto(served.card("bilal"))

    page.bring_to_front()
    page.locator("[data-on]").click()
    expect(page.locator("dialog[data-idle]")).to_be_visible()
    waiting = kept(page)
    assert len(waiting) == 1

    other.reload()
    other.wait_for_timeout(500)
    assert kept(other) == waiting
    other.goto(served.card("amina"))
    expect(other.locator("[data-saved] [data-when=sent]")).to_be_visible()
    assert kept(other) == []
    other.goto(served.at("/lessons/{test}"))
    assert "answered" in (other.locator("[data-steps] li").first.get_attribute("class") or "")


def test_a_test_tells_its_result_when_the_answers_have_arrived(
    open_page: OpenPage, served: Served
) -> None:
    page = open_page()
    page.goto(served.card("bilal"))
    page.goto(served.at("/lessons/{test}"))
    expect(page.locator("[data-saved] [data-when=sent]")).to_be_visible()

    page.context.set_offline(True)
    go_through(page)
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


@pytest.mark.parametrize("what", ["pictures", "home"])
def test_a_first_visit_is_light(open_page: OpenPage, served: Served, what: str) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
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
