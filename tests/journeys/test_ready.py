"""Before children go home: the board says whose work has come, and whom to ask for the tablet (C8)."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.journeys.nodes import Node, newcomer
from tests.journeys.screens import (
    NARROW,
    OpenPage,
    fits,
    fits_from_right,
    quiz,
    saved,
    sign_in,
    take_quiz,
    waiting,
)

COURSE, LESSON = "counting", "how-many"


def seat(board: Page, name: str) -> Locator:
    return board.locator(".seat", has=board.locator("strong", has_text=name))


def test_the_board_tells_who_still_holds_work_and_turns_green_when_it_has_come(
    open_page: OpenPage, mango: Node
) -> None:
    noor, other = newcomer(mango, "Noor"), newcomer(mango, "Obi")
    board = open_page(viewport=NARROW)
    sign_in(board, mango, "grace")
    board.goto(mango.at(f"/class/{mango.group('Blue class')}/ready"))
    fits(board)

    tablet = open_page()
    tablet.goto(mango.at(f"/c/{noor['card']}"))
    tablet.goto(mango.lesson(COURSE, LESSON))
    saved(tablet)
    expect(seat(board, "Noor")).to_contain_text("All sent")

    tablet.context.set_offline(True)
    take_quiz(tablet, quiz(COURSE, LESSON))
    held = len(waiting(tablet))
    assert held > 1
    # The tablet is handed on without a network: whoever uses it next tells of what lies in it.
    tablet.context.route("**/events", lambda route: route.abort())
    tablet.context.set_offline(False)
    tablet.goto(mango.at(f"/c/{other['card']}"))
    tablet.context.unroute("**/events")
    tablet.goto(mango.at("/courses"))
    expect(seat(board, "Noor")).to_contain_text(f"{held} steps not sent yet")
    expect(seat(board, "Noor")).to_contain_text("Ask \u2068Noor")
    expect(board.locator(".seat").first).to_contain_text("Noor")
    fits(board)

    tablet.goto(mango.at(f"/c/{noor['card']}"))
    tablet.goto(mango.at("/courses"))
    expect(seat(board, "Noor")).to_contain_text("All sent")
    assert waiting(tablet) == []

    board.locator("footer button[lang=ar]").click()
    fits_from_right(board)
