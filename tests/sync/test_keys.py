"""Who can open what, and for how long: recipients that rotate, leases that lapse, keys that come back."""

from __future__ import annotations

import pytest

from passport.kernel.errors import Damaged
from passport.node import actions as node
from passport.node.models import Boot, Peer, RecipientKey, Stream
from passport.people import actions as people
from passport.people import queries as people_queries
from passport.sync.errors import UsedUp
from tests.simulation.nodes import MACHINE, Node, meet
from tests.sync.conftest import Pair

DAY_MS = 86_400_000


def name_of(at: Node, pair: Pair) -> str:
    with at:
        return people_queries.names_of(MACHINE, [pair.amina]).get(pair.amina, "")


def run_for(hub: Node, days: int) -> int:
    """Let a hub run for so long, and keep its lease as its worker does."""
    with hub:
        boot, _ = Boot.objects.get_or_create(
            defaults={"number": 1, "noted": 0, "running": 0, "began": 0, "wall": 0}
        )
        boot.running += days * DAY_MS
        boot.save()
        return node.let_lease_lapse(by=MACHINE)


# Recipients


def test_a_stick_that_was_answered_is_opened_by_nobody_any_more(pair: Pair) -> None:
    pair.learn(1)
    lost = pair.hub.parcel_for(pair.country)
    meet(pair.hub, pair.country)
    meet(pair.hub, pair.country)
    late = pair.country.take(lost)
    assert [type(refusal) for _, refusal in late.refused] == [UsedUp]
    with pair.country:
        publics = set(RecipientKey.objects.values_list("public", flat=True))
    with pair.hub:
        assert Peer.objects.get(key=pair.country.key).recipient in publics


def test_a_stick_that_was_not_answered_yet_still_opens(pair: Pair) -> None:
    pair.learn(1)
    first = pair.hub.parcel_for(pair.country)
    pair.learn(2)
    second = pair.hub.parcel_for(pair.country)
    assert pair.country.take(second).tally.events == 2
    assert not pair.country.take(first).refused


def test_no_more_keys_are_kept_however_often_two_nodes_meet(pair: Pair) -> None:
    for _ in range(5):
        meet(pair.hub, pair.country)
    for each in (pair.hub, pair.country):
        with each:
            assert RecipientKey.objects.count() <= 2


# Leases


def test_a_hub_that_hears_nothing_for_a_lease_of_running_days_goes_blind(pair: Pair) -> None:
    meet(pair.hub, pair.country)
    assert run_for(pair.hub, 179) == 0
    assert name_of(pair.hub, pair) == "Amina Diallo"
    assert run_for(pair.hub, 2) == 1
    assert name_of(pair.hub, pair) == ""
    with pair.hub, pytest.raises(Damaged):
        node.person_keys(Stream.of_person(pair.amina))


def test_learning_goes_on_without_names_and_the_next_parcel_brings_them_back(pair: Pair) -> None:
    meet(pair.hub, pair.country)
    run_for(pair.hub, 181)
    ids = pair.learn(1, 2)
    assert len(ids) == 2
    meet(pair.hub, pair.country)
    meet(pair.hub, pair.country)
    assert name_of(pair.hub, pair) == "Amina Diallo"
    assert run_for(pair.hub, 100) == 0


def test_a_card_opens_the_door_when_the_lease_is_over(pair: Pair) -> None:
    with pair.hub:
        code = people.reissue_card(by=MACHINE, person=pair.amina)
    meet(pair.hub, pair.country)
    run_for(pair.hub, 181)
    with pair.hub:
        assert people.sign_in_with_card(code=code).person_id == pair.amina


def test_a_key_that_the_country_has_not_confirmed_is_never_destroyed(pair: Pair) -> None:
    meet(pair.hub, pair.country)
    bilal = pair.register("Bilal")
    run_for(pair.hub, 400)
    with pair.hub:
        assert node.person_keys(Stream.of_person(bilal))
