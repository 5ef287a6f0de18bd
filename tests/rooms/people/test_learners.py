"""Learners: registered alone or from a list, moved, changed, printed on cards."""

from __future__ import annotations

import pytest

from passport.kernel.actor import Actor
from passport.kernel.errors import Invalid, NotFound
from passport.kernel.ids import new_id
from passport.node.models import Entry
from passport.people import actions, queries
from passport.people.engine.contact import normalised
from passport.people.engine.roster import rows_of
from passport.people.errors import ListNotTaken, Taken
from passport.people.models import Membership, Person
from tests.world import World, make_learner

BY = Actor.machine()


def pasted(world: World, text: str, **more: bool) -> actions.ListReport:
    return actions.register_learners(
        by=world.facilitator.actor,
        site=world.mango.id,
        group=world.sunbirds.id,
        text=text,
        **{"dry_run": False, **more},
    )


# One by one


def test_a_first_name_is_all_it_takes(world: World) -> None:
    made = actions.register_learner(
        by=world.facilitator.actor, site=world.mango.id, group=world.sunbirds.id, given=" Noor  "
    )
    assert (made.given, made.family) == ("Noor", "")
    assert len(made.picture_code) == 3
    view = queries.person(world.facilitator.actor, made.person)
    assert (view.name, view.contact, view.sex) == ("Noor", "", None)
    assert view.groups == ((world.sunbirds.id, "Sunbirds"),)
    assert view.site_name == "Mango School"


def test_a_name_in_any_script_is_kept_as_it_was_given(world: World) -> None:
    for name in ("آمنة", "Nguyễn Thị Ánh", "ສົມພອນ", "O’Brien-Ní", "李"):
        made = make_learner(world.sunbirds, name)
        assert queries.person(BY, made.person).given == name


@pytest.mark.parametrize("given", ["", "   ", "x" * 121, "a\x00b"])
def test_what_is_no_name_is_refused_and_nothing_is_noted(world: World, given: str) -> None:
    before = Entry.objects.count()
    with pytest.raises(Invalid):
        make_learner(world.sunbirds, given)
    assert Entry.objects.count() == before


def test_a_class_of_another_site_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        actions.register_learner(
            by=world.facilitator.actor, site=world.mango.id, group=world.kites.id, given="Noor"
        )


def test_changing_one_thing_leaves_the_others(world: World) -> None:
    amina = world.amina.person
    actions.change_person(by=world.facilitator.actor, person=amina, family="Sow")
    view = queries.person(BY, amina)
    assert (view.given, view.family, view.sex) == ("Amina", "Sow", "female")
    actions.change_person(by=world.facilitator.actor, person=amina, sex=None)
    assert queries.person(BY, amina).sex is None
    before = Entry.objects.count()
    actions.change_person(by=world.facilitator.actor, person=amina)
    assert Entry.objects.count() == before


def test_a_contact_goes_to_one_person_in_any_of_its_forms(world: World, settings: object) -> None:
    settings.CALLING_CODE = "233"  # type: ignore[attr-defined]
    actions.change_person(by=BY, person=world.amina.person, contact="0244123456")
    assert queries.person(BY, world.amina.person).contact == "+233244123456"
    for form in ("+233 244 123 456", "233244123456", "00233-244-123456", "٠٢٤٤١٢٣٤٥٦"):
        with pytest.raises(Taken):
            actions.change_person(by=BY, person=world.bilal.person, contact=form)
    actions.change_person(by=BY, person=world.amina.person, contact="+233 244 123 456")
    actions.change_person(by=BY, person=world.amina.person, contact="")
    actions.change_person(by=BY, person=world.bilal.person, contact="0244123456")


@pytest.mark.parametrize(
    ("own", "typed", "form"),
    [
        ("233", "0244123456", "+233244123456"),
        ("233", "+233 (0)244 123456", "+233244123456"),
        ("233", "+2330244123456", "+233244123456"),
        ("233", "244123456", "+233244123456"),
        ("233", "+961 3 123 456", "+9613123456"),
        ("34", "612 345 678", "+34612345678"),
        ("", "+221 77 123 45 67", "+221771234567"),
        ("", "00221771234567", "+221771234567"),
        ("", "+٢٢١٧٧١٢٣٤٥٦٧", "+221771234567"),
        ("", " Amina@Example.ORG ", "amina@example.org"),
        ("233", "", ""),
    ],
)
def test_a_contact_has_one_form(own: str, typed: str, form: str, settings: object) -> None:
    settings.CALLING_CODE = own  # type: ignore[attr-defined]
    assert normalised(typed) == form


@pytest.mark.parametrize("typed", ["0244123456", "abc", "+12", "a@b", "@", "+0244123456789012345"])
def test_what_is_no_contact_is_refused(typed: str, settings: object) -> None:
    settings.CALLING_CODE = ""  # type: ignore[attr-defined]
    with pytest.raises(Invalid):
        normalised(typed)


# Moving


def test_a_move_takes_the_learner_along_and_out_of_the_old_sites_sight(world: World) -> None:
    bilal = world.bilal.person
    actions.move_to_group(by=BY, person=bilal, group=world.kites.id)
    assert queries.person(world.stranger.actor, bilal).name == "Bilal Haddad"
    with pytest.raises(NotFound):
        queries.person(world.facilitator.actor, bilal)
    assert Membership.objects.filter(person=bilal).count() == 2
    assert bilal in queries.people_of_sites([world.baobab.id])
    assert bilal not in queries.people_of_sites([world.mango.id])
    assert bilal in queries.people_of_sites([world.mango.id], ever=True)
    with pytest.raises(Exception, match="picture"):
        actions.set_avatar(by=BY, person=bilal, avatar=world.chidi.made.avatar)


