"""A hub with no network: what is learnt there goes to the country, and comes back safe, in files."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.journeys.nodes import Node
from tests.journeys.screens import DESK, OpenPage, quiz, saved, sign_in, take_quiz

COURSE, LESSON = "water", "when-to-wash"


@pytest.fixture
def hub_desk(open_page: OpenPage, river: Node) -> Page:
    page = open_page(viewport=DESK, accept_downloads=True)
    sign_in(page, river, "karim", "/carry")
    return page


@pytest.fixture
def office_desk(open_page: OpenPage, country: Node) -> Page:
    page = open_page(viewport=DESK, accept_downloads=True)
    sign_in(page, country, "admin", "/office/parcels")
    return page


def learn(open_page: OpenPage, river: Node, given: str) -> None:
    """Take a quiz of four questions at the hub."""
    phone = open_page()
    phone.goto(river.card(given))
    phone.goto(river.lesson(COURSE, LESSON))
    take_quiz(phone, quiz(COURSE, LESSON))
    saved(phone)


def not_yet_safe(hub_desk: Page, river: Node) -> str:
    """Read how much waits at the hub, as it says so: "4 answers from 1 learner"."""
    hub_desk.goto(river.at("/carry"))
    said = hub_desk.locator(".state .big", has_text="Saved here, not yet safe").inner_text()
    return said.split(": ")[1].rstrip(".")


def carry(hub_desk: Page, river: Node, pocket: Path) -> Path:
    """Press "Carry to the country", and put the file in one's pocket."""
    hub_desk.goto(river.at("/carry"))
    with hub_desk.expect_download() as coming:
        hub_desk.locator("form[action$='/carry/make'] button").click()
    path = pocket / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def take_along(office_desk: Page, pocket: Path) -> Path:
    """Download what goes back to the hub."""
    with office_desk.expect_download() as coming:
        office_desk.locator(".result a[href*='/office/parcels/']").click()
    path = pocket / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def hand_in(page: Page, *files: Path | FilePayload) -> None:
    """Hand files in, at the country or at a hub."""
    page.locator("#f-parcels").set_input_files(list(files))  # type: ignore[arg-type]
    page.locator("form:has(#f-parcels) button").click()


def test_there_and_back_in_a_pocket(
    open_page: OpenPage,
    hub_desk: Page,
    office_desk: Page,
    country: Node,
    river: Node,
    tmp_path: Path,
) -> None:
    learn(open_page, river, "David")
    learnt = not_yet_safe(hub_desk, river)
    assert learnt == "4 answers from 1 learner"
    parcel = carry(hub_desk, river, tmp_path)

    hand_in(office_desk, parcel)
    said = office_desk.locator(".result")
    expect(said).to_contain_text(f"{learnt.replace(' answers', ' new answers')}; nothing lost")
    david = river.learner("David")["person"]
    assert country.answers_of(david) == river.answers_of(david)
    answer = take_along(office_desk, tmp_path)

    hub_desk.goto(river.at("/carry"))
    expect(hub_desk.locator(".state")).to_contain_text(f"{learnt} left with parcel")
    expect(hub_desk.locator(".state")).to_contain_text("confirmed yet")
    hand_in(hub_desk, answer)
    safe = learnt.split(" from ")[0]
    expect(hub_desk.locator("main")).to_contain_text(f"{safe} are now safe in the country.")
    expect(hub_desk.locator(".state")).to_contain_text("Everything is safe in the country.")

    office_desk.goto(office_desk.url)
    hand_in(office_desk, parcel)
    expect(said).to_contain_text("nothing new; nothing lost")
    hand_in(hub_desk, answer)
    expect(hub_desk.locator(".notice.good").first).to_contain_text("nothing new; nothing lost")
    expect(hub_desk.locator(".state")).to_contain_text("Everything is safe in the country.")


def test_a_changed_byte_is_refused_and_the_whole_file_taken_afterwards(
    open_page: OpenPage, hub_desk: Page, office_desk: Page, river: Node, tmp_path: Path
) -> None:
    learn(open_page, river, "هدى")
    learnt = not_yet_safe(hub_desk, river)
    parcel = carry(hub_desk, river, tmp_path)
    content = bytearray(parcel.read_bytes())
    content[len(content) // 2] ^= 1

    hand_in(
        office_desk,
        {
            "name": parcel.name,
            "mimeType": "application/octet-stream",
            "buffer": bytes(content),
        },
    )
    refused = office_desk.locator(".result")
    expect(refused.locator(".notice.bad")).to_contain_text(parcel.name)
    expect(refused).not_to_contain_text("new answer")

    hand_in(office_desk, parcel)
    expect(office_desk.locator(".result")).to_contain_text(
        f"{learnt.replace(' answers', ' new answers')}; nothing lost"
    )
    hand_in(hub_desk, take_along(office_desk, tmp_path))
    expect(hub_desk.locator(".state")).to_contain_text("Everything is safe in the country.")


def test_a_parcel_for_somebody_else_is_kept_and_carried_on(
    open_page: OpenPage, hub_desk: Page, mango: Node, river: Node, tmp_path: Path
) -> None:
    parcel = carry(hub_desk, river, tmp_path)
    other = open_page(viewport=DESK)
    sign_in(other, mango, "grace", "/carry")

    hand_in(other, parcel)
    expect(other.locator("main")).to_contain_text("1 file for another place is kept here")


def test_what_is_no_parcel_is_said_plainly(office_desk: Page) -> None:
    hand_in(
        office_desk,
        {"name": "holiday.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff" * 100},
    )
    expect(office_desk.locator(".notice.bad")).to_contain_text("holiday.jpg")
