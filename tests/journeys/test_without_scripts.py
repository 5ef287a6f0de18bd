"""A browser without scripts: old, or told so. Everything that matters still works."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.nodes import Node
from tests.journeys.past import right_answers
from tests.journeys.screens import NARROW, OpenPage, fits, sign_in, tap_pictures


@pytest.fixture
def old_phone(open_page: OpenPage) -> Page:
    return open_page(java_script_enabled=False, viewport=NARROW)


def test_a_lesson_is_learnt_without_scripts(old_phone: Page, mango: Node) -> None:
    yusuf = mango.learner("Yusuf")
    old_phone.goto(mango.at("/sign-in"))
    old_phone.locator(f"a.face[href$='{yusuf['person']}']").click()
    tap_pictures(old_phone, yusuf["pictures"])
    expect(old_phone.locator("h1")).to_contain_text("Yusuf")

    old_phone.goto(mango.lesson("water", "when-ill"))
    expect(old_phone.locator("[data-page]").last).to_be_visible()
    old_phone.locator("[data-plain] button").click()
    expect(old_phone).to_have_url(mango.lesson("water", "healthy-day"))

    for name, said in right_answers("water", "healthy-day"):
        asked = old_phone.locator(f"[data-question={name}]")
        match asked.get_attribute("data-kind"):
            case "one" | "several":
                for value in said if isinstance(said, list) else [said]:
                    asked.locator(f"input[value='{value}']").check(force=True)
            case "gaps":
                for at, word in enumerate(said):
                    asked.locator("input").nth(at).fill(word)
            case _:
                asked.locator("input").fill(said)
    old_phone.locator("[data-send]").click()
    expect(old_phone.locator("[data-score]")).to_have_text("100")
    expect(old_phone.locator(".verdict.good")).to_have_count(
        len(right_answers("water", "healthy-day"))
    )

    old_phone.goto(mango.course("water"))
    expect(old_phone.locator(".lessons > li.done")).to_have_count(2)
    old_phone.locator("details.me summary").click()
    old_phone.locator("details.me button").click()
    expect(old_phone.locator("a.face").first).to_be_visible()


def test_order_and_match_are_chosen_from_lists(old_phone: Page, mango: Node) -> None:
    old_phone.goto(mango.card("Yusuf"))
    old_phone.goto(mango.lesson("counting", "what-comes-next"))
    for name, said in right_answers("counting", "what-comes-next"):
        asked = old_phone.locator(f"[data-question={name}]")
        match asked.get_attribute("data-kind"):
            case "order":
                for place, item in enumerate(said, 1):
                    asked.locator(f"select[name='{name}.{item}']").select_option(str(place))
            case "match":
                for left, right in said.items():
                    asked.locator(f"select[name='{name}.{left}']").select_option(right)
            case _:
                continue
    old_phone.locator("[data-send]").click()
    expect(old_phone.locator(".verdict.good")).to_have_count(2)


def test_a_class_is_seen_without_scripts(old_phone: Page, mango: Node) -> None:
    sign_in(old_phone, mango, "grace")
    old_phone.goto(mango.at(f"/class/{mango.group('Blue class')}"))
    seats = old_phone.locator(".seat").count()
    assert seats >= len(mango.cast["learners"])
    fits(old_phone)
    old_phone.locator("noscript a, a:has-text('Look again')").first.click()
    expect(old_phone.locator(".seat")).to_have_count(seats)
