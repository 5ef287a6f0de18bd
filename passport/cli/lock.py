"""`passport lock …`: whether this node starts locked, and who may unlock it."""

from __future__ import annotations

import argparse
from typing import Any

from passport.cli.answer import Answer
from passport.cli.unlocking import unlock_here
from passport.kernel.actor import Actor
from passport.node import actions, queries

KEEP = (
    "Print this code and keep it away from the machine: it unlocks this node whoever works here,",
    "and nobody can show it again.",
)


def add(word: str, commands: Any, about: str) -> None:
    """Add the commands to the parser."""
    lock = commands.add_parser(word, help=about).add_subparsers(
        title="commands", metavar="COMMAND", required=True
    )
    for name, run, what in (
        (
            "on",
            run_on,
            "seal the key file: a stolen disk names nobody, and each start needs a password",
        ),
        ("off", run_off, "write the key file in clear again: the node starts by itself"),
        ("status", run_status, "say whether this node starts locked, and how many can unlock it"),
        ("code", run_code, "make a new printed code; the one before opens nothing any more"),
    ):
        lock.add_parser(name, help=what, description=what).set_defaults(run=run)


def run_on(given: argparse.Namespace) -> Answer:
    """Seal the key file, and show the printed code."""
    del given
    code = actions.lock(by=Actor.machine())
    lines = [
        "This node starts locked from now on.",
        f"The code: {code}",
        *KEEP,
        "Whoever works here can unlock it too, once they have signed in with their password.",
        "What flash storage keeps of the open key file, docs/at-rest.md says plainly.",
    ]
    return Answer(lines, {"locks": True, "code": code})


def run_off(given: argparse.Namespace) -> Answer:
    """Write the secrets in clear again."""
    del given
    unlock_here()
    actions.leave_unlocked(by=Actor.machine())
    return Answer(["This node starts by itself: its key file lies open."], {"locks": False})


def run_status(given: argparse.Namespace) -> Answer:
    """Count who can unlock; their names are not known to a locked node."""
    del given
    slots = queries.lock_slots()
    if slots is None:
        return Answer(["This node starts by itself: its key file lies open."], {"locks": False})
    staff = sum(bool(slot.holder) for slot in slots)
    said = f"This node starts locked. The printed code and {staff} of its staff can unlock it."
    return Answer([said], {"locks": True, "staff": staff})


def run_code(given: argparse.Namespace) -> Answer:
    """Make a new printed code."""
    del given
    unlock_here()
    code = actions.renew_lock_code(by=Actor.machine())
    return Answer([f"The code: {code}", *KEEP], {"code": code})
