"""Whether the doors are closed to people, asked by every request."""

from __future__ import annotations

from django.conf import settings

from passport.node.models import Identity

_serving: set[object] = set()
"""The nodes of this process that serve. Only a restore closes the doors, and no server outlives one."""


def awaits_erasures() -> bool:
    """Tell whether this node was restored and erasures since the backup are still to be replayed."""
    if settings.KEY_FILE in _serving:
        return False
    waiting = Identity.objects.filter(awaits_erasures=True).exists()
    if not waiting:
        _serving.add(settings.KEY_FILE)
    return waiting


def forget() -> None:
    """Ask the database again."""
    _serving.clear()
