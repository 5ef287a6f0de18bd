"""A learner moves, or turns up somewhere unknown: one record, nothing lost, nothing counted twice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from passport.kernel.errors import Damaged
from passport.learning import actions as learning
from passport.learning.models import Completion, Enrolment, Progress
from passport.node import actions as node
from passport.node.models import Stream
from passport.people import actions as people
from passport.people import queries as people_queries
from passport.people.models import Merger, Person
from passport.records.models import Event
from passport.sync import actions as sync
from passport.sync import queries as sync_queries
from tests.rooms.learning.device import Device
from tests.simulation.nodes import MACHINE, Node, meet
from tests.simulation.picture import picture
from tests.simulation.test_round_trip import learner
from tests.sync.conftest import Pair


def name_of(at: Node, person: UUID) -> str:
    with at:
        return people_queries.names_of(MACHINE, [person]).get(person, "")


def events_of(at: Node) -> set[UUID]:
    with at:
        return set(Event.objects.values_list("id", flat=True))


def move(pair: Pair, acacia: Any) -> None:
    with pair.country:
        people.move_to_site(
            by=MACHINE,
            person=pair.amina,
            site=acacia.site,
            group=acacia.group,
        )


def rebuilt_is_live(*nodes: Node) -> None:
    for each in nodes:
        with each:
            live = picture(shared=False)
            sync.rebuild(by=MACHINE)
            assert picture(shared=False) == live, each.name


def test_who_moves_is_whole_at_the_new_hub_and_the_old_one_lets_go(pair: Pair, acacia: Any) -> None:
    before = pair.learn(1)
    meet(pair.hub, pair.country)
    move(pair, acacia)
    meet(acacia, pair.country)
    late = pair.learn(2)  # the old hub hasn't heard yet: the work counts all the same
    assert name_of(acacia, pair.amina) == "Amina Diallo"
    assert events_of(acacia) == set(before)

    with acacia:
        device = Device(learner(pair.amina, acacia.site), pair.course)
        device.do("viewed", "article", page=3, of=3)
    meet(pair.hub, pair.country)
    meet(acacia, pair.country)
    meet(pair.hub, pair.country)

    assert name_of(pair.hub, pair.amina) == ""
    with pair.hub:
        assert not Person.objects.filter(pk=pair.amina).exists()
        assert not Progress.objects.filter(person=pair.amina).exists()
        with pytest.raises(Damaged):
            node.person_keys(Stream.of_person(pair.amina))
    for each in (pair.country, acacia):
        with each:
            assert Progress.objects.get(person=pair.amina).percent == 100
            assert set(before + late) < set(Event.objects.values_list("id", flat=True))
    rebuilt_is_live(pair.country, pair.hub, acacia)


def test_an_edit_where_the_child_is_now_beats_a_later_one_where_they_were(
    pair: Pair, acacia: Any
) -> None:
    move(pair, acacia)
    meet(acacia, pair.country)
    with acacia:
        people.change_person(by=MACHINE, person=pair.amina, given="Aminata")
    with pair.hub:  # later by the clock, and without having heard of the move
        people.change_person(by=MACHINE, person=pair.amina, given="Mina")
    meet(pair.hub, pair.country)
    meet(acacia, pair.country)
    assert name_of(pair.country, pair.amina) == "Aminata Diallo"
    assert name_of(acacia, pair.amina) == "Aminata Diallo"


def test_who_moves_back_is_whole_at_the_first_hub_again(pair: Pair, acacia: Any) -> None:
    done = pair.learn(1, 2)
    move(pair, acacia)
    for hub in (pair.hub, acacia, pair.hub):
        meet(hub, pair.country)
    with pair.country:
        people.move_to_site(by=MACHINE, person=pair.amina, site=pair.site, group=pair.group)
    meet(acacia, pair.country)
    meet(pair.hub, pair.country)
    meet(pair.hub, pair.country)
    assert name_of(pair.hub, pair.amina) == "Amina Diallo"
    assert events_of(pair.hub) >= set(done)
    assert name_of(acacia, pair.amina) == ""
    pair.learn(3)
    meet(pair.hub, pair.country)
    with pair.country:
        assert Progress.objects.get(person=pair.amina).percent == 100
    rebuilt_is_live(pair.country, pair.hub, acacia)


def test_an_old_parcel_brings_nobody_back_to_the_hub_that_let_go(pair: Pair, acacia: Any) -> None:
    pair.learn(1)
    pair.country.take(pair.hub.parcel_for(pair.country))
    with pair.country:
        people.change_person(by=MACHINE, person=pair.amina, given="Aminata")
    old = pair.country.parcel_for(pair.hub)
    move(pair, acacia)
    meet(pair.hub, pair.country)
    pair.hub.take(old)
    assert name_of(pair.hub, pair.amina) == ""


def admit_with_card(pair: Pair, acacia: Any) -> UUID:
    with pair.country:
        code = people.reissue_card(by=MACHINE, person=pair.amina)
    with acacia:
        return people.register_learner(
            by=MACHINE,
            site=acacia.site,
            group=acacia.group,
            given="Amina",
            card_code=code,
        ).person


def test_who_turns_up_with_a_card_works_at_once_and_is_united_with_their_record(
    pair: Pair, acacia: Any
) -> None:
    pair.learn(1, 2)
    meet(pair.hub, pair.country)
    visitor = admit_with_card(pair, acacia)
    assert visitor != pair.amina
    with acacia:
        device = Device(learner(visitor, acacia.site), pair.course)
        device.do("viewed", "article", page=3, of=3)
    for hub in (acacia, pair.hub, acacia):
        meet(hub, pair.country)
    for each in (pair.country, pair.hub, acacia):
        with each:
            progress = Progress.objects.get()
            assert (progress.person, progress.percent, progress.views) == (pair.amina, 100, 3)
            assert Enrolment.objects.count() == 1
    with pair.country:
        assert people_queries.counted_under([visitor]) == {visitor: pair.amina}
        assert len(list(people_queries.registrations())) == 1
    rebuilt_is_live(pair.country, pair.hub, acacia)


def test_a_merger_can_be_taken_back_and_nothing_of_either_is_lost(pair: Pair, acacia: Any) -> None:
    visitor = admit_with_card(pair, acacia)
    pair.learn(1)
    with acacia:
        device = Device(learner(visitor, acacia.site), pair.course)
        device.do("viewed", "article", page=3, of=3)
    for hub in (acacia, pair.hub):
        meet(hub, pair.country)
    with pair.country:
        learning.part(by=MACHINE, merger=Merger.objects.get().id)
    for hub in (acacia, pair.hub):
        meet(hub, pair.country)
    for each in (pair.country, acacia):
        with each:
            views = dict(Progress.objects.values_list("person", "views"))
            assert views.get(visitor) == 1
    with pair.country:
        assert Progress.objects.get(person=pair.amina).views == 1
        assert Completion.objects.count() == 0
    rebuilt_is_live(pair.country, pair.hub, acacia)


def test_what_the_old_hub_did_late_is_confirmed_to_it(pair: Pair, acacia: Any) -> None:
    move(pair, acacia)
    pair.learn(1, 2)  # it hasn't heard of the move
    for _ in range(2):
        meet(pair.hub, pair.country)
    with pair.hub:
        assert not any(sync_queries.underway(sync_queries.peer_named(None)).waiting)


def test_after_a_parting_each_hub_lets_go_of_whom_it_had_through_the_merger(
    pair: Pair, acacia: Any
) -> None:
    visitor = admit_with_card(pair, acacia)
    for hub in (acacia, pair.hub, acacia):
        meet(hub, pair.country)
    assert name_of(acacia, pair.amina) == "Amina Diallo"
    with pair.country:
        learning.part(by=MACHINE, merger=Merger.objects.get().id)
    late = pair.learn(1)
    for hub in (acacia, pair.hub, acacia):
        meet(hub, pair.country)
    assert name_of(acacia, pair.amina) == ""
    assert name_of(pair.hub, visitor) == ""
    assert name_of(pair.hub, pair.amina) == "Amina Diallo"
    assert set(late) <= events_of(pair.country)
