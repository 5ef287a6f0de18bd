"""The office's lists: masked, searched, sorted, cut into pages; openings written down (R138)."""

from __future__ import annotations

import pytest

from passport.kernel.actor import Actor
from passport.kernel.errors import Invalid
from passport.people import actions, queries
from passport.people.models import Opening
from tests.world import World, make_learner

BY = Actor.machine()


def test_a_list_of_people_shows_no_name_and_no_contact_to_anybody(world: World) -> None:
    actions.change_person(by=BY, person=world.amina.person, contact="+233244123456")
    for by in (world.office.actor, world.administrator.actor, BY):
        shown = repr(queries.people_page(by))
        assert "A••• D•••" in shown
        for secret in ("Amina", "Diallo", "244123456", world.amina.made.card):
            assert secret not in shown


def test_one_person_is_masked_too_until_opened(world: World) -> None:
    actions.change_person(by=BY, person=world.amina.person, contact="+233244123456")
    view = queries.person(world.administrator.actor, world.amina.person)
    assert (view.masked, view.name, view.contact) == (True, "A••• D•••", "•••")
    assert queries.names_of(world.office.actor, [world.amina.person]) == {
        world.amina.person: "A••• D•••"
    }


def test_an_opening_needs_a_reason_and_is_written_down(world: World) -> None:
    by = world.administrator.actor
    for reason in ("", "   ", "because"):
        with pytest.raises(Invalid):
            actions.reveal(by=by, person=world.amina.person, reason=reason)
    assert not Opening.objects.exists()
    opened = actions.reveal(
        by=by, person=world.amina.person, reason="The family asked for the card"
    )
    assert (opened.given, opened.family) == ("Amina", "Diallo")
    (row,) = queries.openings_of(by, world.amina.person)
    assert (row.by, row.reason) == (by.person, "The family asked for the card")
    assert queries.openings_of(by, world.bilal.person) == []


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("amina", ["A••• D•••"]),
        ("DIALLO amina", ["A••• D•••"]),
        ("diallo haddad", []),
        ("Émile", ["E••• Z•••"]),
        ("emile zola", ["E••• Z•••"]),
        ("fatou", ["F••• N•••"]),
        ("ami", []),
        ("'; drop table", []),
        ("%", []),
    ],
)
def test_people_are_found_by_whole_words_of_a_name_or_a_user_name(
    world: World, search: str, found: list[str]
) -> None:
    make_learner(world.sunbirds, "Emile", "Zola")
    page = queries.people_page(world.office.actor, search=search)
    assert [row.name for row in page.rows] == found


def test_people_are_found_by_phone_mail_and_card(world: World, settings: object) -> None:
    settings.CALLING_CODE = "233"  # type: ignore[attr-defined]
    actions.change_person(by=BY, person=world.amina.person, contact="0244123456")
    actions.change_person(by=BY, person=world.bilal.person, contact="Bilal@Example.org")
    for search, person in (
        ("+233 244 123456", world.amina.person),
        ("bilal@example.ORG", world.bilal.person),
        (world.bilal.made.card.lower(), world.bilal.person),
    ):
        rows = queries.people_page(world.office.actor, search=search).rows
        assert [row.id for row in rows] == [person]


def test_a_name_that_was_changed_is_found_by_the_new_one_alone(world: World) -> None:
    actions.change_person(by=BY, person=world.amina.person, given="Aminata")
    assert queries.people_page(BY, search="amina").total == 0
    assert queries.people_page(BY, search="aminata diallo").total == 1


def test_pages_hold_everybody_once_in_order(world: World) -> None:
    for number in range(7):
        make_learner(world.kites, f"Child{number}")
    total = queries.people_page(BY).total
    assert total == 14
    for sort in ("newest", "oldest", "site", "sex"):
        pages = [queries.people_page(BY, sort=sort, page=page, size=4) for page in range(1, 5)]
        ids = [row.id for page in pages for row in page.rows]
        assert len(ids) == len(set(ids)) == total
        assert {page.pages for page in pages} == {4}
    oldest = queries.people_page(BY, sort="oldest").rows
    assert oldest == tuple(reversed(queries.people_page(BY, sort="newest").rows))
    with pytest.raises(Invalid):
        queries.people_page(BY, sort="name")


@pytest.mark.parametrize(("asked", "given"), [(-3, 1), (0, 1), (99, 3)])
def test_a_page_that_is_not_there_gives_the_nearest(world: World, asked: int, given: int) -> None:
    assert queries.people_page(BY, page=asked, size=3).number == given


def test_a_site_shows_its_own_people(world: World) -> None:
    page = queries.people_page(world.office.actor, site=world.baobab.id)
    assert {row.id for row in page.rows} == {world.chidi.person, world.stranger.person}
    assert {row.site_name for row in page.rows} == {"Baobab School"}
    rows = queries.sites_page(world.office.actor, sort="people").rows
    assert [(row.name, row.groups, row.people) for row in rows] == [
        ("Mango School", 1, 3),
        ("Baobab School", 1, 2),
    ]
    assert [row.name for row in queries.sites_page(BY, search="ango").rows] == ["Mango School"]


def test_staff_are_listed_with_what_they_hold(world: World) -> None:
    rows = queries.staff_list(world.administrator.actor)
    assert [(row.name, row.role, row.site_name) for row in rows] == [
        ("Adam Khoury", "administrator", ""),
        ("Fatou Ndiaye", "facilitator", "Mango School"),
        ("Olga Petit", "office", ""),
        ("Sam Okoro", "facilitator", "Baobab School"),
    ]


def test_counts_keep_not_provided_and_staff_apart(world: World) -> None:
    counts = queries.registered_counts()
    assert sum(count.people for count in counts) == 7
    learners = {(count.site, count.sex): count.people for count in counts if not count.staff}
    assert learners == {
        (world.mango.id, "female"): 1,
        (world.mango.id, "male"): 1,
        (world.baobab.id, None): 1,
    }
    assert {count.month.day for count in counts} == {1}
    actions.leave(by=BY, person=world.amina.person)
    actions.move_to_group(by=BY, person=world.bilal.person, group=world.kites.id)
    assert queries.registered_counts() == counts


def test_what_travels_to_a_site_is_its_people_and_its_staff(world: World) -> None:
    assert queries.people_of_sites([world.mango.id]) == {
        world.amina.person,
        world.bilal.person,
        world.facilitator.person,
    }
    assert queries.people_of_sites([]) == set()
