"""Course folders that somebody uploaded and hasn't published yet: one at a time for each person."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from passport.kernel.encoding import read
from passport.kernel.errors import Damaged, Invalid, NotFound

MOST_BYTES = 2 * 1024 * 1024 * 1024
ARCHIVE = "course.zip"
_TOKEN = re.compile(r"[0-9a-f]{32}")


def lay_out(owner: UUID | None, files: Sequence[UploadedFile[Any]], paths: str) -> str:
    """Write an uploaded folder or zip to the disk and return the word by which it is found again.

    `paths` is a JSON list with the place of each file in its folder, which browsers tell to a
    script alone; without it, the one file must be a zip. Raises `Invalid`.
    """
    places = _places(files, paths)
    if sum(file.size or 0 for file in files) > MOST_BYTES:
        raise Invalid("This is more than a course may hold.")
    token = secrets.token_hex(16)
    desk = _desk(owner)
    shutil.rmtree(desk, ignore_errors=True)
    for file, place in zip(files, places, strict=True):
        path = desk / token / place
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
    return token


def laid_out(owner: UUID | None, token: str) -> Path:
    """Return the folder, or the zip, that this person laid out. Raises `NotFound`."""
    folder = _desk(owner) / token
    if not _TOKEN.fullmatch(token) or not folder.is_dir():
        raise NotFound("This upload isn't here any more. Please upload the course again.")
    archive = folder / ARCHIVE
    return archive if archive.is_file() else folder


def clear(owner: UUID | None) -> None:
    """Throw away what this person laid out."""
    shutil.rmtree(_desk(owner), ignore_errors=True)


def _desk(owner: UUID | None) -> Path:
    return Path(settings.DATA) / "desk" / (owner.hex if owner else "machine")


def _places(files: Sequence[UploadedFile[Any]], paths: str) -> list[PurePosixPath]:
    if not files:
        raise Invalid("Choose the course's folder, or a zip file of it.")
    if len(files) == 1 and (files[0].name or "").lower().endswith(".zip"):
        return [PurePosixPath(ARCHIVE)]
    try:
        told = read(paths or "[]", list[str])
    except Damaged:
        told = []
    if len(told) != len(files):
        raise Invalid("Choose the course's folder, or a zip file of it.")
    return [_inside(one) for one in told]


def _inside(told: str) -> PurePosixPath:
    """Return the place within the folder, whose own name stands first."""
    parts = PurePosixPath(told).parts[1:]
    if not parts or any(part in {"..", "/"} or "\\" in part or "\0" in part for part in parts):
        raise Invalid("The name of this file leads out of the folder.")
    return PurePosixPath(*parts)
