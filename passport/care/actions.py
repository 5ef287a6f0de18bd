"""The care of a node's disk. Only for the machine itself: each may be typed at its keyboard."""

from __future__ import annotations

from pathlib import Path

from passport.care.engine import aside, examining, exchange, restoring, saving
from passport.care.engine.erasures import replay_erasures
from passport.care.engine.examining import Finding
from passport.care.engine.restoring import Restored
from passport.care.engine.saving import Saved
from passport.care.engine.tell import Tell, nobody
from passport.kernel.actor import Actor
from passport.kernel.errors import NotAllowed
from passport.node import actions as node

__all__ = [
    "Finding",
    "Restored",
    "Saved",
    "Tell",
    "back_up",
    "examine",
    "finish_exchange",
    "replay_erasures",
    "restore",
    "tidy",
]


def examine(
    *, by: Actor, mend: bool = False, fully: bool = False, telling: Tell = nobody
) -> list[Finding]:
    """Look whether this node is sound, and mend what can be.

    `fully` reads every entry of the journal instead of the last ones; mending always does. A mending
    needs the server to be stopped: raises `StopFirst`.
    """
    _only_here(by)
    return examining.examine(mend=mend, fully=fully or mend, telling=telling)


def back_up(
    *,
    by: Actor,
    into: Path,
    keys_into: Path | None = None,
    with_content: bool = True,
    telling: Tell = nobody,
) -> Saved:
    """Write a backup of the running node into a folder. Raises `NoRoom`; then nothing is left of it."""
    _only_here(by)
    return saving.save(
        into, keys_into=keys_into or into, with_content=with_content, telling=telling
    )


def restore(
    *,
    by: Actor,
    folder: Path,
    keys_from: Path | None = None,
    replace: bool = False,
    knows_all_erasures: bool = False,
    telling: Tell = nobody,
) -> Restored:
    """Make this folder's node what it was at the newest backup; it goes on as a new incarnation.

    Raises what `restoring.restore` names; then nothing was changed.
    """
    _only_here(by)
    return restoring.restore(
        folder,
        replace=replace,
        knows_all_erasures=knows_all_erasures,
        keys_from=keys_from or folder,
        telling=telling,
    )


def tidy(*, by: Actor) -> bool:
    """Keep the reserve for a full disk, and destroy old copies; tells whether the reserve is here."""
    _only_here(by)
    aside.tidy()
    exchange.tidy()
    return node.keep_reserve()


def finish_exchange() -> None:
    """Finish what a power cut interrupted while a new database took the old one's place."""
    exchange.finish()


def _only_here(by: Actor) -> None:
    if not by.is_machine:
        raise NotAllowed("Only a command typed on the machine itself may do this.")
