"""`python -m tests.simulation.plain`: many histories, or one told step by step."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import batched


def _start_django() -> None:
    """The rules import the tables that they speak of; nothing is read or written."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passport.settings")
    os.environ.setdefault("PASSPORT_HOME", tempfile.gettempdir())
    django.setup()


def _run_many(job: tuple[range, str, int]) -> tuple[int, int, list[tuple[int, str]]]:
    _start_django()
    from tests.simulation.plain.faults import NONE, only
    from tests.simulation.plain.histories import run

    seeds, fault, steps = job
    faults = only(fault) if fault else NONE
    lived, failures = 0, []
    for seed in seeds:
        outcome = run(seed, faults, steps=steps)
        lived += outcome.steps
        if outcome.problem is not None:
            failures.append((seed, outcome.problem))
    return len(seeds), lived, failures


def _jobs(first: int, count: int, fault: str, steps: int) -> Iterator[tuple[range, str, int]]:
    for start in range(first, first + count, 500):
        yield range(start, min(start + 500, first + count)), fault, steps


def _many(options: argparse.Namespace) -> int:
    began = time.monotonic()
    done = lived = 0
    failures: list[tuple[int, str]] = []
    jobs = _jobs(options.seed, options.histories, options.fault, options.steps)
    with ProcessPoolExecutor(options.workers) as pool:
        for some in batched(jobs, options.workers * 4):
            for count, steps, failed in pool.map(_run_many, some):
                done, lived = done + count, lived + steps
                failures += failed
            passed = time.monotonic() - began
            print(
                f"\r{done} histories, {lived} steps, {len(failures)} failing,"
                f" {lived / passed:.0f} steps/s, {done / passed * 60:.0f} histories/min",
                end="",
                file=sys.stderr,
                flush=True,
            )
    passed = time.monotonic() - began
    print(
        f"\nseeds {options.seed}–{options.seed + options.histories - 1}: {done} histories,"
        f" {lived} steps, {len(failures)} failing, {passed:.0f} s, {lived / passed:.0f} steps/s"
    )
    for seed, problem in failures[:20]:
        print(f"  {seed}: {problem}")
    return 1 if failures else 0


def _faults(options: argparse.Namespace) -> int:
    """Tell of every fault how many histories find it, and which does first."""
    from tests.simulation.plain.faults import NAMES

    unfound = 0
    with ProcessPoolExecutor(options.workers) as pool:
        for name in NAMES:
            jobs = _jobs(options.seed, options.histories, name, options.steps)
            failed = [one for _, _, some in pool.map(_run_many, jobs) for one in some]
            first = f"first {min(failed)[0]}: {min(failed)[1]}" if failed else "never"
            print(f"{name:26} {len(failed):6} of {options.histories}, {first[:90]}", flush=True)
            unfound += not failed
    return 1 if unfound else 0


def _one(options: argparse.Namespace) -> int:
    _start_django()
    from tests.simulation.plain.faults import NONE, only
    from tests.simulation.plain.histories import run

    faults = only(options.fault) if options.fault else NONE
    outcome = run(options.seed, faults, steps=options.steps, tells=True)
    for number, sentence in enumerate(outcome.told or (), 1):
        print(f"{number:3} {sentence}")
    print(outcome.problem or "All holds.")
    return 1 if outcome.problem else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.plain", description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--histories", type=int, default=0, help="0: tell the one of --seed")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--fault", default="", help="plant one (faults.py)")
    parser.add_argument("--faults", action="store_true", help="plant each of them in turn")
    options = parser.parse_args()
    if options.faults:
        return _faults(options)
    return _many(options) if options.histories else _one(options)


if __name__ == "__main__":
    sys.exit(main())
