"""Keys that a hub let go of: the country alone opens them, and gets them back when its disk died."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from passport.fleet import actions as fleet
from passport.kernel.errors import Damaged
from passport.kernel.sealing import new_key
from passport.node import actions as node
from passport.node.engine import keychains
from passport.node.models import Peer, Stream
from passport.people import actions as people
from passport.people import queries as people_queries
from passport.privacy import actions as privacy
from tests.rooms.care.test_backup import back_up, restore
from tests.simulation.nodes import MACHINE, Node, enrol, find_again, meet
from tests.sync.conftest import Pair
from tests.sync.test_keys import run_for
from tests.sync.test_stolen_disk import dump, found

LEASE = 181


def name_of(at: Node, person: UUID) -> str:
    with at:
        return people_queries.names_of(MACHINE, [person]).get(person, "")


def wrapped_at(hub: Node, person: UUID) -> bytes:
    with hub:
        stream = Stream.of_person(person)
        assert stream.sealed_key is None
        return bytes(stream.wrapped_key or b"")


def lapsed(pair: Pair, stick: Path) -> UUID:
    """Back the country up, register Bilal, and let the hub go blind."""
    back_up(pair.country, stick)
    bilal = pair.register("Zqbilal")
    meet(pair.hub, pair.country)
    meet(pair.hub, pair.country)
    run_for(pair.hub, LEASE)
    assert name_of(pair.hub, bilal) == ""
    return bilal


def test_a_country_that_lost_its_disk_gets_the_names_back_from_a_hub_that_went_blind(
    pair: Pair, tmp_path: Path
) -> None:
    bilal = lapsed(pair, tmp_path / "stick")
    restore(pair.country, tmp_path / "stick")
    find_again(pair.hub, pair.country)
    meet(pair.hub, pair.country)
    meet(pair.hub, pair.country)
    assert name_of(pair.country, bilal) == "Zqbilal"
    assert name_of(pair.hub, bilal) == "Zqbilal"


def test_it_gets_them_back_from_the_hub_that_the_person_moved_away_from(
    pair: Pair,
    acacia: Any,
    tmp_path: Path,
) -> None:
    back_up(pair.country, tmp_path / "stick")
    bilal = pair.register("Zqbilal")
    meet(pair.hub, pair.country)
    with pair.country:
        people.move_to_site(by=MACHINE, person=bilal, site=acacia.site, group=acacia.group)
    meet(pair.hub, pair.country)
    assert wrapped_at(pair.hub, bilal)
    restore(pair.country, tmp_path / "stick")
    find_again(pair.hub, pair.country)
    meet(pair.hub, pair.country)
    meet(pair.hub, pair.country)
    assert name_of(pair.country, bilal) == "Zqbilal"
    assert name_of(pair.hub, bilal) == ""


def test_the_disk_of_a_hub_that_went_blind_names_nobody_even_unlocked(
    pair: Pair, tmp_path: Path
) -> None:
    bilal = lapsed(pair, tmp_path / "stick")
    wrapped = wrapped_at(pair.hub, bilal)
    with pair.hub, pytest.raises(Damaged):
        node.unwrap_person_key(Stream.of_person(bilal), wrapped)
    assert found(dump(pair.hub.folder), "Zqbilal") == []


def test_the_keys_of_one_person_are_not_taken_for_those_of_another(
    pair: Pair, tmp_path: Path
) -> None:
    """Else a hub could have the keys of whom it let go handed back to it under another's name."""
    bilal = lapsed(pair, tmp_path / "stick")
    wrapped = wrapped_at(pair.hub, bilal)
    with pair.country:
        keys = node.unwrap_person_key(Stream.of_person(bilal), wrapped)
        assert keys == b"".join(node.person_keys(Stream.of_person(bilal)))
        with pytest.raises(Damaged, match="somebody else"):
            node.unwrap_person_key(Stream.of_person(pair.amina), wrapped)


def test_a_hub_gives_no_key_to_a_country_that_has_one(pair: Pair) -> None:
    wire, ours = f"person:{pair.amina.hex}", new_key()
    with pair.hub:
        stream = Stream.of_person(pair.amina)
        keychains.keep(stream, [ours])
        stream.save()
        node.drop_person_keys(Stream.objects.filter(pk=stream.pk))
        Peer.objects.filter(is_country=True).update(lacks=[wire])
    assert not pair.country.take(pair.hub.parcel_for(pair.country)).refused
    with pair.country:
        assert ours not in node.person_keys(Stream.of_person(pair.amina))
        Stream.objects.filter(key=pair.amina).update(sealed_key=None)
    assert not pair.country.take(pair.hub.parcel_for(pair.country)).refused
    with pair.country:
        assert node.person_keys(Stream.of_person(pair.amina)) == [ours]


def test_an_erasure_destroys_them(pair: Pair, tmp_path: Path) -> None:
    bilal = lapsed(pair, tmp_path / "stick")
    wrapped = wrapped_at(pair.hub, bilal)
    with pair.country:
        privacy.erase(by=MACHINE, person=bilal)
    meet(pair.hub, pair.country)
    assert all(wrapped not in content for content in dump(pair.hub.folder).values())


@pytest.fixture
def river(pair: Pair, tmp_path: Path) -> Iterator[Node]:
    """Give the school a second hub."""
    hub = Node(tmp_path / "river", "River hub", is_country=False)
    enrol(pair.country, hub, [pair.site])
    meet(hub, pair.country)
    yield hub
    hub.close()


def keys_at(country: Node, person: UUID) -> list[bytes]:
    with country:
        return node.person_keys(Stream.of_person(person))


def restored_after_a_revocation(pair: Pair, river: Node, stick: Path) -> None:
    """Lose the country's disk after its hub was stolen; the other hub knows of it."""
    back_up(pair.country, stick)
    with pair.country:
        fleet.revoke(by=MACHINE, key=pair.hub.key, why="Stolen on the bus")
    meet(river, pair.country)
    restore(pair.country, stick)
    assert not river.take(pair.country.parcel_for(river)).refused


def test_a_country_that_hears_of_its_own_revocation_renews_the_keys_that_died_with_its_disk(
    pair: Pair, river: Node, tmp_path: Path
) -> None:
    stolen = keys_at(pair.hub, pair.amina)
    restored_after_a_revocation(pair, river, tmp_path / "stick")
    assert keys_at(pair.country, pair.amina) == stolen
    meet(river, pair.country)
    assert keys_at(pair.country, pair.amina)[0] not in stolen


def test_it_renews_them_once(pair: Pair, river: Node, tmp_path: Path) -> None:
    restored_after_a_revocation(pair, river, tmp_path / "stick")
    meet(river, pair.country)
    before = keys_at(pair.country, pair.amina)
    meet(river, pair.country)
    with pair.country:
        assert fleet.renew_keys(by=MACHINE) == 0
    assert keys_at(pair.country, pair.amina) == before
