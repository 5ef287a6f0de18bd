"""A sync with nothing new, of a hub with 2,000 people: what it costs to find that out.

    python -m bench.nothing_new [--people 2000]

Counted are round trips, the bytes of both files, and the CPU seconds of making, sealing, opening and
taking on both sides together, in one process. The first sync with nothing new is told beside the
hundredth: a sync leaves nothing behind that makes the next one dearer.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.ground import Figure, arguments, show
from bench.parcels import settings, two_nodes

ROUND_TRIPS = 1
BYTES = 100_000
CPU_SECONDS = 0.2
SYNCS = 100


def main() -> int:
    """Register people, sync until both sides know everything, then sync a hundred times more."""
    asked = arguments(__doc__)
    asked.add_argument("--people", type=int, default=2_000)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-nothing-new-") as name:
        settings(Path(name))
        from passport.people import actions as people
        from passport.sync import actions as sync
        from tests.simulation.nodes import MACHINE, meet

        country, hub, site, group = two_nodes(Path(name), None)
        with hub:
            for start in range(0, given.people, 100):
                number = min(100, given.people - start)
                lines = "\n".join(f"Given{start + at} Family{start + at}" for at in range(number))
                people.register_learners(
                    by=MACHINE, site=site, group=group, text=lines, dry_run=False
                )
        meet(hub, country)
        sent: list[int] = []

        def post(address: str, content: bytes) -> bytes:
            del address
            with country:
                reply = sync.answer(by=MACHINE, content=content)[1]
            sent.append(len(content) + len(reply))
            return reply

        sync.post = post  # type: ignore[attr-defined] # the wire itself costs no CPU of ours
        first = _synced(hub, sync, MACHINE, sent)
        for _ in range(SYNCS - 2):
            _synced(hub, sync, MACHINE, sent)
        last = _synced(hub, sync, MACHINE, sent)
    figures = [
        Figure("round trips", first[0], "", ROUND_TRIPS),
        Figure("bytes, both ways", first[1], "", BYTES),
        Figure("CPU seconds, both sides", first[2], "s", CPU_SECONDS),
        Figure(f"CPU seconds of the {SYNCS}th", last[2], "s", CPU_SECONDS),
    ]
    return show(figures, as_json=given.json)


def _synced(hub: Any, sync: Any, by: Any, sent: list[int]) -> tuple[int, int, float]:
    sent.clear()
    began = time.process_time()
    with hub:
        sync.exchange(by=by)
    return len(sent), sum(sent), time.process_time() - began


if __name__ == "__main__":
    sys.exit(main())
