"""What two files have in common is said exactly, however one was made of the other."""

from __future__ import annotations

import random
import time
import tracemalloc
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passport.library.engine import chunks
from passport.library.engine.likeness import Copy, alike

CHANCE = random.Random(3)
SOUND = CHANCE.randbytes(600_000)


@dataclass(frozen=True)
class File:
    sha256: str
    size: int
    path: Path


@pytest.fixture
def folder(tmp_path: Path, settings: object) -> Path:
    settings.MEDIA = tmp_path / "media"  # type: ignore[attr-defined]
    return tmp_path


def a_file(folder: Path, content: bytes) -> File:
    name = sha256(content).hexdigest()
    (folder / name).write_bytes(content)
    return File(name, len(content), folder / name)


def check(new: bytes, copies: list[Copy], sources: dict[str, bytes]) -> int:
    """Every stretch is the same in both, none is over another; returns how many bytes are left."""
    end = 0
    for copy in copies:
        assert copy.start >= end
        assert copy.length > 0
        end = copy.end
        source = sources[copy.source]
        assert new[copy.start : copy.end] == source[copy.at : copy.at + copy.length]
    return len(new) - sum(copy.length for copy in copies)


EDIT = st.tuples(st.integers(0, len(SOUND)), st.integers(0, 90_000), st.binary(max_size=300))


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(edits=st.lists(EDIT, max_size=5))
def test_a_stretch_that_is_called_the_same_is_the_same(
    folder: Path, edits: list[tuple[int, int, bytes]]
) -> None:
    new = SOUND
    for at, away, here in edits:
        new = new[:at] + here + new[at + away :]
    old, changed = a_file(folder, SOUND), a_file(folder, new)
    if new != SOUND:
        check(new, alike([changed], [old]).get(changed.sha256, []), {old.sha256: SOUND})


@pytest.mark.parametrize("at", [0, 1, 5_000, 100_000, 300_000, len(SOUND) - 1, len(SOUND)])
def test_what_was_put_in_is_all_that_is_left(folder: Path, at: int) -> None:
    new = SOUND[:at] + b"something new" + SOUND[at:]
    old, changed = a_file(folder, SOUND), a_file(folder, new)
    copies = alike([changed], [old])[changed.sha256]
    assert check(new, copies, {old.sha256: SOUND}) <= len(b"something new") + 1


def test_numbers_changed_in_their_place_cost_little_however_many(folder: Path) -> None:
    """As in the header of a sound or the table of a document."""
    new = bytearray(SOUND)
    for at in range(4, len(new), 3_000):
        new[at : at + 4] = b"size"
    old, changed = a_file(folder, SOUND), a_file(folder, bytes(new[:100_000]) + SOUND[100_000:])
    copies = alike([changed], [old])[changed.sha256]
    left = check(bytes(new[:100_000]) + SOUND[100_000:], copies, {old.sha256: SOUND})
    assert left <= 34 * (4 + 64)


def test_new_files_are_alike_to_one_another_and_the_first_goes_whole(folder: Path) -> None:
    one, two = a_file(folder, SOUND + b"one"), a_file(folder, b"two" + SOUND)
    found = alike([one, two], [])
    assert one.sha256 not in found
    assert check(b"two" + SOUND, found[two.sha256], {one.sha256: SOUND + b"one"}) == 3


def test_silence_is_like_silence_and_takes_no_time(folder: Path) -> None:
    old, new = a_file(folder, bytes(3_000_000)), a_file(folder, bytes(4_000_000) + b"end")
    copies = alike([new], [old])[new.sha256]
    check(bytes(4_000_000) + b"end", copies, {old.sha256: bytes(3_000_000)})


def test_files_that_are_alike_in_crumbs_are_compared_in_bounded_time(folder: Path) -> None:
    """Every second hundred bytes differs; a chunk in the middle makes them worth comparing."""
    crumbs = b"".join(CHANCE.randbytes(100) + SOUND[at : at + 100] for at in range(0, 590_000, 200))
    mixed = bytearray(SOUND * 8)
    for at in range(0, len(mixed) - 200_000, 200):
        mixed[at : at + 100] = crumbs[at % 500_000 : at % 500_000 + 100]
    old, new = a_file(folder, SOUND * 8), a_file(folder, bytes(mixed))
    began = time.process_time()
    copies = alike([new], [old])[new.sha256]
    assert time.process_time() - began < 3
    assert len(copies) < 3_000
    check(bytes(mixed), copies, {old.sha256: SOUND * 8})


def test_files_without_anything_in_common_are_not_alike(folder: Path) -> None:
    old, new = a_file(folder, SOUND), a_file(folder, CHANCE.randbytes(400_000))
    assert alike([new], [old]) == {}


def test_cuts_are_remembered_and_made_again_where_the_memory_is_spoilt(folder: Path) -> None:
    file = a_file(folder, SOUND)
    cuts = list(chunks.cuts_of(file.sha256, file.path))
    assert sum(length for _, length in cuts) == len(SOUND)
    file.path.unlink()
    assert list(chunks.cuts_of(file.sha256, file.path)) == cuts
    known = folder / "chunks" / file.sha256
    spoilt = bytearray(known.read_bytes())
    spoilt[40] ^= 1
    for content in (bytes(spoilt), known.read_bytes()[:-20], b""):
        known.write_bytes(content)
        file.path.write_bytes(SOUND)
        assert list(chunks.cuts_of(file.sha256, file.path)) == cuts


def test_a_film_is_cut_in_little_memory(folder: Path) -> None:
    file = a_file(folder, CHANCE.randbytes(24_000_000))
    tracemalloc.start()
    chunks.cuts_of(file.sha256, file.path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000
