"""The facilitator: the class as it works, new learners, their cards, courses to give, answers to see."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.journeys.nodes import Node
from tests.journeys.screens import (
    DESK,
    OpenPage,
    quiz,
    read_article,
    saved,
    sign_in,
    take_quiz,
)

BLUE = "Blue class"
COURSE, LESSON = "counting", "how-many"


@pytest.fixture
def desk(open_page: OpenPage, mango: Node) -> Page:
    page = open_page(viewport=DESK)
    sign_in(page, mango, "grace")
    return page


def seat(desk: Page, node: Node, given: str) -> str:
    return f".seat:has(a[href='/learners/{node.learner(given)['person']}'])"


def test_a_class_is_seen_as_it_works(desk: Page, open_page: OpenPage, mango: Node) -> None:
    desk.goto(mango.at(f"/class/{mango.group(BLUE)}"))
    fatou = desk.locator(seat(desk, mango, "Fatou"))
    expect(fatou).to_contain_text("Not yet here")
    expect(fatou).to_contain_text("Nothing begun yet")
    desk.evaluate("window.never_loaded_again = true")

    phone = open_page(locale="fr")
    phone.goto(mango.card("Fatou"))
    phone.goto(mango.lesson(COURSE, "one-to-five"))
    read_article(phone)
    saved(phone)
    expect(fatou).to_contain_text("Here now")
    expect(fatou).to_contain_text("One to five")
    expect(fatou.locator(".where svg")).to_be_visible()

    phone.goto(mango.lesson(COURSE, LESSON))
    for _ in range(2):
        phone.reload()
        take_quiz(phone, quiz(COURSE, LESSON), wrongly=True)
        expect(phone.locator("[data-failed]")).to_be_visible()
        saved(phone)
    expect(fatou.locator(".trouble")).to_contain_text("2 failed attempts")
    assert desk.evaluate("window.never_loaded_again")

    fatou.locator(".trouble a").click()
    expect(desk.locator("h1")).to_have_text("How many?")
    expect(desk.locator("section.card")).to_have_count(2)
    expect(desk.locator("ol.answered > li.wrong")).to_have_count(2 * len(quiz(COURSE, LESSON)))


def test_a_learner_is_added_and_learns_at_once(
    desk: Page, open_page: OpenPage, mango: Node
) -> None:
    desk.goto(mango.at(f"/class/{mango.group(BLUE)}"))
    desk.locator("a[href$='/add']").click()
    desk.locator("[name=given]").fill("Zuri")
    desk.locator("main form button.big").click()
    expect(desk.locator("h1")).to_contain_text("Zuri")
    code = desk.locator(".own-card .mono").inner_text()
    expect(desk.locator(".own-card svg.qr path")).to_be_attached()

    phone = open_page()
    phone.goto(mango.at(f"/c/{code.replace(' ', '')}"))
    expect(phone.locator("h1")).to_contain_text("Zuri")
    expect(
        phone.locator(f"a.course[href$='{mango.cast['courses'][COURSE]['course']}']")
    ).to_be_visible()


def test_a_pasted_list_is_looked_at_first(desk: Page, mango: Node) -> None:
    address = mango.at(f"/class/{mango.group(BLUE)}")
    desk.goto(address)
    before = desk.locator(".seat").count()
    desk.goto(f"{address}/list")
    desk.locator("textarea").fill("Neema, Otieno, F\nAsha, Juma, perhaps\nبلال;الحسن;M\n")
    desk.locator("main form button").last.click()
    expect(desk.locator(".problems li")).to_have_count(1)
    expect(desk.locator(".problems")).to_contain_text("Line 2")

    desk.locator("textarea").fill("Neema, Otieno, F\nبلال;الحسن;M\nYusuf, Barre\n")
    desk.locator("main form.card button").click()
    expect(desk.locator("tbody tr")).to_have_count(3)
    expect(desk.locator("tbody")).to_contain_text("in the class already")
    desk.goto(address)
    expect(desk.locator(".seat")).to_have_count(before)

    desk.go_back()
    desk.locator("textarea").fill("Neema, Otieno, F\nبلال;الحسن;M\nYusuf, Barre\n")
    desk.locator("main form.card button").click()
    desk.locator("main form.row button").click()
    expect(desk.locator(".notice.good")).to_contain_text("2 learners were added")
    desk.goto(address)
    expect(desk.locator(".seat")).to_have_count(before + 2)
    expect(desk.locator("#board")).to_contain_text("بلال")


def test_the_cards_of_a_class_are_printed(desk: Page, mango: Node) -> None:
    desk.goto(mango.at(f"/class/{mango.group(BLUE)}"))
    # a browser may show a PDF instead of saving it: fetched as the browser would, with its cookie
    address = desk.locator("a[href$='/cards.pdf']").get_attribute("href") or ""
    sent = desk.request.get(mango.at(address))
    assert sent.headers["content-type"] == "application/pdf"

    pages = PdfReader(BytesIO(sent.body())).pages
    learners = desk.locator(".seat").count()
    assert len(pages) == -(-learners // 10)
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
    assert mango.learner("Amina")["card"] in text
    assert mango.learner("ليلى")["card"] in text


def test_a_lost_card_opens_nothing_any_more(desk: Page, open_page: OpenPage, mango: Node) -> None:
    desk.goto(mango.at(f"/class/{mango.group(BLUE)}/add"))
    desk.locator("[name=given]").fill("Tumaini")
    desk.locator("main form button.big").click()
    old = desk.locator(".own-card .mono").inner_text().replace(" ", "")
    person = desk.locator("a[href$='/card.pdf']").get_attribute("href") or ""
    phone = open_page()
    phone.goto(mango.at(f"/c/{old}"))
    expect(phone.locator("h1")).to_contain_text("Tumaini")

    desk.goto(mango.at(person.removesuffix(".pdf")))
    desk.locator("button.danger").click()
    expect(desk.locator(".notice.good")).to_be_visible()
    new = desk.locator(".own-card .mono").inner_text().replace(" ", "")

    assert new != old
    phone.goto(mango.at("/learnt"))
    expect(phone).to_have_url(re.compile("/sign-in"))
    answer = phone.goto(mango.at(f"/c/{old}"))
    assert answer is not None
    assert answer.status == 403
    expect(phone.locator(".notice.bad")).to_be_visible()
    phone.goto(mango.at(f"/c/{new}"))
    expect(phone.locator("h1")).to_contain_text("Tumaini")


def test_a_course_is_given_and_taken_back(desk: Page, open_page: OpenPage, mango: Node) -> None:
    water = mango.cast["courses"]["water"]["course"]
    phone = open_page()
    phone.goto(mango.card("Yusuf"))
    assigned = phone.locator(f"section[aria-labelledby=shelf-1] a[href$='{water}']")
    expect(assigned).to_have_count(0)

    yusuf = mango.learner("Yusuf")["person"]
    desk.goto(mango.at(f"/learners/{yusuf}"))
    desk.locator("nav.deeds a[href$='/assign']").click()
    desk.locator("#q").fill("water")
    desk.locator("form.search button").click()
    desk.locator(f"form:has([value='{water}']) button").click()
    expect(desk.locator("section").first).to_contain_text("Water and health")
    phone.reload()
    expect(assigned).to_be_visible()

    desk.locator("form[action$='/end'] button").click()
    phone.reload()
    expect(assigned).to_have_count(0)


def test_nobody_sees_the_class_of_another_site(
    open_page: OpenPage, country: Node, mango: Node
) -> None:
    page = open_page(viewport=DESK)
    sign_in(page, country, "karim")
    assert page.url.startswith(country.at("/class"))
    for path in ("", "/board", "/add", "/list", "/cards.pdf", "/assign"):
        answer = page.request.get(country.at(f"/class/{mango.group(BLUE)}{path}"))
        assert answer.status == 404, path
    answer = page.request.get(country.at(f"/learners/{mango.learner('Amina')['person']}"))
    assert answer.status == 404
