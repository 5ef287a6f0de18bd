"""Opening the doors of a restored node: not before it knows again who was erased since its backup.

A hub hears it from the country. A country whose own ledger was lost with its disk asks its hubs: each
keeps the tombstones it followed, signed by the country, so that any hub may bring any of them back.
"""

from __future__ import annotations

from passport.fleet import queries as fleet
from passport.kernel.actor import Actor
from passport.kernel.errors import Damaged
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.models import Peer
from passport.privacy import facts as erasures
from passport.sync.engine.applying import Tally
from passport.sync.engine.wire import Manifest, Opened
from passport.sync.policies import Fate


def say_erased(peer: Peer, manifest: Manifest) -> None:
    """Ask for the erasures that may lack here; tell those that the peer asked for."""
    manifest.asks_erased = _asks()
    if peer.asks_erased:
        manifest.erased = erasures.buried()


@node.writes
def hear_erased(peer: Peer, manifest: Manifest) -> None:
    """Follow the erasures that a hub remembers, before anything else it brings; remember what it asks.

    Only the answer to what this incarnation asked counts as one: an older one may lack the latest.
    """
    if manifest.file != 1:
        return
    peer.asks_erased = peer.is_country and manifest.asks_erased
    if manifest.erased is not None and node_queries.role().may_publish:
        try:
            erasures.bury_again(manifest.erased)
        except Damaged:
            return
        if node_queries.introduction().incarnation in manifest.heard:
            peer.told_erased = True
    peer.save(update_fields=["asks_erased", "told_erased"])


def serve_again(opened: Opened, tally: Tally, peer: Peer) -> None:
    """Open the doors where all has been said."""
    said_all = _country_said_all(opened, tally) if peer.is_country else _hubs_said_all()
    if said_all:
        node.serve_again(by=Actor.machine(), erased=erasures.buried())


def _asks() -> bool:
    return node_queries.role().may_publish and node_queries.awaits_erasures()


def _hubs_said_all() -> bool:
    return _asks() and not fleet.untold_erasures()


def _country_said_all(opened: Opened, tally: Tally) -> bool:
    """Tell whether the country, which knows that this node was restored, has said all.

    Every tombstone goes before anything else, and the file that names our new incarnation was made
    by a country that counts nothing as known here that the backup didn't hold.
    """
    manifest = opened.manifest
    knows_us = node_queries.introduction().incarnation in manifest.heard
    is_all = opened.whole and manifest.file == 1 and not tally.had(Fate.DAMAGED)
    return knows_us and is_all and not tally.had(Fate.PARKED)
