"""The vectors in docs/protocol.md, read from there: the program keeps to them, and so do the words.

Each is checked twice: with the program, and by what the page says, with nothing of the program.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from pathlib import Path
from typing import Any

import nacl.bindings
import nacl.signing
import pyrage
import pytest
import zstandard

from passport.fleet.actions import read_enrolment
from passport.kernel.chain import entry_hash
from passport.kernel.encoding import canonical
from passport.kernel.sealing import unseal
from passport.kernel.signing import sign, verifies
from passport.sync.engine import wire
from passport.sync.engine.runs import open_run, read_run

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "protocol.md").read_text()


def blocks(title: str) -> list[str]:
    section = PAGE.partition(f"### Vector: {title}\n")[2].partition("\n##")[0]
    return re.findall(r"```\w+\n(.*?)\n```", section, re.DOTALL)


def vector(title: str) -> Any:
    return json.loads(blocks(title)[0])


# What the page says, in nothing but what every language has


def plain_canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def plain_signature(seed: str, purpose: str, message: bytes) -> bytes:
    key = nacl.signing.SigningKey(bytes.fromhex(seed))
    return key.sign(purpose.encode() + b"\0" + message).signature


def plain_open(key: str, sealed: bytes, context: str) -> bytes:
    return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
        sealed[24:], context.encode(), sealed[:24], bytes.fromhex(key)
    )


def plain_padme(size: int) -> int:
    if size < 2:
        return size
    exponent = size.bit_length() - 1
    low = exponent - exponent.bit_length()
    step = 1 << max(low, 0)
    return -(-size // step) * step


def plain_frames(body: bytes) -> list[tuple[bytes, bytes]]:
    frames = []
    while body:
        length = int.from_bytes(body[1:5], "big")
        frames.append((body[:1], body[5 : 5 + length]))
        body = body[5 + length :]
    return frames


def test_the_page_has_every_vector() -> None:
    assert re.findall(r"^### Vector: (.+)$", PAGE, re.MULTILINE) == [
        "canonical JSON",
        "signature",
        "sealed body",
        "entries",
        "run",
        "seal of a run",
        "PADMÉ",
        "parcel file",
        "enrolment file",
    ]


def test_canonical_json() -> None:
    said = vector("canonical JSON")
    wanted = bytes.fromhex(said["bytes"])
    assert canonical(said["value"]) == wanted
    assert plain_canonical(said["value"]) == wanted


def test_a_signature_is_over_its_purpose_and_a_zero_byte() -> None:
    said = vector("signature")
    message, wanted = bytes.fromhex(said["message"]), bytes.fromhex(said["signature"])
    assert sign(bytes.fromhex(said["seed"]), said["purpose"], message) == wanted
    assert plain_signature(said["seed"], said["purpose"], message) == wanted
    assert verifies(bytes.fromhex(said["node"]), said["purpose"], message, wanted)
    assert not verifies(bytes.fromhex(said["node"]), "passport run 1", message, wanted)


def test_a_sealed_body_opens() -> None:
    said = vector("sealed body")
    sealed, context = base64.b64decode(said["sealed"]), f"{said['stream']} {said['kind']}"
    assert sealed[:24].hex() == said["nonce"]
    assert plain_open(said["key"], sealed, context).decode() == said["clear"]
    opened = unseal(bytes.fromhex(said["key"]), sealed, context.encode())
    assert opened.decode() == said["clear"]


def test_entries_are_hashed_with_their_very_text() -> None:
    said = vector("entries")
    prev = "00" * 32
    for one in said["entries"]:
        assert one["prev"] == prev
        dep = "null" if one["dep"] is None else one["dep"]
        head = plain_canonical([said["origin"], said["stream"], one["seq"], prev])[:-1].decode()
        text = f'{head},{dep},{one["hlc"]},"{one["kind"]}",{one["body"]}]'
        assert hashlib.sha256(text.encode()).hexdigest() == one["hash"]
        assert (
            entry_hash(
                origin=said["origin"],
                stream=said["stream"],
                seq=one["seq"],
                prev=bytes.fromhex(prev),
                dep=None if one["dep"] is None else one["dep"].encode(),
                hlc=one["hlc"],
                kind=one["kind"],
                body=one["body"].encode(),
            ).hex()
            == one["hash"]
        )
        prev = one["hash"]


def test_a_run_is_those_entries_packed_and_sealed() -> None:
    said, entries = vector("run"), vector("entries")
    payload = base64.b64decode(said["payload"])
    assert hashlib.sha256(payload).hexdigest() == said["digest"]
    packed = plain_open(said["key"], payload, said["context"])
    assert packed == base64.b64decode(said["packed"])
    unpacked = zstandard.decompress(packed).decode()
    assert unpacked == said["unpacked"]
    assert said["context"] == f"{entries['stream']} {entries['origin']} {said['first']}"
    for line, entry in zip(unpacked.split("\n"), entries["entries"], strict=True):
        dep = "" if entry["dep"] is None else f",{entry['dep']}"
        assert line == f'[{entry["hlc"]},"{entry["kind"]}",{entry["body"]}{dep}]'
    run = wire.RunLine(
        stream=entries["stream"],
        origin=entries["origin"],
        first=said["first"],
        last=said["last"],
        prev=bytes.fromhex(said["prev"]),
        head=bytes.fromhex(said["head"]),
        digest=bytes.fromhex(said["digest"]),
        sealed=True,
    )
    read = read_run(run, open_run(run, payload, [bytes.fromhex(said["key"])]))
    assert [one.hash.hex() for one in read] == [one["hash"] for one in entries["entries"]]


def test_a_country_seals_a_run() -> None:
    said = vector("seal of a run")
    message = plain_canonical([said["origin"], said["stream"], said["last"], said["head"]])
    assert message.decode() == said["message"]
    seal = base64.b64decode(said["seal"])
    assert plain_signature(said["seed"], "passport run 1", message) == seal
    head = bytes.fromhex(said["head"])
    assert wire.seal_of(said["origin"], said["stream"], said["last"], head) == message
    assert verifies(
        bytes.fromhex(said["origin"].partition(".")[0]), wire.SEAL_PURPOSE, message, seal
    )


def test_sizes_are_padded() -> None:
    for size, wanted in vector("PADMÉ"):
        assert wire.padded(size) == wanted
        assert plain_padme(size) == wanted


@pytest.fixture
def parcel() -> tuple[Any, bytes]:
    return vector("parcel file"), base64.b64decode(blocks("parcel file")[1])


def test_a_parcel_file_is_a_line_and_an_envelope_of_frames(parcel: tuple[Any, bytes]) -> None:
    said, file = parcel
    line, _, envelope = file.partition(b"\n")
    assert json.loads(line) == {
        "parcel": 1,
        "file": 1,
        "size": len(envelope),
        "to": said["to"][:16],
    }
    body = pyrage.decrypt(envelope, [pyrage.x25519.Identity.from_str(said["identity"])])
    assert len(body) == plain_padme(len(body))
    frames = plain_frames(body)
    assert b"".join(kind for kind, _ in frames) == b"MSRCBP"
    (_, packed), (_, signature), *payloads, (_, padding) = frames
    assert not padding.strip(b"\0")
    text = zstandard.decompress(packed)
    assert text.decode() == said["manifest"]
    manifest = json.loads(text)
    assert plain_canonical(manifest) == text
    assert signature.hex() == said["signature"]
    nacl.signing.VerifyKey(bytes.fromhex(said["sender"])).verify(
        b"passport parcel 1\0" + text, signature
    )
    lines = manifest["runs"] + manifest["copies"] + manifest["pieces"]
    for member, (_, payload) in zip(lines, payloads, strict=True):
        assert base64.b64encode(hashlib.sha256(payload).digest()).decode() == member["digest"]
    run = vector("run")
    assert payloads[0][1] == base64.b64decode(run["payload"])
    assert manifest["keys"] == {
        vector("entries")["stream"]: base64.b64encode(bytes.fromhex(run["key"])).decode()
    }
    assert zstandard.decompress(payloads[1][1]).decode() == said["copies"]
    copies, source = json.loads(said["copies"]), said["source"].encode()
    ((_, at, start, length, digest),) = copies["stretches"]
    stretch = source[at : at + length]
    assert base64.b64encode(hashlib.sha256(stretch).digest()).decode() == digest
    assert copies["sources"] == [hashlib.sha256(source).hexdigest()]
    assert (payloads[2][1] + stretch).decode() == said["blob"]
    assert start == len(payloads[2][1])
    assert manifest["copies"][0]["blob"] == hashlib.sha256(said["blob"].encode()).hexdigest()


def test_the_program_reads_that_parcel_file(parcel: tuple[Any, bytes]) -> None:
    said, file = parcel
    identity = pyrage.x25519.Identity.from_str(said["identity"])
    opened = wire.open_file(io.BytesIO(file), [identity], [said["to"]])
    assert opened.whole
    assert canonical(opened.manifest).decode() == said["manifest"]
    assert [len(opened.runs), len(opened.copies), len(opened.pieces)] == [1, 1, 1]


def test_an_enrolment_file_is_signed_by_its_country() -> None:
    (text,) = blocks("enrolment file")
    said = json.loads(text)
    assert plain_canonical(said).decode() == text
    seed = vector("seal of a run")["seed"]
    signature = plain_signature(seed, "passport enrolment 1", plain_canonical(said["enrolment"]))
    assert base64.b64decode(said["signature"]) == signature
    assert read_enrolment(text.encode()).country == said["enrolment"]["country"]
