"""From village to district to capital, through hands and hubs that open nothing; and from hub to hub."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pytest_django import DjangoDbBlocker

from passport.fleet import actions as fleet
from passport.kernel.chain import entry_hash
from passport.kernel.encoding import canonical, digest
from passport.kernel.ids import new_id
from passport.library import queries as library
from passport.library.models import Course
from passport.node.models import Entry, Head, Peer, Stream
from passport.people import actions as people
from passport.people.models import Person, Site
from passport.records.models import Event
from passport.sync import actions as sync
from passport.sync.actions import Budget
from passport.sync.engine import making, runs
from passport.sync.engine.runs import Stretch, runs_of
from passport.sync.engine.wire import RunLine, pack
from passport.sync.errors import Refused
from tests.rooms.learning import shelf
from tests.simulation.nodes import MACHINE, Node, enrol, meet
from tests.sync.conftest import Pair


@pytest.fixture
def district(pair: Pair, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Node]:
    """Give the hub of another school, on the way to the capital."""
    with django_db_blocker.unblock():
        hub = Node(tmp_path / "district", "District hub", is_country=False)
        with pair.country:
            site = people.add_site(by=MACHINE, name="District School").id
        enrol(pair.country, hub, [site])
        meet(pair.hub, pair.country)
        yield hub
        hub.close()


@pytest.fixture
def network(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let hubs reach the country."""

    def post(address: str, content: bytes) -> bytes:
        del address
        with pair.country:
            return sync.answer(by=MACHINE, content=content)[1]

    monkeypatch.setattr("passport.sync.actions.post", post)


def events_at(at: Node) -> set[UUID]:
    with at:
        return set(Event.objects.values_list("id", flat=True))


def stick_from(at: Node, to: Node) -> list[bytes]:
    with at:
        peer = Peer.objects.get(key=to.key)
        made = sync.make_parcels(by=MACHINE, peers=[peer], carrier="stick", budget=Budget(10**9))
        return [file.content for file in made]


def test_a_villages_parcel_goes_on_with_the_districts_stick(pair: Pair, district: Node) -> None:
    ids = pair.learn(1, 2)
    taken = district.take(pair.hub.parcel_for(pair.country))
    assert (taken.carried, taken.refused) == (1, [])
    assert not events_at(district)
    pair.country.take(stick_from(district, pair.country))
    assert events_at(pair.country) == set(ids)


@pytest.mark.usefixtures("network")
def test_a_district_with_a_network_hands_it_over_and_keeps_the_answer_for_the_village(
    pair: Pair, district: Node
) -> None:
    ids = pair.learn(1, 2)
    district.take(pair.hub.parcel_for(pair.country))
    with district:
        sync.exchange(by=MACHINE)
    assert events_at(pair.country) == set(ids)
    answer = [
        file
        for file in stick_from(district, pair.country)
        if pair.hub.key[:16].encode() in file[:100]
    ]
    assert len(answer) == 1
    assert not pair.hub.take(answer).refused
    with pair.hub:
        from passport.sync import queries

        assert not any(queries.underway(queries.peer_named(None)).waiting)


def test_what_is_for_nobody_of_this_country_is_not_kept(pair: Pair, district: Node) -> None:
    parcel = pair.hub.parcel_for(pair.country)[0]
    elsewhere = parcel.replace(pair.country.key[:16].encode(), b"0" * 16, 1)
    taken = district.take([elsewhere])
    assert (taken.carried, len(taken.refused)) == (0, 1)


def test_what_the_country_refuses_stays_and_stops_nothing(
    pair: Pair, district: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.learn(1)
    district.take(pair.hub.parcel_for(pair.country))
    refused: list[Any] = []

    def post(address: str, content: bytes) -> bytes:
        with pair.country:
            taken, reply = sync.answer(by=MACHINE, content=content)
        if taken.peer is not None and taken.peer.key == pair.hub.key:
            refused.append(content)
            raise Refused("%(address)s refused", address=address)
        return reply

    monkeypatch.setattr("passport.sync.actions.post", post)
    for _ in range(2):
        with district:
            sync.exchange(by=MACHINE)
    assert len(refused) == 2


def give(one: Node, other: Node) -> sync.Taken:
    """Carry a parcel from hub to hub."""
    with one:
        peer = fleet.peer_of(by=MACHINE, key=other.key)
        assert peer is not None
        files = [file.content for file in sync.make_parcel(by=MACHINE, peer=peer, carrier="stick")]
    return other.take(files)


def test_a_hub_gives_another_what_the_country_published_and_nobodys_record(
    pair: Pair, district: Node, tmp_path: Path
) -> None:
    pair.learn(1)
    meet(pair.hub, pair.country)
    with pair.country:
        shelf.publish(tmp_path / "second", kinds=("article",), more=("shade",))
        people.add_site(by=MACHINE, name="Third School")
    meet(pair.hub, pair.country)
    give(district, pair.hub)  # says what it lacks
    taken = give(pair.hub, district)
    assert not taken.refused
    give(district, pair.hub)
    give(pair.hub, district)
    with district:
        assert Site.objects.filter(name="Third School").exists()
        assert Course.objects.count() == 2
        assert len(library.versions_held()) == 2
        assert not Person.objects.exists()
        assert not Event.objects.exists()


def test_a_seal_of_the_countrys_covers_nothing_that_only_its_carrier_says_leads_to_it(
    pair: Pair, district: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet(district, pair.country)
    give(district, pair.hub)
    with pair.country:
        people.add_site(by=MACHINE, name="Third School")
        people.add_site(by=MACHINE, name="Fourth School")
    meet(pair.hub, pair.country)
    with pair.hub:
        shipped = borrowed_seal(
            {"id": new_id(), "name": "School of Lies", "code": "lies", "ways": ["picture"]}
        )
    monkeypatch.setattr("passport.sync.engine.making._records", lambda parcel: iter(shipped))
    give(pair.hub, district)
    monkeypatch.undo()
    with district:
        assert not Site.objects.filter(name="School of Lies").exists()
    meet(district, pair.country)
    with district:
        assert Site.objects.filter(name="Third School").exists()
        assert Site.objects.filter(name="Fourth School").exists()


def borrowed_seal(body: dict[str, Any]) -> list[making._Shipped]:
    """Put an entry in the place of the country's last but one, and say that the last follows it."""
    head = Head.objects.select_related("origin").get(
        stream=Stream.country(), seq=Entry.objects.filter(stream=Stream.country()).count()
    )
    before = Entry.objects.get(stream=Stream.country(), seq=head.seq - 2)
    stretch = Stretch(
        head.stream_id, "country", head.origin_id, head.origin.wire, head.seq - 1, head.seq
    )
    ((real, payload),) = runs_of(stretch, b"", None)
    forged_line = runs._line(before.hlc + 1, "site.added@1", canonical(body), None)
    forged_head = entry_hash(
        origin=head.origin.wire,
        stream="country",
        seq=head.seq - 1,
        prev=bytes(before.hash),
        dep=None,
        hlc=before.hlc + 1,
        kind="site.added@1",
        body=canonical(body),
    )
    forged = pack(forged_line)
    lead = RunLine(
        stream="country",
        origin=head.origin.wire,
        first=head.seq - 1,
        last=head.seq - 1,
        prev=bytes(before.hash),
        head=forged_head,
        digest=digest(forged),
    )
    real.prev, real.seal = forged_head, bytes(head.seal or b"")
    return [making._Shipped(lead, forged), making._Shipped(real, payload)]
