"""The one way in which a value becomes bytes that are hashed, signed, sealed or sent.

Canonical JSON: keys sorted, no spaces, UTF-8, UUIDs as 32 hex digits, bytes as base64. Floats have no
canonical form and never enter the journal. `docs/protocol.md` states it for other implementations.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from passport.kernel.errors import Damaged

UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What decoding bytes from outside may raise; a hundred thousand brackets are the last."""

_encoder = msgspec.json.Encoder(order="sorted", uuid_format="hex")


def canonical(value: object) -> bytes:
    """Encode a value built of dicts, lists, structs, strings, ints, bools, None, UUIDs and bytes."""
    return _encoder.encode(value)


def plain(value: object) -> Any:
    """Turn a struct into the dicts, lists and strings that its canonical form is made of."""
    return msgspec.json.decode(canonical(value))


def read[T](data: bytes | str | msgspec.Raw, shape: type[T]) -> T:
    """Decode bytes from anywhere into `shape`; unknown fields are passed over.

    Raises `Damaged` when they don't fit.
    """
    try:
        return msgspec.json.decode(data, type=shape)
    except UNREADABLE as problem:
        raise Damaged("This can't be read: %(problem)s", problem=str(problem)) from problem


def digest(data: bytes | memoryview) -> bytes:
    """SHA-256, the one hash of the wire and of content."""
    return hashlib.sha256(data).digest()
