"""What has arrived where, said of receipts and of nothing else: in a sentence, and in full (C3, C11)."""

from __future__ import annotations

import re
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from passport.kernel.ids import new_id
from passport.node.models import Direction, ParcelNote, StreamKind
from passport.people import actions as people
from passport.sync import actions as sync
from passport.sync import queries, sentences
from tests.rooms.learning.device import Device
from tests.simulation.nodes import MACHINE, meet
from tests.simulation.test_round_trip import learner
from tests.sync.conftest import Pair


def answer(pair: Pair, *persons: UUID) -> None:
    """Let each of them answer a question at the hub."""
    with pair.hub:
        for person in persons:
            device = Device(learner(person, pair.site), pair.course)
            asked = device.event(
                "answered", "quiz", attempt=new_id(), question="q1", response="b", ms=900
            )
            device.send(asked)


def told(pair: Pair) -> list[str]:
    with pair.hub:
        return sentences.state(queries.underway(queries.peer_named(None)))


def name_of_last(pair: Pair) -> str:
    with pair.hub:
        notes = ParcelNote.objects.filter(direction=Direction.MADE).order_by("at")
        last = notes.last()
        assert last is not None
        return sentences.short_name(last.id)


def test_what_is_safe_what_left_and_what_lies_here_are_three_sentences(pair: Pair) -> None:
    bilal = pair.register("Bilal")
    answer(pair, pair.amina, bilal)
    meet(pair.hub, pair.country)
    assert told(pair) == ["Everything is safe in the country. 2 answers from 2 learners in all."]
    answer(pair, pair.amina)
    pair.hub.parcel_for(pair.country)  # it is carried, and lost
    left = name_of_last(pair)
    answer(pair, bilal)
    answer(pair, bilal)
    safe, gone, here = told(pair)
    assert safe == "2 answers from 2 learners are safe in the country."
    assert re.fullmatch(
        f"1 answer from 1 learner left with parcel {left} on .+ and isn't confirmed yet.", gone
    )
    assert here == "Saved here, not yet safe in the country: 2 answers from 1 learner."


def test_the_latest_parcel_has_taken_all_that_is_not_confirmed(pair: Pair) -> None:
    answer(pair, pair.amina)
    pair.hub.parcel_for(pair.country)
    answer(pair, pair.amina)
    pair.hub.parcel_for(pair.country)
    (gone,) = told(pair)
    assert gone.startswith(f"2 answers from 1 learner left with parcel {name_of_last(pair)} on ")


def test_a_parcel_that_arrived_is_not_called_safe_before_its_receipt_is_back(pair: Pair) -> None:
    answer(pair, pair.amina)
    pair.country.take(pair.hub.parcel_for(pair.country))
    assert "aren't" in told(pair)[0] or "isn't confirmed yet" in told(pair)[0]
    pair.hub.take(pair.country.parcel_for(pair.hub))
    assert told(pair) == ["Everything is safe in the country. 1 answer from 1 learner in all."]


def test_a_parcel_into_which_not_everything_fitted_is_said_to_have_taken_nothing(
    pair: Pair,
) -> None:
    for name in ("Bilal", "Chidi", "Dana"):
        answer(pair, pair.register(name))
    with pair.hub:
        peer = queries.peer_named(None)
        files = list(sync.make_parcel(by=MACHINE, peer=peer, carrier="stick", budget=400))
    assert files[-1].more
    assert told(pair) == ["Saved here, not yet safe in the country: 3 answers from 3 learners."]


def test_support_reads_what_each_side_has_confirmed(pair: Pair) -> None:
    meet(pair.hub, pair.country)
    answer(pair, pair.amina)
    with pair.hub:
        account = queries.account(MACHINE, queries.peer_named(None))
        kept = {one.kind: one for one in account.kept}
    assert kept[StreamKind.PERSON].entries - kept[StreamKind.PERSON].confirmed == 2
    assert kept[StreamKind.PERSON].streams == 1
    assert account.incarnation
    with pair.country:
        people.change_person(by=MACHINE, person=pair.amina, sex="female")
        account = queries.account(MACHINE, queries.peer_named("Mango hub"))
        kept = {one.kind: one for one in account.kept}
    assert kept[StreamKind.COUNTRY].entries == kept[StreamKind.COUNTRY].confirmed > 0
    assert kept[StreamKind.PERSON].entries == kept[StreamKind.PERSON].confirmed + 1


def test_it_costs_the_same_for_one_learner_as_for_many(pair: Pair) -> None:
    def cost() -> int:
        with pair.hub, CaptureQueriesContext(connection) as asked:
            peer = queries.peer_named(None)
            queries.underway(peer)
            queries.account(MACHINE, peer)
        return len(asked)

    answer(pair, pair.amina)
    before = cost()
    for name in ("Bilal", "Chidi", "Dana", "Emeka"):
        answer(pair, pair.register(name))
    assert cost() == before
