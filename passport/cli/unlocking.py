"""A command on a node that starts locked asks for a password, or takes it from `PASSPORT_UNLOCK`."""

from __future__ import annotations

import getpass
import os
import sys

VARIABLE = "PASSPORT_UNLOCK"


def unlock_here() -> None:
    """Give this command the node's secrets. Raises `Locked` where there is nobody to ask.

    The rooms are imported here, since `init` and `serve` do without them. Where there is no key file,
    whatever needs it says so.
    """
    from passport.node.errors import KeyMissing
    from passport.node.queries import is_locked
    from passport.people import actions as people

    try:
        if not is_locked():
            return
    except KeyMissing:
        return
    people.unlock(secret=_asked(), client="terminal")


def _asked() -> str:
    given = os.environ.get(VARIABLE)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        from passport.node.errors import Locked

        raise Locked("This node is locked. Set PASSPORT_UNLOCK to a password that unlocks it.")
    return getpass.getpass("This node is locked. Password, or the printed code: ")
