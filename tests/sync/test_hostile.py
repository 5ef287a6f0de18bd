"""Whatever bytes come from outside: a value or a sentence, bounded in memory and time.

Parcels here are well sealed and well signed, by somebody who wants to harm whoever reads them. Recipes
are in `test_content.py`, backups in `rooms/care/test_hostile_backups.py`.
"""

from __future__ import annotations

import base64
import io
import json
import time
import tracemalloc
from collections.abc import Callable
from itertools import count
from typing import Any

import pyrage
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from passport.fleet import actions as fleet
from passport.fleet.errors import EnrolmentRefused
from passport.kernel.chain import ROOT
from passport.kernel.encoding import canonical, digest
from passport.kernel.errors import Damaged, PassportError
from passport.kernel.ids import new_id
from passport.kernel.signing import new_seed, public_key, sign
from passport.learning import actions as learning
from passport.node.models import StreamKind
from passport.people.models import Group
from passport.sync.engine import wire
from passport.sync.engine.runs import read_run
from passport.sync.manifest import JOURNALS, KINDS
from tests.sync import forging
from tests.sync.conftest import Pair

SEED = new_seed()
SENDER = public_key(SEED).hex()
US = public_key(new_seed()).hex()
IDENTITY = pyrage.x25519.Identity.generate()
ORIGIN = f"{SENDER}.{'1' * 16}"
MB = 1024 * 1024

SAID: dict[str, Any] = {
    "parcel": "0" * 32,
    "file": 1,
    "sender": SENDER,
    "incarnation": "1" * 16,
    "to": US,
    "made": 1_700_000_000_000,
    "program": "1.0.0",
}
"""The least that a manifest says."""


def packed(content: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=3).compress(content)


def enveloped(frames: list[tuple[bytes, bytes]]) -> bytes:
    clear = canonical(wire.ClearLine(parcel=1, to=US[:16], file=1, size=0)) + b"\n"
    return forging.enveloped(clear, IDENTITY.to_public(), frames)


def saying(text: bytes, *payloads: tuple[bytes, bytes]) -> bytes:
    """Make a file with this for a manifest, signed."""
    signature = sign(SEED, wire.PURPOSE, text)
    return enveloped([(b"M", packed(text)), (b"S", signature), *payloads])


def opened(content: bytes) -> wire.Opened:
    return wire.open_file(io.BytesIO(content), [IDENTITY], [US])


def run_of(text: bytes, count: int = 1, first: int = 1) -> tuple[wire.RunLine, bytes]:
    payload = packed(text)
    line = wire.RunLine("country", ORIGIN, first, first + count - 1, ROOT, ROOT, digest(payload))
    return line, payload


def cost(call: Callable[[], object]) -> tuple[int, float]:
    """Return how many bytes it took at most, and how many seconds of CPU."""
    began = time.process_time()
    refused(call)
    seconds = time.process_time() - began
    tracemalloc.start()
    try:
        refused(call)
        return tracemalloc.get_traced_memory()[1], seconds
    finally:
        tracemalloc.stop()


def refused(call: Callable[[], object]) -> None:
    try:
        call()
    except PassportError:
        return


# Bombs


