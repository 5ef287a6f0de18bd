"""The hash by which an entry names the one before it (`docs/protocol.md`, "Entries")."""

from __future__ import annotations

from binascii import hexlify
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256

from passport.kernel.encoding import canonical

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
    """Hash one entry; `body` and `dep` are JSON as it was written and enter byte for byte.

    What is hashed is the canonical array [origin, stream, seq, prev in hex, dep, hlc, kind, body].
    """
    return next(hashes(origin, stream, seq, prev, [(dep, hlc, kind, body)]))


def hashes(
    origin: str,
    stream: str,
    first: int,
    prev: bytes,
    entries: Iterable[tuple[bytes | None, int, str, bytes]],
) -> Iterator[bytes]:
    """Yield the hash of each entry (dep, hlc, kind, body) of a stretch that begins at `first`, after `prev`."""
    beginning = _beginning(origin, stream)
    for seq, (dep, hlc, kind, body) in enumerate(entries, first):
        prev = sha256(
            b'%b%d,"%b",%b,%d,%b,%b]'
            % (
                beginning,
                seq,
                hexlify(prev),
                b"null" if dep is None else dep,
                hlc,
                _quoted(kind),
                body,
            )
        ).digest()
        yield prev


# The parts that many entries share are encoded once: this runs for every event made, taken and checked.


@lru_cache(maxsize=4096)
def _beginning(origin: str, stream: str) -> bytes:
    return canonical([origin, stream])[:-1] + b","


@lru_cache(maxsize=256)
def _quoted(kind: str) -> bytes:
    return canonical(kind)
