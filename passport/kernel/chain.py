"""The hash by which an entry names the one before it (`docs/protocol.md`, "Entries")."""

from __future__ import annotations

import msgspec

from passport.kernel.encoding import canonical, digest

ROOT = bytes(32)
"""What the first entry of an origin in a stream follows."""


def entry_hash(
    *,
    origin: str,
    stream: str,
    seq: int,
    prev: bytes,
    dep: bytes | None,
    hlc: int,
    kind: str,
    body: bytes,
) -> bytes:
    """Hash one entry; `body` and `dep` are JSON as it was written and enter byte for byte."""
    stated = None if dep is None else msgspec.Raw(dep)
    return digest(
        canonical([origin, stream, seq, prev.hex(), stated, hlc, kind, msgspec.Raw(body)])
    )