def test_moving_twice_to_the_same_class_notes_one_move(world: World) -> None:
    actions.move_to_group(by=BY, person=world.bilal.person, group=world.kites.id)
    before = Entry.objects.count()
    actions.move_to_group(by=BY, person=world.bilal.person, group=world.kites.id)
    assert Entry.objects.count() == before


def test_somebody_who_leaves_keeps_their_card_and_can_come_back(world: World) -> None:
    amina = world.amina.person
    actions.leave(by=world.facilitator.actor, person=amina)
    assert amina not in queries.members_of(BY, world.sunbirds.id)
    assert queries.actor_of(world.amina.sign_in().id) is not None
    actions.move_to_group(by=world.facilitator.actor, person=amina, group=world.sunbirds.id)
    assert amina in queries.members_of(BY, world.sunbirds.id)


# From a list


def test_a_list_with_any_delimiter_is_understood() -> None:
    for mark in (";", "\t", ",", "|", "،"):
        text = mark.join(["Amina", "Diallo", "f"]) + "\n" + mark.join(["Bilal", "Haddad", "garçon"])
        rows = list(rows_of(text))
        assert [(row.given, row.family, row.sex) for row in rows] == [
            ("Amina", "Diallo", "female"),
            ("Bilal", "Haddad", "male"),
        ]


def test_headings_numbers_quotes_and_empty_lines_do_no_harm() -> None:
    text = (
        "\ufeffPrénom;Nom;Sexe\r\n\r\n"
        '1. "Marie; Claire";"N\'Dour";F\r\n'
        "2) Jean;;\r\n"
        " ; ;\r\n"
        "آمنة;دياب;أنثى"
    )
    assert [(row.number, row.given, row.family, row.sex) for row in rows_of(text)] == [
        (3, "Marie; Claire", "N'Dour", "female"),
        (4, "Jean", "", None),
        (6, "آمنة", "دياب", "female"),
    ]


def test_a_list_without_delimiters_is_given_name_then_family_name() -> None:
    rows = list(rows_of("Amina\nMaria del Carmen\n- Bilal Haddad"))
    assert [(row.given, row.family) for row in rows] == [
        ("Amina", ""),
        ("Maria", "del Carmen"),
        ("Bilal", "Haddad"),
    ]


def test_a_dry_run_says_all_and_does_nothing(world: World) -> None:
    before = Entry.objects.count()
    report = pasted(world, "Noor;Aziz;f\nAMINA;Diallo\nX;Y;perhaps\nnoor;aziz", dry_run=True)
    assert [line.duplicate for line in report.lines] == [False, True, False, True]
    assert [line.number for line in report.problems] == [3]
    assert str(report.problems[0].problem) == "This is not one of the answers: perhaps"
    assert report.registered == ()
    assert Entry.objects.count() == before


def test_one_line_that_cannot_be_read_stops_the_whole_list(world: World) -> None:
    before = Entry.objects.count()
    with pytest.raises(ListNotTaken) as refusal:
        pasted(world, "Noor;Aziz;f\nX;Y;perhaps")
    assert isinstance(refusal.value.report, actions.ListReport)
    assert [line.number for line in refusal.value.report.problems] == [2]
    assert Entry.objects.count() == before


def test_a_list_pasted_twice_registers_nobody_twice(world: World) -> None:
    text = "\n".join(f"Child{number};Of Mango;" for number in range(40))
    assert len(pasted(world, text).registered) == 40
    again = pasted(world, text)
    assert len(again.duplicates) == 40
    assert again.registered == ()
    assert len(pasted(world, "Child1;Of Mango", skip_duplicates=False).registered) == 1


@pytest.mark.parametrize("text", ["", "\n \n", "\n".join(["A B"] * 201)])
def test_an_empty_or_endless_list_is_refused(world: World, text: str) -> None:
    with pytest.raises(Invalid):
        pasted(world, text, dry_run=True)


# Cards


def test_the_cards_of_a_class_hold_what_opens_the_door(world: World) -> None:
    cards = queries.cards_of(world.facilitator.actor, world.sunbirds.id)
    assert [card.given for card in cards] == ["Amina", "Bilal"]
    amina = cards[0]
    assert amina.code == world.amina.made.card
    assert amina.picture_code == world.amina.made.picture_code
    assert (amina.site_name, amina.group_name) == ("Mango School", "Sunbirds")
    new = actions.reissue_card(by=BY, person=world.amina.person)
    assert queries.card_of(world.facilitator.actor, world.amina.person).code == new


def test_the_class_list_is_by_name_and_says_who_is_here(world: World) -> None:
    make_learner(world.sunbirds, "aaron")
    world.amina.sign_in()
    listed = queries.class_list(world.facilitator.actor, world.sunbirds.id)
    assert [learner.name for learner in listed.learners] == [
        "aaron",
        "Amina Diallo",
        "Bilal Haddad",
    ]
    assert [learner.last_seen is not None for learner in listed.learners] == [False, True, False]
    here = queries.here_now(world.facilitator.actor, world.sunbirds.id)
    assert set(here) == {world.amina.person}


def test_sites_and_classes_keep_their_names_apart(world: World) -> None:
    with pytest.raises(Taken):
        actions.add_group(by=BY, site=world.mango.id, name=" Sunbirds ")
    actions.add_group(by=BY, site=world.baobab.id, name="Sunbirds")
    twin = actions.add_site(by=BY, name="Mango School")
    assert twin.code != world.mango.code
    with pytest.raises(Taken):
        actions.add_site(by=BY, name="Other", code=world.mango.code)
    with pytest.raises(NotFound):
        actions.add_group(by=BY, site=new_id(), name="Nowhere")
    assert Person.objects.filter(site=twin.id).count() == 0
