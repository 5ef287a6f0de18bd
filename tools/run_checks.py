"""Runs what stands between a change and main, as one list; every step runs.

Usage: python -m tools.run_checks all | static | quick
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from tests.support.postgres import PostgresUnavailableError, running_postgres

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
WIDTH = 80

# Folders of ours that hold Python; those that are not there yet are passed over.
PYTHON_FOLDERS = ("passport", "tests", "tools", "bench", "demo")
AT_ONCE = 3  # suites on two cores: each of them also waits, for a disk, a browser, another process
JOURNEYS = "tests/journeys"
SIMULATION = "tests/simulation"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One line of the list: what it is called, and the command of our environment that does it."""

    name: str
    command: tuple[str, ...]
    needs: str = "pyproject.toml"  # files: without any there is nothing to check yet
    database: str = ""  # "postgresql": with one running, in DATABASE_URL
    is_suite: bool = False  # counts its own tests
    beside: bool = False  # runs at the same time as the step before it


@dataclass(frozen=True, kw_only=True)
class Result:
    """How a step went; `counts` in pytest's words: passed, failed, skipped, error."""

    step: Step
    output: str
    seconds: float
    counts: Counter[str]

    @property
    def failed(self) -> bool:
        return bool(self.counts["failed"] or self.counts["error"])


STATIC = (
    Step(name="Style", command=("ruff", "check", "--quiet", ".")),
    Step(name="Format", command=("ruff", "format", "--check", "--quiet", ".")),
    Step(name="Types", command=("mypy", *(f for f in PYTHON_FOLDERS if (ROOT / f).is_dir()))),
    Step(name="Floors of the house", command=("lint-imports", "--no-logo")),
    Step(
        name="Types of the browser parts",
        command=("python", "-m", "tools.check_browser_types"),
        needs="passport/web/js/**/*.js",
    ),
)
SUITE_ON_SQLITE = Step(
    name="Suite on SQLite",
    command=("python", "-m", "pytest", "--quiet", f"--ignore={JOURNEYS}", f"--ignore={SIMULATION}"),
    needs="tests/**/test_*.py",
    is_suite=True,
)
SUITE_ON_POSTGRESQL = Step(
    name="Suite on PostgreSQL",
    command=SUITE_ON_SQLITE.command,
    needs=SUITE_ON_SQLITE.needs,
    database="postgresql",
    is_suite=True,
    beside=True,
)
SIMULATIONS = Step(
    name="Simulations",
    command=("python", "-m", "pytest", "--quiet", SIMULATION),
    needs=f"{SIMULATION}/test_*.py",
    is_suite=True,
    beside=True,
)
BROWSER_JOURNEYS = Step(
    name="Browser journeys",
    command=("python", "-m", "pytest", "--quiet", JOURNEYS),
    needs=f"{JOURNEYS}/test_*.py",
    is_suite=True,
    beside=True,
)

LISTS = {
    # The longest first, so that the last of them doesn't end alone.
    "all": (*STATIC, SUITE_ON_SQLITE, BROWSER_JOURNEYS, SIMULATIONS, SUITE_ON_POSTGRESQL),
    "static": STATIC,
    "quick": (SUITE_ON_SQLITE, SIMULATIONS),
}


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, _leave)
    if len(arguments) != 1 or arguments[0] not in LISTS:
        print(__doc__, file=sys.stderr)
        return 2
    started = time.monotonic()
    steps = [step for step in LISTS[arguments[0]] if any(ROOT.glob(step.needs))]
    results = [result for group in _groups(steps) for result in _run_and_say(group)]
    for result in results:
        _say_what_failed(result)
    _say_summary(results, time.monotonic() - started)
    return 1 if any(result.failed for result in results) else 0


def _groups(steps: list[Step]) -> list[list[Step]]:
    """Put together what runs at the same time."""
    groups: list[list[Step]] = []
    for step in steps:
        if step.beside and groups:
            groups[-1].append(step)
        else:
            groups.append([step])
    return groups


def _run_and_say(group: list[Step]) -> list[Result]:
    """Run steps side by side; each has its say when it is done."""
    results = []
    with ThreadPoolExecutor(min(len(group), AT_ONCE)) as side_by_side:
        for running in as_completed(side_by_side.submit(_run, step) for step in group):
            result = running.result()
            mark = "FAILED" if result.failed else "ok"
            tests = _words(result.counts) if result.step.is_suite else ""
            said = f"  {result.step.name:<32}{mark:<8}{result.seconds:7.1f} s   {tests}"
            print(said.rstrip(), flush=True)
            results.append(result)
    return results


def _run(step: Step) -> Result:
    started = time.monotonic()
    try:
        with _database(step) as environment:
            done = subprocess.run(
                [PROGRAMS / step.command[0], *step.command[1:]],
                check=False,
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        output, code = done.stdout, done.returncode
    except PostgresUnavailableError as error:
        output, code = str(error), 2
    return Result(
        step=step,
        output=output,
        seconds=time.monotonic() - started,
        counts=_counts(step, output, code),
    )


@contextmanager
def _database(step: Step) -> Iterator[dict[str, str]]:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    if step.database == "postgresql":
        with running_postgres() as url:
            yield {**environment, "DATABASE_URL": url}
    else:
        yield environment


def _counts(step: Step, output: str, code: int) -> Counter[str]:
    """What a step adds to the last line: a suite its tests, any other step itself."""
    counts: Counter[str] = Counter()
    if step.is_suite:
        last_line = output.rstrip().rpartition("\n")[2]
        for number, word in re.findall(r"(\d+) (passed|failed|errors?|skipped|xfailed)", last_line):
            counts[word.removesuffix("s")] += int(number)
        if code and not (counts["failed"] or counts["error"]):
            counts["error"] += 1  # it did not come as far as counting
    else:
        counts["failed" if code else "passed"] += 1
    return counts


def _say_what_failed(result: Result) -> None:
    if result.failed:
        print(f"\n{f' {result.step.name} ':_^{WIDTH}}\n")
        print(result.output.strip())


def _say_summary(results: list[Result], seconds: float) -> None:
    counts: Counter[str] = Counter()
    for result in results:
        counts.update(result.counts)
    print(f"\n{f' {_words(counts)} in {seconds:.2f}s ':=^{WIDTH}}")


def _words(counts: Counter[str]) -> str:
    order = ("failed", "passed", "skipped", "xfailed", "error")
    said = [f"{counts[word]} {word}" for word in order if counts[word]]
    return ", ".join(said) or "nothing ran"


def _leave(signal_number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signal_number)  # as an exception, so that a server is stopped on the way out


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
