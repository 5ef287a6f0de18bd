"""A child of eight who can't read, on a small phone, in Arabic: the own picture, a whole course, the stamp."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.nodes import Node
from tests.journeys.screens import (
    NARROW,
    OpenPage,
    answer,
    fits,
    fits_from_right,
    play_through,
    question,
    quiz,
    read_article,
    saved,
    take_quiz,
    tap_pictures,
    waiting,
)

LAYLA, COUNTING = "ليلى", "counting"


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    return open_page(locale="ar", viewport=NARROW, has_touch=True)


def test_a_pre_reader_learns_a_whole_course_in_arabic(phone: Page, mango: Node) -> None:
    layla = mango.learner(LAYLA)
    phone.goto(mango.at("/"))
    fits_from_right(phone)
    phone.locator(f"a.face[href$='{layla['person']}']").click()
    fits_from_right(phone)
    tap_pictures(phone, layla["pictures"])
    phone.wait_for_url(mango.at("/"))
    expect(phone.locator("h1")).to_contain_text(LAYLA)
    fits_from_right(phone)

    phone.locator(f"a.course[href='{mango.course(COUNTING).removeprefix(mango.address)}']").click()
    lessons = phone.locator(".lessons > li")
    expect(lessons).to_have_count(7)
    expect(phone.locator("header.hero progress")).to_have_count(0)
    fits_from_right(phone)

    phone.locator("header.hero a.btn").click()
    _article(phone, pages=6)
    phone.locator("[data-finish] a.bare").click()
    expect(phone.locator("header.hero progress")).to_have_attribute("value", "1")
    expect(phone.locator(".lessons > li.done")).to_have_count(1)
    fits_from_right(phone)

    phone.locator("header.hero a.btn").click()
    _article(phone)
    _next(phone)
    _quiz(phone, "how-many", 7)
    _next(phone)
    play_through(phone)
    fits_from_right(phone)
    _next(phone)
    _article(phone)
    _next(phone)
    _article(phone)
    _next(phone)
    _quiz(phone, "what-comes-next", 6)

    phone.locator("[data-course-done] a").click()
    expect(phone.locator(".stamp")).to_contain_text("العَدُّ إلى عِشرين")
    fits_from_right(phone)
    phone.goto(mango.course(COUNTING))
    expect(phone.locator(".lessons > li.done")).to_have_count(7)
    phone.locator("nav.tabs a").last.click()
    expect(phone.locator(".stamps .stamp")).to_have_count(1)
    fits_from_right(phone)


def _article(page: Page, pages: int = 0) -> None:
    fits_from_right(page)
    read = read_article(page)
    assert read == pages or (not pages and read > 1)
    fits_from_right(page)


def _quiz(page: Page, name: str, count: int) -> None:
    fits_from_right(page)
    assert len(take_quiz(page, quiz(COUNTING, name))) == count
    expect(page.locator("[data-score]")).to_have_text("100")
    saved(page)
    fits_from_right(page)


def _next(page: Page) -> None:
    before = page.url
    page.locator("[data-next] a").click()
    page.wait_for_url(lambda url: url != before)


def test_a_card_opens_the_door_and_two_taps_change_the_learner(phone: Page, mango: Node) -> None:
    phone.goto(mango.card("Amina"))
    expect(phone.locator("h1")).to_contain_text("Amina")

    phone.locator("details.me summary").click()
    phone.locator("details.me button").click()

    fits_from_right(phone)
    yusuf = mango.learner("Yusuf")
    phone.locator(f"a.face[href$='{yusuf['person']}']").click()
    tap_pictures(phone, yusuf["pictures"])
    expect(phone.locator("h1")).to_contain_text("Yusuf")
    fits(phone)


def test_the_code_of_a_card_can_be_typed(phone: Page, mango: Node) -> None:
    code = mango.learner("Amina")["card"]
    phone.goto(mango.at("/sign-in"))
    phone.locator("#code").fill(f"{code[:4]} {code[4:8]} {code[8:]}".lower())
    phone.locator("#code + button").click()
    expect(phone.locator("h1")).to_contain_text("Amina")


def test_after_idle_time_answers_outlive_a_new_sign_in(phone: Page, mango: Node) -> None:
    omar = mango.learner("عمر")
    phone.clock.install()
    phone.goto(mango.at(f"/sign-in/as/{omar['person']}"))
    tap_pictures(phone, omar["pictures"])
    phone.wait_for_url(mango.at("/"))
    phone.goto(mango.lesson(COUNTING, "how-many"))
    asked = quiz(COUNTING, "how-many")
    first = answer(phone, asked)
    phone.locator("[data-check]").click()
    saved(phone)

    phone.clock.run_for("11:00")
    expect(phone.locator("dialog[data-idle]")).to_contain_text("عمر")
    fits(phone)
    phone.locator("[data-yes]").click()
    phone.locator("[data-on]").click()

    # Meanwhile the sign-in has ended: nothing may be lost, and nobody else may get it.
    phone.context.clear_cookies()
    second = answer(phone, asked)
    phone.locator("[data-check]").click()
    expect(phone.locator("dialog[data-idle]")).to_be_visible()
    assert [event["data"]["question"] for event in waiting(phone)] == [second]
    phone.locator("dialog[data-idle] a.btn").click()
    tap_pictures(phone, omar["pictures"])

    phone.wait_for_url(mango.lesson(COUNTING, "how-many"))
    saved(phone)
    assert waiting(phone) == []
    assert question(phone) == second
    take_quiz(phone, {**asked, second: asked[second]})
    expect(phone.locator("[data-score]")).to_have_text("100")
    held = mango.answers_of(omar["person"])
    assert sorted(each["question"] for each in held) == sorted(asked)
    assert first in asked
