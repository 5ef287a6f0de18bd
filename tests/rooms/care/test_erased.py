"""Whoever was erased stays erased after a restore, on whatever disk it happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from passport.care.engine import restoring as care
from passport.learning.models import Progress
from passport.node import queries as node_queries
from passport.people import actions as people
from passport.people import queries
from passport.people.models import Site
from tests.rooms.care.test_backup import back_up, restore
from tests.simulation.nodes import MACHINE, Node, enrol, find_again, meet
from tests.sync.conftest import Pair
from tests.sync.test_erasure import erase, is_gone


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


def awaits(at: Node) -> bool:
    with at:
        return node_queries.awaits_erasures()


def lose_ledger(of: Node) -> None:
    """As on a new disk, with a copy of the keys from before the erasure."""
    ledger = of.folder / "keys" / "erased.jsonl"
    copy = ledger.with_suffix(".copy")
    copy.write_bytes(ledger.read_bytes().splitlines(keepends=True)[0])
    copy.replace(ledger)


def test_in_its_own_folder_a_hub_erases_again_at_once(pair: Pair, stick: Path) -> None:
    pair.learn(1)
    back_up(pair.hub, stick)
    erase(pair)
    meet(pair.hub, pair.country)
    assert not restore(pair.hub, stick).awaits_erasures
    assert is_gone(pair.hub, pair.amina)


def test_on_another_disk_a_hub_serves_nobody_until_the_country_has_told_it(
    pair: Pair, stick: Path
) -> None:
    pair.learn(1)
    meet(pair.hub, pair.country)
    back_up(pair.hub, stick)
    erase(pair)
    meet(pair.hub, pair.country)
    lose_ledger(pair.hub)
    assert restore(pair.hub, stick).awaits_erasures
    assert awaits(pair.hub)
    meet(pair.hub, pair.country)
    assert is_gone(pair.hub, pair.amina)
    assert not awaits(pair.hub)


def test_a_parcel_that_was_made_before_the_restore_opens_no_door(pair: Pair, stick: Path) -> None:
    back_up(pair.hub, stick)
    old = pair.country.parcel_for(pair.hub)
    erase(pair)
    lose_ledger(pair.hub)
    restore(pair.hub, stick)
    pair.hub.take(old)
    assert awaits(pair.hub)


def test_a_country_erases_again_whom_its_ledger_names(pair: Pair, stick: Path) -> None:
    pair.learn(1)
    meet(pair.hub, pair.country)
    back_up(pair.country, stick)
    erase(pair)
    assert not restore(pair.country, stick).awaits_erasures
    assert is_gone(pair.country, pair.amina)
    find_again(pair.hub, pair.country)
    assert is_gone(pair.hub, pair.amina)


def test_a_country_that_lost_its_ledger_is_told_by_a_hub_what_it_had_signed(
    pair: Pair, stick: Path
) -> None:
    pair.learn(1)
    meet(pair.hub, pair.country)
    back_up(pair.country, stick)
    erase(pair)
    meet(pair.hub, pair.country)
    lose_ledger(pair.country)
    assert restore(pair.country, stick).awaits_erasures
    find_again(pair.hub, pair.country)
    assert is_gone(pair.country, pair.amina)
    assert is_gone(pair.hub, pair.amina)
    assert not awaits(pair.country)


def test_a_hub_whose_journal_forgot_the_tombstone_tells_it_from_its_own_list(
    pair: Pair, stick: Path
) -> None:
    meet(pair.hub, pair.country)
    back_up(pair.country, stick / "of the country")
    back_up(pair.hub, stick / "of the hub")
    erase(pair)
    meet(pair.hub, pair.country)
    lose_ledger(pair.country)
    restore(pair.hub, stick / "of the hub")
    restore(pair.country, stick / "of the country")
    find_again(pair.hub, pair.country)
    assert is_gone(pair.country, pair.amina)
    assert not awaits(pair.country)


def test_a_country_that_lost_its_ledger_serves_nobody_until_every_hub_has_told_it(
    pair: Pair, stick: Path, tmp_path: Path
) -> None:
    other = Node(tmp_path / "other", "Acacia hub", is_country=False)
    enrol(pair.country, other, [pair.site])
    back_up(pair.country, stick)
    erase(pair)
    meet(other, pair.country)
    lose_ledger(pair.country)
    restore(pair.country, stick)
    find_again(pair.hub, pair.country)
    assert awaits(pair.country)
    assert not is_gone(pair.country, pair.amina)
    with pair.country:
        assert care.awaited()[1] == {"hubs": "Acacia hub"}
    other.take(pair.country.parcel_for(other))
    meet(other, pair.country)
    assert is_gone(pair.country, pair.amina)
    assert not awaits(pair.country)
    other.close()


def test_what_a_hub_told_before_the_restore_is_no_answer(pair: Pair, stick: Path) -> None:
    back_up(pair.country, stick)
    old = pair.hub.parcel_for(pair.country)
    lose_ledger(pair.country)
    restore(pair.country, stick)
    pair.country.take(old)
    assert awaits(pair.country)


def test_what_a_country_said_after_its_backup_comes_back_from_its_hubs(
    pair: Pair, stick: Path
) -> None:
    meet(pair.hub, pair.country)
    back_up(pair.country, stick)
    with pair.country:
        people.change_person(by=MACHINE, person=pair.amina, given="Aminata")
        people.add_site(by=MACHINE, name="Acacia School")
    meet(pair.hub, pair.country)
    pair.learn(1, 2)
    restore(pair.country, stick)
    find_again(pair.hub, pair.country)
    with pair.country:
        assert Site.objects.filter(name="Acacia School").exists()
        assert queries.names_of(MACHINE, [pair.amina]) == {pair.amina: "Aminata Diallo"}
        assert Progress.objects.get(person=pair.amina).views == 2
