"""Identifiers that are made anywhere, offline, and never collide (R108)."""

from __future__ import annotations

import hashlib
from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """Make a UUIDv7 (RFC 9562, section 5.7): random, and sorted by the time it was made."""
    return uuid_utils.compat.uuid7()


def derived_id(*parts: UUID | str) -> UUID:
    """Make the one id that every node gives the same thing, so that two nodes note it once.

    The same parts in the same order always give the same id: a UUIDv8 (RFC 9562, section 5.8)
    over SHA-256.
    """
    digest = hashlib.sha256()
    for part in parts:
        piece = part.bytes if isinstance(part, UUID) else part.encode()
        digest.update(len(piece).to_bytes(4, "big") + piece)
    raw = bytearray(digest.digest()[:16])
    raw[6] = (raw[6] & 0x0F) | 0x80
    raw[8] = (raw[8] & 0x3F) | 0x80
    return UUID(bytes=bytes(raw))
