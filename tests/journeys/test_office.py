"""The country office: a course published, or refused with what is wrong; lists; names; figures."""

from __future__ import annotations

import io
import re
import time
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.journeys.nodes import Node
from tests.journeys.screens import DESK, LIBRARY, OpenPage, sign_in

FEW_SECONDS = 30


@pytest.fixture
def desk(open_page: OpenPage, country: Node) -> Page:
    page = open_page(viewport=DESK)
    sign_in(page, country, "admin", "/office")
    return page


def zipped(folder: Path, **instead: str) -> FilePayload:
    """Zip a course as its author would, with some files written otherwise."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for path in sorted(folder.iterdir()):
            name = path.name
            archive.writestr(f"{folder.name}/{name}", instead.get(name, path.read_bytes()))
    return {"name": "course.zip", "mimeType": "application/zip", "buffer": held.getvalue()}


def test_a_course_is_published_from_a_zip(desk: Page, country: Node) -> None:
    desk.goto(country.at("/office/courses"))
    expect(desk.locator("tbody")).not_to_contain_text("kite")
    desk.locator("a[href$='/publish']").click()
    desk.locator("#f-zip").set_input_files(zipped(LIBRARY / "kite"))
    desk.locator("form:has(#f-zip) button").click()
    expect(desk.locator(".badge.bad")).to_have_count(0)
    lessons = desk.locator("table tbody tr").count()
    assert lessons > 1

    desk.locator("main form button.big").click()

    expect(desk.locator(".notice.good")).to_contain_text("Published")
    title = desk.locator("h1").inner_text()
    desk.goto(country.at("/office/courses"))
    expect(desk.locator("tbody")).to_contain_text(title)


def test_a_broken_course_is_told_by_file_and_line_and_not_published(
    desk: Page, country: Node
) -> None:
    toml = (LIBRARY / "tablet" / "course.toml").read_text()
    broken = toml.replace('kind = "article"', 'kind = "artcle"', 1).replace("licence", "lisence")
    line = next(at for at, text in enumerate(broken.splitlines(), 1) if "artcle" in text)
    desk.goto(country.at("/office/courses/publish"))
    desk.locator("#f-zip").set_input_files(zipped(LIBRARY / "tablet", **{"course.toml": broken}))
    desk.locator("form:has(#f-zip) button").click()

    problems = desk.locator("tbody tr:has(.badge.bad)")
    assert problems.count() >= 2
    expect(desk.locator("tbody")).to_contain_text(f"course.toml:{line}")
    expect(desk.locator("main form button.big")).to_have_count(0)
    desk.goto(country.at("/office/courses?q=tablet"))
    expect(desk.locator("table")).to_have_count(0)


def test_names_are_masked_until_a_reason_opens_one(desk: Page, country: Node) -> None:
    desk.goto(country.at("/office/people"))
    assert desk.locator("tbody tr").count() > 5
    html = desk.content()
    for name in ("Lemi", "N'Goran", "عبد الله", "الزين", "Otieno", "Diop"):
        assert name not in html, name

    david = country.learner("David")["person"]
    desk.locator(f"a[href$='{david}']").click()
    assert "Lemi" not in desk.content()
    desk.locator("textarea").fill("The family asks for the certificate.")
    desk.locator("main form button.btn").first.click()
    expect(desk.locator("h1")).to_have_text("David Lemi")

    desk.goto(country.at(f"/office/people/{david}"))
    assert "Lemi" not in desk.content()
    expect(desk.locator("q")).to_contain_text("The family asks for the certificate.")
    expect(desk.locator("main")).to_contain_text("Salma")


def test_the_office_reads_and_opens_no_names(open_page: OpenPage, country: Node) -> None:
    page = open_page(viewport=DESK)
    sign_in(page, country, "office", "/office")
    page.goto(country.at(f"/office/people/{country.learner('David')['person']}"))
    expect(page.locator("textarea")).to_have_count(0)
    assert "Lemi" not in page.content()
    for path in ("/office/staff", "/office/courses/publish", "/office/hubs/enrol"):
        assert page.request.get(country.at(path)).status == 404, path


def test_sites_and_hubs_are_listed(desk: Page, country: Node) -> None:
    desk.goto(country.at("/office/sites"))
    expect(desk.locator("tbody tr")).to_have_count(2)
    desk.locator("#q").fill("mango")
    desk.locator("form.search button").click()
    expect(desk.locator("tbody tr")).to_have_count(1)

    desk.goto(country.at("/office/hubs"))
    expect(desk.locator("tbody tr")).to_have_count(2)
    expect(desk.locator("main")).to_contain_text("2 of 2 hubs heard from in 30 days")
    for hub in ("Mango", "River"):
        row = desk.locator("tbody tr", has_text=hub)
        expect(row.locator(".badge.warn")).to_have_count(0)
        expect(row).to_contain_text(re.compile(r"\d of \d courses"))


def test_five_figures_with_their_growth_and_meaning(
    desk: Page, open_page: OpenPage, country: Node, mango: Node
) -> None:
    tiles = desk.locator(".figure-tile")
    expect(tiles).to_have_count(5)
    for tile in tiles.all():
        tile.locator("summary").click()
        expect(tile.locator("details p").first).to_be_visible()
    desk.goto(country.at("/office?figure=users"))
    expect(desk.locator("figure.plot svg[role=img] path.trace")).to_be_attached()
    expect(desk.locator("main .beside > .scroll thead")).to_contain_text("Not provided")
    users = desk.locator(".figure-tile:has(.of:text-is('Registered users')) .value")
    before = int(users.inner_text())

    # Who is registered at a hub is counted here as soon as the hub has told by itself.
    other = open_page(viewport=DESK)
    sign_in(other, mango, "grace")
    other.goto(mango.at(f"/class/{mango.group('Blue class')}/add"))
    other.locator("[name=given]").fill("Imani")
    other.locator("main form button.big").click()
    expect(other.locator("h1")).to_contain_text("Imani")
    until = time.monotonic() + FEW_SECONDS
    while int(users.inner_text()) <= before and time.monotonic() < until:
        desk.wait_for_timeout(500)
        desk.locator("form[action$='/count'] button").click()
    assert int(users.inner_text()) > before

    desk.goto(country.at("/office/figures/users"))
    expect(desk.locator("section table tbody tr", has_text="Mango School")).to_be_visible()
