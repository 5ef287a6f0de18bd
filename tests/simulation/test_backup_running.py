"""A backup of a hub whose learners go on answering: everything acknowledged before it began is in it."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import ground
from tests.simulation.killing import ROOT, SOUND, Killing


def passport(home: Path, *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "passport", "--home", str(home), "--json", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stdout + done.stderr
    return json.loads(done.stdout)


def looked_at(home: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulation.killing", str(home)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


async def back_up_meanwhile(killing: Killing, server: ground.Server, into: Path) -> dict[str, Any]:
    """Let the class answer; back up in the middle. What was acknowledged before is noted."""
    await killing._all_here(server.port)
    chance = random.Random(1)
    learning = [asyncio.create_task(device.learn(chance)) for device in killing.devices]
    await asyncio.sleep(1)
    before = [one for device in killing.devices for one in device.acknowledged]
    log = Path(killing.school.home) / "data" / "passport.sqlite3-wal"
    saved: dict[str, Any] = await asyncio.to_thread(
        passport, Path(killing.school.home), "backup", str(into)
    )
    during = sum(len(device.acknowledged) for device in killing.devices) - len(before)
    await asyncio.sleep(1.5)  # an idle second of the writer, in which it may empty its log
    size = log.stat().st_size
    for task in learning:
        task.cancel()
    await asyncio.gather(*learning, return_exceptions=True)
    for device in killing.devices:
        device.tablet.close()
    await asyncio.sleep(0)
    return {"before": before, "during": during, "log": size, **saved}


def test_everything_acknowledged_before_a_backup_began_is_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A hub is on SQLite, whatever database the suite runs on.
    monkeypatch.delenv("DATABASE_URL", raising=False)
    home, stick, other = tmp_path / "hub", tmp_path / "stick", tmp_path / "other"
    killing = Killing.of(home, seed=7)
    server = ground.start(home)
    try:
        run = asyncio.run(back_up_meanwhile(killing, server, stick))
    finally:
        server.stop()
    assert run["during"] > 0, "nobody waited for the backup"
    assert run["log"] < 8 * 1024**2, "the backup kept the log from being emptied"

    (other / "data").mkdir(parents=True)
    shutil.copy(home / "passport.toml", other)
    shutil.copytree(home / "keys", other / "keys")
    restored = passport(other, "restore", str(stick))

    found = looked_at(other)
    held = found.pop("events")
    assert not set(run["before"]) - set(held)
    assert restored["entries"] == run["entries"]
    assert restored["awaits_erasures"], "this is another folder"
    sound = {name: value for name, value in SOUND.items() if name in found}
    assert {name: found[name] for name in sound} == sound
