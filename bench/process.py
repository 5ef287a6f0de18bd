"""A hub's process: memory at rest, cold start to first page, and whether memory grows under load.

    python -m bench.process [--starts 7] [--minutes 0]

Memory is PSS of the whole process tree (what two processes share counts once), a few seconds after a
first visit to every page of a learner. Cold start is from the command to the first whole page, median
of some starts, beside the bare interpreter importing Django alone in the same run. With `--minutes` the
hub then serves learners who answer and turn pages for so long; growth is counted from the end of the
first fifth, when caches are filled.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.ground import Figure, School, Server, Tablet, answers, arguments, school, show, start

AT_REST_MB = 100
COLD_START_SECONDS = 1.2
GROWTH_MB = 10
LEARNERS = 40


async def visit(at: School, port: int, pupil: int) -> Tablet:
    """See what a learner sees on a first day."""
    tablet = Tablet(port)
    one = at.pupils[pupil]
    await tablet.get_with_parts("/sign-in")
    await tablet.get_with_parts(f"/sign-in/{one.group}")
    await tablet.sign_in_with_card(one)
    for path in (
        "/",
        "/courses",
        f"/courses/{at.course}",
        f"/lessons/{at.articles[0]}",
        f"/lessons/{at.quizzes[0]}",
        "/learnt",
    ):
        await tablet.get_with_parts(path)
    return tablet


async def learn(at: School, port: int, pupil: int, until: float) -> int:
    """Answer and turn pages, about as fast as a class of 200 would."""
    tablet = await visit(at, port, pupil)
    events, requests = answers(at), 0
    while time.monotonic() < until:
        for _ in range(5):
            sent = await tablet.send_events([next(events)])
            assert sent.status == 200, sent.text
        await tablet.get("/")
        await tablet.get(f"/courses/{at.course}")
        requests += 7
        await asyncio.sleep(0.2)
    return requests


async def soak(at: School, server: Server, minutes: float) -> list[float]:
    """Keep a class learning; returns the memory every few seconds."""
    end = time.monotonic() + minutes * 60
    tasks = [asyncio.create_task(learn(at, server.port, number, end)) for number in range(LEARNERS)]
    seen = []
    while time.monotonic() < end:
        await asyncio.sleep(2)
        seen.append(server.megabytes())
    done = sum(await asyncio.gather(*tasks))
    print(f"{done:,} requests in {minutes:g} minutes", file=sys.stderr)
    return seen


def bare_start() -> float:
    """The peer: an interpreter that imports Django and granian and ends."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", "import granian, django.core.wsgi, django.db.models"], check=True
    )
    return time.perf_counter() - began


def main() -> int:
    """Start, look, load, look again."""
    asked = arguments(__doc__)
    asked.add_argument("--starts", type=int, default=7)
    asked.add_argument("--minutes", type=float, default=0)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-process-") as folder:
        at = school(Path(folder) / "hub", pupils=LEARNERS)
        starts, cpus, bare = [], [], []
        for _ in range(given.starts):
            bare.append(bare_start())
            server = start(at.home)
            starts.append(server.cold_start)
            cpus.append(server.cpu())
            server.stop()
        server = start(at.home)
        try:
            asyncio.run(visit(at, server.port, 0))
            time.sleep(3)
            at_rest = server.megabytes()
            grown = asyncio.run(soak(at, server, given.minutes)) if given.minutes else []
        finally:
            server.stop()
    cold, peer = statistics.median(starts), statistics.median(bare)
    figures = [
        Figure("hub at rest", at_rest, "MB", AT_REST_MB),
        Figure("cold start to first page", cold, "s", COLD_START_SECONDS),
        Figure("cold start, CPU", statistics.median(cpus), "s"),
        Figure("importing Django and granian alone", peer, "s"),
        Figure("cold start / importing alone", cold / peer, "times"),
    ]
    if grown:
        warm = statistics.median(grown[len(grown) // 5 : 2 * len(grown) // 5])
        last = statistics.median(grown[-len(grown) // 5 :])
        figures += [
            Figure(f"memory, second fifth of {given.minutes:g} minutes of load", warm, "MB"),
            Figure("memory, last fifth", last, "MB"),
            Figure("growth", last - warm, "MB", GROWTH_MB),
        ]
    return show(figures, as_json=given.json)


if __name__ == "__main__":
    sys.exit(main())
