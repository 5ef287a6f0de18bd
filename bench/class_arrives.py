"""Forty learners arriving at once: from the sign-in page to the home page, complete, every one of them.

    python -m bench.class_arrives [--learners 40] [--rounds 5] [--way picture|card]

Each has a tablet with an empty cache and a connection of its own; all begin in the same instant: the
sign-in page, the class, the own picture, the three pictures of the code, the home page, and every style
sheet, script and picture that those pages show. The figure is the slowest learner's time, median of some
rounds; beside it, in the same rounds, the time in which the same server gives out as many static files
to as many connections, and the server's CPU.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.ground import Figure, Pupil, Server, Tablet, arguments, school, serving, share_of, show

SECONDS = 1.5


async def with_pictures(tablet: Tablet, pupil: Pupil) -> None:
    """Sign in as a child who can't read does."""
    from passport.web.kit.pictures import CODE_KEYS

    await tablet.get_with_parts("/sign-in")
    await tablet.get_with_parts(f"/sign-in/{pupil.group}")
    own = f"/sign-in/as/{pupil.id}"
    await tablet.get_with_parts(own)
    first, second, third = (CODE_KEYS[place] for place in pupil.pictures)
    home = await tablet.send_form(own, so_far=f"{first},{second}", tap=third, next="/")
    await complete(tablet, home.text)


async def with_card(tablet: Tablet, pupil: Pupil) -> None:
    """Sign in by a card, scanned."""
    home = await tablet.sign_in_with_card(pupil)
    await complete(tablet, home.text)


async def complete(tablet: Tablet, home: str) -> None:
    assert "data-person" in home, home[:600]
    await tablet.get_parts_of(home)


async def arrive(server: Server, pupils: list[Pupil], way: str) -> list[float]:
    """Let everybody in at once; returns each one's seconds."""

    async def one(pupil: Pupil) -> float:
        tablet = Tablet(server.port)
        began = time.perf_counter()
        await (with_pictures if way == "picture" else with_card)(tablet, pupil)
        spent = time.perf_counter() - began
        tablet.close()
        return spent

    return await asyncio.gather(*map(one, pupils))


async def static_only(server: Server, learners: int, requests: int) -> float:
    """The peer: as many requests for one style sheet, on as many connections; returns seconds."""
    tablets = [Tablet(server.port) for _ in range(learners)]
    sheet = (
        (await tablets[0].get("/sign-in"))
        .text.partition('rel="stylesheet" href="')[2]
        .partition('"')[0]
    )

    async def one(tablet: Tablet) -> None:
        for _ in range(requests):
            await tablet.get(sheet)
        tablet.close()

    began = time.perf_counter()
    await asyncio.gather(*map(one, tablets))
    return time.perf_counter() - began


def main() -> int:
    """Let a class in some times over."""
    asked = arguments(__doc__)
    asked.add_argument("--learners", type=int, default=40)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--way", choices=["picture", "card"], default="picture")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-class-") as folder:
        at = school(Path(folder) / "hub", pupils=given.learners)
        worst, middle, cpu, peers = [], [], [], []
        with serving(at) as server:
            for _ in range(given.rounds + 1):
                before = server.cpu()
                times = asyncio.run(arrive(server, at.pupils, given.way))
                cpu.append(server.cpu() - before)
                worst.append(max(times))
                middle.append(share_of(times, 0.5))
                peers.append(asyncio.run(static_only(server, given.learners, 20)))
    # The first round fills the server's caches, once in its life.
    figures = [
        Figure(f"the slowest of {given.learners}", statistics.median(worst[1:]), "s", SECONDS),
        Figure("the one in the middle", statistics.median(middle[1:]), "s"),
        Figure("the slowest, just after the server's start", worst[0], "s"),
        Figure(
            "the server's CPU a learner", 1000 * statistics.median(cpu[1:]) / given.learners, "ms"
        ),
        Figure("20 style sheets for each, nothing else", statistics.median(peers[1:]), "s"),
        Figure(
            "the slowest / style sheets alone",
            statistics.median(a / b for a, b in zip(worst[1:], peers[1:], strict=True)),
            "times",
        ),
    ]
    return show(figures, as_json=given.json)


if __name__ == "__main__":
    sys.exit(main())
