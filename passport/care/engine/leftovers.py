"""What power cuts and pulled sticks have left behind: half-written files, and pieces nobody waits for."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings

from passport.kernel import files
from passport.library import queries as library


def find() -> list[Path]:
    """Find files still under their hidden names, and folders of pieces whose file is wanted no more."""
    data = Path(settings.DATA)
    wanted = set(library.missing_blobs())
    incoming = data / "incoming"
    pieces = [
        folder
        for folder in (sorted(incoming.iterdir()) if incoming.is_dir() else ())
        if folder.is_dir() and library.is_sha256(folder.name) and folder.name not in wanted
    ]
    return [*files.half_written(data), *pieces]


def sweep(found: list[Path]) -> None:
    """Remove them."""
    for path in found:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
