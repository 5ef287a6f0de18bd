"""Passwords: Argon2id with 19 MiB and two passes, OWASP's least for a server (RFC 9106)."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_at_once: Final = threading.BoundedSemaphore(2)
"""A class arriving together would otherwise take 19 MiB each on a box that has 512."""


def hashed(password: str) -> str:
    """Hash a password; takes tens of milliseconds, so never on the writer's thread."""
    with _at_once:
        return _hasher.hash(password)


def is_right(hash_: str, password: str) -> bool:
    """Check a password; an empty hash takes as long as a wrong password and is never right."""
    with _at_once:
        try:
            _hasher.verify(hash_ or _of_nobody(), password)
        except (VerificationError, InvalidHashError):
            return False
    return bool(hash_)


@lru_cache(maxsize=1)
def _of_nobody() -> str:
    return _hasher.hash("nobody")
