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
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.models import Head, Peer
from passport.people import actions as people
from passport.people.models import Person, RoleGrant, Site
from passport.records.models import Event
from passport.sync import actions as sync
from passport.sync.actions import Budget
from passport.sync.engine.wire import PURPOSE, Manifest, RunLine, pack, write_file
from passport.sync.errors import Refused
from passport.sync.policies import Fate
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


def test_a_borrowed_seal_vouches_for_nothing_that_was_put_before_it(
    pair: Pair, district: Node
) -> None:
    """A hub forges an entry of the country, and names it before a run that the country did seal."""
    with pair.country:
        people.add_site(by=MACHINE, name="Third School")
        country = node_queries.introduction()
    meet(pair.hub, pair.country)
    with pair.hub:
        mine = Head.objects.select_related("origin").filter(stream__kind="country")
        head = mine.get(origin__wire__startswith=country.key)
        assert head.seal is not None
    with district:
        known = Head.objects.get(stream__kind="country", origin__wire__startswith=country.key)
        seq, prev = known.seq + 1, bytes(known.hash)
    origin = head.origin.wire
    body = canonical({"id": new_id(), "person": new_id(), "role": "administrator"})
    hlc = known.hlc + 1
    forged_hash = entry_hash(
        origin=origin, stream="country", seq=seq, prev=prev, dep=None,
        hlc=hlc, kind="role.granted@1", body=body,
    )  # fmt: skip
    payload = pack(b'[%d,"role.granted@1",%s]' % (hlc, body))
    forged = RunLine("country", origin, seq, seq, prev, forged_hash, digest(payload))
    lie = RunLine(
        "country", origin, seq + 1, head.sealed_seq, forged_hash, bytes(head.hash),
        digest(b"anything"), seal=bytes(head.seal),
    )  # fmt: skip
    with pair.hub:
        peer = fleet.peer_of(by=MACHINE, key=district.key)
        assert peer is not None
        ours = node_queries.introduction()
        manifest = Manifest(
            parcel=new_id().hex, file=1, sender=ours.key, incarnation=ours.incarnation,
            to=district.key, made=1, program="0", runs=[forged, lie],
        )  # fmt: skip
        signature = node.sign(PURPOSE, canonical(manifest))
        file = write_file(manifest, signature, [payload, b"anything"], peer.recipient)
    taken = district.take([file])
    assert taken.tally.entries == 0
    assert taken.tally.had(Fate.QUARANTINED) == 1
    with district:
        assert not RoleGrant.objects.filter(role="administrator").exists()
