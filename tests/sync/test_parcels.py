"""Twice, out of order, half of it, for somebody else, from a stranger: right, or refused with a reason."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from uuid import UUID

from passport.kernel.ids import new_id
from passport.learning.models import Completion, Progress
from passport.library.models import Course
from passport.node.models import Acknowledged, Entry, Parked, Quarantined
from passport.people import queries as people
from passport.records.models import Event
from passport.sync import queries, sentences
from passport.sync.policies import Fate
from tests.rooms.learning.device import Device
from tests.simulation.nodes import MACHINE, Node, enrol, meet
from tests.simulation.test_round_trip import learner
from tests.sync.conftest import Pair


def events_at(node: Node) -> set[UUID]:
    with node:
        return set(Event.objects.values_list("id", flat=True))


def test_what_is_learnt_on_a_hub_reaches_the_country_once_however_often_it_is_handed_in(
    pair: Pair,
) -> None:
    ids = pair.learn(1, 2, 3)
    parcel = pair.hub.parcel_for(pair.country)
    first, second = pair.country.take(parcel), pair.country.take(parcel)
    assert (first.tally.events, second.tally.events) == (3, 0)
    assert events_at(pair.country) == set(ids)
    with pair.country:
        assert Progress.objects.get(person=pair.amina).percent == 100


def test_the_sentence_names_the_hub_the_answers_and_the_learners(pair: Pair) -> None:
    pair.learn(1, 2, 3)
    with pair.hub:
        device = Device(learner(pair.amina, pair.site), pair.course)
        attempt = new_id()
        device.send(
            device.event("answered", "quiz", attempt=attempt, question="q1", response="b", ms=900),
            device.event("submitted", "quiz", attempt=attempt),
        )
        waiting = sentences.state(queries.underway(queries.peer_named(None)))
    said = sentences.taken(pair.country.take(pair.hub.parcel_for(pair.country)))
    assert waiting == ["Saved here, not yet safe in the country: 1 answer from 1 learner."]
    assert said == ["Mango hub: 1 new answer from 1 learner; nothing lost"]


def test_what_was_read_is_told_without_calling_it_an_answer(pair: Pair) -> None:
    pair.learn(1, 2, 3)
    with pair.hub:
        waiting = sentences.state(queries.underway(queries.peer_named(None)))
    said = sentences.taken(pair.country.take(pair.hub.parcel_for(pair.country)))
    assert waiting == ["Saved here, not yet safe in the country: 3 changes from 1 learner."]
    assert re.fullmatch(r"Mango hub: \d+ changes; nothing lost", said[0])


def test_nothing_is_forgotten_before_the_country_has_said_that_it_holds_it(pair: Pair) -> None:
    pair.learn(1)
    lost = pair.hub.parcel_for(pair.country)
    pair.learn(2)
    again = pair.hub.parcel_for(pair.country)
    assert pair.country.take(again).tally.events == 2
    assert pair.country.take(lost).tally.events == 0
    with pair.hub:
        peer = queries.peer_named(None)
        assert queries.underway(peer).waiting.events == 2
    meet(pair.hub, pair.country)
    with pair.hub:
        assert queries.underway(peer).waiting.events == 0
    assert pair.hub.parcel_for(pair.country)[0].__sizeof__() < 4000


def test_an_old_parcel_lowers_nothing_that_a_later_one_said(pair: Pair) -> None:
    old = pair.hub.parcel_for(pair.country)
    pair.learn(1, 2)
    meet(pair.hub, pair.country)
    with pair.country:
        before = list(Acknowledged.objects.order_by("pk").values_list("stream", "origin", "seq"))
    pair.country.take(old)
    with pair.country:
        assert before == list(
            Acknowledged.objects.order_by("pk").values_list("stream", "origin", "seq")
        )


def test_a_parcel_cut_short_anywhere_is_used_as_far_as_it_is_whole_and_sent_again(
    pair: Pair,
) -> None:
    for given in ("Bilal", "Chidi", "Dalia"):
        pair.register(given)
    ids = pair.learn(1, 2, 3)
    (file,) = pair.hub.parcel_for(pair.country)
    for cut in range(0, len(file), max(len(file) // 12, 1)):
        taken = pair.country.take([file[:cut]])
        assert taken.refused or taken.cut_short
    assert not pair.country.take([file]).refused
    assert events_at(pair.country) == set(ids)


def test_one_changed_byte_is_found_and_nothing_wrong_is_kept(pair: Pair) -> None:
    ids = pair.learn(1, 2, 3)
    (file,) = pair.hub.parcel_for(pair.country)
    for at in range(0, len(file), max(len(file) // 25, 1)):
        changed = bytearray(file)
        changed[at] ^= 0x55
        pair.country.take([bytes(changed)])
        assert events_at(pair.country) <= set(ids)
    pair.country.take([file])
    assert events_at(pair.country) == set(ids)


def test_a_parcel_for_another_place_is_kept_and_carried_on(pair: Pair) -> None:
    taken = pair.hub.take(pair.hub.parcel_for(pair.country))
    assert taken.refused == []
    assert sentences.taken(taken) == [
        "1 file for another place is kept here and carried on, unopened."
    ]


def test_a_strangers_parcel_is_refused_by_name(pair: Pair, tmp_path: Path) -> None:
    elsewhere = Node(tmp_path / "elsewhere", "Another country", is_country=True)
    stranger = Node(tmp_path / "stranger", "Stranger", is_country=False)
    with pair.country:
        from passport.fleet import actions as fleet

        file = fleet.make_enrolment(by=MACHINE, name="Stranger", sites=[pair.site])
    with stranger:
        peer = fleet.enrol(by=MACHINE, file=file)
        peer.code = ""
        peer.save()
    taken = pair.country.take(stranger.parcel_for(pair.country))
    ((_, reason),) = taken.refused
    assert "doesn't know" in str(reason)
    elsewhere.close()
    stranger.close()


def test_an_enrolment_code_works_for_one_hub_only_and_for_that_one_again(
    pair: Pair, tmp_path: Path
) -> None:
    from passport.fleet import actions as fleet

    with pair.country:
        file = fleet.make_enrolment(by=MACHINE, name="Second hub", sites=[pair.site])
    hubs = [Node(tmp_path / name, name, is_country=False) for name in ("second", "thief")]
    for hub in hubs:
        with hub:
            fleet.enrol(by=MACHINE, file=file)
    introduction = hubs[0].parcel_for(pair.country)
    assert not pair.country.take(introduction).refused
    assert not pair.country.take(introduction).refused
    ((_, reason),) = pair.country.take(hubs[1].parcel_for(pair.country)).refused
    assert "already used" in str(reason)
    for hub in hubs:
        hub.close()


def test_a_hub_that_makes_an_administrator_is_set_aside_and_changes_nothing(pair: Pair) -> None:
    with pair.hub:
        from passport.node import actions as node
        from passport.node.models import Stream

        @node.writes
        def forge() -> None:
            node.note(
                by=MACHINE,
                stream=Stream.of_site(pair.site),
                kind="role.granted@1",
                body={
                    "id": UUID(int=7),
                    "person": pair.amina,
                    "role": "administrator",
                    "site": None,
                },
            )

        forge()
    taken = pair.country.take(pair.hub.parcel_for(pair.country))
    assert taken.tally.had(Fate.QUARANTINED) == 1
    assert "set aside" in sentences.used(taken)
    with pair.country:
        assert Quarantined.objects.get().reason == "Only the country writes role.granted@1."
        assert not Entry.objects.filter(
            kind="role.granted@1", stream__key=pair.site, origin__ours=False
        ).exists()
        assert people.staff_list(MACHINE) == []


def test_a_copied_disk_goes_on_under_another_name_and_nothing_is_lost(
    pair: Pair, tmp_path: Path
) -> None:
    pair.learn(1)
    shutil.copytree(pair.hub.folder, tmp_path / "copy")
    copy = Node(tmp_path / "copy", "Mango hub", is_country=False, is_copy=True)
    with copy:
        from passport.node import actions as node

        assert node.start(by=MACHINE) is True
        assert node.start(by=MACHINE) is False
    on_hub, on_copy = pair.learn(2), pair.learn(3, at=copy)
    for box in (pair.hub, copy):
        taken = pair.country.take(box.parcel_for(pair.country))
        assert not taken.refused
        assert not taken.tally.had(Fate.QUARANTINED)
    assert {*on_hub, *on_copy} <= events_at(pair.country)
    copy.close()


def test_an_undetected_copy_is_a_fork_that_shows_and_the_first_branch_stays(
    pair: Pair, tmp_path: Path
) -> None:
    """The clone of a disk, sector by sector, has the same place: only its writing gives it away."""
    shutil.copytree(pair.hub.folder, tmp_path / "clone")
    clone = Node(tmp_path / "clone", "Mango hub", is_country=False, is_copy=True)
    on_hub, on_clone = pair.learn(1), pair.learn(2, at=clone)
    pair.country.take(pair.hub.parcel_for(pair.country))
    taken = pair.country.take(clone.parcel_for(pair.country))
    assert taken.tally.had(Fate.QUARANTINED) == 1
    with pair.country:
        assert "forks" in Quarantined.objects.get().reason
    assert set(on_hub) <= events_at(pair.country)
    assert not set(on_clone) & events_at(pair.country)
    clone.close()


def test_a_restored_disk_gets_back_what_the_country_holds_and_goes_on(
    pair: Pair, tmp_path: Path
) -> None:
    shutil.copytree(pair.hub.folder, tmp_path / "backup")
    before = pair.learn(1, 2)
    meet(pair.hub, pair.country)
    restored = Node(tmp_path / "backup", "Mango hub", is_country=False, is_copy=True)
    with restored:
        from passport.node import actions as node

        node.start(by=MACHINE)
    meet(restored, pair.country)
    after = pair.learn(3, at=restored)
    meet(restored, pair.country)
    assert events_at(restored) == events_at(pair.country) == {*before, *after}
    restored.close()


def test_content_is_shown_only_when_its_last_file_is_here_and_verified(pair: Pair) -> None:
    with pair.hub:
        assert Course.objects.get().current_id == pair.course.version
        assert Parked.objects.count() == 0


def test_a_course_finished_in_halves_on_two_nodes_is_complete_once(pair: Pair) -> None:
    from tests.rooms.learning.device import Device
    from tests.simulation.test_round_trip import learner

    pair.learn(1, 2, 3)
    with pair.country:
        Device(learner(pair.amina, pair.site), pair.course).pass_quiz()
    meet(pair.hub, pair.country)
    for node in (pair.hub, pair.country):
        with node:
            assert Completion.objects.filter(person=pair.amina).count() == 1


def test_a_kind_of_a_newer_version_is_kept_and_carried_on_and_harms_nothing(
    pair: Pair, tmp_path: Path
) -> None:
    from passport.node import actions as node
    from passport.node.models import Stream

    second = Node(tmp_path / "second", "Second hub", is_country=False)
    enrol(pair.country, second, [pair.site])
    with pair.hub:

        @node.writes
        def note() -> None:
            node.note(
                by=MACHINE,
                stream=Stream.of_person(pair.amina),
                kind="badge.given@3",
                body={"id": UUID(int=9), "colour": "gold"},
            )

        note()
    meet(pair.hub, pair.country)
    meet(second, pair.country)
    for box in (pair.country, second):
        with box:
            assert Entry.objects.filter(kind="badge.given@3").count() == 1
            assert not Quarantined.objects.exists()
    second.close()


def test_a_parcel_names_nobody_to_whoever_can_open_only_the_database(pair: Pair) -> None:
    """A dump of the database, and a parcel in the hands of its courier, name nobody (R104, R149)."""
    pair.learn(1)
    (file,) = pair.hub.parcel_for(pair.country)
    dump = (pair.hub.folder / "data" / "passport.sqlite3").read_bytes()
    wal = pair.hub.folder / "data" / "passport.sqlite3-wal"
    dump += wal.read_bytes() if wal.exists() else b""
    for name in (b"Amina", b"Diallo", b"amina", b"diallo"):
        assert name not in file
        assert name not in dump
