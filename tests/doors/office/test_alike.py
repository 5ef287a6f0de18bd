"""Two who may be one are offered to the office, merged after a look at both, and parted again (C41)."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from passport.learning import actions as learning
from passport.people.models import Merger, Parting, Person
from passport.people.queries import alike_page
from tests.world import World, browser, machine, make_learner


def text(answer: object) -> str:
    plain = re.sub(r"<[^>]*>|[\u2066-\u2069]", " ", answer.content.decode())  # type: ignore[attr-defined]
    return " ".join(unescape(plain).split())


@pytest.fixture
def twin(world: World) -> UUID:
    """Amina, registered at the other school once more."""
    return make_learner(world.kites, "amina", "DIALLO", "female").person


def alike() -> list[tuple[str, list[UUID]]]:
    return [(one.sign, [row.id for row in one.people]) for one in alike_page(machine()).rows]


def test_the_same_name_at_two_sites_is_offered(world: World, twin: UUID, adam: Client) -> None:
    assert alike() == [("name", [world.amina.person, twin])]
    page = text(adam.get("/office/people/alike"))
    for words in ("A••• D•••", "Mango School", "Baobab School", "the same name"):
        assert words in page, words
    assert "Amina" not in page


def test_the_order_of_the_words_does_not_matter(world: World) -> None:
    twin = make_learner(world.kites, "Diallo", "Amina").person
    assert alike() == [("name", [world.amina.person, twin])]


@pytest.mark.parametrize(
    ("given", "family", "here"),
    [("Amina", "", False), ("Amina", "Diallo", True), ("Amina", "Dialo", False)],
)
def test_who_is_not_alike_is_not_offered(world: World, given: str, family: str, here: bool) -> None:
    """One word says nothing, and two of a name in one school are two."""
    make_learner(world.sunbirds if here else world.kites, given, family)
    assert alike() == []


def test_a_name_that_many_share_says_nothing(world: World) -> None:
    for _ in range(4):
        make_learner(world.kites, "Amina", "Diallo")
    assert alike() == []


def test_the_same_contact_is_the_surer_sign(world: World, twin: UUID) -> None:
    blind = b"x" * 16
    Person.objects.filter(pk__in=[world.bilal.person, world.chidi.person]).update(
        contact_blind=blind
    )
    assert [sign for sign, _ in alike()] == ["contact", "name"]


def test_they_are_merged_after_a_look_and_parted_again(
    world: World, twin: UUID, adam: Client
) -> None:
    amina = world.amina.person
    there = f"/office/people/{twin}/is/{amina}"
    asked = text(adam.get(there))
    assert "Mango School" in asked
    assert "Baobab School" in asked
    assert not Merger.objects.exists()
    assert adam.post(there).status_code == 302
    assert Person.objects.get(pk=twin).one == amina
    page = adam.get(f"/office/people/{amina}").text
    assert "Also registered as" in page
    assert "Counts as" in adam.get(f"/office/people/{twin}").text
    assert alike() == []

    part = re.search(r"/office/mergers/[0-9a-f-]+/part", page)
    assert part
    assert "two people after all" in adam.get(part[0]).text
    assert not Parting.objects.exists()
    adam.post(part[0])
    assert Person.objects.get(pk=twin).one is None
    assert "Also registered as" not in adam.get(f"/office/people/{amina}").text
    assert alike() == []  # somebody has looked, and said that they are two
    assert adam.get(part[0]).status_code == 404


def test_nobody_is_merged_twice_or_with_themselves(world: World, twin: UUID, adam: Client) -> None:
    amina = world.amina.person
    assert adam.post(f"/office/people/{amina}/is/{amina}").status_code == 400
    learning.merge(by=machine(), person=twin, into=amina)
    assert adam.post(f"/office/people/{twin}/is/{amina}").status_code == 400
    assert Merger.objects.count() == 1


@pytest.mark.parametrize("who", ["office", "facilitator", "amina"])
def test_others_decide_nothing(world: World, twin: UUID, who: str) -> None:
    merger = learning.merge(by=machine(), person=twin, into=world.amina.person)
    client: Any = browser(getattr(world, who).sign_in())
    for there in (
        "/office/people/alike",
        f"/office/people/{world.bilal.person}/is/{world.amina.person}",
        f"/office/mergers/{merger}/part",
    ):
        assert client.get(there).status_code == 404
        assert client.post(there).status_code in {404, 405}
    assert Merger.objects.count() == 1
    assert not Parting.objects.exists()


def test_nobody_and_nothing_are_not_found(world: World, adam: Client) -> None:
    for there in (
        f"/office/people/{uuid4()}/is/{world.amina.person}",
        f"/office/people/{world.amina.person}/is/{uuid4()}",
        f"/office/mergers/{uuid4()}/part",
    ):
        assert adam.get(there).status_code == 404
        assert adam.post(there).status_code == 404


def test_the_list_has_pages(world: World, twin: UUID) -> None:
    make_learner(world.kites, "Bilal", "Haddad")
    first, second = (alike_page(machine(), page=number, size=1) for number in (1, 2))
    assert (first.total, first.pages) == (2, 2)
    assert first.rows != second.rows
