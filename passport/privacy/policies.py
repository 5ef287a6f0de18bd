"""Who may have somebody forgotten."""

from __future__ import annotations

from passport.kernel.actor import Actor
from passport.kernel.errors import NotAllowed
from passport.kernel.permissions import Permission
from passport.kernel.role import Role


def check_may_erase(by: Actor, role: Role) -> None:
    """Raise `NotAllowed` unless this node speaks for the country and this person may do it."""
    if not role.may_publish:
        raise NotAllowed("Only the country erases; a hub follows with the next parcel.")
    if not by.may(Permission.ERASE_PEOPLE):
        raise NotAllowed("You may not erase people.")
