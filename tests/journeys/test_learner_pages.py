"""Every page of the learner, in every language: axe finds nothing, nothing is wider than the phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Served

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WHAT = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']"
RUN = f"""axe.run(document, {{ runOnly: {WHAT} }}).then((found) =>
  found.violations.map((each) => each.id + ': ' + each.nodes[0].html.slice(0, 200)))"""
NARROW = {"width": 320, "height": 640}

SIGNED_OUT = (
    "/sign-in",
    "/sign-in/{group}",
    "/sign-in/as/{learners[amina][person]}",
    "/sign-in/password",
    "/language",
    "/away?to=https%3A%2F%2Fexample.org%2F",
    "/c/000000000000",
    "/nowhere",
)
SIGNED_IN = (
    "/",
    "/courses",
    "/courses?q=apples",
    "/courses?q=nothing-of-this-name",
    "/courses/{course}",
    "/lessons/{article}",
    "/lessons/{quiz}",
    "/lessons/{test}",
    "/learnt",
    "/still-you",
)

type OpenPage = Callable[..., Page]


def faults(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(RUN)
    width = page.evaluate("document.documentElement.scrollWidth")
    return found if width <= NARROW["width"] else [*found, f"{width} pixels wide"]


@pytest.mark.parametrize("language", ["en", "ar", "fr", "es"])
def test_pages_are_accessible_and_fit_a_phone(
    open_page: OpenPage, served: Served, language: str
) -> None:
    page = open_page(locale=language, viewport=NARROW, bypass_csp=True)
    found = {}
    for path in (*SIGNED_OUT, "card", *SIGNED_IN):
        page.goto(served.card("amina") if path == "card" else served.at(path))
        page.wait_for_load_state("networkidle")
        for question in page.locator("[data-question]").all():
            page.evaluate(
                """(shown) => document.querySelectorAll('[data-question]')
                  .forEach((each) => { each.hidden = each !== shown; })""",
                question.element_handle(),
            )
            if wrong := faults(page):
                found[f"{path} {question.get_attribute('data-kind')}"] = wrong
        if wrong := faults(page):
            found[path] = wrong

    assert not found
