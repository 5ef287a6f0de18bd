"""Parcels that were tampered with: refused, or used up to their last whole run, and nothing in between.

The tampering is that of whoever has the file and can encrypt to its recipient, which anybody can; what
somebody with a hub's real keys can do is in `test_authority.py`. `--deep` tries 20,000 in all.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nacl.signing
import pyrage
import pytest
from pytest_django import DjangoDbBlocker

from passport.kernel.encoding import canonical, digest, read
from passport.kernel.errors import PassportError
from passport.kernel.signing import new_seed, public_key, sign
from passport.node.engine import journal
from passport.node.models import Acknowledged, Head, Parked, Peer, Quarantined
from passport.sync.engine import wire
from passport.sync.engine.taking import take_opened
from tests.simulation.nodes import Node
from tests.simulation.picture import picture
from tests.sync import forging
from tests.sync.conftest import Pair, make_pair

Frames = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Honest:
    """What a tamperer has: files of one sender for one recipient, and what anybody can do with them."""

    files: list[bytes]
    frames: list[Frames]
    seal: Callable[[bytes, Frames], bytes]
    """Put frames into an envelope behind the clear line of a file."""


def flipped(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice([1, 1, 1, 2, 8])):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def flip(honest: Honest, chance: random.Random) -> bytes:
    return flipped(chance.choice(honest.files), chance)


def cut(honest: Honest, chance: random.Random) -> bytes:
    file = chance.choice(honest.files)
    return file[: chance.randrange(len(file))]


def leave_out(honest: Honest, chance: random.Random) -> bytes:
    file = chance.choice(honest.files)
    start = chance.randrange(len(file))
    return file[:start] + file[start + chance.randrange(1, 200) :]


def put_in(honest: Honest, chance: random.Random) -> bytes:
    file = chance.choice(honest.files)
    at = chance.randrange(len(file) + 1)
    return file[:at] + chance.randbytes(chance.randrange(1, 200)) + file[at:]


def splice(honest: Honest, chance: random.Random) -> bytes:
    """The beginning of one file, and the end of another."""
    one, other = chance.choice(honest.files), chance.choice(honest.files)
    at = chance.randrange(len(one))
    return one[:at] + other[chance.choice([at, chance.randrange(len(other))]) :]


def change_clear_line(honest: Honest, chance: random.Random) -> bytes:
    file = chance.choice(honest.files)
    line, _, envelope = file.partition(b"\n")
    clear = wire.read_clear_line(io.BytesIO(line + b"\n"))
    name = chance.choice(["parcel", "to", "file", "size"])
    other: Any = chance.choice([0, 1, 2, -1, 2**31, 2**63, 10**30, clear.size - 1, clear.size + 1])
    setattr(clear, name, chance.choice(["", "0" * 16, None, clear.to]) if name == "to" else other)
    return canonical(clear) + b"\n" + envelope


def move_frames(honest: Honest, chance: random.Random) -> bytes:
    """Leave frames out, repeat them, change places, or their kinds."""
    at = chance.randrange(len(honest.files))
    frames = list(honest.frames[at])
    for _ in range(chance.choice([1, 1, 2, 4])):
        one, other = chance.randrange(len(frames)), chance.randrange(len(frames))
        match chance.randrange(4):
            case 0 if len(frames) > 1:
                del frames[one]
            case 1:
                frames.insert(other, frames[one])
            case 2:
                frames[one], frames[other] = frames[other], frames[one]
            case _:
                frames[one] = chance.choice([b"M", b"S", b"R", b"C", b"B", b"P"]), frames[one][1]
    return honest.seal(honest.files[at], frames)


def mix_frames(honest: Honest, chance: random.Random) -> bytes:
    """Manifest and signature of one parcel, payloads of another; or any from either."""
    one, other = chance.sample(range(len(honest.files)), 2)
    mine, theirs = honest.frames[one], honest.frames[other]
    at = chance.choice([1, 2, 2, chance.randrange(1, len(mine))])
    return honest.seal(honest.files[one], mine[:at] + theirs[chance.choice([at, 2]) :])


def change_frame(honest: Honest, chance: random.Random) -> bytes:
    at = chance.randrange(len(honest.files))
    frames = list(honest.frames[at])
    one = chance.randrange(len(frames) - 1)
    kind, payload = frames[one]
    frames[one] = kind, flipped(payload, chance) if chance.random() < 0.7 else payload[:-1]
    return honest.seal(honest.files[at], frames)


def change_manifest(honest: Honest, chance: random.Random) -> bytes:
    """Change what a manifest says, with the former signature or that of somebody else."""
    at = chance.randrange(len(honest.files))
    (kind, packed), (_, signature), *rest = honest.frames[at]
    said: dict[str, Any] = read(wire.unpack(packed, wire.MANIFEST_BYTES), dict[str, Any])
    theirs = honest.frames[chance.randrange(len(honest.files))][0][1]
    other = read(wire.unpack(theirs, wire.MANIFEST_BYTES), dict[str, Any])
    name = chance.choice(sorted({*said, *other}))
    match chance.randrange(4):
        case 0:
            said[name] = other.get(name)
        case 1:
            said.pop(name, None)
        case 2 if isinstance(said.get(name), list) and said[name]:
            chance.shuffle(said[name])
            said[name].pop()
        case _:
            said[name] = chance.choice([None, "", 0, -1, 2**70, [], {}, "x" * 400, [[]]])
    key = nacl.signing.SigningKey.generate()
    if chance.random() < 0.3:
        said["sender"] = bytes(key.verify_key).hex()
    text = canonical(said)
    if chance.random() < 0.7:
        signature = key.sign(wire.PURPOSE.encode() + b"\0" + text).signature
    frames = [(kind, wire.pack(text)), (b"S", signature), *rest]
    return honest.seal(honest.files[at], frames)


WAYS = [
    flip,
    cut,
    leave_out,
    put_in,
    splice,
    change_clear_line,
    move_frames,
    mix_frames,
    change_frame,
    change_manifest,
]


def tampered(honest: Honest, count: int) -> Iterator[tuple[str, bytes]]:
    """Yield that many files, every way as often, the same ones at each run."""
    for number in range(count):
        way = WAYS[number % len(WAYS)]
        yield f"{way.__name__} {number}", way(honest, random.Random(number))


def depth(request: pytest.FixtureRequest, quick: int, deep: int) -> int:
    return deep if request.config.getoption("--deep") else quick


# What is opened


SEED = new_seed()
US = public_key(new_seed()).hex()
IDENTITY = pyrage.x25519.Identity.generate()


def a_file(number: int) -> tuple[wire.Manifest, list[bytes], bytes]:
    """Make a file of several of age's chunks, with runs and pieces."""
    sender = public_key(SEED).hex()
    origin = f"{sender}.{'1' * 16}"
    payloads = [bytes([number * 16 + at]) * 9_000 for at in range(12)]
    digests = [digest(payload) for payload in payloads]
    manifest = wire.Manifest(
        parcel=f"{number:032x}",
        file=1,
        sender=sender,
        incarnation="1" * 16,
        to=US,
        made=1_700_000_000_000 + number,
        program="1.0.0",
        runs=[
            wire.RunLine("country", origin, at + 1, at + 1, bytes(32), bytes(32), digests[at])
            for at in range(8)
        ],
        pieces=[wire.PieceLine("ab" * 32, 36_000, at * 9_000, digests[8 + at]) for at in range(4)],
    )
    signature = sign(SEED, wire.PURPOSE, canonical(manifest))
    recipient = str(IDENTITY.to_public())
    return manifest, payloads, wire.write_file(manifest, signature, payloads, recipient)


