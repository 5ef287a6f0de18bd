"""The country gets another key; its hubs follow, and nothing that was said before is lost (R110)."""

from __future__ import annotations

import fcntl
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from passport.fleet import actions as fleet
from passport.kernel.actor import Actor
from passport.kernel.encoding import canonical, read
from passport.kernel.errors import NotAllowed
from passport.kernel.signing import sign
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.engine import keyring as rings
from passport.node.engine.keyring import keyring
from passport.node.engine.renewing import (
    PURPOSE,
    NodeRenewed,
    NodeRetired,
    renewal_of,
    with_new_key,
)
from passport.node.errors import NotRenewed, Retired
from passport.node.facts import RENEWED, RETIRED, project_node_renewed, project_node_retired
from passport.node.models import (
    Fact,
    Identity,
    Peer,
    Quarantined,
    Renewal,
    Retirement,
    Stream,
)
from passport.people import actions as people
from passport.people.models import Person, RoleGrant
from passport.people.queries import names_of
from passport.sync import actions as sync
from passport.sync.actions import Taken
from tests.simulation.nodes import MACHINE, Node
from tests.simulation.picture import picture
from tests.support.restart import make_keys_cheap
from tests.sync.conftest import Pair


def renew(country: Node) -> str:
    """Renew the key; returns the one before. The node is found under its new name from now on."""
    with country:
        before = country.key
        country.key = node.renew_key(by=MACHINE)
        return before


def retire(country: Node, *, anyway: bool = False) -> int:
    with country:
        return node.retire_key(by=MACHINE, anyway=anyway)


def country_at(hub: Node) -> Peer:
    with hub:
        found = node_queries.country()
        assert found is not None
        return found


def parcel_up(pair: Pair) -> list[bytes]:
    """Make a parcel for the country under whatever name the hub knows it by."""
    known = country_at(pair.hub)
    with pair.hub:
        return [file.content for file in sync.make_parcel(by=MACHINE, peer=known, carrier="stick")]


def addressed_to(files: list[bytes]) -> set[str]:
    return {read(file.partition(b"\n")[0], dict[str, str | int])["to"] for file in files}  # type: ignore[misc]


def walk(pair: Pair) -> None:
    """Carry both ways until neither side has anything new."""
    for _ in range(10):
        up = pair.country.take(parcel_up(pair))
        down = pair.hub.take(pair.country.parcel_for(pair.hub))
        assert not up.refused, up.refused
        assert not down.refused, down.refused
        if not (up.tally.entries or down.tally.entries):
            return
    raise AssertionError("They don't come to an end.")


def refusal(taken: Taken) -> str:
    [(_, why)] = taken.refused
    return str(why)


def names(at: Node, pair: Pair) -> set[str]:
    with at:
        everybody = list(Person.objects.values_list("id", flat=True))
        return set(names_of(MACHINE, everybody).values())


def test_a_hub_follows_and_addresses_the_new_key(pair: Pair) -> None:
    before = renew(pair.country)
    assert country_at(pair.hub).key == before
    pair.hub.take(pair.country.parcel_for(pair.hub))
    known = country_at(pair.hub)
    assert known.key == pair.country.key != before
    with pair.country:
        assert known.base == node_queries.introduction().recipient
    assert addressed_to(parcel_up(pair)) == {pair.country.key[:16]}


def test_both_go_on_as_before_with_all_that_was_said_before(pair: Pair) -> None:
    pair.learn(1)
    renew(pair.country)
    pair.learn(2)
    pair.register("Bilal", at=pair.hub)
    pair.register("Kofi", at=pair.country)
    walk(pair)
    pair.learn(3)
    pair.register("Lea", at=pair.country)
    walk(pair)
    everybody = {"Amina Diallo", "Bilal", "Kofi", "Lea"}
    assert names(pair.country, pair) == names(pair.hub, pair) == everybody
    pictures = []
    for at in (pair.country, pair.hub):
        with at:
            pictures.append(picture(shared=True))
    assert pictures[0] == pictures[1]


def test_a_parcel_on_its_way_to_the_former_key_is_taken_until_that_is_retired(pair: Pair) -> None:
    pair.learn(1, 2)
    on_its_way = parcel_up(pair)
    renew(pair.country)
    assert pair.country.take(on_its_way).tally.events == 2
    walk(pair)
    assert retire(pair.country) == 1
    assert "another place" in refusal(pair.country.take(on_its_way))