def many(item: bytes, size: int = 60 * MB) -> bytes:
    return ((item + b",") * (size // (len(item) + 1)))[:-1]


def with_member(name: str, value: bytes) -> bytes:
    return canonical(SAID)[:-1] + b',"%s":%s}' % (name.encode(), value)


MANIFESTS: dict[str, Callable[[int], bytes]] = {
    "brackets": lambda size: b"[" * size,
    "brackets within": lambda size: with_member("vector", b"[" * size),
    "brackets in what nobody knows": lambda size: with_member("later", b"[" * size),
    "a list of nothing": lambda size: with_member("wants", b"[" + many(b'""', size) + b"]"),
    "a list of streams": lambda size: with_member("again", b"[" + many(b'"country"', size) + b"]"),
    "a list of lists": lambda size: with_member(
        "content", b'{"partly":{"%s":[' % (b"a" * 64) + many(b"[0,1]", size) + b"]}}"
    ),
    "empty runs": lambda size: with_member("runs", b"[" + many(b"{}", size) + b"]"),
    "a long number": lambda size: with_member("made2", b"1" * size),
    "a long text": lambda size: canonical({**SAID, "program": "x" * size}),
    "many members": lambda size: b"{" + many(b'"a":0', size) + b"}",
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_of_a_few_kilobytes_costs_little(name: str) -> None:
    """At both sizes: what is unpacked at all, and what isn't."""
    for size in (MB - 2_000, 60 * MB):
        text = MANIFESTS[name](size)
        file = saying(text)
        assert len(file) < 30_000
        memory, seconds = cost(lambda file=file: opened(file))  # type: ignore[misc]
        assert memory < 30 * MB
        assert seconds < 0.5


RUNS: dict[str, Callable[[], tuple[wire.RunLine, bytes]]] = {
    "more entries than it names": lambda: run_of(b"\n".join([b'[1,"a@1",0]'] * 80_000)),
    "more entries than any may have": lambda: run_of(
        b"\n".join([b'[1,"a@1",0]'] * 80_000), count=80_000
    ),
    "empty lines": lambda: run_of(b"\n" * (MB - 1), count=1000),
    "brackets": lambda: run_of(b'[1,"a@1",' + b"[" * (MB - 20)),
    "brackets in what was seen": lambda: run_of(b'[1,"a@1",{},' + b"[" * (MB - 20)),
    "zeros": lambda: run_of(bytes(200 * MB)),
    "a frame that doesn't say its size": lambda: run_of(b""),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_run_of_a_few_kilobytes_costs_little(name: str) -> None:
    line, payload = RUNS[name]()
    if name == "a frame that doesn't say its size":
        payload = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(200 * MB))
    assert len(payload) < 30_000
    memory, seconds = cost(lambda: read_run(line, payload))
    assert memory < 30 * MB
    assert seconds < 0.5
    with pytest.raises(Damaged):
        read_run(line, payload)


def test_a_thousand_runs_of_nothing_cost_little() -> None:
    """What each of them may cost is bounded, and so is their number by what their lines take."""
    line, payload = run_of(b"\n".join([b'[1,"a@1",0]'] * 80_000), count=80_000)
    manifest = wire.Manifest(**SAID, runs=[line] * 1000)
    file = saying(canonical(manifest), *[(b"R", payload)] * 1000)
    result = opened(file)
    began = time.process_time()
    for one in result.runs:
        with pytest.raises(Damaged):
            read_run(*one)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("length", [0xFFFFFFFF, 0x7FFFFFFF, 1 << 20])
def test_a_frame_that_claims_more_than_there_is_costs_nothing(length: int) -> None:
    body = b"M" + length.to_bytes(4, "big") + b"x"
    envelope = pyrage.encrypt(body, [IDENTITY.to_public()])
    clear = canonical(wire.ClearLine(parcel=1, to=US[:16], file=1, size=len(envelope)))
    memory, seconds = cost(lambda: opened(clear + b"\n" + envelope))
    assert memory < 5 * MB
    assert seconds < 0.2


def test_no_more_is_read_than_a_file_says_it_holds() -> None:
    """A film that was named like a parcel doesn't have to fit into memory."""

    class Endless(io.BytesIO):
        read_in_all = 0

        def read(self, size: int | None = -1, /) -> bytes:
            part = super().read(size)
            part = part or bytes(64 * 1024 if size is None or size < 0 else size)
            self.read_in_all += len(part)
            assert self.read_in_all < 10 * MB
            return part

    whole = saying(canonical(SAID))
    assert wire.open_file(Endless(whole), [IDENTITY], [US]).whole
    huge = canonical(wire.ClearLine(parcel=1, to=US[:16], file=1, size=1 << 40)) + b"\n"
    with pytest.raises(Damaged, match="larger"):
        wire.open_file(Endless(huge), [IDENTITY], [US])


# Anything


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=40)
    | st.sampled_from(
        ["country", f"site:{'0' * 32}", ORIGIN, SENDER, "0" * 32, "1" * 16, "\0", "age1x", "AAAA"]
    ),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from([*wire.Manifest.__struct_fields__, *wire.RunLine.__struct_fields__])
            | st.text(max_size=10),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(st.binary(max_size=700))
def test_any_bytes_for_a_file(content: bytes) -> None:
    refused(lambda: opened(content))
    refused(
        lambda: opened(canonical(wire.ClearLine(1, US[:16], 1, len(content))) + b"\n" + content)
    )


@given(st.lists(st.tuples(st.sampled_from([b"M", b"S", b"R", b"P", b"?"]), st.binary(max_size=90))))
def test_any_frames_in_an_envelope(frames: list[tuple[bytes, bytes]]) -> None:
    refused(lambda: opened(enveloped(frames)))


@given(JSON)
def test_any_clear_line(said: Any) -> None:
    line = json.dumps(said).encode() + b"\n"
    refused(lambda: wire.read_clear_line(io.BytesIO(line)))


@given(st.dictionaries(st.sampled_from(wire.Manifest.__struct_fields__), JSON, max_size=4), JSON)
def test_any_manifest_that_is_signed(members: dict[str, Any], other: Any) -> None:
    for said in ({**SAID, **members}, other):
        text = json.dumps(said).encode()
        refused(lambda text=text: opened(saying(text)))  # type: ignore[misc]


@given(
    st.lists(st.lists(JSON, max_size=5) | JSON, max_size=5),
    st.integers(0, 6),
    st.integers(1, 3) | st.integers(2**60, 2**62),
)
def test_any_lines_in_a_run(lines: list[Any], count: int, first: int) -> None:
    text = "\n".join(json.dumps(line) for line in lines).encode()
    refused(lambda: read_run(*run_of(text, count, first)))


@given(st.binary(max_size=300))
def test_any_bytes_for_a_run(payload: bytes) -> None:
    line, _ = run_of(b"")
    refused(lambda: read_run(line, payload))
    refused(lambda: read_run(line, packed(payload)))


# What a hub says with its own keys, taken for good


VALUES: list[Any] = [
    None, True, 0, -1, 2**31, 2**63, 2**70, 1.5, "", "\0", "x" * 5_000, "2026-13-45", "0" * 32, [], [[]],
    ["\0"], {}, {"\0": "\0"},
]  # fmt: skip


@pytest.fixture
def sound(pair: Pair) -> dict[str, Any]:
    """Return a body of every kind that there is, as it should be."""
    pair.learn(1)
    pair.register("Bilal")
    bodies = {}
    for node in (pair.country, pair.hub):
        with node:
            for table in JOURNALS:
                for kind, body in table.objects.values_list("kind", "body"):
                    bodies[kind] = json.loads(bytes(body))
    assert len(bodies) > 8
    return bodies


def test_whatever_a_hub_writes_into_a_body_is_taken_or_refused_alone(
    pair: Pair, sound: dict[str, Any]
) -> None:
    """Every member of every kind with every value that makes no sense; and beside them what does."""
    streams = {StreamKind.SITE: pair.site, StreamKind.PERSON: pair.amina}
    origins = (f"{pair.hub.key}.{number:016x}" for number in count(1))
    manifest = forging.opened_at(pair.country, pair.hub.parcel_for(pair.country)[0]).manifest
    manifest.copies, manifest.pieces = [], []
    tried = 0
    for kind in KINDS:
        body = sound.get(kind.name, {"id": new_id(), "person": pair.amina, "site": pair.site})
        bodies = [{**body, name: value} for name in (*body, "sealed", "by") for value in VALUES]
        bodies += [value for value in VALUES if not isinstance(value, dict)]
        for where in sorted(kind.streams & streams.keys()):
            stream = f"{where}:{streams[where].hex}"
            made = [forging.one_entry(next(origins), stream, kind.name, one) for one in bodies]
            wanted = new_id()
            group = {"id": wanted, "name": next(origins)[-16:], "site": pair.site}
            site = f"site:{pair.site.hex}"
            made.append(forging.one_entry(next(origins), site, "group.added@1", group))
            manifest.runs = [line for line, _ in made]
            payloads = [payload for _, payload in made]
            taken = pair.country.take(
                [forging.signed_by(pair.hub, pair.country, manifest, payloads)]
            )
            assert not taken.refused, kind
            with pair.country:
                assert Group.objects.filter(pk=wanted).exists(), kind
            tried += len(bodies)
    assert tried > 1_500


# Enrolment files


def enrolment(**members: Any) -> bytes:
    said = {
        "country": SENDER,
        "recipient": str(IDENTITY.to_public()),
        "address": "https://country.example",
        "country_name": "Demo Country",
        "hub_name": "Mango hub",
        "code": "once",
        **members,
    }
    text = canonical(said)
    signature = sign(SEED, fleet.PURPOSE, text)
    return canonical({"enrolment": said, "signature": signature})


def test_a_sound_enrolment_file_is_read() -> None:
    assert fleet.read_enrolment(enrolment()).hub_name == "Mango hub"


@pytest.mark.parametrize(
    "members",
    [
        {"recipient": "age1nobody"},
        {"country": "zz"},
        {"country": ""},
        {"address": "file:///etc/passwd"},
        {"address": "https://country.example/\nHost: other"},
        {"country_name": "x" * 10_000},
        {"country_name": "\0"},
        {"code": "x" * 10_000},
    ],
    ids=str,
)
def test_an_enrolment_file_that_its_maker_signed_and_that_makes_no_sense(
    members: dict[str, Any],
) -> None:
    with pytest.raises(EnrolmentRefused):
        fleet.read_enrolment(enrolment(**members))


@pytest.mark.parametrize(
    "content",
    [b"[" * 60 * MB, b'{"enrolment":' + b"[" * MB, b'{"a":' + b"1" * MB, bytes(60 * MB), b"\xff"],
    ids=["brackets", "brackets within", "a number", "zeros", "no text"],
)
def test_a_large_enrolment_file_costs_little(content: bytes) -> None:
    memory, seconds = cost(lambda: fleet.read_enrolment(content))
    assert memory < 5 * MB
    assert seconds < 0.5


@given(st.dictionaries(st.sampled_from(fleet.EnrolmentFile.__struct_fields__), JSON, max_size=3))
def test_any_enrolment_file_that_is_signed(members: dict[str, Any]) -> None:
    text = json.dumps({**members}).encode()
    signature = base64.b64encode(sign(SEED, fleet.PURPOSE, text))
    refused(lambda: fleet.read_enrolment(b'{"enrolment":%s,"signature":"%s"}' % (text, signature)))


@given(st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_for_an_enrolment_file(content: bytes) -> None:
    refused(lambda: fleet.read_enrolment(content))


# What devices post


POSTS = {
    "brackets": b"[" * MB,
    "brackets for events": b'{"events":[' + b"[" * MB,
    "brackets in one event": b'{"events":[{"data":' + b"[" * 2_000 + b"]" * 2_000 + b"}]}",
    "an event that isn't closed": b'{"events":[1,{"id":' + b"[" * MB,
    "a long number": b'{"events":[' + b"1" * MB + b"]}",
    "no text": b'{"events":["\xff"]}',
    "surrogates": b'{"events":[{"id":"\\ud800"}]}',
}


@pytest.mark.parametrize("name", POSTS)
def test_a_hostile_post_of_events_costs_little(name: str) -> None:
    memory, seconds = cost(lambda: learning.read_events(POSTS[name]))
    assert memory < 10 * MB
    assert seconds < 0.5


@given(st.binary(max_size=300) | JSON.map(lambda value: json.dumps({"events": value}).encode()))
def test_any_bytes_for_a_post_of_events(content: bytes) -> None:
    refused(lambda: learning.read_events(content))
