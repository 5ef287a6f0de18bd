"""A learner's answer while a parcel of 1,000,000 answers is made, and taken, on the same node.

    python -m bench.while_travelling [--learners 400] [--answers 2500] [--rate 20]

A hub and its country, each served as it is (`passport serve`) and each with forty learners who answer at
a steady rate, counted from the moment at which an answer was due. Meanwhile `passport parcel make`
runs at the hub, then `passport parcel take` at the country, each as a courier starts it. The same
learners on the same server with nothing going on are the peer. Load, server and courier share two cores.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from bench import ground, load
from bench.ground import ROOT, Figure, Learner, Pupil, School, arguments, show
from bench.parcels import learnt, settings, two_nodes

if TYPE_CHECKING:
    from tests.simulation.nodes import Node

P99_MS = 300
"""Kolibri 0.19.5 here, while a sync was prepared: up to 59 seconds."""
WHO_ANSWER = 40
SLICE_SECONDS = 3


def pupils(node: Node, site: UUID, group: UUID) -> list[Pupil]:
    """Register those who will answer."""
    from passport.people import actions as people
    from tests.simulation.nodes import MACHINE

    made = []
    with node:
        for number in range(WHO_ANSWER):
            one = people.register_learner(by=MACHINE, site=site, group=group, given=f"P {number}")
            made.append(Pupil(one.person, group, one.card.replace(" ", ""), list(one.picture_code)))
    return made


def write_settings(node: Node, role: str) -> None:
    """Let the commands find in the folder what the bench made of it."""
    (node.folder / "passport.toml").write_text(f'role = "{role}"\nname = "{node.name}"\n')


def answering(
    node: Node, at: School, rate: float, command: list[str]
) -> tuple[list[float], list[float], float]:
    """Answer in quiet, then while a command runs; the latencies of both, and the command's seconds."""
    server = ground.start(node.folder, page="/language")  # the one class is shown at once
    try:
        turn = itertools.cycle(ground.let_in(at, server.port))
        answer(turn, server.port, rate, SLICE_SECONDS)  # the first answers open connections
        quiet = answer(turn, server.port, rate, 10)
        courier = subprocess.Popen(
            [sys.executable, "-m", "passport", "--home", str(node.folder), "parcel", *command],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        busy: list[float] = []
        slices = 0
        while courier.poll() is None:
            busy += answer(turn, server.port, rate, SLICE_SECONDS)
            slices += 1
        if courier.returncode:
            sys.exit(f"The command failed: {courier.communicate()[0]}")
    finally:
        server.stop()
    return quiet, busy, slices * SLICE_SECONDS


def answer(turn: itertools.cycle[Learner], port: int, rate: float, seconds: float) -> list[float]:
    """Send answers at a rate; every one must be acknowledged. Returns the latencies."""
    result = load.paced(
        "127.0.0.1",
        port,
        WHO_ANSWER,
        seconds=seconds,
        make=lambda: (next(turn).request(), None),
        rate=rate,
    )
    if result.failures:
        sys.exit(f"Requests failed; the first: {result.first_failure[-400:]!r}")
    return result.latencies


def main() -> int:
    """Make it at the one, take it at the other."""
    asked = arguments(__doc__)
    asked.add_argument("--learners", type=int, default=400)
    asked.add_argument("--answers", type=int, default=2500)
    asked.add_argument("--rate", type=float, default=20, help="answers a second, of all together")
    given = asked.parse_args()
    os.environ.pop("DATABASE_URL", None)
    with tempfile.TemporaryDirectory(prefix="bench-travelling-") as name:
        folder = Path(name)
        settings(folder)
        country, hub, site, group = two_nodes(folder, None)
        at = learnt(hub, country, folder, site, group, given.learners, given.answers)
        schools = {}
        for node, role in ((hub, "hub"), (country, "country")):
            schools[role] = replace(at, pupils=pupils(node, site, group))
            write_settings(node, role)
            node.close()
        stick = folder / "stick"
        stick.mkdir()
        made = answering(hub, schools["hub"], given.rate, ["make", str(stick)])
        size = sum(path.stat().st_size for path in stick.rglob("*") if path.is_file())
        taken = answering(country, schools["country"], given.rate, ["take", str(stick)])
    figures = [
        Figure("answers in the parcel", given.learners * given.answers),
        Figure("bytes of the parcel", size),
    ]
    for word, (quiet, busy, seconds) in (("made", made), ("taken", taken)):
        figures += [
            Figure(f"while it is {word}: p99", 1000 * ground.share_of(busy, 0.99), "ms", P99_MS),
            Figure(f"while it is {word}: p50", 1000 * ground.share_of(busy, 0.5), "ms"),
            Figure(f"while it is {word}: the longest", 1000 * max(busy), "ms"),
            Figure(f"while it is {word}: answers acknowledged", len(busy)),
            Figure(f"while it is {word}: it took about", seconds, "s"),
            Figure("nothing going on: p99", 1000 * ground.share_of(quiet, 0.99), "ms"),
        ]
    return show(figures, as_json=given.json)


if __name__ == "__main__":
    sys.exit(main())
