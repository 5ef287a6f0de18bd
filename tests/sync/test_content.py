"""Content: an update carries what lacks, arrives in any parts from anybody, and never breaks what plays."""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import random
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings as django_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from passport.kernel.encoding import canonical, digest
from passport.library import actions as library
from passport.library import queries as shelf
from passport.library.engine import blobs
from passport.library.models import Blob
from passport.node.models import Peer
from passport.sync import actions as sync
from passport.sync import sentences
from passport.sync.engine import content, incoming, parts
from passport.sync.engine.incoming import take_content
from passport.sync.engine.wire import (
    RUN_BYTES,
    Content,
    Copied,
    Copies,
    CopiesLine,
    Manifest,
    Opened,
    PieceLine,
    open_file,
    pack,
)
from tests.simulation.nodes import MACHINE, Node, enrol, meet
from tests.sync.conftest import Pair
from tests.sync.library import HEADER, noise, publish

SIZE = 1_500_000
MIDDLE = SIZE // 2
COURSE = uuid4()


@pytest.fixture
def sounds(pair: Pair, tmp_path: Path) -> dict[str, bytes]:
    """A course of three sounds that both the country and the hub hold whole."""
    made = {f"sound-{at}": noise(at, SIZE) for at in range(3)}
    with pair.country:
        publish(tmp_path / "sounds", COURSE, made)
    meet(pair.hub, pair.country)
    assert played(pair.hub, "sound-1")[HEADER:] == made["sound-1"]
    return made


def played(node: Node, slug: str, course: UUID = COURSE, language: str = "en") -> bytes:
    """The bytes that a learner at a node hears."""
    with node:
        lessons = shelf.course_page(by=MACHINE, course_id=course, language=language).lessons
        lesson = next(each for each in lessons if each.slug == slug)
        content = shelf.lesson_content(by=MACHINE, lesson_id=lesson.id, language=language)
        return shelf.media_file(content.address.rpartition("/")[2]).path.read_bytes()


def update(pair: Pair, tmp_path: Path, made: dict[str, bytes], **changed: bytes) -> None:
    with pair.country:
        publish(
            tmp_path / "sounds", COURSE, made | {k.replace("_", "-"): v for k, v in changed.items()}
        )


def opened(node: Node, file: bytes) -> Opened:
    from passport.node import queries as node_queries

    with node:
        return open_file(io.BytesIO(file), node_queries.identities(), [node.key])


def inserted(sound: bytes, what: bytes) -> bytes:
    return sound[:MIDDLE] + what + sound[MIDDLE:]


# What is sent


def test_one_changed_lesson_costs_what_changed_in_it(
    pair: Pair, tmp_path: Path, sounds: dict[str, bytes]
) -> None:
    new = inserted(sounds["sound-1"], noise(9, 100_000))
    update(pair, tmp_path, sounds, sound_1=new)
    files = pair.country.parcel_for(pair.hub)
    assert sum(map(len, files)) < 120_000
    pair.hub.take(files)
    assert played(pair.hub, "sound-1")[HEADER:] == new


def test_a_lesson_that_is_wholly_new_goes_whole_and_alone(
    pair: Pair, tmp_path: Path, sounds: dict[str, bytes]
) -> None:
    update(pair, tmp_path, sounds, sound_1=noise(9, SIZE))
    files = pair.country.parcel_for(pair.hub)
    assert SIZE < sum(map(len, files)) < 1.1 * SIZE
    pair.hub.take(files)
    assert played(pair.hub, "sound-1")[HEADER:] == noise(9, SIZE)


def test_chunks_are_shared_by_courses_and_languages(
    pair: Pair, tmp_path: Path, sounds: dict[str, bytes]
) -> None:
    """Another course takes over a sound; its two languages share a long piece of music of their own."""
    music, other = noise(20, SIZE), uuid4()
    with pair.country:
        publish(
            tmp_path / "other",
            other,
            {
                "known": sounds["sound-0"] + noise(21, 9_000),
                "song": {"en": noise(22, 30_000) + music, "ar": noise(23, 30_000) + music},
            },
        )
    files = pair.country.parcel_for(pair.hub)
    assert sum(map(len, files)) < SIZE + 140_000
    pair.hub.take(files)
    assert played(pair.hub, "known", other)[HEADER:] == sounds["sound-0"] + noise(21, 9_000)
    assert played(pair.hub, "song", other, "ar")[HEADER:] == noise(23, 30_000) + music


