"""What a country's disk took with it, who was where and who is one: its hubs are told again."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from passport.learning import actions as learning
from passport.node.models import Acknowledged, Custody, Entry, Head, Peer, Stream
from passport.people import actions as people
from passport.people.models import Merger
from passport.sync.engine.grants import grants_for
from tests.rooms.care.test_backup import back_up, restore
from tests.simulation.nodes import MACHINE, Node, find_again, meet
from tests.sync.conftest import Pair
from tests.sync.test_moving import move, name_of, rebuilt_is_live


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


def has_no_seals(hub: Node) -> None:
    """As at a hub that can't prove what the country said: it took that without its seal."""
    with hub:
        Head.objects.update(seal=None, sealed_seq=0)


def said(at: Node, stream: str, kind: str) -> int:
    """Count the entries of a kind in a stream."""
    name, _, key = stream.partition(":")
    with at:
        return Entry.objects.filter(stream__kind=name, stream__key=UUID(key), kind=kind).count()


def moved_before_the_disk_died(pair: Pair, acacia: Any, stick: Path) -> None:
    """Amina moved after the backup, and her new school has heard it; her old one hasn't."""
    meet(acacia, pair.country)
    meet(pair.hub, pair.country)
    back_up(pair.country, stick)
    move(pair, acacia)
    meet(acacia, pair.country)
    assert name_of(acacia, pair.amina) == "Amina Diallo"


def test_a_hub_lets_go_of_somebody_whom_the_country_forgot_to_have_given_to_it(
    pair: Pair, acacia: Any, stick: Path
) -> None:
    moved_before_the_disk_died(pair, acacia, stick)
    has_no_seals(acacia)
    restore(pair.country, stick)
    find_again(acacia, pair.country)
    assert name_of(acacia, pair.amina) == ""
    find_again(pair.hub, pair.country)
    assert name_of(pair.hub, pair.amina) == "Amina Diallo"
    with pair.country:
        given = Custody.objects.get(person=pair.amina)
    assert given.site == pair.site
    rebuilt_is_live(pair.country, pair.hub, acacia)


def test_nothing_is_said_before_all_has_come_that_may_grant_them(
    pair: Pair, acacia: Any, stick: Path, settings: Any
) -> None:
    moved_before_the_disk_died(pair, acacia, stick)
    with pair.country:
        people.add_site(by=MACHINE, name="Baobab School")  # it comes back first
    meet(acacia, pair.country)
    restore(pair.country, stick)
    assert not acacia.take(pair.country.parcel_for(acacia)).refused
    whole, settings.SYNC_BYTES = settings.SYNC_BYTES, 1  # so that the move itself is cut off
    pair.country.take(acacia.parcel_for(pair.country))
    settings.SYNC_BYTES = whole
    acacia.take(pair.country.parcel_for(acacia))
    meet(acacia, pair.country)
    with pair.country:
        assert Custody.objects.get(person=pair.amina).site == acacia.site
    assert name_of(acacia, pair.amina) == "Amina Diallo"


def test_it_is_told_once(pair: Pair, acacia: Any, stick: Path) -> None:
    moved_before_the_disk_died(pair, acacia, stick)
    has_no_seals(acacia)
    restore(pair.country, stick)
    for _ in range(2):
        find_again(acacia, pair.country)
        with pair.country:  # as if the hub had said once more that it has her
            head = Head.objects.filter(stream=Stream.of_person(pair.amina)).earliest("pk")
            peer = Peer.objects.get(key=acacia.key)
            Acknowledged(peer=peer, stream=head.stream, origin=head.origin, seq=1).save()
    meet(acacia, pair.country)
    assert said(pair.country, f"site:{acacia.site}", "custody.given@1") == 1


def test_naming_a_stranger_gives_a_hub_nothing_of_them(pair: Pair, acacia: Any) -> None:
    with acacia:  # it claims to hold what it never had
        stream = Stream.of_person(pair.amina)
        origin = Head.objects.earliest("pk").origin
        Head(stream=stream, origin=origin, seq=1, hash=bytes(32), hlc=1, moved=10**6).save()
    pair.country.take(acacia.parcel_for(pair.country))
    acacia.take(pair.country.parcel_for(acacia))
    assert name_of(acacia, pair.amina) == ""
    assert said(pair.country, f"site:{acacia.site}", "custody.given@1") == 1
    with pair.country:
        assert pair.amina not in grants_for(Peer.objects.get(key=acacia.key)).known
        assert set(Custody.objects.values_list("site", flat=True)) <= {pair.site}
    meet(pair.hub, pair.country)
    assert name_of(pair.hub, pair.amina) == "Amina Diallo"


def test_a_move_that_a_hub_brings_back_is_told_to_the_school_that_had_the_child(
    pair: Pair, acacia: Any, stick: Path
) -> None:
    moved_before_the_disk_died(pair, acacia, stick)
    restore(pair.country, stick)
    assert not acacia.take(pair.country.parcel_for(acacia)).refused
    pair.country.take(acacia.parcel_for(pair.country))
    for stream in (f"site:{pair.site}", f"site:{acacia.site}", f"person:{pair.amina}"):
        assert said(pair.country, stream, "custody.given@1") == 1, stream
    find_again(pair.hub, pair.country)
    meet(acacia, pair.country)
    assert name_of(pair.hub, pair.amina) == ""
    assert name_of(acacia, pair.amina) == "Amina Diallo"
    rebuilt_is_live(pair.country, pair.hub, acacia)


@pytest.mark.parametrize("is_over", [False, True])
def test_who_is_one_stands_in_both_streams_again_when_it_came_back_in_one(
    pair: Pair, acacia: Any, stick: Path, *, is_over: bool
) -> None:
    with acacia:
        kofi = people.register_learner(
            by=MACHINE, site=acacia.site, group=acacia.group, given="Kofi"
        ).person
    meet(acacia, pair.country)
    back_up(pair.country, stick)
    with pair.country:
        merger = people.merge(by=MACHINE, person=kofi, into=pair.amina)
        if is_over:
            learning.part(by=MACHINE, merger=merger.id)
    meet(acacia, pair.country)
    with acacia:  # of Amina it holds nothing that it could prove
        Head.objects.filter(stream__key=pair.amina).update(seal=None, sealed_seq=0)
    restore(pair.country, stick)
    find_again(acacia, pair.country)
    kinds = ["identity.merged@1", *(["identity.parted@1"] if is_over else [])]
    for kind in kinds:
        for person in (kofi, pair.amina):
            assert said(pair.country, f"person:{person}", kind) == 1, kind
    find_again(pair.hub, pair.country)
    with pair.hub:
        assert Merger.objects.get().id == merger.id
    rebuilt_is_live(pair.country, pair.hub, acacia)
