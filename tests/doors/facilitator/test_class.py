"""A class at a glance: who is here, where each one is, who is stuck."""

from __future__ import annotations

import re

from django.test import Client

from passport.learning import actions as learning
from passport.learning.queries import assignments_of
from passport.people.queries import class_list, groups_of
from tests.rooms.learning.device import Device
from tests.rooms.learning.shelf import Shelf
from tests.world import World, browser, machine


def test_one_class_alone_is_opened_at_once(world: World, fatou: Client) -> None:
    assert fatou.get("/class")["Location"] == f"/class/{world.sunbirds.id}"


def test_a_new_class_is_for_the_own_site(world: World, fatou: Client) -> None:
    fatou.post("/class/new", {"name": "Doves", "site": world.mango.id})
    refused = fatou.post("/class/new", {"name": "Spies", "site": world.baobab.id})

    names = {group.name: group.site for group in groups_of(machine())}
    assert names["Doves"] == world.mango.id
    assert refused.status_code == 403
    assert "Spies" not in names


def test_the_board_says_who_is_here_and_who_is_stuck(
    world: World, fatou: Client, amina: Device
) -> None:
    browser(world.amina.sign_in()).get("/")
    amina.fail_quiz()
    assert "is stuck" not in fatou.get(f"/class/{world.sunbirds.id}/board").text

    amina.fail_quiz()
    board = fatou.get(f"/class/{world.sunbirds.id}/board").text

    assert "1 of 2 is here" in board
    assert "1 is stuck" in board
    assert f"/learners/{world.amina.person}/answers/{amina.shelf.lessons['quiz']}" in board
    assert "Amina Diallo" in board
    assert "Nothing begun yet" in board  # Bilal
    assert "Chidi" not in board


def test_whoever_passes_is_not_stuck_any_more(world: World, fatou: Client, amina: Device) -> None:
    amina.fail_quiz()
    amina.fail_quiz()
    amina.pass_quiz()

    assert "stuck" not in fatou.get(f"/class/{world.sunbirds.id}/board").text


def test_an_unchanged_board_is_not_sent_again(world: World, fatou: Client, amina: Device) -> None:
    address = f"/class/{world.sunbirds.id}/board"
    etag = fatou.get(address)["ETag"]
    same = fatou.get(address, headers={"If-None-Match": etag})
    amina.read_article()
    changed = fatou.get(address, headers={"If-None-Match": etag})

    assert same.status_code == 304
    assert not same.content
    assert changed.status_code == 200


def test_a_course_is_given_and_taken_back(world: World, fatou: Client, shelf: Shelf) -> None:
    address = f"/class/{world.sunbirds.id}/assign"
    fatou.post(address, {"course": shelf.course})
    (given,) = assignments_of(machine(), world.sunbirds.id)
    page = fatou.get(address).text

    fatou.post(f"{address}/{given.id}/end")

    assert "Counting" in page
    assert assignments_of(machine(), world.sunbirds.id) == []


def test_a_course_is_given_to_one(world: World, fatou: Client, shelf: Shelf) -> None:
    fatou.post(f"/learners/{world.amina.person}/assign", {"course": shelf.course})
    (given,) = assignments_of(machine(), world.sunbirds.id)

    assert given.person == world.amina.person
    assert "Counting" in fatou.get(f"/learners/{world.amina.person}/assign").text


def test_nobody_ends_what_another_class_was_given(world: World, sam: Client, shelf: Shelf) -> None:
    given = learning.assign(by=machine(), course=shelf.course, group=world.sunbirds.id)

    for group in (world.sunbirds.id, world.kites.id):
        assert sam.post(f"/class/{group}/assign/{given.id}/end").status_code in {403, 404}
    assert assignments_of(machine(), world.sunbirds.id)


def test_a_course_that_is_none(world: World, fatou: Client, shelf: Shelf) -> None:
    address = f"/class/{world.sunbirds.id}/assign"

    assert fatou.post(address, {"course": "apples"}).status_code == 404
    assert fatou.post(address, {"course": world.mango.id}).status_code == 404


def test_one_learner_with_every_answer(world: World, fatou: Client, amina: Device) -> None:
    amina.fail_quiz()
    amina.pass_quiz()
    amina.read_article()
    page = fatou.get(f"/learners/{world.amina.person}").text
    answers = fatou.get(
        f"/learners/{world.amina.person}/answers/{amina.shelf.lessons['quiz']}"
    ).text
    said = re.sub(r"<[^>]+>|\s+", " ", answers)

    assert "Amina Diallo" in page
    assert "When is a lesson done?" in page
    assert "best: 100 %" in page
    assert "How many apples?" in said
    assert "Attempt 2" in said
    assert "passed with 100 %" in said
    assert "not passed: 0 %" in said


def test_a_name_is_corrected_and_a_learner_moved(world: World, fatou: Client) -> None:
    address = f"/learners/{world.bilal.person}/change"
    fatou.post("/class/new", {"name": "Doves", "site": world.mango.id})
    doves = next(group for group in groups_of(machine()) if group.name == "Doves")

    fatou.post(address, {"given": "Bilel", "family": "Haddad", "sex": "male"})
    fatou.post(address, {"group": doves.id})

    (bilal,) = class_list(machine(), doves.id).learners
    assert bilal.name == "Bilel Haddad"
    assert [one.given for one in class_list(machine(), world.sunbirds.id).learners] == ["Amina"]


def test_nobody_moves_a_learner_of_another_site(world: World, sam: Client) -> None:
    answer = sam.post(f"/learners/{world.bilal.person}/change", {"group": world.kites.id})

    assert answer.status_code in {403, 404}
    assert len(class_list(machine(), world.sunbirds.id).learners) == 2