def test_a_parcel_from_the_former_key_is_taken_until_that_is_retired(pair: Pair) -> None:
    pair.register("Kofi", at=pair.country)
    late = pair.country.parcel_for(pair.hub)
    pair.register("Lea", at=pair.country)
    later = pair.country.parcel_for(pair.hub)
    before = renew(pair.country)
    pair.hub.take(pair.country.parcel_for(pair.hub))
    assert not pair.hub.take(late).refused
    walk(pair)
    retire(pair.country)
    walk(pair)
    assert refusal(pair.hub.take(later))  # its recipient key is used up as well
    with pair.hub, pytest.raises(Retired):
        node_queries.country_of(before)


def test_a_late_parcel_does_not_lead_the_hub_back_to_the_former_key(pair: Pair) -> None:
    late = pair.country.parcel_for(pair.hub)
    renew(pair.country)
    walk(pair)
    pair.hub.take(late)
    assert country_at(pair.hub).key == pair.country.key
    with pair.country:
        assert not node_queries.unaware_of_renewal()


def test_what_was_written_under_the_former_key_stays_valid_when_all_is_made_again(
    pair: Pair,
) -> None:
    renew(pair.country)
    pair.register("Kofi", at=pair.country)
    walk(pair)
    retire(pair.country)
    walk(pair)
    for at in (pair.country, pair.hub):
        with at:
            before = picture(shared=False)
            sync.rebuild(by=MACHINE)
            assert picture(shared=False) == before
            assert Renewal.objects.count() == 1
    assert country_at(pair.hub).key == pair.country.key
    assert "Amina Diallo" in names(pair.country, pair)


def test_a_hub_that_joins_with_a_file_from_before_follows_too(pair: Pair, tmp_path: Path) -> None:
    with pair.country:
        file = fleet.make_enrolment(by=MACHINE, name="River hub", sites=[pair.site])
    renew(pair.country)
    river = Node(tmp_path / "river", "River hub", is_country=False)
    with river:
        fleet.enrol(by=MACHINE, file=file)
    second = Pair(pair.country, river, pair.site, pair.group, pair.amina, pair.course)
    walk(second)
    assert country_at(river).key == pair.country.key
    assert "Amina Diallo" in names(river, pair)
    river.close()


def test_two_renewals_in_a_row_are_followed_at_once(pair: Pair) -> None:
    renew(pair.country)
    renew(pair.country)
    walk(pair)
    assert country_at(pair.hub).key == pair.country.key
    assert retire(pair.country) == 2


def test_a_key_is_not_given_up_while_a_hub_knows_no_other(pair: Pair) -> None:
    renew(pair.country)
    with pytest.raises(NotRenewed, match="Mango hub"):
        retire(pair.country)
    pair.hub.take(pair.country.parcel_for(pair.hub))
    with pytest.raises(NotRenewed):
        retire(pair.country)  # it was told, and has not said that it heard
    walk(pair)
    retire(pair.country)


def test_a_hub_that_was_left_behind_refuses_the_new_key_in_a_sentence(pair: Pair) -> None:
    renew(pair.country)
    retire(pair.country, anyway=True)
    assert "doesn't know" in refusal(pair.hub.take(pair.country.parcel_for(pair.hub)))


def test_files_that_come_in_the_wrong_order_lose_nothing(pair: Pair) -> None:
    """What only the country may say came under a key that the hub had not heard of yet."""
    renew(pair.country)
    with pair.country:
        people.add_staff(
            by=MACHINE, given="Fatou", username="fatou", password="long enough", role="facilitator",
            site=pair.site,
        )  # fmt: skip
        peer = Peer.objects.get(key=pair.hub.key)
        with override_settings(PARCEL_FILE_BYTES=64):
            made = sync.make_parcel(by=MACHINE, peer=peer, carrier="stick")
            files = [file.content for file in made]
    assert len(files) > 2
    for file in reversed(files):
        pair.hub.take([file])
    with pair.hub:
        assert RoleGrant.objects.filter(site=pair.site, role="facilitator").count() == 1
        live = picture(shared=False)
        sync.rebuild(by=MACHINE)
        assert picture(shared=False) == live


