"""Learners come in: one by one, by list, on paper; a lost card dies."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from django.test import Client
from pypdf import PdfReader

from passport.learning import actions as learning
from passport.learning.queries import record_of
from passport.people.actions import sign_in_with_card
from passport.people.errors import WrongSignIn
from passport.people.queries import card_of, class_list
from passport.web.facilitator.card_sheet import Card, sheet
from passport.web.facilitator.qr import qr_path
from tests.rooms.learning.shelf import Shelf
from tests.world import World, machine


def names(world: World) -> list[str]:
    return [one.name for one in class_list(machine(), world.sunbirds.id).learners]


def test_a_first_name_is_enough_and_the_card_is_there(world: World, fatou: Client) -> None:
    answer = fatou.post(f"/class/{world.sunbirds.id}/add", {"given": "Zara"})
    page = fatou.get(answer["Location"]).text
    person = UUID(answer["Location"].partition("new=")[2])
    face = card_of(machine(), person)

    assert face.code in page
    assert page.count("codes-") >= 3 or page.count("codes.svg") >= 3
    assert "Next child" in page
    assert sign_in_with_card(code=face.code).person_id == person

    fatou.get(answer["Location"])
    assert names(world).count("Zara") == 1


def test_the_new_learner_has_what_the_class_was_given(
    world: World, fatou: Client, shelf: Shelf
) -> None:
    learning.assign(by=machine(), course=shelf.course, group=world.sunbirds.id)
    answer = fatou.post(f"/class/{world.sunbirds.id}/add", {"given": "Zara"})
    person = UUID(answer["Location"].partition("new=")[2])

    assert [record.course for record in record_of(machine(), person)] == [shelf.course]


def test_no_name_is_said_in_words_and_keeps_the_rest(world: World, fatou: Client) -> None:
    answer = fatou.post(f"/class/{world.sunbirds.id}/add", {"given": " ", "family": "Ba"})

    assert answer.status_code == 400
    assert "Give a first name." in answer.text
    assert 'value="Ba"' in answer.text


def test_a_list_is_looked_at_before_it_is_taken(world: World, fatou: Client) -> None:
    address = f"/class/{world.sunbirds.id}/list"
    text = "Zara, Ba, F\nYusuf\nAmina, Diallo, F\n"
    looked = fatou.post(address, {"text": text})

    assert "Add 2 learners" in looked.text
    assert "in the class already" in looked.text
    assert names(world) == ["Amina Diallo", "Bilal Haddad"]

    done = fatou.post(address, {"text": text, "sure": "yes"})
    assert "2 learners were added." in done.text
    assert names(world) == ["Amina Diallo", "Bilal Haddad", "Yusuf", "Zara Ba"]


def test_a_line_that_cannot_be_read_is_named_and_nothing_is_taken(
    world: World, fatou: Client
) -> None:
    address = f"/class/{world.sunbirds.id}/list"
    text = "Zara, Ba, F\nYusuf, Ba, banana\n"
    looked = fatou.post(address, {"text": text})
    forced = fatou.post(address, {"text": text, "sure": "yes"})

    assert "Line 2" in looked.text
    assert "banana" in looked.text
    assert 'name="sure"' not in looked.text
    assert forced.status_code == 400
    assert len(names(world)) == 2


def test_a_new_card_kills_the_old_one(world: World, fatou: Client) -> None:
    old = card_of(machine(), world.amina.person).code
    address = f"/learners/{world.amina.person}/card"
    shown = fatou.get(address).text
    after = fatou.post(address, follow=True).text
    new = card_of(machine(), world.amina.person).code

    assert old in shown
    assert old != new
    assert new in after
    with pytest.raises(WrongSignIn):
        sign_in_with_card(code=old)
    assert sign_in_with_card(code=new).person_id == world.amina.person


def test_looking_at_a_card_changes_nothing(world: World, fatou: Client) -> None:
    before = card_of(machine(), world.amina.person)
    fatou.get(f"/learners/{world.amina.person}/card")

    assert card_of(machine(), world.amina.person) == before


def test_new_pictures(world: World, fatou: Client) -> None:
    before = card_of(machine(), world.amina.person).picture_code
    for _ in range(3):  # chance may choose the same pictures once
        fatou.post(f"/learners/{world.amina.person}/pictures")
        if card_of(machine(), world.amina.person).picture_code != before:
            return
    raise AssertionError("The pictures stay the same.")


def test_the_cards_of_a_class_on_paper(world: World, fatou: Client) -> None:
    answer = fatou.get(f"/class/{world.sunbirds.id}/cards.pdf")
    text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    for learner in (world.amina, world.bilal):
        assert card_of(machine(), learner.person).code in text
    assert card_of(machine(), world.chidi.person).code not in text


@pytest.mark.parametrize(("cards", "pages"), [(1, 1), (10, 1), (11, 2), (40, 4)])
def test_ten_cards_on_a_page(cards: int, pages: int) -> None:
    card = Card("ليلى", "عبد الرحمن", "cat", "7H3K 9M2P X4TB", "http://hub/c/7H3K9M2PX4TB", "Mango")
    pdf = PdfReader(io.BytesIO(sheet([card] * cards, from_right=True)))

    assert len(pdf.pages) == pages
    assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == [595, 842]


def test_a_name_longer_than_the_card_is_made_smaller() -> None:
    card = Card("Wilhelmina" * 12, "", "cat", "7H3K 9M2P X4TB", "http://hub/c/7H3K9M2PX4TB", "M")

    assert sheet([card], from_right=False)


def test_the_qr_code_on_the_page_is_the_one_that_segno_makes() -> None:
    import segno

    address = "http://192.168.1.1:8000/c/7H3K9M2PX4TB"
    drawn = qr_path(address)
    dark = sum(int(run) for run in __import__("re").findall(r"h(\d+)v1", drawn.path))

    assert dark == sum(map(sum, segno.make_qr(address, error="m").matrix))
    assert drawn.size == len(segno.make_qr(address, error="m").matrix) + 8
