"""Nothing is exchanged or mended under a server that works on it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from passport.care.errors import StopFirst
from passport.kernel import files


@contextmanager
def stopped() -> Iterator[None]:
    """Hold the lock that a serving process holds. Raises `StopFirst` when one does."""
    path = Path(settings.DATA) / "worker.lock"
    files.make_folder(path.parent)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StopFirst(
                "The server is running. Please stop it first, then try again."
            ) from None
        yield
