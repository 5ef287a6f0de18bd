"""Forty learners on a hub whose memory card takes 20 ms for every flush.

    python -m bench.slow_storage [--flush-ms 20] [--seconds 5] [--rounds 3]

`passport serve` as it is, twice: each flush (fsync, fdatasync) of the one takes so much longer, by a library
loaded before its own (`tests/simulation/power/recorder.c`); the other's take what they take here. Every
learner sends one answer, waits until it is acknowledged, and sends the next at once. The two take turns,
load and servers share two cores.
"""

from __future__ import annotations

import itertools
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench import ground, load
from bench.ground import ROOT, Figure, Learner, School, Server, arguments, show

P95_MS = 150
ANSWERS_A_SECOND = 500
LEARNERS = 40


@dataclass(slots=True)
class Hub:
    """A served school, and what was measured of it."""

    server: Server
    learners: list[Learner]
    rates: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    def p(self, share: float) -> float:
        """Return a percentile of all latencies, in milliseconds."""
        return 1000 * ground.share_of(self.latencies, share)

    @property
    def cpu_ms(self) -> float:
        """CPU of the server for an answer."""
        return 1000 * self.cpu / len(self.latencies)

    def measure(self, seconds: float) -> None:
        turn = itertools.cycle(self.learners)
        before = self.server.cpu()
        result = load.closed(
            "127.0.0.1",
            self.server.port,
            len(self.learners),
            seconds=seconds,
            make=lambda: (next(turn).request(), None),
        )
        if result.failures:
            sys.exit(f"Requests failed; the first: {result.first_failure[-400:]!r}")
        self.cpu += self.server.cpu() - before
        self.rates.append(result.rate)
        self.latencies += result.latencies


def make_school(home: Path) -> School:
    """Make a school in a process of its own: a process is one node."""
    made = subprocess.run(
        [sys.executable, "-m", "bench.ground", str(home), "--pupils", str(LEARNERS)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return School.from_json(made.stdout.splitlines()[-1])


@contextmanager
def serving(home: Path, flush_ms: int) -> Iterator[Hub]:
    """Serve a school on storage that takes so much longer for each flush, and let everybody in."""
    from tests.simulation.power.recording import recorder

    school = make_school(home)
    slow = {
        "LD_PRELOAD": str(recorder()),
        "POWER_ROOT": str(home),
        "POWER_FLUSH_MS": str(flush_ms),
    }
    server = ground.start(home, environment=slow)

    try:
        yield Hub(server, ground.let_in(school, server.port))
    finally:
        server.stop()


def main() -> int:
    """Measure both in turn."""
    asked = arguments(__doc__)
    asked.add_argument("--flush-ms", type=int, default=20)
    asked.add_argument("--seconds", type=float, default=5, help="how long each slice takes")
    asked.add_argument("--rounds", type=int, default=3)
    given = asked.parse_args()
    os.environ.pop("DATABASE_URL", None)
    with (
        tempfile.TemporaryDirectory(prefix="bench-slow-") as folder,
        serving(Path(folder) / "quick", 0) as quick,
        serving(Path(folder) / "slow", given.flush_ms) as slow,
    ):
        for _ in range(given.rounds):
            quick.measure(given.seconds)
            slow.measure(given.seconds)
    name = f"flush + {given.flush_ms} ms"
    return show(
        [
            Figure(f"{name}: answers acknowledged, p95", slow.p(0.95), "ms", P95_MS),
            Figure(f"{name}: p50", slow.p(0.5), "ms"),
            Figure(f"{name}: p99", slow.p(0.99), "ms"),
            Figure(f"{name}: answers", slow.rate, "a second", ANSWERS_A_SECOND, at_most=False),
            Figure(f"{name}: CPU of the server an answer", slow.cpu_ms, "ms"),
            Figure("this machine's flush: p95", quick.p(0.95), "ms"),
            Figure("this machine's flush: answers", quick.rate, "a second"),
            Figure("this machine's flush: CPU of the server an answer", quick.cpu_ms, "ms"),
            Figure("share of the rate that is left", 100 * slow.rate / quick.rate, "%"),
            Figure("what one commit an answer could do at most", 1000 / given.flush_ms, "a second"),
        ],
        as_json=given.json,
    )


if __name__ == "__main__":
    sys.exit(main())
