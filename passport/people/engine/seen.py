"""When somebody was last here: to the minute, written in batches, never while a request waits."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from typing import Final
from uuid import UUID

from passport.kernel.clock import moment, now_ms
from passport.node.actions import write_later
from passport.people.models import SignIn

ONCE_IN_SECONDS: Final = 60.0
BATCH_SECONDS: Final = 5.0


class _Seen:
    """Sign-ins to be written, and when each was written last (monotonic seconds)."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.written: dict[UUID, float] = {}
        self.waiting: dict[UUID, datetime] = {}
        self.flushed = -BATCH_SECONDS

    def touch(self, sign_in: UUID) -> None:
        now = time.monotonic()
        if now - self.written.get(sign_in, -ONCE_IN_SECONDS) < ONCE_IN_SECONDS:
            return
        with self.lock:
            self.written[sign_in] = now
            self.waiting[sign_in] = moment(now_ms())
            if now - self.flushed < BATCH_SECONDS:
                return
            self.flushed = now
            batch, self.waiting = self.waiting, {}
            self.written = {
                key: at for key, at in self.written.items() if now - at < ONCE_IN_SECONDS
            }
        write_later(lambda: _write(batch))


def _write(batch: dict[UUID, datetime]) -> None:
    # One time for all of them: they lie within seconds of each other, and it is one statement.
    SignIn.objects.filter(pk__in=list(batch)).update(last_seen=max(batch.values()))


_seen = _Seen()
touch = _seen.touch


def waiting() -> frozenset[UUID]:
    """Return the sign-ins seen within seconds and not written yet."""
    return frozenset(_seen.waiting)


def forget() -> None:
    """Forget what was written when; for tests, which exchange the database below."""
    with _seen.lock:
        _seen.written, _seen.waiting, _seen.flushed = {}, {}, -BATCH_SECONDS
