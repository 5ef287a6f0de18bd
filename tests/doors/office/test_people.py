"""Names are masked; one opens for a reason, and that is written down (R138)."""

from __future__ import annotations

import html

import pytest
from django.test import Client

from passport.people.models import Opening, RoleGrant
from passport.people.queries import openings_of, people_page, staff_list
from tests.world import World, browser, machine

RAW = ("Amina", "Diallo", "Bilal", "Haddad", "Chidi", "Eze")


@pytest.mark.parametrize(
    "address",
    [
        "/office/people",
        "/office/people?q=amina+diallo",
        "/office/people?sort=site",
        "/office/people/{person}",
        "/office/sites/{site}",
        "/office/parcels",
    ],
)
def test_no_page_of_the_office_holds_a_whole_name(
    world: World, olga: Client, adam: Client, address: str
) -> None:
    there = address.format(person=world.amina.person, site=world.mango.id)
    for client in (olga, adam):
        page = html.unescape(client.get(there).text).replace('value="amina diallo"', "")
        assert not [name for name in RAW if name in page]


def test_a_name_is_found_without_being_shown(olga: Client) -> None:
    page = olga.get("/office/people?q=haddad+bilal").text

    assert "B••• H•••" in page
    assert "A••• D•••" not in page


def test_opening_needs_a_reason_and_is_written_down(world: World, adam: Client) -> None:
    there = f"/office/people/{world.amina.person}"
    short = adam.post(there, {"reason": "because"})
    opened = adam.post(there, {"reason": "The mother came to ask for the card."})

    assert short.status_code == 400
    assert "Amina" not in short.text
    assert "Amina Diallo" in opened.text
    (opening,) = openings_of(machine(), world.amina.person)
    assert opening.by == world.administrator.person
    assert opening.reason == "The mother came to ask for the card."
    assert "The mother came" in adam.get(there).text
    assert "Amina" not in adam.get(there).text.replace("Amina came", "")


def test_the_office_opens_no_name(world: World, olga: Client) -> None:
    answer = olga.post(
        f"/office/people/{world.amina.person}", {"reason": "I would very much like to know."}
    )

    assert answer.status_code == 403
    assert not Opening.objects.exists()


def test_a_site_is_added_and_changed(world: World, adam: Client) -> None:
    made = adam.post(
        "/office/sites/add", {"name": "Acacia School", "ways": ["card"], "language": "ar"}
    )
    there = made["Location"]
    adam.post(f"{there}/classes", {"name": "Weavers"})
    adam.post(there, {"name": "Acacia Centre", "ways": ["card", "picture"], "shows_names": "1"})
    page = adam.get(there).text

    assert "Acacia Centre" in page
    assert "Weavers" in page
    assert "Acacia Centre" in adam.get("/office/sites?q=acacia").text


@pytest.mark.parametrize(
    "given", [{}, {"name": "X"}, {"name": "X", "ways": ["telepathy"]}, {"ways": ["card"]}]
)
def test_a_site_with_something_missing_is_refused_in_words(
    adam: Client, given: dict[str, object]
) -> None:
    answer = adam.post("/office/sites/add", given)

    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_the_office_changes_no_site(world: World, olga: Client) -> None:
    assert olga.post(f"/office/sites/{world.mango.id}", {"name": "Ours"}).status_code == 403


def test_staff_come_and_go(world: World, adam: Client) -> None:
    adam.post(
        "/office/staff/add",
        {
            "given": "Nadia",
            "username": "nadia",
            "password": "a long password",
            "role": "facilitator",
            "site": world.baobab.id,
        },
    )
    nadia = next(row for row in staff_list(machine()) if row.username == "nadia")
    asked = adam.get(f"/office/staff/{nadia.grant}/end").text
    held = RoleGrant.objects.filter(end=None).count()
    adam.post(f"/office/staff/{nadia.grant}/end")

    assert nadia.site == world.baobab.id
    assert "Nadia" in asked
    assert RoleGrant.objects.filter(end=None).count() == held - 1


def test_an_unknown_role_and_a_taken_name_are_refused_in_words(world: World, adam: Client) -> None:
    form = {"given": "Nadia", "username": "nadia", "password": "a long password"}

    for wrong in (
        {"role": "king"},
        {"role": "facilitator"},
        {"role": "office", "username": "olga"},
    ):
        answer = adam.post("/office/staff/add", {**form, **wrong})
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
        assert "a long password" not in answer.text


def test_another_role_is_given(world: World, adam: Client) -> None:
    there = f"/office/people/{world.office.person}"
    adam.post(f"{there}/role", {"role": "administrator", "site": "nowhere"})

    roles = {row.role for row in staff_list(machine()) if row.person == world.office.person}
    assert roles == {"office", "administrator"}


def test_one_changes_the_own_password(world: World) -> None:
    client = browser(world.office.sign_in())
    form = {"old": "correct horse", "new": "battery staple", "again": "battery staple"}
    wrong = client.post("/password", {**form, "old": "no idea"})
    unlike = client.post("/password", {**form, "again": "battery stable"})
    right = client.post("/password", form)

    assert wrong.status_code == unlike.status_code == 400
    assert right.status_code == 200
    assert client.get("/office").status_code == 200
    assert people_page(machine()).total == 7
