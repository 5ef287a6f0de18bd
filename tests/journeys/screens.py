"""What people do on the screens, for all journeys: sign in, turn pages, answer. And what must hold."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys.making import PASSWORDS
from tests.journeys.nodes import Node

LIBRARY = Path(__file__).resolve().parents[2] / "demo" / "library"
NARROW = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 800}
FASTEST = 16
"""The highest speed at which Chromium plays a recording."""

type OpenPage = Callable[..., Page]
type OpenContext = Callable[..., BrowserContext]
type Quiz = dict[str, dict[str, Any]]
"""The questions of a quiz as its author wrote them, by id."""


# Signing in


def sign_in(page: Page, node: Node, name: str, onwards: str = "/class") -> None:
    """Sign a member of the staff in with name and password."""
    page.goto(node.at(f"/sign-in/password?next={onwards}"))
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(PASSWORDS[name])
    page.locator("main form button.btn").click()
    expect(page.locator("form.me")).to_be_visible()


def tap_pictures(page: Page, pictures: list[str]) -> None:
    """Tap the picture code."""
    for key in pictures:
        page.locator(f"[data-code] button[value={key}]").click()


# What must hold on every page


def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    page.wait_for_load_state()
    widths = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert widths[0] <= widths[1], f"{page.url} is {widths[0]} pixels wide, the screen {widths[1]}"


def fits_from_right(page: Page) -> None:
    """It runs from the right, in Arabic, and nothing is wider than the screen."""
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    fits(page)


# Lessons


def saved(page: Page) -> None:
    """Wait until the hub has said that it holds everything."""
    expect(page.locator("[data-saved] [data-when=sent]")).to_be_visible()


def waiting(page: Page) -> list[dict[str, Any]]:
    """Return the events that wait on this device."""
    texts = page.evaluate(
        "Object.keys(localStorage).filter(k => k.startsWith('event.')).map(k => localStorage[k])"
    )
    return [json.loads(text) for text in texts]


def read_article(page: Page) -> int:
    """Tap "Next" until the last page, as somebody does who never scrolls; returns how many there are.

    Nothing else is done: whoever taps through a long article has had all of it on the screen.
    """
    on, pages = page.locator("article [data-on]"), page.locator("[data-page]")
    expect(page.locator("[data-page]:visible")).to_have_count(1)
    while on.is_visible():
        on.click()
        fits(page)
    page.keyboard.press("End")
    expect(page.locator("[data-finish]")).to_be_visible()
    return pages.count()


def play_through(page: Page) -> None:
    """Hear or watch a recording to its end, as fast as the browser plays."""
    page.locator("audio, video").first.evaluate(
        f"each => {{ each.muted = true; each.playbackRate = {FASTEST}; return each.play() }}"
    )
    expect(page.locator("[data-finish]")).to_be_visible(timeout=30_000)


def quiz(course: str, name: str) -> Quiz:
    """Read a quiz of the demo's library."""
    return questions((LIBRARY / course / f"{name}.quiz.toml").read_text())


def questions(text: str) -> Quiz:
    return {question["id"]: question for question in tomllib.loads(text)["question"]}


def question(page: Page) -> str:
    """Return the id of the question in view."""
    shown = page.locator("[data-question]:not([hidden])")
    expect(shown).to_have_count(1)
    name = shown.get_attribute("data-question")
    assert name is not None
    return name


def answer(page: Page, of: Quiz, *, wrongly: bool = False) -> Any:
    """Answer the question in view by tapping and typing; returns its id."""
    name = question(page)
    asked, shown = of[name], page.locator(f"[data-question={name}]")
    language = page.locator("article[data-player]").get_attribute("lang") or "en"
    match asked["kind"]:
        case "one" | "several":
            for option in asked["options"]:
                if option.get("correct", False) is not wrongly:
                    shown.locator(f"input[value='{option['id']}']").check(force=True)
        case "order":
            items = asked["items"][::-1] if wrongly else asked["items"]
            for item in items:
                shown.locator(f"[data-item='{item['id']}'] button.tile").click()
        case "match":
            _match(shown, wrongly=wrongly)
        case "gaps":
            for at, accepted in enumerate(re.findall(r"\[(.+?)\]", asked["gaps"][language])):
                word = "?" if wrongly else accepted.split("|")[0]
                shown.locator("input").nth(at).fill(word)
        case "number":
            shown.locator("input").fill("99" if wrongly else asked["answer"])
        case _:
            shown.locator("input").fill("?" if wrongly else asked["answers"][language][0])
    return name


def _match(shown: Locator, *, wrongly: bool) -> None:
    tiles = shown.locator(".pairs button.tile")
    left, right = (
        [each.get_attribute(f"data-{side}") for each in shown.locator(f"[data-{side}]").all()]
        for side in ("left", "right")
    )
    for at, pair in enumerate(left):
        other = right.index(left[at - 1] if wrongly else pair)
        tiles.nth(2 * at).click()
        tiles.nth(2 * other + 1).click()


def take_quiz(page: Page, of: Quiz, *, wrongly: bool = False) -> list[str]:
    """Answer every question that is left, and hand in; returns their ids in the order shown."""
    look = "bad" if wrongly else "good"
    told = []
    while page.locator("[data-quiz-form]").is_visible():
        verdict = page.locator("[data-question]:visible .verdict")
        if not verdict.is_visible():  # else it was answered before the page was loaded
            told.append(answer(page, of, wrongly=wrongly))
        if page.locator("[data-check]").is_visible():
            page.locator("[data-check]").click()
            expect(verdict).to_have_class(re.compile(look))
            fits(page)
        page.locator("[data-on]:visible, [data-send]:visible").click()
    return told
