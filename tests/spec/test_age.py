"""The published test vectors of age, against the library that opens parcels.

What differs from the vectors is listed here and in docs/protocol.md; anything else that differs fails.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

import pyrage
import pytest

VECTORS = json.loads((Path(__file__).parent / "age" / "vectors.json").read_text())
PROTOCOL = (Path(__file__).resolve().parents[2] / "docs" / "protocol.md").read_text()

DEVIATIONS = {"stanza_missing_body": "success", "stanza_missing_final_line": "success"}
"""Vector: what the library does."""


@dataclass(frozen=True)
class Vector:
    """One published file, as its README describes it."""

    expect: str
    payload: str
    identities: list[str]
    content: bytes


def vector(name: str) -> Vector:
    head, _, content = base64.b64decode(VECTORS[name]).partition(b"\n\n")
    said = [line.split(": ", 1) for line in head.decode().splitlines()]
    single = dict(said)
    if single.get("compressed") == "zlib":
        content = zlib.decompress(content)
    return Vector(
        single["expect"],
        single.get("payload", ""),
        [value for key, value in said if key == "identity"],
        content,
    )


def what_comes_of(one: Vector) -> tuple[str, bytes]:
    """Open a vector as `wire.open_file` does: the outcome, and every byte that was handed over."""
    plain = io.BytesIO()
    # "empty" has no identity; any will do.
    identities = [pyrage.x25519.Identity.from_str(each) for each in one.identities]
    identities = identities or [pyrage.x25519.Identity.generate()]
    try:
        pyrage.decrypt_io(io.BytesIO(one.content), plain, identities)
    except (pyrage.DecryptError, OSError, ValueError) as problem:
        return str(problem), plain.getvalue()
    return "success", plain.getvalue()


@pytest.mark.parametrize("name", sorted(VECTORS))
def test_a_published_vector_of_age_comes_out_as_it_should(name: str) -> None:
    one = vector(name)
    outcome, plain = what_comes_of(one)
    if name in DEVIATIONS:
        assert outcome == DEVIATIONS[name] != one.expect
        return
    assert (outcome == "success") == (one.expect == "success"), outcome
    if one.payload:
        assert hashlib.sha256(plain).hexdigest() == one.payload
    else:
        assert plain == b""


def test_every_deviation_is_listed_in_the_protocol() -> None:
    section = PROTOCOL.partition("### Deviations of age")[2].partition("\n##")[0]
    assert set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE)) == set(DEVIATIONS)