# Forged


def say(at: Node, body: NodeRenewed) -> None:
    with at, transaction.atomic():
        fact = node.note(by=MACHINE, stream=Stream.country(), kind=RENEWED, body=body)
        project_node_renewed(fact)


def test_a_hub_cannot_name_another_country(pair: Pair) -> None:
    with pair.hub:
        thief = with_new_key(keyring().file)
    body = msgspec.structs.replace(renewal_of(thief), old=pair.country.key)
    body.proof = sign(thief.seed, PURPOSE, canonical([body.old, body.new, body.recipient]))
    assert body.holds
    say(pair.hub, body)
    assert country_at(pair.hub).key == pair.country.key
    pair.country.take(parcel_up(pair))
    with pair.country:
        assert Renewal.objects.count() == 0
        assert (
            Quarantined.objects.get().reason == "Only the country writes in the country's stream."
        )


def test_a_renewal_that_the_new_key_did_not_sign_changes_nothing(pair: Pair) -> None:
    body = NodeRenewed(pair.country.key, "ab" * 32, "age1nothing", bytes(64))
    say(pair.country, body)
    pair.hub.take(pair.country.parcel_for(pair.hub))
    assert country_at(pair.hub).key == pair.country.key


def test_a_key_that_was_given_up_cannot_give_up_its_heir(pair: Pair) -> None:

    before = renew(pair.country)
    walk(pair)
    with pair.hub:
        fact = Fact(
            stream=Stream.country(),
            origin=f"{before}.{'0' * 16}",
            seq=1,
            hlc=1,
            kind=RETIRED,
            body=canonical(NodeRetired(pair.country.key)),
            private=None,
        )
        project_node_retired(fact)
        assert Retirement.objects.count() == 0


def test_only_the_country_and_only_its_machine_renews(pair: Pair) -> None:
    with pair.hub, pytest.raises(NotRenewed):
        node.renew_key(by=MACHINE)
    with pair.country, pytest.raises(NotAllowed):
        node.renew_key(by=Actor(person=pair.amina))


# The key file


class PowerCut(Exception):
    pass


def test_a_power_cut_in_the_middle_is_caught_up_at_the_next_start(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut() -> None:
        raise PowerCut

    before = pair.country.key
    with pair.country:
        with monkeypatch.context() as patch:
            patch.setattr(node, "_finish_renewal", power_cut)
            with pytest.raises(PowerCut):
                node.renew_key(by=MACHINE)
        rings.forget()
        assert bytes(Identity.objects.get().key).hex() == before
        node.start(by=MACHINE)
        pair.country.key = node_queries.introduction().key
        assert bytes(Identity.objects.get().key).hex() == pair.country.key != before
        assert node.start(by=MACHINE) is False
    walk(pair)
    assert country_at(pair.hub).key == pair.country.key


def test_whoever_unlocked_before_unlocks_after(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    make_keys_cheap(monkeypatch)
    with pair.country:
        code = node.lock(by=MACHINE)
    renew(pair.country)
    with pair.country:
        content = keyring().file
        rings.forget()
        assert node_queries.introduction().key == pair.country.key
        assert node.unlock(secret=code)
        assert keyring().file == content
    walk(pair)


def test_a_retired_key_is_gone_from_the_disk(pair: Pair) -> None:
    with pair.country:
        seed = canonical(keyring().file.seed)[1:-1]
    renew(pair.country)
    walk(pair)
    with pair.country:
        assert seed in settings.KEY_FILE.read_bytes()
    retire(pair.country)
    with pair.country:
        assert seed not in settings.KEY_FILE.read_bytes()


def test_key_files_from_before_still_read(pair: Pair) -> None:
    with pair.country:
        content = read(settings.KEY_FILE.read_bytes(), dict[str, str])
        assert set(content) == {"seed", "identity", "box", "index"}
        rings.forget()
        assert keyring().names == [pair.country.key]


def test_a_server_that_runs_keeps_the_key_from_being_renewed(pair: Pair) -> None:
    with pair.country, (settings.DATA / "worker.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(NotRenewed, match="Stop the server"):
            node.renew_key(by=MACHINE)
