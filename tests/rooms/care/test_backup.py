"""A whole node into a folder and out of it, with nothing lost and nobody brought back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from passport.care import actions as care
from passport.care.engine import aside, parts
from passport.care.errors import (
    BackupDamaged,
    NoBackup,
    NoRoom,
    NotOurs,
    StopFirst,
    TakesPlace,
    TooNew,
)
from passport.kernel import files
from passport.library.models import Course
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.models import Entry, Identity, Origin, Peer, Stream
from passport.people import actions as people
from passport.people.models import Person
from passport.records.models import Event
from tests.simulation.nodes import MACHINE, Node, meet
from tests.simulation.picture import picture
from tests.sync.conftest import Pair


def journal() -> set[tuple[Any, ...]]:
    """Take down the whole journal of the node at work."""
    return {
        (
            row.stream.wire,
            row.origin.wire,
            row.seq,
            row.hlc,
            row.kind,
            bytes(row.body),
            bytes(row.hash),
        )
        for table in (Entry, Event)
        for row in table.objects.select_related("stream", "origin")
    }


def back_up(of: Node, into: Path, **more: Any) -> care.Saved:
    with of:
        return care.back_up(by=MACHINE, into=into, **more)


def restore(to: Node, folder: Path, **more: Any) -> care.Restored:
    with to:
        return care.restore(by=MACHINE, folder=folder, **{"replace": True, **more})


def lose_database(of: Node) -> None:
    of._connection.close()
    for path in (of.folder / "data").glob("passport.sqlite3*"):
        path.unlink()


def names(of: Node) -> set[str]:
    from passport.people.queries import people_page

    with of:
        return {row.name for row in people_page(MACHINE).rows}


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


# There and back


def test_what_was_backed_up_comes_back_whole_with_names_and_content(
    pair: Pair, stick: Path
) -> None:
    pair.learn(1, 2, 3)
    with pair.hub:
        before, seen = journal(), picture(shared=False)
    saved = back_up(pair.hub, stick)
    known = names(pair.hub)
    lose_database(pair.hub)
    shutil.rmtree(pair.hub.folder / "data" / "lessons")

    restored = restore(pair.hub, stick, replace=False)

    with pair.hub:
        assert journal() == before
        assert picture(shared=False) == seen
        assert Course.objects.get().current is not None
    assert names(pair.hub) == known
    assert (restored.entries, restored.files) == (len(before), saved.files)
    assert restored.lacking == saved.holes == saved.damaged == 0


def test_a_restored_node_goes_on_as_a_new_incarnation_and_gets_back_what_it_wrote_since(
    pair: Pair, stick: Path
) -> None:
    pair.learn(1)
    back_up(pair.hub, stick)
    later = pair.learn(2)
    meet(pair.hub, pair.country)
    with pair.hub:
        first = node_queries.introduction().incarnation
    restore(pair.hub, stick)
    with pair.hub:
        assert node_queries.introduction().incarnation != first
        assert not Event.objects.filter(id__in=later).exists()
        node.serve_again(by=MACHINE, erased=[])
    meet(pair.hub, pair.country)
    assert pair.learn(3)
    meet(pair.hub, pair.country)
    with pair.country:
        at_country = set(Event.objects.values_list("id", flat=True))
    with pair.hub:
        assert set(Event.objects.values_list("id", flat=True)) == at_country
        assert set(later) <= at_country


def test_a_backup_of_sqlite_restores_on_postgresql_and_the_other_way_round(
    pair: Pair, stick: Path, postgresql: str, tmp_path: Path
) -> None:
    pair.learn(1, 2)
    meet(pair.hub, pair.country)
    with pair.country:
        before, seen = journal(), picture(shared=True)
    back_up(pair.country, stick)
    there = tmp_path / "there"
    shutil.copytree(pair.country.folder / "keys", there / "keys")
    shutil.copytree(pair.country.folder / "data" / "lessons", there / "data" / "lessons")

    big = Node(there, "Demo Country", is_country=True, database_url=postgresql)
    restore(big, stick)
    with big:
        assert journal() == before
        there_now = picture(shared=True)
        # PostgreSQL keeps a JSON object's members in an order of its own.
        assert all(there_now[name] == rows for name, rows in seen.items() if name != "Version")
        people.add_site(by=MACHINE, name="After the restore")  # ids go on after those restored
    back_up(big, tmp_path / "other stick")
    restored = restore(pair.country, tmp_path / "other stick")
    big.close()
    with pair.country:
        assert before < journal()
    assert restored.entries == len(before) + 1


def test_the_old_database_stays_beside_on_both_databases(
    pair: Pair, stick: Path, postgresql: str, tmp_path: Path
) -> None:
    big = Node(tmp_path / "big", "Big", is_country=True, database_url=postgresql)
    back_up(big, stick)
    with big:
        people.add_site(by=MACHINE, name="Only in the old one")
    restore(big, stick)
    with big:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'passport_old_%'")
            (old,) = [row[0] for row in cursor.fetchall()]
            cursor.execute(f"SELECT count(*) FROM {old}.people_site")  # noqa: S608
            assert cursor.fetchone()[0] == 1
            cursor.execute("SELECT count(*) FROM people_site")
            assert cursor.fetchone()[0] == 0
    big.close()


def test_a_second_backup_copies_only_the_content_that_the_folder_lacks(
    pair: Pair, stick: Path
) -> None:
    first = back_up(pair.country, stick)
    second = back_up(pair.country, stick)
    assert first.copied == first.files > 0
    assert (second.copied, second.files) == (0, first.files)
    assert back_up(pair.country, stick, with_content=False).files == 0


def test_a_backup_holds_no_key_and_without_them_names_nobody(pair: Pair, stick: Path) -> None:
    back_up(pair.hub, stick, keys_into=stick / "elsewhere")
    with pair.hub:
        sealed = [
            bytes(one or b"")
            for one in Stream.objects.exclude(sealed_key=None).values_list("sealed_key", flat=True)
        ]
    folder = next(stick.glob("20*"))
    with pair.hub:
        manifest = parts.read_manifest(folder, bytes.fromhex(pair.hub.key))
    said = b"".join(line for part in manifest.parts for line in parts.lines_of(folder, part))
    assert sealed
    assert b'"node.Stream"' in said
    assert b"sealed_key" not in said
    assert (pair.hub.folder / "keys" / "node.key").read_bytes() not in said
    restored = restore(pair.hub, stick)
    assert restored.people is None
    with pair.hub:
        assert not Person.objects.exclude(sealed=None).exists()
    assert restore(pair.hub, stick, keys_from=stick / "elsewhere").people == len(sealed)


def test_the_next_backup_takes_the_place_of_the_file_of_peoples_keys(
    pair: Pair, stick: Path
) -> None:
    back_up(pair.hub, stick)
    with pair.hub:
        Stream.objects.filter(key=pair.amina).update(sealed_key=None)  # what erasing does
    back_up(pair.hub, stick)
    assert [path.name for path in stick.glob("*keys*")] == ["person-keys.json"]
    with pair.hub:
        assert pair.amina.hex not in (stick / "person-keys.json").read_text()


# Who was erased


def test_nobody_is_served_after_a_restore_elsewhere_until_the_erasures_were_replayed(
    pair: Pair, stick: Path
) -> None:
    back_up(pair.hub, stick)
    with pair.hub:
        ledger = pair.hub.folder / "keys" / "erased.jsonl"
        shutil.copy(ledger, ledger.with_suffix(".copy"))  # what a copy of the keys holds
        ledger.with_suffix(".copy").replace(ledger)
    assert restore(pair.hub, stick).awaits_erasures
    with pair.hub:
        assert node_queries.awaits_erasures()
        node.serve_again(by=MACHINE, erased=[])
        assert node_queries.knows_every_erasure()
    assert not restore(pair.hub, stick).awaits_erasures


def test_in_its_own_folder_a_node_whose_ledger_names_nobody_serves_at_once(
    pair: Pair, stick: Path
) -> None:
    back_up(pair.hub, stick)
    assert not restore(pair.hub, stick).awaits_erasures


def test_an_erasure_destroys_the_copies_that_were_kept_beside(pair: Pair, stick: Path) -> None:
    back_up(pair.hub, stick)
    restore(pair.hub, stick)
    with pair.hub:
        assert list(aside.folder().glob("*passport.sqlite3"))
        care.tidy(by=MACHINE)
        assert list(aside.folder().glob("*passport.sqlite3"))
        node.remember_erased(b'{"person":"0"}')
        os.utime(pair.hub.folder / "keys" / "erased.jsonl")
        care.tidy(by=MACHINE)
        assert not list(aside.folder().glob("*passport.sqlite3"))


# What is refused, with nothing changed


@pytest.fixture
def saved(pair: Pair, stick: Path) -> Iterator[Path]:
    """Make a backup, then go on: whoever restores it by mistake is seen."""
    back_up(pair.hub, stick)
    pair.learn(1)
    with pair.hub:
        before = journal()
    yield next(stick.glob("20*"))
    with pair.hub:
        assert journal() == before
        assert not list((pair.hub.folder / "data").glob("*.new*"))


def test_a_database_that_is_there_is_not_replaced_unasked(pair: Pair, saved: Path) -> None:
    with pytest.raises(TakesPlace):
        restore(pair.hub, saved.parent, replace=False)


def test_a_folder_without_backups_or_with_others_is_refused(
    pair: Pair, saved: Path, tmp_path: Path
) -> None:
    with pytest.raises(NoBackup):
        restore(pair.hub, tmp_path / "nowhere")
    back_up(pair.country, tmp_path / "foreign")
    with pytest.raises(NotOurs):
        restore(pair.hub, tmp_path / "foreign")
    foreign = next((tmp_path / "foreign").glob("20*"))
    renamed = foreign.rename(saved.parent / f"2099-01-01-000000-{pair.hub.key[:8]}")
    with pytest.raises(BackupDamaged):
        restore(pair.hub, saved.parent)
    shutil.rmtree(renamed)


@pytest.mark.parametrize("what", ["manifest.json", "000001.part"])
@pytest.mark.parametrize("how", ["flipped", "cut", "gone"])
def test_a_changed_backup_is_refused(pair: Pair, saved: Path, what: str, how: str) -> None:
    path = saved / what
    content = path.read_bytes()
    middle = len(content) // 2
    if how == "gone":
        path.unlink()
    elif how == "cut":
        path.write_bytes(content[:middle])
    else:
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    with pytest.raises(BackupDamaged):
        restore(pair.hub, saved)


def test_a_backup_of_a_newer_version_is_named_as_such(
    pair: Pair, saved: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(parts, "VERSION", 0)
    with pytest.raises(TooNew):
        restore(pair.hub, saved)


def test_a_running_server_is_to_be_stopped_first(pair: Pair, saved: Path) -> None:
    import fcntl

    with (pair.hub.folder / "data" / "worker.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StopFirst):
            restore(pair.hub, saved)


@pytest.mark.parametrize("at", ["Saving the journal", "Saving the content"])
def test_a_backup_that_is_stopped_leaves_nothing_of_itself(
    pair: Pair, stick: Path, at: str, monkeypatch: Any
) -> None:
    from passport.care.engine import saving

    monkeypatch.setattr(saving, "_TELL_EVERY", 1)

    def stop(what: str, done: int, total: int) -> None:
        if what == at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(pair.country, stick, telling=stop)
    assert not list(stick.glob("20*"))
    assert not list(stick.glob(".part-*"))


def test_a_backup_onto_the_nodes_own_disk_leaves_room_for_answers(
    pair: Pair, stick: Path, settings: Any
) -> None:
    settings.RESERVE_BYTES = shutil.disk_usage(stick.parent).total
    with pytest.raises(NoRoom):
        back_up(pair.hub, stick)
    assert not list(stick.glob("20*"))


def test_a_restore_that_is_stopped_changes_nothing(pair: Pair, saved: Path) -> None:
    def stop(what: str, done: int, total: int) -> None:
        if what == "Bringing back the journal":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(pair.hub, saved, telling=stop)


def test_who_the_node_is_and_whom_it_knows_comes_back(pair: Pair, stick: Path) -> None:
    with pair.hub:
        known = ("key", "base", "name", "address", "is_country", "incarnations", "holds")
        before = [list(Peer.objects.values_list(*known)), list(Origin.objects.values_list())]
        made_at = Identity.objects.get().made_at
    back_up(pair.hub, stick)
    restore(pair.hub, stick)
    with pair.hub:
        assert list(Peer.objects.values_list(*known)) == before[0]
        assert Origin.objects.count() == len(before[1]) + 1
        assert Identity.objects.get().made_at == made_at


@pytest.mark.parametrize("step", ["link", "unlink", "rename"])
def test_a_power_cut_while_the_databases_are_exchanged_leaves_one_of_them_whole(
    pair: Pair, stick: Path, step: str, monkeypatch: Any
) -> None:
    """Between any two steps the plug may be pulled; the next start finishes what was begun."""
    back_up(pair.hub, stick)
    pair.learn(1)
    place = {
        "link": (Path, "hardlink_to"),
        "unlink": (Path, "unlink"),
        "rename": (files, "rename"),
    }
    owner, name = place[step]
    real = getattr(owner, name)

    def cut(*given: Any, **more: Any) -> Any:
        if (pair.hub.folder / "data" / "passport.sqlite3.ready").exists():
            raise KeyboardInterrupt
        return real(*given, **more)

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, cut)
        with pytest.raises(KeyboardInterrupt):
            restore(pair.hub, stick)
    with pair.hub:
        care.finish_exchange()
        assert not Event.objects.exists(), "the restored one is in place"
        (old,) = aside.folder().glob("*-passport.sqlite3")
        assert old.stat().st_size
    assert not list((pair.hub.folder / "data").glob("*.ready"))
