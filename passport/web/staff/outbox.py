"""Parcel files that were made for somebody to download, kept until they have been carried away.

They are encrypted to their destination, so whoever finds one here learns its size and no more.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import FileResponse

from passport.kernel.clock import now_ms
from passport.kernel.errors import NotFound
from passport.sync.actions import ParcelFile, write_to_folder

KEPT_SECONDS = 2 * 24 * 3600
STICK_BYTES = 4 * 1024 * 1024 * 1024
"""What one stick takes in one go; the rest goes next time."""
_NAME = re.compile(r"[0-9a-z]{1,16}-[0-9a-z]{1,16}-[0-9]{3,6}\.parcel")


@dataclass(frozen=True, slots=True)
class Kept:
    """What was made."""

    files: tuple[tuple[str, int], ...]
    """Names and sizes in bytes."""
    more: bool
    """There was more than fits."""

    @property
    def size(self) -> int:
        return sum(size for _, size in self.files)


def keep(made: Iterable[ParcelFile]) -> Kept:
    """Write parcel files where `download` finds them, one at a time."""
    folder = _folder()
    _clear_old(folder)
    names, more = [], False
    for file in made:
        path = write_to_folder(folder, file.name, file.content)
        # In node time: a wall clock that begins at 1970 every morning would let none grow old.
        os.utime(path, (_now(), _now()))
        names.append((file.name, len(file.content)))
        more = file.more
    return Kept(tuple(names), more)


def download(name: str) -> FileResponse:
    """Hand a kept file over. Raises `NotFound`."""
    path = _folder() / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound("This parcel isn't here any more. Please make a new one.")
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=name)
    answer["Content-Type"] = "application/octet-stream"
    answer["Cache-Control"] = "no-store"
    return answer


def _folder() -> Path:
    return Path(settings.DATA) / "outbox"


def _now() -> float:
    return now_ms() / 1000


def _clear_old(folder: Path) -> None:
    for path in folder.glob("*.parcel"):
        if abs(_now() - path.stat().st_mtime) > KEPT_SECONDS:
            path.unlink(missing_ok=True)
