"""Who may do what in this room. Pure; every refusal is a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from passport.kernel.permissions import Permission
from passport.learning.errors import NotLearning, NotYourLearner, TooMuch

if TYPE_CHECKING:
    from uuid import UUID

    from passport.kernel.actor import Actor

MOST_EVENTS: Final = 500
"""The most events that one request may bring; a device with more sends several requests."""
MOST_BYTES: Final = 1024 * 1024
STUCK_AFTER: Final = 2
"""Failed attempts after which a learner counts as stuck."""


def check_learns(by: Actor) -> UUID:
    """Return whose record `by` writes and reads as a learner: only ever their own."""
    if by.person is None:
        raise NotLearning("Sign in to learn.")
    return by.person


def check_amount(events: int) -> None:
    if events > MOST_EVENTS:
        raise TooMuch("A device can send %(most)s things at a time.", most=MOST_EVENTS)


def check_sees_class(by: Actor, site: UUID | None) -> None:
    """Raise `NotYourLearner` unless `by` runs classes at this site."""
    if site is None or not by.may(Permission.SEE_CLASS, site=site):
        raise NotYourLearner("This class belongs to another site.")


def check_assigns(by: Actor, site: UUID | None) -> UUID:
    """Return the site; raise `NotYourLearner` unless `by` gives courses to its people."""
    if site is None or not by.may(Permission.ASSIGN_COURSES, site=site):
        raise NotYourLearner("This class belongs to another site.")
    return site
