"""A person can be forgotten everywhere: at once here, with the next parcel there, and for good."""

from __future__ import annotations

import shutil
from uuid import UUID

from passport.insights import actions as insights
from passport.insights.models import Month
from passport.learning.models import Progress
from passport.node.models import Entry, Erased, Stream
from passport.people.models import Person
from passport.privacy import actions as privacy
from passport.privacy import queries
from passport.records.models import Event
from passport.sync.policies import Fate
from tests.simulation.nodes import MACHINE, Node, meet
from tests.sync.conftest import Pair


def erase(pair: Pair, person: UUID | None = None) -> None:
    with pair.country:
        privacy.erase(by=MACHINE, person=person or pair.amina)


def is_gone(at: Node, person: UUID) -> bool:
    with at:
        return (
            Erased.objects.filter(pk=person).exists()
            and not Person.objects.filter(pk=person).exists()
            and not Progress.objects.filter(person=person).exists()
            and not Stream.objects.filter(key=person).exists()
            and not Event.objects.filter(stream__key=person).exists()
        )


def on_disk(at: Node) -> bytes:
    folder = at.folder / "data"
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_whoever_is_erased_is_gone_here_at_once_and_there_with_the_next_parcel(pair: Pair) -> None:
    pair.learn(1, 2)
    meet(pair.hub, pair.country)
    erase(pair)
    assert is_gone(pair.country, pair.amina)
    assert not is_gone(pair.hub, pair.amina)
    meet(pair.hub, pair.country)
    assert is_gone(pair.hub, pair.amina)


def test_the_tombstone_is_the_first_thing_in_the_parcel(pair: Pair) -> None:
    erase(pair)
    files = pair.country.parcel_for(pair.hub)
    assert files
    assert pair.hub.take(files[:1]).tally.entries == 1
    assert is_gone(pair.hub, pair.amina)


def test_the_receipt_says_of_every_node_whether_it_has_confirmed(pair: Pair) -> None:
    erase(pair)
    with pair.country:
        waiting = queries.receipt(MACHINE, pair.amina)
    assert [bool(one.confirmed_at) for one in waiting.nodes] == [True, False]
    meet(pair.hub, pair.country)
    with pair.country:
        receipt = queries.receipt(MACHINE, pair.amina)
    assert receipt.is_complete
    assert receipt.nodes[1].name == "Mango hub"


def test_an_old_parcel_brings_nobody_back(pair: Pair) -> None:
    pair.learn(1)
    old = pair.hub.parcel_for(pair.country)
    down = pair.country.parcel_for(pair.hub)
    erase(pair)
    meet(pair.hub, pair.country)
    taken = pair.country.take(old)
    pair.hub.take(down)
    assert taken.tally.had(Fate.FORGOTTEN) or taken.refused
    assert is_gone(pair.country, pair.amina)
    assert is_gone(pair.hub, pair.amina)


def test_what_a_hub_wrote_before_it_heard_changes_nothing_at_the_country(pair: Pair) -> None:
    erase(pair)
    pair.learn(1, 2, 3)
    taken = pair.country.take(pair.hub.parcel_for(pair.country))
    assert taken.tally.had(Fate.FORGOTTEN) == 1
    assert is_gone(pair.country, pair.amina)


def test_figures_keep_their_totals_and_tell_nothing_of_whom_they_were_made(pair: Pair) -> None:
    pair.learn(1, 2, 3)
    meet(pair.hub, pair.country)
    with pair.country:
        insights.refresh(by=MACHINE)
        before = sorted(Month.objects.values_list("indicator", "month", "site", "sex", "value"))
    erase(pair)
    with pair.country:
        insights.refresh(by=MACHINE)
        after = sorted(Month.objects.values_list("indicator", "month", "site", "sex", "value"))
    assert after == before


def test_no_byte_of_the_erased_is_left_in_the_files(pair: Pair) -> None:
    pair.learn(1)
    meet(pair.hub, pair.country)
    with pair.hub:
        stream = Stream.of_person(pair.amina)
        bodies = [
            bytes(body)
            for body in Entry.objects.filter(stream=stream).values_list("body", flat=True)
        ]
    assert any(body in on_disk(pair.hub) for body in bodies)
    erase(pair)
    meet(pair.hub, pair.country)
    for each in (pair.hub, pair.country):
        found = on_disk(each)
        assert not any(body in found for body in bodies)


def test_a_disk_from_before_the_erasure_forgets_with_the_next_parcel(
    pair: Pair, tmp_path: object
) -> None:
    pair.learn(1)
    meet(pair.hub, pair.country)
    pair.hub.close()
    copy = pair.hub.folder.with_name("copy")
    shutil.copytree(pair.hub.folder, copy)
    erase(pair)
    restored = Node(copy, "Mango hub", is_country=False, is_copy=True)
    with restored:
        from passport.node import actions as node

        assert node.start(by=MACHINE)
    meet(restored, pair.country)
    assert is_gone(restored, pair.amina)
    restored.close()