def sealed(file: bytes, frames: Frames) -> bytes:
    return forging.enveloped(file, IDENTITY.to_public(), frames)


def test_a_tampered_file_is_refused_or_opened_as_far_as_it_is_whole(
    request: pytest.FixtureRequest,
) -> None:
    made = [a_file(number) for number in range(2)]
    files = [file for _, _, file in made]
    frames = [forging.frames_of(file, [IDENTITY]) for file in files]
    refused = 0
    for what, content in tampered(Honest(files, frames, sealed), depth(request, 1_500, 18_000)):
        try:
            opened = wire.open_file(io.BytesIO(content), [IDENTITY], [US])
        except PassportError:
            refused += 1
            continue
        if opened.manifest.sender != public_key(SEED).hex():
            continue  # a stranger's own: who signed it is looked up when it is taken
        found = forging.payloads_of(opened)
        theirs = [payloads for manifest, payloads, _ in made if manifest == opened.manifest]
        assert theirs, what
        assert found == theirs[0][: len(found)], what
        assert found == theirs[0] or not opened.whole, what
    assert refused > 400


# What is taken


def state(node: Node) -> object:
    """Take down all that a parcel could change, but for the time at which it came."""
    with node:
        return [
            picture(shared=False),
            sorted(Head.objects.values_list("origin__wire", "stream__key", "seq", "hash")),
            sorted(Acknowledged.objects.values_list("stream__key", "origin__wire", "seq")),
            sorted(Peer.objects.values_list("key", "recipient", "turn", "life", "mark_taken")),
            Parked.objects.count(),
            Quarantined.objects.count(),
        ]


