"""Who was erased stays erased, also after a restore."""

from __future__ import annotations

from passport.kernel.actor import Actor
from passport.node import actions as node
from passport.node import queries
from passport.privacy import facts as privacy


def replay_erasures() -> None:
    """Erase again whom the ledger names, then open the doors."""
    privacy.bury_again(queries.erasures_remembered())
    node.serve_again(by=Actor.machine(), erased=privacy.buried())