def test_small_content_goes_before_large(pair: Pair, tmp_path: Path) -> None:
    with pair.country:
        publish(tmp_path / "sounds", COURSE, {"long": noise(1, SIZE), "short": noise(2, 5_000)})
    sizes = [
        line.size
        for file in pair.country.parcel_for(pair.hub)
        for line, _ in opened(pair.hub, file).pieces
    ]
    assert sizes == sorted(sizes)


# Old and new


def test_a_hub_of_the_first_release_gets_whole_pieces(
    pair: Pair, tmp_path: Path, sounds: dict[str, bytes]
) -> None:
    """It says nothing of `content`; its rules are those of wire 1 as first landed."""
    update(pair, tmp_path, sounds, sound_1=inserted(sounds["sound-1"], b"new"))
    with pair.country:
        Peer.objects.filter(key=pair.hub.key).update(content=None)
    files = pair.country.parcel_for(pair.hub)
    for file in files:
        parcel = opened(pair.hub, file)
        assert not parcel.manifest.copies
        for line, piece in parcel.pieces:
            assert line.offset % RUN_BYTES == 0
            assert len(piece) == min(RUN_BYTES, line.size - line.offset)
    pair.hub.take(files)
    assert played(pair.hub, "sound-1")[HEADER:] == inserted(sounds["sound-1"], b"new")


def test_what_a_manifest_says_of_content_is_passed_over_by_the_first_release() -> None:
    import msgspec

    class FirstRelease(msgspec.Struct):
        parcel: str
        file: int
        wants: list[str] = []

    said = canonical(Manifest("0" * 32, 1, "", "", "", 0, "", content=Content()))
    assert b'"content":{}' in said
    assert msgspec.json.decode(said, type=FirstRelease).file == 1


# In any parts


