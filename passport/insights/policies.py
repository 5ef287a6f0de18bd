"""Who may see figures."""

from __future__ import annotations

from passport.kernel.actor import Actor
from passport.kernel.errors import NotAllowed
from passport.kernel.permissions import Permission


def check_may_see_figures(by: Actor) -> None:
    """Raise `NotAllowed` unless this person may see the country's figures (R002)."""
    if not by.may(Permission.SEE_FIGURES):
        raise NotAllowed("You may not see the figures of the country.")
