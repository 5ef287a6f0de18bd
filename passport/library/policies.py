"""What is allowed in the library. Pure: no database."""

from __future__ import annotations

from passport.kernel.actor import Actor
from passport.kernel.errors import NotAllowed, NotFound
from passport.kernel.permissions import Permission
from passport.kernel.role import Role
from passport.library.models import Audience


def check_may_publish(by: Actor, role: Role) -> None:
    """Only a country publishes, and there only who has been given that (R007)."""
    if not role.may_publish:
        raise NotAllowed("Courses are published by the country, not on this node.")
    if not by.may(Permission.PUBLISH_COURSES):
        raise NotAllowed("You may not publish courses.")


def hidden_from(by: Actor) -> Audience | None:
    """The audience whose courses this actor does not see; None: they see all."""
    return None if by.may_somewhere(Permission.SEE_STAFF_COURSES) else Audience.FACILITATOR


def check_may_see(by: Actor, audience: str) -> None:
    """A learner is not told that a facilitators' course exists."""
    if audience == hidden_from(by):
        raise NotFound("There is no such course here.")
