"""Who was erased stays erased, also after a restore."""

from __future__ import annotations

from passport.kernel.actor import Actor
from passport.node import actions as node
from passport.node import queries


def replay_erasures() -> bool:
    """Erase again whom the ledger names, then open the doors; tells whether they are open."""
    erased = list(queries.erasures_remembered())
    if erased:
        return False  # until this program knows how to erase, nobody is served beside them
    node.serve_again(by=Actor.machine(), erased=erased)
    return True
