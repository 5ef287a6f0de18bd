"""What the country decides on its screens: a learner moves, a card admits, a hub is trusted no more."""

from __future__ import annotations

import time
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys import nodes
from tests.journeys.conftest import Served
from tests.journeys.nodes import Node, newcomer
from tests.journeys.screens import DESK, NARROW, OpenPage, fits, sign_in
from tests.journeys.test_carrier import hand_in
from tests.world import PASSWORD

FEW_SECONDS = 60


def test_a_learner_moves_to_another_school(open_page: OpenPage, country: Node, mango: Node) -> None:
    person = newcomer(mango, "Tendai")["person"]
    desk = open_page(viewport=NARROW)
    sign_in(desk, country, "admin", "/office")
    until = time.monotonic() + FEW_SECONDS
    while (
        desk.goto(country.at(f"/office/people/{person}")).status == 404  # type: ignore[union-attr]
        and time.monotonic() < until
    ):
        desk.wait_for_timeout(500)  # until the hub has told of everybody
    desk.locator("a[href$='/move']").click()
    expect(desk.locator("h1")).to_have_text("Where to?")
    fits(desk)
    desk.locator("main a", has_text="River Learning Centre").click()
    expect(desk.locator("main")).to_contain_text("river hub: gets the whole record")
    expect(desk.locator("main")).to_contain_text("mango hub: lets go of the record")
    fits(desk)
    desk.locator("#f-group").select_option(index=1)
    desk.locator("main form button").first.click()
    expect(desk.locator(".facts")).to_contain_text("River Learning Centre")

    other = open_page(viewport=DESK)
    sign_in(other, mango, "grace")
    board = mango.at(f"/class/{mango.group('Blue class')}")
    seat = other.locator(f".seat:has(a[href='/learners/{person}'])")
    until = time.monotonic() + FEW_SECONDS
    other.goto(board)
    while seat.count() and time.monotonic() < until:
        other.wait_for_timeout(500)
        other.goto(board)
    expect(seat).to_have_count(0)


def test_a_card_that_nobody_knows_admits_whoever_holds_it(
    open_page: OpenPage, mango: Node, river: Node
) -> None:
    card = newcomer(mango, "Kofi")["card"]
    phone = open_page(viewport=NARROW)
    phone.goto(river.at(f"/c/{card}"))
    expect(phone.locator("main")).to_contain_text("Is the card from another place?")
    fits(phone)

    desk = open_page(viewport=NARROW)
    sign_in(desk, river, "karim")
    desk.goto(river.at(f"/class/{next(iter(river.cast['groups'].values()))}/add"))
    desk.locator("[name=given]").fill("Kofi")
    desk.locator("main summary").click()
    desk.locator("[name=card]").fill(mango.at(f"/c/{card}"))  # as a scanner types it
    fits(desk)
    desk.locator("main form button.big").click()
    expect(desk.locator(".notice.good")).to_contain_text("follows with the next parcels")

    phone.goto(river.at(f"/c/{card}"))
    expect(phone.locator("details.me")).to_be_visible()


def stolen_hub(country: Path, folder: Path) -> Path:
    """Make a hub of the small country, which has been there with its first parcel."""
    file, hub = folder / "hub.enrolment", folder / "hub"
    nodes.run(
        country, "passport", "hub", "enrol", "Van hub", "--site", "MANGO-SCHOOL",
        "--out", str(file),
    )  # fmt: skip
    nodes.run(
        hub, "passport", "init", "--role", "hub", "--name", "Van hub",
        "--listen", f"127.0.0.1:{nodes.free_port()}", "--enrolment", str(file),
    )  # fmt: skip
    nodes.run(hub, "passport", "parcel", "make", str(folder / "first"))
    nodes.run(
        country,
        "passport",
        "parcel",
        "take",
        str(folder / "first"),
        "--answer",
        str(folder / "down"),
    )
    nodes.run(hub, "passport", "parcel", "take", str(folder / "down"))
    return hub


def test_a_stolen_hub_is_revoked_and_what_it_sends_is_set_aside(
    open_page: OpenPage, served: Served, tmp_path: Path
) -> None:
    hub = stolen_hub(served.home, tmp_path)
    desk = open_page(viewport=NARROW)
    office_desk(desk, served)
    desk.goto(served.at("/office/hubs"))
    desk.locator("tbody a", has_text="Van hub").click()
    expect(desk.locator("h1")).to_have_text("Van hub")
    fits(desk)
    desk.locator("a[href$='/revoke']").click()
    desk.locator("textarea").fill("Taken from the van at night")
    fits(desk)
    desk.locator("main button.danger").click()
    expect(desk.locator(".notice.bad")).to_contain_text("Taken from the van at night")

    nodes.run(hub, "passport", "person", "add", "Zola", "--site", "MANGO-SCHOOL")
    nodes.run(hub, "passport", "parcel", "make", str(tmp_path / "late"))
    desk.goto(served.at("/office/parcels"))
    hand_in(desk, *sorted((tmp_path / "late").glob("*.parcel")))
    expect(desk.locator(".result")).to_contain_text("set aside")

    desk.goto(served.at("/office/hubs/aside"))
    expect(desk.locator("li.card").first).to_contain_text("The country has revoked this hub.")
    fits(desk)
    desk.locator("li.card a", has_text="Van hub").first.click()
    expect(desk.locator(".notice.warn")).to_contain_text("Its parcels keep coming")
    fits(desk)


def office_desk(page: Page, served: Served) -> None:
    page.goto(served.at("/sign-in/password?next=/office"))
    page.locator("[name=username]").fill("adam")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button.btn").click()
    expect(page.locator("form.me")).to_be_visible()
