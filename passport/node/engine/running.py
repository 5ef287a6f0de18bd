"""Node time and running time over restarts: one row, written every two minutes and at the stop.

What a power cut takes is the time since the last note. The next start, should its wall clock know no
better, goes on a little *later* than that could have reached: nothing is given a time twice.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from passport.kernel import clock
from passport.node.models import Boot

NOTE_SECONDS: Final = 120
_GAP_MS: Final = 2 * NOTE_SECONDS * 1000
"""A note that waits behind a long write comes late."""


def resume() -> None:
    """Let this process's clock go on from what the last one noted.

    A database that can't be asked says so itself, to whoever needs it for more.
    """
    if not settings.KEY_FILE.exists() or not _has_database():
        return  # there is no node yet, or one that is to be restored
    try:
        noted = Boot.objects.values_list("noted", flat=True).first()
    except DatabaseError:
        return
    if noted is not None:
        clock.machine.go_on_after(noted, _GAP_MS)


def _has_database() -> bool:
    """Tell whether asking the database would make none: SQLite makes a file of whatever is opened."""
    name = str(connection.settings_dict["NAME"])
    return connection.vendor != "sqlite" or "memory" in name or Path(name).exists()


def keep() -> None:
    """Note the time, a start or a leap of the clock since the last note, and what ran.

    Running time is node time without the leaps, so two processes that note count nothing twice.
    """
    boot = Boot.objects.first() or Boot(number=0, noted=-1, running=0)
    now, since, leap = clock.machine.now_ms(), clock.machine.since_ms, clock.machine.leap
    if boot.noted < since:
        boot.number += 1
        boot.began, boot.before, boot.wall = since, None, clock.machine.wall_ms() - (now - since)
        boot.noted = since
    ran = now - boot.noted
    if leap is not None:
        if leap.after > boot.began:  # else another process has noted it
            boot.number += 1
            boot.began, boot.before, boot.wall = leap.after, leap.before, leap.after
            ran -= leap.after - leap.before
        transaction.on_commit(lambda: clock.machine.forget_leap(leap))
    boot.running += max(ran, 0)
    boot.noted = max(now, boot.noted)
    boot.save()
