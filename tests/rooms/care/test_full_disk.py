"""On a full disk content is refused long before an answer is, and somebody can still be erased."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.utils import OperationalError

from passport.care import actions as care
from passport.kernel import files
from passport.kernel.errors import NoRoom
from passport.node import actions as node
from passport.node import queries
from passport.node.engine import reserve, writer
from passport.node.models import Entry, Stream
from passport.sync import actions as sync
from tests.simulation.nodes import MACHINE, Node

MB = 1024**2


@pytest.fixture
def small_disk(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """Mount a real file system of 24 MB, where that is allowed."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("Only root may mount a disk; the injected limit below says the same.")
    settings.RESERVE_BYTES = 4 * MB
    settings.RESERVE_FILE_BYTES = 4 * MB
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> None:
    """Take the last byte."""
    with (folder / "filler").open("ab", buffering=0) as file:
        for size in (MB, 4096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    assert shutil.disk_usage(folder).free < 4096


def note(size: int = 100) -> None:
    stream = Stream.objects.get_or_create(kind="site", key=uuid4())[0]
    node.note(by=MACHINE, stream=stream, kind="group.added@1", body={"name": "x" * size})


def test_answers_and_erasures_are_taken_on_a_full_disk_and_content_is_not(small_disk: Path) -> None:
    hub = Node(small_disk / "hub", "Mango hub", is_country=False)
    data = small_disk / "hub" / "data"
    with hub:
        assert care.tidy(by=MACHINE)
        assert queries.reserve_is_here()
        free = shutil.disk_usage(data).free
        with pytest.raises(NoRoom):
            sync.write_to_folder(data / "outbox", "a.parcel", bytes(free - 3 * MB))
        fill(data)
        with pytest.raises(NoRoom):
            care.back_up(by=MACHINE, into=data / "backups")
        assert not list((data / "outbox").glob("*"))

        node.writes(note)()  # an answer
        assert not queries.reserve_is_here(), "it was given for the answer"
        node.writes(Entry.objects.all().delete)()  # and somebody is erased
        assert Entry.objects.count() == 0
        assert not care.tidy(by=MACHINE), "there is no room for another one"
        found = care.examine(by=MACHINE)
        assert any("reserve" in one.said and not one.is_well for one in found)

        fill(data)
        with pytest.raises(OperationalError, match="full"):
            node.writes(lambda: note(8 * MB))()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchone()[0] == "ok"
        (data / "filler").unlink()
        assert care.tidy(by=MACHINE), "it comes again by itself"
        node.writes(note)()
    hub.close()


def test_a_file_that_found_no_room_leaves_nothing_of_itself(small_disk: Path) -> None:
    with pytest.raises(NoRoom):
        files.write(small_disk / "large", bytes(25 * MB))
    assert not list(small_disk.iterdir())
    fill(small_disk)
    with pytest.raises(NoRoom):
        files.append(small_disk / "ledger", bytes(5000))


# With an injected limit: SQLite may not have one page more than this


@pytest.fixture
def hub(tmp_path: Path, settings: Any) -> Iterator[Node]:
    made = Node(tmp_path / "hub", "Mango hub", is_country=False)
    yield made
    made.close()


def limit(pages: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        now = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count={now + pages}")


def group(*sizes: int) -> list[writer._Job]:
    """Let the one writer take some writes as one group; returns what became of each."""
    jobs = [writer._Job(lambda size=size: note(size)) for size in sizes]  # type: ignore[misc]
    writer.Writer()._commit(jobs)
    return jobs


def kept() -> list[int]:
    return sorted(len(bytes(row.body)) for row in Entry.objects.all())


@pytest.mark.parametrize("sizes", [(100, 400_000, 200), (400_000,), (400_000, 100), (100, 400_000)])
def test_whoever_is_told_that_it_is_saved_finds_it_saved(hub: Node, sizes: tuple[int, ...]) -> None:
    with hub:
        limit(20)
        jobs = group(*sizes)
        said = sorted(
            len('{"name":""}') + size
            for size, job in zip(sizes, jobs, strict=True)
            if job.error is None
        )
        assert kept() == said
        assert all(reserve.is_full(job.error) for job in jobs if job.error)
        assert any(job.error for job in jobs)


def test_nobody_is_told_that_it_is_saved_when_the_database_undid_the_whole_group(hub: Node) -> None:
    """On a full disk SQLite may end the transaction by itself, savepoints and all."""

    def ended() -> None:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
        raise OperationalError("database or disk is full")

    with hub:
        jobs = [writer._Job(note), writer._Job(ended), writer._Job(note)]
        writer.Writer()._commit(jobs)
        assert not kept()
        assert all(job.error for job in jobs)


def test_a_group_that_met_a_full_disk_is_written_with_the_reserve(
    hub: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hub:
        limit(20)

        def release() -> bool:
            limit(1000)
            return True

        monkeypatch.setattr(reserve, "release", release)
        assert not [job.error for job in group(100, 400_000, 200) if job.error]
        assert len(kept()) == 3


def test_the_reserve_is_real_room_and_not_a_hole(hub: Node, settings: Any) -> None:
    settings.RESERVE_BYTES, settings.RESERVE_FILE_BYTES = 0, MB
    with hub:
        assert node.keep_reserve()
        assert reserve.place().stat().st_blocks * 512 >= MB
