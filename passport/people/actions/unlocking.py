"""Opening a node that started locked."""

from __future__ import annotations

from passport.kernel.actor import Actor
from passport.kernel.errors import NotAllowed
from passport.node import actions as node
from passport.people.engine import locking
from passport.people.engine.signing_in import brake
from passport.people.errors import WrongSignIn


def unlock(*, secret: str, client: str = "") -> None:
    """Give this process the node's secrets, by the password of somebody who works here or the code.

    Raises `WrongSignIn`, `TooSoon`. Wrong attempts wait by `client`.
    """
    brake.attempt(("unlock", client))
    locking.drop_stale()
    if not node.unlock(secret=secret):
        raise WrongSignIn("This doesn't unlock this place.")
    brake.right(("unlock", client))
    locking.drop_stale()


def drop_stale_locks(*, by: Actor) -> int:
    """Let nobody unlock this node whose role has ended or whose password has changed since."""
    if not by.is_machine:
        raise NotAllowed("You may not do this here.")
    return locking.drop_stale()
