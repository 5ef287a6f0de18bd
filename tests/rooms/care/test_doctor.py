"""Finds what is ill, mends what can be, and says so; what can't be mended is named."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from passport.care import actions as care
from passport.care.engine import aside, soundness
from passport.care.errors import StopFirst
from passport.library import queries as library
from passport.library.models import Blob, BlobState
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.models import Entry, Head, Stream
from passport.records.models import Event
from passport.sync import actions as sync
from tests.rooms.care.test_backup import journal, names
from tests.simulation.nodes import MACHINE, Node, meet
from tests.simulation.picture import picture
from tests.sync.conftest import Pair

SCRIBBLES = 10


def doctor(of: Node, *, mend: bool = False, fully: bool = True) -> tuple[list[str], list[str]]:
    """Let the doctor look; returns what is well and what isn't, in words."""
    with of:
        found = care.examine(by=MACHINE, mend=mend, fully=fully)
    words = [(one.is_well, one.said % one.params if one.params else one.said) for one in found]
    return [said for is_well, said in words if is_well], [
        said for is_well, said in words if not is_well
    ]


def database(of: Node) -> Path:
    """Close a node's database and return its file, with everything in it."""
    with of:
        of._connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    of._connection.close()
    return of.folder / "data" / "passport.sqlite3"


def by_hand(of: Node, *statements: str) -> None:
    """What a teacher with a grudge, or a flipped bit, does to the database."""
    raw = sqlite3.connect(database(of))
    for statement in statements:
        raw.execute(statement)
    raw.commit()
    raw.close()


@pytest.fixture(autouse=True)
def small_reserve(settings: Any) -> None:
    settings.RESERVE_FILE_BYTES = 4096


@pytest.fixture
def learnt(pair: Pair) -> Pair:
    """A hub whose learner has learnt; the country has it all."""
    for page in (1, 2, 3):
        pair.learn(page)
    meet(pair.hub, pair.country)
    return pair


def test_a_sound_node_is_said_to_be_sound(learnt: Pair) -> None:
    well, ill = doctor(learnt.hub)
    assert ill == [
        "The reserve for a full disk is used up. It comes again by itself when there is room."
    ]
    assert {"The database is sound.", "Every entry of the journal holds."} <= set(well)
    assert doctor(learnt.hub, mend=True)[1] == []
    assert doctor(learnt.hub)[1] == []


def test_looking_changes_nothing(learnt: Pair) -> None:
    by_hand(learnt.hub, "UPDATE records_event SET body = '{}' WHERE seq = 4")
    with learnt.hub:
        path = next(one for *_, one in library.every_file())
        path.write_bytes(b"rotten")
        (learnt.hub.folder / "data" / ".part-x").write_bytes(b"half")
        os.utime(learnt.hub.folder / "data" / ".part-x", (0, 0))
    files = {
        one: one.stat().st_mtime_ns
        for one in learnt.hub.folder.rglob("*")
        if one.is_file() and "sqlite3" not in one.name
    }
    with learnt.hub:
        before = journal(), list(Blob.objects.values_list())
    assert doctor(learnt.hub)[1]
    with learnt.hub:
        assert (journal(), list(Blob.objects.values_list())) == before
    assert {one: one.stat().st_mtime_ns for one in files} == files


