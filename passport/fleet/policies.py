"""Who may admit hubs."""

from __future__ import annotations

from passport.kernel.actor import Actor
from passport.kernel.errors import NotAllowed
from passport.kernel.permissions import Permission
from passport.kernel.role import Role


def check_may_admit_hubs(by: Actor, role: Role) -> None:
    """Raise `NotAllowed` unless this node admits hubs and this person may do it."""
    if not role.may_admit_hubs:
        raise NotAllowed("Only the country enrols hubs.")
    if not by.may(Permission.MANAGE_HUBS):
        raise NotAllowed("You may not enrol hubs.")


def check_may_list_hubs(by: Actor) -> None:
    """Raise `NotAllowed` unless this person may see the register."""
    if not by.may(Permission.LIST_HUBS):
        raise NotAllowed("You may not see the hubs.")