def test_half_a_stick_is_kept_and_the_next_one_brings_the_rest(
    pair: Pair, tmp_path: Path, sounds: dict[str, bytes]
) -> None:
    new = noise(9, 6 * RUN_BYTES)
    update(pair, tmp_path, sounds, sound_1=new)
    files = pair.country.parcel_for(pair.hub)
    pair.hub.take(files[: len(files) // 2])
    assert played(pair.hub, "sound-1")[HEADER:] == sounds["sound-1"]
    pair.country.take(pair.hub.parcel_for(pair.country))
    rest = pair.country.parcel_for(pair.hub)
    assert sum(map(len, rest)) < 4.5 * RUN_BYTES
    pair.hub.take(rest)
    assert played(pair.hub, "sound-1")[HEADER:] == new


@pytest.mark.parametrize("seed", range(3))
def test_files_may_come_in_any_order_and_twice(
    pair: Pair, tmp_path: Path, sounds: dict[str, bytes], seed: int
) -> None:
    music = noise(30, 2 * RUN_BYTES)
    new = {"sound_0": noise(31, 900_000) + music, "sound_1": noise(32, 950_000) + music}
    update(pair, tmp_path, sounds, **new)
    files = pair.country.parcel_for(pair.hub)
    shuffled = [*files, *files]
    random.Random(seed).shuffle(shuffled)
    pair.hub.take(
        [files[0]]
    )  # the journal says what is wanted; without it content waits for the next
    pair.hub.take(shuffled)
    for slug, sound in new.items():
        assert played(pair.hub, slug.replace("_", "-"))[HEADER:] == sound
    assert left_in_incoming(pair.hub) == []


def test_a_copy_waits_for_the_blob_that_it_is_of_or_is_sent_as_bytes(
    pair: Pair, tmp_path: Path, sounds: dict[str, bytes]
) -> None:
    """One blob is made of another new one, whose files were lost with a stick."""
    music = noise(30, 2 * RUN_BYTES)
    new = {"sound_0": noise(31, 300_000) + music, "sound_1": noise(32, 400_000) + music}
    update(pair, tmp_path, sounds, **new)
    files = pair.country.parcel_for(pair.hub)
    copied = next(at for at, file in enumerate(files) if opened(pair.hub, file).copies)
    pair.hub.take([files[0], *files[copied:]])
    with pair.hub:
        assert incoming.said().plain
    meet(pair.hub, pair.country)
    for slug, sound in new.items():
        assert played(pair.hub, slug.replace("_", "-"))[HEADER:] == sound


def test_a_film_larger_than_every_budget_arrives_all_the_same(
    pair: Pair, tmp_path: Path, sounds: dict[str, bytes]
) -> None:
    new = noise(9, 5 * RUN_BYTES)
    update(pair, tmp_path, sounds, sound_1=new)
    for _ in range(8):
        with pair.country:
            peer = Peer.objects.get(key=pair.hub.key)
            made = sync.make_parcel(by=MACHINE, peer=peer, carrier="stick", budget=RUN_BYTES)
            files = [file.content for file in made]
        assert sum(map(len, files)) < 1.2 * RUN_BYTES
        pair.hub.take(files)
        pair.country.take(pair.hub.parcel_for(pair.country))
    assert played(pair.hub, "sound-1")[HEADER:] == new


def test_a_file_with_content_alone_is_news_to_an_exchange(
    pair: Pair, tmp_path: Path, sounds: dict[str, bytes]
) -> None:
    """Or an exchange would end before a large blob is whole."""
    update(pair, tmp_path, sounds, sound_1=noise(9, 3 * RUN_BYTES))
    files = pair.country.parcel_for(pair.hub)
    pair.hub.take(files[:1])
    taken = pair.hub.take([files[1]])
    assert (taken.tally.entries, taken.tally.blobs) == (0, 0)
    assert sync._news(taken)
    assert "1 MB of course content" in sentences.used(taken).replace("1.0", "1")


def test_whoever_brings_a_blob_brings_it_to_the_country_too(
    pair: Pair, sounds: dict[str, bytes]
) -> None:
    with pair.country:
        blob = Blob.objects.order_by("-size")[0]
        blobs.place_of(blob.sha256, blob.extension).write_bytes(bytes(blob.size))
        library.scrub(by=MACHINE)
        assert shelf.missing_blobs() == [blob.sha256]
    pair.hub.take(pair.country.parcel_for(pair.hub))
    pair.country.take(pair.hub.parcel_for(pair.country))
    with pair.country:
        assert shelf.missing_blobs() == []
        assert blobs.is_whole(blob.sha256, blob.extension)


# What plays goes on playing


@pytest.mark.parametrize("seed", range(8))
def test_the_old_version_plays_until_the_new_one_is_whole_whenever_the_power_goes(
    pair: Pair,
    tmp_path: Path,
    sounds: dict[str, bytes],
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance = random.Random(seed)
    new = inserted(sounds["sound-1"], noise(9, 2 * RUN_BYTES))
    update(pair, tmp_path, sounds, sound_1=new)
    for _ in range(4):
        files = pair.country.parcel_for(pair.hub)
        with monkeypatch.context() as patched:
            cut_power(patched, chance.randrange(12))
            for file in files:
                try:
                    pair.hub.take([file])
                except PowerCutError:
                    break
                heard = played(pair.hub, "sound-1")[HEADER:]
                assert heard in {sounds["sound-1"], new}
        assert played(pair.hub, "sound-1")[HEADER:] in {sounds["sound-1"], new}
        pair.country.take(pair.hub.parcel_for(pair.country))
    meet(pair.hub, pair.country)
    pair.hub.take(pair.country.parcel_for(pair.hub))
    assert played(pair.hub, "sound-1")[HEADER:] == new


class PowerCutError(Exception):
    """It is noon."""


def cut_power(patched: pytest.MonkeyPatch, after: int) -> None:
    """Let nothing be flushed or renamed after so many times, until the end of the block."""
    left = [after]

    def counted[**P, R](call: Callable[P, R]) -> Callable[P, R]:
        def counting(*args: P.args, **kwargs: P.kwargs) -> R:
            left[0] -= 1
            if left[0] < 0:
                raise PowerCutError
            return call(*args, **kwargs)

        return counting

    patched.setattr(os, "fsync", counted(os.fsync))
    patched.setattr(Path, "replace", counted(Path.replace))
    patched.setattr(parts.Part, "write", counted(parts.Part.write))


def test_a_part_that_is_whole_but_was_not_given_its_place_gets_it_with_the_next_file(
    pair: Pair, tmp_path: Path, sounds: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power went between the last byte and the flip: nobody would send it again."""
    new = noise(9, 2 * RUN_BYTES)
    update(pair, tmp_path, sounds, sound_1=new)
    files = pair.country.parcel_for(pair.hub)
    with monkeypatch.context() as patched:
        patched.setattr(incoming, "_took", lambda *_: (_ for _ in ()).throw(PowerCutError()))
        for file in files:
            try:
                pair.hub.take([file])
            except PowerCutError:
                break
    meet(pair.hub, pair.country)
    assert played(pair.hub, "sound-1")[HEADER:] == new


# What isn't as it was said


def test_a_rotten_source_is_noticed_and_both_come_again(
    pair: Pair, tmp_path: Path, sounds: dict[str, bytes]
) -> None:
    before = hashlib.sha256(played(pair.hub, "sound-1")).hexdigest()
    with pair.hub:
        path = blobs.place_of(before, "wav")
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    new = inserted(sounds["sound-1"], b"new")
    update(pair, tmp_path, sounds, sound_1=new)
    pair.hub.take(pair.country.parcel_for(pair.hub))
    meet(pair.hub, pair.country)
    assert played(pair.hub, "sound-1")[HEADER:] == new


def test_wrong_bytes_from_one_hub_keep_nothing_out_for_long(
    pair: Pair, tmp_path: Path, sounds: dict[str, bytes]
) -> None:
    """The lie is found with the last byte; then the liar isn't heard, and the country is."""
    new = noise(9, 2 * RUN_BYTES)
    update(pair, tmp_path, sounds, sound_1=new)
    files = pair.country.parcel_for(pair.hub)
    pair.hub.take(files[:1])
    honest = [one for file in files[1:] for one in opened(pair.hub, file).pieces]
    lies = [(line, noise(1, len(piece))) for line, piece in honest]
    with pair.hub:
        liar = Peer.objects.create(key="f" * 64, recipient="", name="Liar")
        take_content(liar, brought(pieces=lies))
        (name,) = incoming.said().plain
        assert parts.note_of(name).refused == [liar.key]
        assert not take_content(liar, brought(pieces=lies)).size
    meet(pair.hub, pair.country)
    assert played(pair.hub, "sound-1")[HEADER:] == new


def test_a_file_that_promises_more_than_it_holds_costs_next_to_nothing(
    pair: Pair, tmp_path: Path, sounds: dict[str, bytes]
) -> None:
    """Every lie that a recipe can tell; the country's own recipe works afterwards all the same."""
    new = inserted(sounds["sound-1"], noise(9, 200_000))
    update(pair, tmp_path, sounds, sound_1=new)
    files = pair.country.parcel_for(pair.hub)
    with pair.country:
        name, size = Blob.objects.order_by("-size").values_list("sha256", "size")[0]
    held = hashlib.sha256(played(pair.hub, "sound-1")).hexdigest()
    pair.hub.take([without_content(pair)])
    big = 1 << 40
    right = hashlib.sha256(played(pair.hub, "sound-1")[:1000]).digest()
    recipes = {
        "no source": Copies([], [Copied(0, 0, 0, 1000, right)]),
        "source below": Copies([held], [Copied(-1, 0, 0, 1000, right)]),
        "before": Copies([held], [Copied(0, -5, 0, 1000, right)]),
        "negative": Copies([held], [Copied(0, 0, 0, -1000, right)]),
        "nothing": Copies([held], [Copied(0, 0, 0, 0, right)]),
        "a terabyte": Copies([held], [Copied(0, 0, 0, big, right)]),
        "beyond": Copies([held], [Copied(0, 0, big, 1000, right)]),
        "of beyond": Copies([held], [Copied(0, big, 0, 1000, right)]),
        "over itself": Copies([held], [Copied(0, 0, 0, 1000, right)] * 3),
        "a lie": Copies([held], [Copied(0, 0, 0, size, bytes(32))]),
        "short digest": Copies([held], [Copied(0, 0, 0, 1000, b"")]),
        "many": Copies([held], [Copied(0, 0, at, 1, b"") for at in range(30_000)]),
        "of itself": Copies([name], [Copied(0, 0, 0, 1000, right)]),
        "../../keys": Copies(["../../keys/node.key"], [Copied(0, 0, 0, 10, right)]),
    }
    payloads = [(lie, pack(canonical(recipe))) for lie, recipe in recipes.items()]
    payloads += [("a bomb", pack(bytes(200_000_000))), ("no JSON", pack(b"{")), ("noise", b"x")]
    with pair.hub:
        liar = Peer.objects.create(key="f" * 64, recipient="", name="Liar")
        for lie, payload in payloads:
            assert len(payload) < 200_000, lie
            parts.forget(name)
            tracemalloc.start()
            told = brought(copies=[(CopiesLine(name, size, digest(payload)), payload)] * 500)
            result = take_content(liar, told)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert (result.blobs, result.size if lie != "over itself" else 0) == (0, 0), lie
            assert peak < 30_000_000, lie
            assert disk_used(parts.path_of(name)) <= size, lie
        assert blobs.is_whole(held, "wav")
        for wrong in (1 << 30, size - 1, -1):
            line = PieceLine(name, wrong, 0, digest(b"x" * 1000))
            assert not take_content(liar, brought(pieces=[(line, b"x" * 1000)])).size
        line = PieceLine(name, size, -8, digest(b"x" * 1000))
        assert not take_content(liar, brought(pieces=[(line, b"x" * 1000)])).size
    pair.hub.take(files)
    meet(pair.hub, pair.country)
    assert played(pair.hub, "sound-1")[HEADER:] == new


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 1 << 33))
def test_any_bytes_for_a_recipe_are_void_or_in_bounds(junk: bytes, size: int) -> None:
    for payload in (junk, pack(junk), pack(b'{"sources":["a"],"stretches":[' + junk + b"]}")):
        in_bounds(incoming._read_copies(payload, size), size)


STRETCH = st.builds(
    Copied,
    st.integers(-2, 3),
    st.integers(-10, 1 << 40),
    st.integers(-10, 2000),
    st.integers(-10, 2000),
    st.just(bytes(32)),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(STRETCH, max_size=6), st.integers(0, 3000))
def test_any_stretches_are_void_or_in_bounds(stretches: list[Copied], size: int) -> None:
    in_bounds(incoming._read_copies(pack(canonical(Copies(["a"], stretches))), size), size)


def in_bounds(waits: list[parts.Wait], size: int) -> None:
    end = 0
    for wait in waits:
        assert end <= wait.start < wait.start + wait.length <= size
        assert wait.at >= 0
        end = wait.start + wait.length


SPAN = st.tuples(st.integers(-(1 << 40), 1 << 40), st.integers(-(1 << 40), 1 << 40))


@settings(max_examples=200, deadline=None)
@given(st.lists(SPAN | st.tuples(st.integers(0, 999), st.integers(0, 999)), max_size=20))
def test_whatever_a_peer_says_that_it_has_the_rest_is_sent(said: list[tuple[int, int]]) -> None:
    sane = [(start, end) for start, end in said if 0 <= start < end <= 999]
    claimed = {at for start, end in sane for at in range(start, end)}
    sent = [at for start, end in content._gaps(999, sane) for at in range(start, end)]
    assert sorted(sent) == sorted(set(range(999)) - claimed)


def test_a_note_joins_what_touches() -> None:
    chance = random.Random(1)
    for _ in range(200):
        note, here = parts.Note(1000), set[int]()
        for _ in range(30):
            start = chance.randrange(1000)
            end = min(1000, start + chance.randrange(1, 90))
            assert note.add(start, end) == len(set(range(start, end)) - here)
            here |= set(range(start, end))
            assert note.lacking == 1000 - len(here)
            assert note.has(start, end)
        assert all(one[1] < other[0] for one, other in pairwise(note.here))


def test_what_is_here_is_not_written_over_by_whoever_comes_later(
    pair: Pair, tmp_path: Path, sounds: dict[str, bytes]
) -> None:
    """Neither by bytes that reach over it nor by a recipe whose hash is wrong."""
    new = noise(9, 2 * RUN_BYTES)
    update(pair, tmp_path, sounds, sound_1=new)
    files = pair.country.parcel_for(pair.hub)
    line, piece = next(
        one for file in files for one in opened(pair.hub, file).pieces if one[0].offset
    )
    held = hashlib.sha256(played(pair.hub, "sound-0")).hexdigest()
    pair.hub.take([without_content(pair)])
    with pair.hub:
        take_content(Peer.objects.get(is_country=True), brought(pieces=[(line, bytes(piece))]))
        before = parts.path_of(line.blob).read_bytes()[line.offset : line.offset + len(piece)]
        liar = Peer.objects.create(key="f" * 64, recipient="", name="Liar")
        over = PieceLine(line.blob, line.size, line.offset - 100, b"")
        lie = pack(canonical(Copies([held], [Copied(0, 0, line.offset - 500, 1_000, bytes(32))])))
        told = brought([(over, bytes(1_000))], [(CopiesLine(line.blob, line.size, b""), lie)])
        assert take_content(liar, told).size == 100
        after = parts.path_of(line.blob).read_bytes()[line.offset : line.offset + len(piece)]
        assert before == after == piece


def test_what_nobody_asked_for_is_not_kept(pair: Pair, sounds: dict[str, bytes]) -> None:
    piece = noise(1, 1000)
    line = PieceLine(hashlib.sha256(piece).hexdigest(), 2000, 0, digest(piece))
    with pair.hub:
        country = Peer.objects.get(is_country=True)
        assert not take_content(country, brought(pieces=[(line, piece)])).size
    assert left_in_incoming(pair.hub) == []


def test_parts_of_a_version_that_was_overtaken_are_let_go(
    pair: Pair, tmp_path: Path, sounds: dict[str, bytes]
) -> None:
    update(pair, tmp_path, sounds, sound_1=noise(9, 3 * RUN_BYTES))
    pair.hub.take(pair.country.parcel_for(pair.hub)[:2])
    assert left_in_incoming(pair.hub)
    update(pair, tmp_path, sounds, sound_1=sounds["sound-1"] + b"end")
    meet(pair.hub, pair.country)
    assert left_in_incoming(pair.hub) == []


# The disk


def test_a_full_disk_takes_the_records_and_says_that_it_refused_content(
    pair: Pair, tmp_path: Path, sounds: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    new = noise(9, 2 * RUN_BYTES)
    update(pair, tmp_path, sounds, sound_1=new)
    files = pair.country.parcel_for(pair.hub)
    with monkeypatch.context() as patched:
        patched.setattr(django_settings, "RESERVE_BYTES", 1 << 60)
        taken = pair.hub.take(files)
    assert not taken.refused
    assert taken.tally.courses == 1
    assert "the disk is too full for 1 file of the courses" in sentences.used(taken)
    assert played(pair.hub, "sound-1")[HEADER:] == sounds["sound-1"]
    meet(pair.hub, pair.country)
    assert played(pair.hub, "sound-1")[HEADER:] == new


# One stick for several hubs


def test_everybodys_records_go_before_anybodys_content_and_small_before_large(
    pair: Pair, tmp_path: Path
) -> None:
    second = Node(tmp_path / "second", "Second hub", is_country=False)
    enrol(pair.country, second, [pair.site])
    with pair.country:
        publish(
            tmp_path / "sounds",
            COURSE,
            {"long": noise(1, 2 * RUN_BYTES), "short": noise(2, 200_000)},
        )
    pair.register("Bilal", at=pair.country)
    hubs = (pair.hub, second)
    made: list[sync.ParcelFile] = []
    for budget, has_short, has_long in ((40_000, 0, 0), (500_000, 2, 0), (8_000_000, 2, 2)):
        with pair.country:
            peers = [Peer.objects.get(key=hub.key) for hub in hubs]
            within = sync.Budget(budget)
            made = list(sync.make_parcels(by=MACHINE, peers=peers, carrier="stick", budget=within))
        assert sum(len(file.content) for file in made) <= 1.05 * budget
        assert within.is_short is (has_long < 2)
        parcels = [
            opened(next(hub for hub in hubs if hub.key == file.peer.key), file.content)
            for file in made
            if file.peer is not None
        ]
        what = ["records" if one.runs else largest(one) for one in parcels]
        order = ["records", "small", "large"]
        assert [order.index(each) for each in what] == sorted(order.index(each) for each in what)
        assert what.count("records") == 2
        assert len({one.manifest.parcel for one in parcels}) == 2
        shorts = {
            (one.manifest.to, line.blob)
            for one in parcels
            for line, _ in one.pieces
            if line.size < RUN_BYTES
        }
        assert len(shorts) >= has_short
    for hub in hubs:
        taken = hub.take(
            [file.content for file in made if file.peer is not None and file.peer.key == hub.key]
        )
        assert not taken.refused
        assert played(hub, "long")[HEADER:] == noise(1, 2 * RUN_BYTES)
    second.close()


def largest(parcel: Opened) -> str:
    return "large" if any(line.size > RUN_BYTES for line, _ in parcel.pieces) else "small"


def test_the_command_writes_parcels_for_several_hubs_into_one_folder(
    pair: Pair, tmp_path: Path
) -> None:
    from passport.cli import parcels

    second = Node(tmp_path / "second", "Second hub", is_country=False)
    enrol(pair.country, second, [pair.site])
    said = command(
        "make", str(tmp_path / "stick"), "--for", "mango hub, Second hub", "--budget", "1.5MB"
    )
    with pair.country:
        answer = parcels.run_make(said)
    assert answer.data["for"] == "Mango hub, Second hub"
    assert len(list((tmp_path / "stick").glob("*.parcel"))) == len(answer.data["files"]) == 2
    for hub in (pair.hub, second):
        taken = command("take", str(tmp_path / "stick"))
        with hub:
            assert parcels.run_take(taken).data["from"] == "Demo Country"
    second.close()


@pytest.mark.parametrize(
    ("words", "size"),
    [
        ("500MB", 500_000_000),
        ("4GB", 4_000_000_000),
        ("1.5 gb", 1_500_000_000),
        ("20kB", 20_000),
        ("9", 9),
    ],
)
def test_a_size_may_be_said_in_words(words: str, size: int) -> None:
    assert command("make", "stick", "--budget", words).budget == size


@pytest.mark.parametrize("words", ["", "much", "-4GB", "4TB", "GB", "1e9"])
def test_what_is_no_size_is_refused(words: str) -> None:
    with pytest.raises(SystemExit):
        command("make", "stick", f"--budget={words}")


# Helpers


def command(*words: str) -> argparse.Namespace:
    from passport.cli import parcels

    parser = argparse.ArgumentParser()
    parcels.add("parcel", parser.add_subparsers(), "")
    return parser.parse_args(["parcel", *words])


def brought(
    pieces: list[tuple[PieceLine, bytes]] | None = None,
    copies: list[tuple[CopiesLine, bytes]] | None = None,
) -> Opened:
    manifest = Manifest("0" * 32, 1, "", "", "", 0, "")
    views = [(line, memoryview(piece)) for line, piece in pieces or []]
    return Opened(manifest, [], copies or [], views, whole=True)


def without_content(pair: Pair) -> bytes:
    """A file of the country's news, records alone."""
    with pair.country:
        peer = Peer.objects.get(key=pair.hub.key)
        made = sync.make_parcel(by=MACHINE, peer=peer, carrier="stick", budget=1)
        return next(made).content


def left_in_incoming(node: Node) -> list[str]:
    folder = node.folder / "data" / "incoming"
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


def disk_used(path: Path) -> int:
    return path.stat().st_blocks * 512 if path.exists() else 0
