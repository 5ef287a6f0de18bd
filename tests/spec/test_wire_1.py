"""Parcels that were made once are readable for good, by this program and by what docs/protocol.md says."""

from __future__ import annotations

import base64
import hashlib
import json
import random
from pathlib import Path
from typing import Any

import pyrage
import pytest
import zstandard

from passport.sync.engine.runs import open_run, read_run
from passport.sync.engine.wire import Opened, open_file
from tests.sync.library import write_sound

FOLDER = Path(__file__).parent / "wire-1"
KEYS = json.loads((FOLDER / "keys.json").read_text())


def opened(name: str, identity: str, to: str) -> Opened:
    with (FOLDER / name).open("rb") as file:
        return open_file(file, [pyrage.x25519.Identity.from_str(identity)], [to])


PARCELS = [
    ("hub-to-country.parcel", KEYS["identity"], KEYS["recipient_node"], KEYS["sender"]),
    ("country-to-hub.parcel", KEYS["hub_identity"], KEYS["sender"], KEYS["recipient_node"]),
]


@pytest.mark.parametrize(("name", "identity", "to", "sender"), PARCELS)
def test_a_parcel_of_the_first_release_is_whole(
    name: str, identity: str, to: str, sender: str
) -> None:
    parcel = opened(name, identity, to)
    assert parcel.whole
    assert parcel.manifest.sender == sender
    assert parcel.manifest.vector


def test_its_runs_open_with_the_persons_keys_and_their_chains_hold() -> None:
    parcel = opened(*PARCELS[0][:3])
    keys = {stream: bytes.fromhex(key) for stream, key in KEYS["person_keys"].items()}
    keys |= parcel.manifest.keys
    entries = [
        entry
        for line, payload in parcel.runs
        for entry in read_run(line, open_run(line, payload, [keys[line.stream]]))
    ]
    assert len(entries) == KEYS["entries"]
    assert sum(entry.kind == "event@1" for entry in entries) == KEYS["answers"]


def test_the_hash_of_an_entry_is_what_the_protocol_says() -> None:
    """Worked out here with nothing but the words of docs/protocol.md."""
    parcel = opened(*PARCELS[0][:3])
    line, payload = next((line, payload) for line, payload in parcel.runs if line.first == 1)
    key = parcel.manifest.keys[line.stream]
    first = read_run(line, open_run(line, payload, [key]))[0]
    said: list[Any] = [
        line.origin,
        line.stream,
        1,
        "00" * 32,
        first.dep,
        first.hlc,
        first.kind,
        json.loads(first.body),
    ]
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(canonical.encode()).digest() == first.hash


CONTENT = json.loads((FOLDER / "content-keys.json").read_text())


def content_parcel(name: str) -> Opened:
    return opened(name, CONTENT[name]["identity"], CONTENT[name]["to"])


def test_a_blob_in_pieces_of_the_first_release_is_whole() -> None:
    parcel = content_parcel("content-pieces.parcel")
    wanted = CONTENT["content-pieces.parcel"]["blob"]
    pieces = sorted(
        (line.offset, bytes(piece)) for line, piece in parcel.pieces if line.blob == wanted
    )
    assert hashlib.sha256(b"".join(piece for _, piece in pieces)).hexdigest() == wanted


def test_a_blob_is_made_of_another_as_the_protocol_says(tmp_path: Path) -> None:
    """Worked out here with nothing but the words of docs/protocol.md."""
    parcel = content_parcel("content-copies.parcel")
    held = tmp_path / "held.wav"
    write_sound(held, random.Random(11).randbytes(70_000))
    source = held.read_bytes()
    ((line, payload),) = parcel.copies
    assert hashlib.sha256(payload).digest() == line.digest
    frame = json.loads(zstandard.decompress(payload))
    made = bytearray(line.size)
    for number, at, start, length, digest in frame["stretches"]:
        assert frame["sources"][number] == hashlib.sha256(source).hexdigest()
        stretch = source[at : at + length]
        assert base64.b64encode(hashlib.sha256(stretch).digest()).decode() == digest
        made[start : start + length] = stretch
    for piece_line, piece in parcel.pieces:
        if piece_line.blob == line.blob:
            made[piece_line.offset : piece_line.offset + len(piece)] = piece
    wanted = CONTENT["content-copies.parcel"]["blob"]
    assert line.blob == wanted
    assert hashlib.sha256(made).hexdigest() == wanted
