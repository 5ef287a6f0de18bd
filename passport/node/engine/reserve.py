"""A file that does nothing but take up room, and is given up when the disk is full all the same.

On a full disk even DELETE fails in SQLite, whose log grows before the table shrinks: without this,
nobody could be erased and no answer taken until somebody had made room.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError

from passport.kernel import files
from passport.kernel.errors import NoRoom

_SQLITE_FULL: Final = 13
_POSTGRESQL_FULL: Final = "53100"


def place() -> Path:
    """Where the reserve lies."""
    return Path(settings.DATA) / "reserve"


def is_here() -> bool:
    """Tell whether the reserve is whole."""
    wanted: int = settings.RESERVE_FILE_BYTES
    try:
        return place().stat().st_size >= wanted
    except FileNotFoundError:
        return wanted == 0


def release() -> bool:
    """Give the reserve to whoever meets a full disk; tells whether there was one."""
    try:
        place().unlink()
    except OSError:
        return False
    return True


def keep() -> bool:
    """Make the reserve where it is missing and the disk has room for it; tells whether it is here."""
    if is_here():
        return True
    path, wanted = place(), settings.RESERVE_FILE_BYTES
    try:
        files.make_folder(path.parent)
        if shutil.disk_usage(path.parent).free < wanted + settings.RESERVE_BYTES:
            return False
        with files.writing(path) as file:
            os.posix_fallocate(file.fileno(), 0, wanted)
    except (OSError, NoRoom):
        return False
    return True


def is_full(error: BaseException | None) -> bool:
    """Tell whether the database refused because the disk is full."""
    if not isinstance(error, DatabaseError):
        return False
    cause = error.__cause__
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    return code == _SQLITE_FULL or getattr(cause, "sqlstate", None) == _POSTGRESQL_FULL
