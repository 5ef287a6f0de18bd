"""Turns between the processes that write one SQLite file: a server, and a courier's command.

SQLite's busy handler looks again now and then, up to a tenth of a second apart, and whoever takes a long
parcel, one transaction after the other, is back before it looks. A lock that the system wakes one for ends
that. There are two of them, as in a turnstile: who has written must queue behind who waits.

PostgreSQL does this by itself.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

_OWNER_ONLY: Final = 0o600


@contextmanager
def turn() -> Iterator[None]:
    """Wait for this process's turn to write, and give it up at the end; inside a transaction it has it.

    On a disk that has no locks it is SQLite's handler again.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    data = Path(settings.DATA)
    try:
        writing = _open(data / "writing.lock")
    except OSError:
        yield
        return
    try:
        with _next(data):
            _lock(writing)
        yield
    finally:
        os.close(writing)  # and with it, the lock


@contextmanager
def _next(data: Path) -> Iterator[None]:
    """Be the one who writes next."""
    queue = _open(data / "queue.lock")
    try:
        _lock(queue)
        yield
    finally:
        os.close(queue)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _OWNER_ONLY)


def _lock(file: int) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
    except OSError:
        return
