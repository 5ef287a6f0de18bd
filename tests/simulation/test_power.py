"""The power goes at any moment: nothing acknowledged is missing, and everything that is there is whole.

`tests/simulation/power/__init__.py` says how this is known.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.simulation.power.checking import (
    LOST,
    Backups,
    Beginnings,
    Looking,
    finish_exchange,
    the_same_tables,
    the_stick_again,
)
from tests.simulation.power.cutting import Look, Outcome, Part, cut, end_of, never_flushed, parts
from tests.simulation.power.recording import Recording, Said, Sync, SyncNames, run_recorded
from tests.simulation.power.workloads import FAULTY, WORKLOADS, Workload

POINTS = 2_000
DEEP_POINTS = 20_000
DEEP_RECORDINGS = 4
"""The threads meet in another order each time."""
FAULTY_POINTS = 50
FORGETFUL_POINTS = 15


class Recorded:
    """The workloads, once, with their recordings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        root = folder.resolve() / "nodes"
        command = ["tests.simulation.power.workloads", str(root)]
        self.recordings: list[Recording] = run_recorded(root, command)
        self.parts: dict[str, Part] = parts(self.recordings)

    def cut(self, workload: Workload, points: int, *, seed: int) -> Outcome:
        """Cut the power at so many points of a workload."""
        part = self.parts[workload.name]
        return cut(part, points, self._look(part), seed)

    def _look(self, part: Part) -> Look:
        """Choose how the nodes that a workload leaves are looked at."""
        promised = [each.what for each in (*part.before, *part.changes) if isinstance(each, Said)]
        again = partial(the_stick_again, promised=promised)
        looks: dict[str, Callable[[], Look]] = {
            "first start": lambda: Beginnings("set_up"),
            "upgrade": lambda: Beginnings("upgraded"),
            "parcel": lambda: Looking(again([self.folder / "up"])),
            "course flip": lambda: Looking(again([self.folder / "down 0", self.folder / "down 1"])),
            "rebuild": lambda: Looking(the_same_tables()),
            "backup": lambda: Backups(self.folder / "nodes" / "hub" / "keys"),
            "restore": lambda: Looking(before=finish_exchange),
        }
        return looks.get(part.name, Looking)()


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return Recorded(tmp_path_factory.mktemp("power"))


def test_the_record_misses_nothing(recorded: Recorded) -> None:
    for recording in recorded.recordings:
        real = {
            str(path.relative_to(recording.folder)): None if path.is_dir() else path.read_bytes()
            for path in recording.folder.rglob("*")
            if path.name != "said"
        }
        assert end_of(recording) == real, f"{recording.folder.name} was changed behind our back"


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_power_cuts_lose_nothing_and_leave_nothing_half_done(
    recorded: Recorded, workload: Workload
) -> None:
    outcome = recorded.cut(workload, POINTS * workload.percent // 100, seed=1)
    assert outcome.failed == 0, outcome.troubles.most_common(5)


@pytest.mark.parametrize("workload", FAULTY, ids=lambda workload: workload.name)
def test_a_hub_that_acknowledges_too_early_is_found_out(
    recorded: Recorded, workload: Workload
) -> None:
    outcome = recorded.cut(workload, FAULTY_POINTS, seed=1)
    assert outcome.failed > FAULTY_POINTS // 4
    assert all(LOST in trouble for trouble in outcome.troubles), (
        "it is found out for this and nothing else"
    )


@pytest.mark.parametrize("forgotten", [Sync, SyncNames], ids=["of files", "of folders"])
@pytest.mark.parametrize("name", ["first start", "course flip"])
def test_a_flush_that_is_forgotten_is_found_out(
    recorded: Recorded, name: str, forgotten: type[Sync | SyncNames]
) -> None:
    part = never_flushed(recorded.parts[name], forgotten)
    look = Beginnings("set_up") if name == "first start" else Looking()
    assert cut(part, FORGETFUL_POINTS, look, seed=1, at_the_end=True).failed


@pytest.mark.deep
def test_power_cuts_at_twenty_thousand_points(tmp_path: Path) -> None:
    for number in range(DEEP_RECORDINGS):
        recorded = Recorded(tmp_path / str(number))
        for workload in WORKLOADS:
            points = DEEP_POINTS // DEEP_RECORDINGS * workload.percent // 100
            outcome = recorded.cut(workload, points, seed=number)
            print(f"{workload.name}: {outcome.points} points, {outcome.failed} failed")  # noqa: T201
            assert outcome.failed == 0, outcome.troubles.most_common(5)
