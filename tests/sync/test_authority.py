"""A hub speaks for itself, where it is granted, in the kinds that are a hub's: all else is set aside.

Each parcel here is made with the hub's real keys, by somebody who has its disk.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from passport.fleet import actions as fleet
from passport.kernel.errors import NotAllowed
from passport.kernel.ids import new_id
from passport.library.models import Course
from passport.node import actions as node
from passport.node.engine import journal
from passport.node.models import Head, Identity, Origin, Quarantined, Stream
from passport.people import actions as people
from passport.people.models import Person, RoleGrant
from passport.records.models import Event
from passport.sync.policies import Fate
from tests.simulation.nodes import MACHINE, Node, enrol, meet
from tests.sync import forging
from tests.sync.conftest import Pair


def forge(hub: Node, stream: Stream, kind: str, body: dict[str, Any], *, as_: str = "") -> None:
    """Write an entry that the hub may not write, into its own journal and with its own keys."""
    with hub:
        if as_:
            journal._ours[settings.KEY_FILE] = Origin.objects.create(wire=as_)
        node.note(by=MACHINE, stream=stream, kind=kind, body=body)
        journal.forget_origin()
        # So that it is sent at all; the seal is made up.
        Head.objects.filter(origin__wire=as_).update(seal=bytes(64), sealed_seq=1)


def set_aside(pair: Pair) -> list[str]:
    taken = pair.country.take(pair.hub.parcel_for(pair.country))
    assert taken.tally.had(Fate.QUARANTINED), taken
    with pair.country:
        return list(Quarantined.objects.values_list("reason", flat=True))


def test_a_hub_makes_no_administrator(pair: Pair) -> None:
    body = {"id": new_id(), "person": pair.amina, "role": "administrator"}
    with pair.hub:
        stream = Stream.of_site(pair.site)
    forge(pair.hub, stream, "role.granted@1", body)
    assert set_aside(pair) == ["Only the country writes role.granted@1."]
    with pair.country:
        assert not RoleGrant.objects.filter(person=pair.amina).exists()


def test_a_hub_publishes_no_course(pair: Pair) -> None:
    with pair.hub:
        stream = Stream.country()
    with pair.country:
        before = Course.objects.count()
    forge(pair.hub, stream, "course.published@1", {"id": new_id()})
    assert set_aside(pair) == ["Only the country writes in the country's stream."]
    with pair.country:
        assert Course.objects.count() == before


def test_a_hub_erases_nobody_and_moves_nobody(pair: Pair) -> None:
    with pair.hub:
        stream = Stream.of_person(pair.amina)
    given = {"id": new_id(), "person": pair.amina, "epoch": 9, "site": pair.site}
    forge(pair.hub, stream, "custody.given@1", given)
    assert set_aside(pair) == ["Only the country writes custody.given@1."]
    with pair.hub:
        stream = Stream.country()
    forge(pair.hub, stream, "person.erased@1", {"person": pair.amina, "at": 1, "signature": b""})
    assert "Only the country writes in the country's stream." in set_aside(pair)
    with pair.country:
        assert Person.objects.filter(pk=pair.amina).exists()


def elsewhere(pair: Pair) -> UUID:
    with pair.country:
        site = people.add_site(by=MACHINE, name="Acacia School").id
        group = people.add_group(by=MACHINE, site=site, name="Weavers").id
        return people.register_learner(by=MACHINE, site=site, group=group, given="Bilal").person


def test_a_hub_changes_no_person_of_another_site(pair: Pair) -> None:
    bilal = elsewhere(pair)
    with pair.hub:
        stream = node.new_person_stream(bilal)
    forge(pair.hub, stream, "person.changed@1", {"fields": ["sex"], "sex": "male"})
    assert set_aside(pair) == ["It isn't granted this stream."]
    with pair.country:
        assert Person.objects.get(pk=bilal).sex is None


def test_a_hub_takes_nobody_by_registering_them_again(pair: Pair) -> None:
    bilal = elsewhere(pair)
    with pair.hub:
        stream = node.new_person_stream(bilal)
    forge(pair.hub, stream, "person.registered@1", {"site": pair.site})
    assert set_aside(pair) == ["It isn't granted this stream."]
    meet_once = pair.country.parcel_for(pair.hub)
    pair.hub.take(meet_once)
    with pair.hub:
        assert not Event.objects.filter(stream__key=bilal).exists()


def test_a_hub_that_registers_somebody_and_begins_again_may_go_on_with_them(pair: Pair) -> None:
    """One parcel brings both: who registered them, and what the same hub wrote in its next incarnation."""
    bilal = pair.register("Bilal")
    with pair.hub:
        Identity.objects.update(place="another disk")
        assert node.start(by=MACHINE)
        people.change_person(by=MACHINE, person=bilal, sex="male")
    for _ in range(2):
        pair.country.take(pair.hub.parcel_for(pair.country))
        pair.hub.take(pair.country.parcel_for(pair.hub))
    with pair.country:
        assert Person.objects.get(pk=bilal).sex == "male"
        assert not Quarantined.objects.exists()


def test_a_hub_speaks_in_no_other_name(pair: Pair) -> None:
    country = f"{pair.country.key}.{'0' * 16}"
    with pair.hub:
        stream = Stream.of_person(pair.amina)
    forge(pair.hub, stream, "person.changed@1", {"fields": ["sex"], "sex": "male"}, as_=country)
    assert set_aside(pair) == ["It speaks in the name of another node."]
    with pair.country:
        assert Person.objects.get(pk=pair.amina).sex is None


def test_a_hub_claims_no_custody_that_was_not_given_to_it(pair: Pair) -> None:
    with pair.hub:
        stream = Stream.of_person(pair.amina)
    forge(pair.hub, stream, "person.changed@1", {"fields": ["sex"], "sex": "male", "under": 7})
    assert set_aside(pair) == ["It claims a custody that the country didn't give it."]


def test_a_key_that_a_hub_hands_over_replaces_none(pair: Pair) -> None:
    with pair.country:
        keys = node.person_keys(Stream.of_person(pair.amina))
    with pair.hub:
        node.renew_person_key(Stream.of_person(pair.amina), pair.country.key)
    pair.learn(1)
    pair.country.take(pair.hub.parcel_for(pair.country))
    with pair.country:
        assert node.person_keys(Stream.of_person(pair.amina)) == keys


def test_what_is_set_aside_is_kept_once_however_often_it_comes(pair: Pair) -> None:
    with pair.hub:
        stream = Stream.country()
    forge(
        pair.hub, stream, "site.added@1", {"id": new_id(), "name": "Mine", "code": "X", "ways": []}
    )
    for _ in range(3):
        set_aside(pair)
    with pair.country:
        assert Quarantined.objects.count() == 1


def revoke(pair: Pair) -> None:
    with pair.country:
        fleet.revoke(by=MACHINE, key=pair.hub.key, why="Stolen on the bus")


def test_a_revoked_hub_is_set_aside_and_gets_nothing(pair: Pair) -> None:
    pair.learn(1)
    revoke(pair)
    assert set_aside(pair) == ["The country has revoked this hub."]
    with pair.country:
        assert not Event.objects.exists()
    with pytest.raises(NotAllowed, match="was revoked"):
        pair.country.parcel_for(pair.hub)


def test_the_people_of_a_revoked_hub_get_new_keys_and_other_hubs_learn_them(
    pair: Pair, tmp_path: Any
) -> None:
    second = Node(tmp_path / "second", "Second hub", is_country=False)
    enrol(pair.country, second, [pair.site])
    meet(second, pair.country)
    with pair.hub:
        stolen = set(node.person_keys(Stream.of_person(pair.amina)))
    revoke(pair)
    with pair.country:
        people.change_person(by=MACHINE, person=pair.amina, given="Aminata")
        renewed = node.person_keys(Stream.of_person(pair.amina))
    assert renewed[0] not in stolen
    meet(second, pair.country)
    with second:
        assert node.person_keys(Stream.of_person(pair.amina)) == renewed
    second.close()


def administrator(pair: Pair) -> dict[str, Any]:
    return {"id": new_id(), "person": pair.amina, "role": "administrator", "site": None}


@pytest.mark.parametrize("name", ["the hub's own", "the country's"])
def test_the_countrys_seal_vouches_for_what_it_sealed_and_for_nothing_beside_it(
    pair: Pair, name: str
) -> None:
    """A hub names a payload of its own for a run that the country sealed, and says it in another place."""
    mine = pair.hub.key if name == "the hub's own" else pair.country.key
    with pair.hub:
        lent = forging.line_that_the_country_sealed()
    forged, payload = forging.one_entry(
        f"{mine}.{'e' * 16}", f"site:{pair.site.hex}", "role.granted@1", administrator(pair)
    )
    lent.digest = forged.digest
    manifest = forging.opened_at(pair.country, pair.hub.parcel_for(pair.country)[0]).manifest
    manifest.runs, manifest.copies, manifest.pieces = [lent, forged], [], []
    file = forging.signed_by(pair.hub, pair.country, manifest, [payload, payload])
    taken = pair.country.take([file])
    assert taken.tally.had(Fate.DAMAGED) == taken.tally.had(Fate.QUARANTINED) == 1
    with pair.country:
        assert not RoleGrant.objects.filter(person=pair.amina).exists()


def test_a_link_to_what_the_country_sealed_is_believed_when_it_was_checked(
    pair: Pair, tmp_path: Any
) -> None:
    """A hub tells another, which is behind, that what it made up comes before what the country sealed."""
    second = Node(tmp_path / "second", "Second hub", is_country=False)
    enrol(pair.country, second, [pair.site])
    meet(pair.hub, pair.country)
    with second:
        behind = Head.objects.get(
            stream=Stream.country(), origin__wire__startswith=pair.country.key
        )
        after = behind.seq, bytes(behind.hash)
    with pair.country:
        people.add_site(by=MACHINE, name="Acacia School")
    meet(pair.hub, pair.country)
    with pair.hub:
        lent = forging.line_that_the_country_sealed()
        fleet.peer_of(by=MACHINE, key=second.key)
    forged, payload = forging.one_entry(
        lent.origin, lent.stream, "role.granted@1", administrator(pair), after=after
    )
    lent.prev, lent.digest = forged.head, forged.digest
    manifest = forging.opened_at(second, pair.hub.parcel_for(second)[0]).manifest
    manifest.runs, manifest.copies, manifest.pieces = [forged, lent], [], []
    taken = second.take([forging.signed_by(pair.hub, second, manifest, [payload, payload])])
    assert taken.tally.had(Fate.DAMAGED) == taken.tally.had(Fate.QUARANTINED) == 1
    with second:
        assert not RoleGrant.objects.filter(person=pair.amina).exists()
    second.close()
