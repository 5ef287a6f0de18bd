"""`passport key renew` and `key retire`: the country gets another key, and gives the former up."""

from __future__ import annotations

import argparse
from typing import Any

from passport.cli.answer import Answer
from passport.cli.unlocking import unlock_here
from passport.kernel.actor import Actor
from passport.node import actions, queries


def add(key: Any) -> None:
    """Add the two commands to those of `passport key`."""
    what = "give the country another key; hubs follow as they hear of it (stop the server first)"
    key.add_parser("renew", help=what, description=what).set_defaults(run=run_renew)
    what = "give up the keys that the country had before (stop the server first)"
    retire = key.add_parser("retire", help=what, description=what)
    retire.add_argument(
        "--anyway", action="store_true", help="also while hubs know no other; they must join anew"
    )
    retire.set_defaults(run=run_retire)


def run_renew(given: argparse.Namespace) -> Answer:
    """Renew, and say who has yet to hear of it."""
    del given
    unlock_here()
    key = actions.renew_key(by=Actor.machine())
    waiting = [peer.name for peer in queries.unaware_of_renewal()]
    lines = [
        f"The country's key is {key[:16]}… now. Parcels for the former one are still taken.",
        f"{len(waiting)} hubs have yet to hear of it; exchange parcels with each.",
        "Back the key up again (`passport key split`): what was kept of the former one opens nothing new.",
        "When all hubs have answered: `passport key retire`.",
    ]
    return Answer(lines, {"key": key, "waiting": waiting})


def run_retire(given: argparse.Namespace) -> Answer:
    """Retire what there is."""
    unlock_here()
    count = actions.retire_key(by=Actor.machine(), anyway=given.anyway)
    said = "The former key is given up." if count else "There is no former key."
    return Answer([said], {"retired": count})
