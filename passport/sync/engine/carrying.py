"""Parcel files for others, on their way through this node: kept and handed on, never opened.

A village's stick comes to the district hub; the district hub has a network, or sends a stick to the
capital. It learns of a parcel what every carrier does: its size and where it goes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from passport.fleet import queries as fleet
from passport.kernel.encoding import digest
from passport.node import queries as node
from passport.sync.engine.carriers import SUFFIX, write_to_folder
from passport.sync.engine.wire import ROUTE_HEX, read_clear_line

CARRIED_BYTES = 1024**3
"""No more than this is kept for others; the oldest makes room. Its sender sends it again anyway."""


def keep(file: BinaryIO) -> bool:
    """Keep a file for somebody whom this node knows of; tells whether it was kept."""
    file.seek(0)
    clear = read_clear_line(file)
    if clear.to not in _destinations():
        return False
    file.seek(0)
    content = file.read(settings.PARCEL_FILE_BYTES * 2)
    if file.read(1) or shutil.disk_usage(settings.DATA).free < len(content) * 2:
        return False
    write_to_folder(_folder(), f"{clear.to}-{digest(content).hex()[:16]}{SUFFIX}", content)
    _make_room()
    return True


def carried(to: str | None = None) -> Iterator[Path]:
    """Yield the files that are kept: all, or those for the node with this key; the oldest first."""
    if not _folder().is_dir():
        return
    wanted = "*" if to is None else f"{to[:ROUTE_HEX]}-*"
    yield from sorted(_folder().glob(f"{wanted}{SUFFIX}"), key=_age)


def is_delivered(path: Path) -> None:
    """Drop a file that its recipient has taken."""
    path.unlink(missing_ok=True)


def _destinations() -> set[str]:
    """Return the routes of all nodes of this country, as their register names them."""
    ours = node.country_keys() if node.role().may_admit_hubs else {node.introduction().key}
    keys = {hub.key for hub in fleet.every_hub()} | node.country_keys()
    return {key[:ROUTE_HEX] for key in keys - ours}


def _folder() -> Path:
    return Path(settings.DATA) / "carrying"


def _age(path: Path) -> tuple[float, str]:
    return path.stat().st_mtime, path.name


def _make_room() -> None:
    files = list(carried())
    size = sum(path.stat().st_size for path in files)
    for path in files:
        if size <= CARRIED_BYTES:
            return
        size -= path.stat().st_size
        path.unlink(missing_ok=True)
