"""Who may admit hubs, and what about a hub's clock is worth a note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from passport.fleet.engine.timeline import Evidence, Source
from passport.kernel.actor import Actor
from passport.kernel.clock import NEAR_MS
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


_BETTER: Final = (Source.START, Source.LEAP, Source.PARCEL, Source.DEVICES, Source.COUNTRY)
"""What tells more of a clock comes later."""
DEVICES_MS: Final = 24 * 3_600_000
"""Visitors come and go, and their clocks differ: asked again a day later."""


def worth_noting(known: Sequence[Evidence], new: Evidence) -> bool:
    """Tell whether something says more of a clock than what was noted since it was started.

    A thousand exchanges with the country therefore leave one note.
    """
    if not known:
        return True
    ranks = [_BETTER.index(each.source) for each in known]
    if (rank := _BETTER.index(new.source)) != max(ranks):
        return rank > max(ranks)
    same = [each for each in known if each.source is new.source]
    latest = max(same, key=lambda each: each.node)
    if new.source is Source.PARCEL:  # "no earlier than": only what is later says more
        return all(new.offset > each.offset + NEAR_MS for each in same)
    if new.source is Source.DEVICES and new.node - latest.node < DEVICES_MS:
        return False
    return abs(new.offset - latest.offset) > NEAR_MS + new.trip