def test_mending_under_a_running_server_is_refused(learnt: Pair) -> None:
    import fcntl

    with (learnt.hub.folder / "data" / "worker.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StopFirst):
            doctor(learnt.hub, mend=True)
        assert doctor(learnt.hub)


def test_a_flipped_bit_in_a_file_of_content_is_found_and_the_next_parcel_brings_it_again(
    learnt: Pair,
) -> None:
    with learnt.hub:
        path = max((one for *_, one in library.every_file()), key=lambda one: one.stat().st_size)
        whole = path.read_bytes()
        path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    assert any("Damaged files of content: 1." in said for said in doctor(learnt.hub)[1])
    assert not doctor(learnt.hub, mend=True)[1]
    with learnt.hub:
        assert Blob.objects.filter(state=BlobState.MISSING).count() == 1
    meet(learnt.hub, learnt.country)
    assert path.read_bytes() == whole


def test_half_written_files_and_pieces_nobody_waits_for_are_swept_away(learnt: Pair) -> None:
    data = learnt.hub.folder / "data"
    half = data / "outbox" / ".part-abc"
    fresh = data / "outbox" / ".part-new"
    unwanted = data / "incoming" / ("0" * 64)
    unwanted.mkdir(parents=True)
    half.parent.mkdir()
    for path in (half, fresh):
        path.write_bytes(b"half of a parcel")
    os.utime(half, (0, 0))
    assert any("Half-written files: 2." in said for said in doctor(learnt.hub)[1])
    doctor(learnt.hub, mend=True)
    assert not half.exists()
    assert not unwanted.exists()
    assert fresh.exists(), "somebody may be writing it"


def test_a_broken_index_is_written_anew(learnt: Pair) -> None:
    row = "name, type, tbl_name, rootpage, sql"
    name = "people_person_registered"
    by_hand(
        learnt.hub,
        "PRAGMA writable_schema=ON",
        f"CREATE TABLE kept AS SELECT {row} FROM sqlite_master WHERE name = '{name}'",  # noqa: S608
        f"DELETE FROM sqlite_master WHERE name = '{name}'",  # noqa: S608
    )
    by_hand(learnt.hub, "UPDATE people_person SET registered_at = '2001-01-01'")
    by_hand(
        learnt.hub,
        "PRAGMA writable_schema=ON",
        f"INSERT INTO sqlite_master ({row}) SELECT {row} FROM kept",  # noqa: S608
    )
    by_hand(learnt.hub, "DROP TABLE kept")
    assert soundness.damage(database(learnt.hub))
    assert any("index" in said for said in doctor(learnt.hub)[1])
    well, ill = doctor(learnt.hub, mend=True)
    assert any("written anew" in said for said in well)
    assert not ill
    assert not soundness.damage(database(learnt.hub))


# The journal


def test_a_tampered_event_is_found_set_aside_and_asked_for_again(learnt: Pair) -> None:
    """R209: no changes can be made to any data."""
    body = "CAST(replace(CAST(body AS TEXT), '\"page\":2', '\"page\":3') AS BLOB)"
    by_hand(learnt.hub, f"UPDATE records_event SET body = {body}")  # noqa: S608
    (said,) = [one for one in doctor(learnt.hub)[1] if "journal is damaged at" in one]
    assert f"person:{learnt.amina.hex}" in said
    before = _count(learnt.hub)
    ill = doctor(learnt.hub, mend=True)[1]
    assert any("is missing now; the next parcel asks for it" in one for one in ill)
    assert _count(learnt.hub) == before - 1
    with learnt.hub:
        assert Stream.objects.get(again=True).key == learnt.amina
        (line,) = (aside.folder() / "journal.jsonl").read_text().splitlines()
    assert learnt.amina.hex in line
    assert any("is missing now" in one for one in doctor(learnt.hub, mend=True)[1]), (
        "it stays named"
    )


def test_a_gap_of_the_journal_is_named_and_asked_for(learnt: Pair) -> None:
    by_hand(
        learnt.hub, "DELETE FROM records_event WHERE seq = (SELECT min(seq) FROM records_event)"
    )
    assert any("the next parcel asks for it" in one for one in doctor(learnt.hub, mend=True)[1])
    with learnt.hub:
        assert Stream.objects.filter(again=True).count() == 1


def test_a_damaged_hash_and_a_damaged_head_are_worked_out_again(learnt: Pair) -> None:
    with learnt.hub:
        before = journal()
        heads = set(Head.objects.values_list("pk", "seq", "hash"))
    by_hand(
        learnt.hub,
        "UPDATE records_event SET hash = zeroblob(32) WHERE seq = (SELECT min(seq) FROM records_event)",
        "UPDATE node_head SET hash = zeroblob(32) WHERE id = 1",
        "UPDATE node_head SET seq = seq + 4096 WHERE id = 2",
    )
    assert doctor(learnt.hub)[1]
    well, ill = doctor(learnt.hub, mend=True)
    assert not ill
    assert "Damaged hashes of the journal, worked out again: 3." in well
    with learnt.hub:
        assert journal() == before
        assert set(Head.objects.values_list("pk", "seq", "hash")) == heads


def test_a_full_look_can_be_stopped(learnt: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    from passport.care.engine import scrub

    monkeypatch.setattr(scrub, "_TELL_EVERY", 1)

    def stop(what: str, done: int, total: int) -> None:
        if "journal" in what:
            assert 0 < done <= total
            raise KeyboardInterrupt

    with learnt.hub, pytest.raises(KeyboardInterrupt):
        care.examine(by=MACHINE, fully=True, telling=stop)


def test_a_damaged_key_of_a_person_is_dropped_so_that_a_peer_hands_it_over_again(
    learnt: Pair,
) -> None:
    learnt.register("Bilal")
    stream = f"SELECT id FROM node_stream WHERE key = '{learnt.amina.hex}'"  # noqa: S608
    by_hand(learnt.hub, f"UPDATE node_stream SET sealed_key = zeroblob(72) WHERE id = ({stream})")  # noqa: S608
    assert any("whose keys are damaged: 1." in said for said in doctor(learnt.hub)[1])
    doctor(learnt.hub, mend=True)
    with learnt.hub:
        hers = Stream.objects.get(key=learnt.amina)
        assert hers.sealed_key is None
    meet(learnt.hub, learnt.country)
    with learnt.hub:
        assert node.person_keys(Stream.objects.get(key=learnt.amina))


def test_with_another_nodes_key_file_nobodys_key_is_touched(learnt: Pair) -> None:
    learnt.register("Bilal")
    by_hand(learnt.hub, "UPDATE node_stream SET sealed_key = zeroblob(72) WHERE kind = 'person'")
    said = "The key file opens nobody's key: it belongs to another database."
    assert said in doctor(learnt.hub, mend=True)[1]
    with learnt.hub:
        assert not Stream.objects.filter(again=True).exists()


# A database file that is broken


def _count(of: Node) -> int:
    with of:
        return Entry.objects.count() + Event.objects.count()


def overwrite(path: Path, page: int, what: bytes = b"\xa5") -> None:
    with path.open("rb+") as file:
        file.seek((page - 1) * 4096)
        file.write((what * 4096)[:4096])


def pages_of(path: Path, *tables: str) -> list[int]:
    raw = sqlite3.connect(path)
    marks = ", ".join("?" * len(tables))
    found = raw.execute(f"SELECT rootpage FROM sqlite_master WHERE name IN ({marks})", tables)  # noqa: S608
    pages = [row[0] for row in found]
    raw.close()
    return pages


def test_a_corrupt_database_is_made_anew_from_what_can_be_read(learnt: Pair) -> None:
    """C21: recovering needs no healthy database, and loses nothing that holds."""
    with learnt.hub:
        before, seen = journal(), picture(shared=False)
        incarnation = node_queries.introduction().incarnation
    known = names(learnt.hub)
    path = database(learnt.hub)
    for page in pages_of(path, "people_person", "learning_progress", "people_membership"):
        overwrite(path, page)
    assert any("damaged" in said for said in doctor(learnt.hub)[1])

    well, ill = doctor(learnt.hub, mend=True)

    assert any("A new one was made" in said for said in well)
    assert ill == [
        f"Streams of which something may be missing here: {_streams(learnt.hub)}. The next parcels ask for it."
    ]
    with learnt.hub:
        assert journal() == before
        assert picture(shared=False) == seen
        assert node_queries.introduction().incarnation != incarnation
        assert len(list(aside.folder().glob("*-passport.sqlite3"))) == 1
    assert names(learnt.hub) == known
    meet(learnt.hub, learnt.country)


def _streams(of: Node) -> int:
    with of:
        return Stream.objects.count()


def test_what_cannot_be_saved_of_a_corrupt_database_is_listed(learnt: Pair) -> None:
    path = database(learnt.hub)
    for page in pages_of(path, "records_event", "node_parcelnote"):
        overwrite(path, page)
    well, ill = doctor(learnt.hub, mend=True)
    assert any("A new one was made" in said for said in well)
    assert any(f"person:{learnt.amina.hex}" in said and "missing now" in said for said in ill)
    assert any("not every row could be read" in said for said in ill)


def test_whatever_is_scribbled_over_the_file_the_doctor_ends_with_a_sound_node(
    learnt: Pair,
) -> None:
    with learnt.hub:
        before = journal()
    path = database(learnt.hub)
    whole = path.read_bytes()
    chance = random.Random(2026)
    for _ in range(SCRIBBLES):
        database(learnt.hub).write_bytes(scribbled(whole, chance))
        well, _ill = doctor(learnt.hub, mend=True)
        assert not soundness.damage(database(learnt.hub))
        with learnt.hub:
            assert journal() <= before, "nothing is in the journal that was not written"
            if any("A new one was made" in said for said in well):
                live = picture(shared=False)
                sync.rebuild(by=MACHINE)
                assert picture(shared=False) == live
        assert not [said for said in doctor(learnt.hub)[1] if "database" in said]


def scribbled(whole: bytes, chance: random.Random) -> bytes:
    """Flip some bits, and break up to two pages."""
    content = bytearray(whole)
    for _ in range(chance.randrange(1, 30)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    for _ in range(chance.randrange(3)):
        page = chance.randrange(len(content) // 4096)
        content[page * 4096 : page * 4096 + 4096] = chance.randbytes(4096)
    return bytes(content)


def test_a_database_that_lost_its_first_page_is_made_anew(learnt: Pair) -> None:
    """The first page is written most often, and without it SQLite opens nothing."""
    with learnt.hub:
        before, seen = journal(), picture(shared=False)
    overwrite(database(learnt.hub), 1)
    well, _ = doctor(learnt.hub, mend=True)
    assert any("A new one was made" in said for said in well)
    with learnt.hub:
        assert journal() == before
        assert picture(shared=False) == seen


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(bytes(path.stat().st_size)),
        lambda path: path.write_bytes(b""),
        Path.unlink,
    ],
)
def test_a_file_beyond_saving_is_said_to_be(learnt: Pair, spoil: Callable[[Path], None]) -> None:
    spoil(database(learnt.hub))
    for mend in (False, True):
        well, ill = doctor(learnt.hub, mend=mend)
        assert ill
        assert not any("journal" in said for said in well)