class Again:
    """A node that can be put back to what it was."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self._path = node.folder / "data" / "passport.sqlite3"
        node.close()
        self._content = self._path.read_bytes()
        assert not self._beside("-wal").exists()

    def begin(self) -> None:
        self.node.close()
        self._path.write_bytes(self._content)
        self._beside("-wal").unlink(missing_ok=True)
        self._beside("-shm").unlink(missing_ok=True)
        journal.forget_origin()

    def _beside(self, suffix: str) -> Path:
        return self._path.with_name(self._path.name + suffix)


def reachable(again: Again, pair: Pair, files: list[bytes]) -> list[object]:
    """Say what there may be afterwards: what was before, or what the first runs of a file make of it."""
    again.begin()
    found = [state(pair.country)]
    for file in files:
        opened = forging.opened_at(pair.country, file)
        assert len(opened.runs) >= 5
        for count in range(len(opened.runs) + 1):
            again.begin()
            whole = count == len(opened.runs)
            part = wire.Opened(opened.manifest, opened.runs[:count], [], [], whole)
            with pair.country:
                take_opened(Peer.objects.get(key=pair.hub.key), part)
            found.append(state(pair.country))
    return found


def test_a_tampered_parcel_leaves_what_its_first_runs_make_and_nothing_else(
    request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock():
        pair = make_pair(tmp_path)
        files = []
        for names in (("Bilal", "Chidi", "Dalia", "Emeka"), ("Farid", "Grace")):
            pair.learn(1, 2)
            for name in names:
                pair.register(name)
            (file,) = pair.hub.parcel_for(pair.country)
            files.append(file)
        frames = [forging.frames_at(pair.country, file) for file in files]
        with pair.country:
            ours = forging.our_recipient()
        again = Again(pair.country)
        allowed = reachable(again, pair, files)
        assert len({repr(one) for one in allowed}) > 8

        def seal(file: bytes, frames: Frames) -> bytes:
            return forging.enveloped(file, ours, frames)

        ends = set()
        honest = Honest(files, frames, seal)
        for what, content in tampered(honest, depth(request, 150, 2_000)):
            again.begin()
            pair.country.take([content])
            after = state(pair.country)
            assert after in allowed, what
            ends.add(allowed.index(after))
        assert len(ends) > 4, "some must have been used in part, or nothing was tried"
        pair.country.close()
        pair.hub.close()
