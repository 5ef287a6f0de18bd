"""The country's machine is gone: its trustees put the key back, and what was on its way arrives."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from passport.fleet import actions as fleet
from passport.kernel.actor import Actor
from passport.node import actions as node
from passport.node.engine import keyring as rings
from passport.node.models import Peer
from passport.people.queries import names_of
from passport.sync.policies import Fate
from tests.simulation.nodes import MACHINE, Node, meet
from tests.sync.conftest import Pair


def split_key(country: Node) -> tuple[bytes, list[str]]:
    with country:
        return node.split_key(by=MACHINE, shares=5, needed=3)


def lose_key(country: Node) -> None:
    with country:
        settings.KEY_FILE.unlink()
        rings.forget()


def put_back(country: Node, file: bytes, shares: list[str]) -> None:
    with country:
        node.recover_key(by=MACHINE, file=file, given=shares)
        node.start(by=Actor.machine())


def test_three_of_five_trustees_bring_the_country_back_and_it_takes_a_parcel_made_before(
    pair: Pair, tmp_path: Path
) -> None:
    """A hub's first parcel, sealed to the key that was lost: nothing else ever opens it."""
    file, shares = split_key(pair.country)
    with pair.country:
        enrolment = fleet.make_enrolment(by=MACHINE, name="River hub", sites=[pair.site])
    river = Node(tmp_path / "river", "River hub", is_country=False)
    with river:
        fleet.enrol(by=MACHINE, file=enrolment)
    on_its_way = river.parcel_for(pair.country)
    lose_key(pair.country)
    put_back(pair.country, file, [shares[0], shares[2], shares[4]])
    assert not pair.country.take(on_its_way).refused
    with pair.country:
        assert names_of(MACHINE, [pair.amina])[pair.amina] == "Amina Diallo"
        assert Peer.objects.filter(key=river.key).exists()
    river.close()


def test_what_was_sealed_to_a_key_of_the_former_life_is_sent_again(pair: Pair) -> None:
    file, shares = split_key(pair.country)
    pair.learn(1, 2)
    on_its_way = pair.hub.parcel_for(pair.country)
    lose_key(pair.country)
    put_back(pair.country, file, shares[1:4])
    [(_, why)] = pair.country.take(on_its_way).refused
    assert "Nothing is lost" in str(why)
    pair.hub.take(pair.country.parcel_for(pair.hub))
    assert pair.country.take(pair.hub.parcel_for(pair.country)).tally.events == 2


def test_the_recovered_country_and_its_hubs_go_on_together(pair: Pair) -> None:
    file, shares = split_key(pair.country)
    lose_key(pair.country)
    put_back(pair.country, file, shares[:3])
    bilal = pair.register("Bilal", at=pair.hub)
    kofi = pair.register("Kofi", at=pair.country)
    pair.hub.take(pair.country.parcel_for(pair.hub))
    meet(pair.hub, pair.country)
    for place in (pair.country, pair.hub):
        with place:
            assert set(names_of(MACHINE, [bilal, kofi]).values()) == {"Bilal", "Kofi"}


def test_without_its_key_the_country_takes_nothing_and_says_why(pair: Pair) -> None:
    pair.learn(1)
    on_its_way = pair.hub.parcel_for(pair.country)
    lose_key(pair.country)
    taken = pair.country.take(on_its_way)
    assert taken.tally.had(Fate.APPLIED) == 0
    [(_, why)] = taken.refused
    assert "key file" in str(why)


def test_the_clear_line_of_a_parcel_can_be_read_while_locked(pair: Pair, tmp_path: Path) -> None:
    from passport.sync.actions import clear_line

    (content,) = pair.hub.parcel_for(pair.country)
    file = tmp_path / "a.parcel"
    file.write_bytes(content)
    with pair.country:
        code = node.lock(by=MACHINE)
        rings.forget()
        assert clear_line(file).to == pair.country.key[:16]
    [(_, why)] = pair.country.take([content]).refused
    assert "locked" in str(why)
    with pair.country:
        assert node.unlock(secret=code)
    assert not pair.country.take([content]).refused
