"""The order of what is said about one thing, and what this machine may do with its disk."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from passport.kernel.errors import NoRoom


class Stamp(NamedTuple):
    """Where and when something was said; the larger one is the last word (merge rule *register*)."""

    epoch: int
    """How often the country had given the person's custody when it was said: an edit where somebody
    is now outweighs any that was made where they were, whatever the clocks say there."""
    hlc: int
    origin: str


def is_last_word(said: Stamp, held: Stamp | None) -> bool:
    """Tell whether what was said outweighs what is held; said again, it holds what it won."""
    return held is None or held <= said


def check_room(folder: Path, size: int) -> None:
    """Refuse what would fill the disk. Raises `NoRoom`.

    On the node's own disk a floor of free space is left for learners' answers, erasures and
    receipts, which never ask (DESIGN section 6); on a stick everything may be taken.
    """
    folder = _nearest(folder)
    floor = settings.RESERVE_BYTES if _is_own_disk(folder) else 0
    if shutil.disk_usage(folder).free >= size + floor:
        return
    if floor:
        raise NoRoom("There is too little room on the disk: what is left is for learners' answers.")
    raise NoRoom(
        "There is too little room there for %(megabytes)s MB.", megabytes=-(-size // 1000**2)
    )


def _is_own_disk(folder: Path) -> bool:
    return folder.stat().st_dev == _nearest(Path(settings.DATA)).stat().st_dev


def _nearest(folder: Path) -> Path:
    """Find the folder itself, or where it would be made."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
