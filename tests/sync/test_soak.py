"""Syncing a thousand times leaves the state that syncing once leaves (C1, C2)."""

from __future__ import annotations

import io

from django.apps import apps

from passport.sync import actions as sync
from tests.simulation.nodes import MACHINE, Node, meet
from tests.sync.conftest import Pair

TIMES = 40


def rows(node: Node) -> dict[str, int]:
    with node:
        return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def exchange(pair: Pair) -> int:
    """Do once what a hub's worker does; returns the bytes that went both ways."""
    with pair.hub:
        from passport.sync.queries import peer_named

        file = next(sync.make_parcel(by=MACHINE, peer=peer_named(None), carrier=sync.NETWORK))
    with pair.country:
        _, reply = sync.answer(by=MACHINE, content=file.content)
    with pair.hub:
        sync.take_parcel(by=MACHINE, files=[("", io.BytesIO(reply))], carrier=sync.NETWORK)
    return len(file.content) + len(reply)


def test_syncing_with_nothing_new_adds_no_row_and_grows_no_byte(pair: Pair) -> None:
    pair.learn(1, 2)
    meet(pair.hub, pair.country)
    first = exchange(pair)
    before = rows(pair.hub), rows(pair.country)
    sizes = [exchange(pair) for _ in range(TIMES)]
    assert (rows(pair.hub), rows(pair.country)) == before
    # Random ids and signatures compress by chance a little better or worse, and padding has steps.
    assert max(sizes) <= first * 1.25
