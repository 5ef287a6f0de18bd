"""A node of 100,000 answers backed up, restored, looked at, and saved from a broken file.

    python -m bench.backup [--learners 400] [--answers 250]

Each is the command as people type it, in a process of its own: CPU seconds and the most memory it held
are that process's. The peer of the same run is SQLite's own online backup of the same file, which copies
pages and checks nothing. The drill ends with the restored node looked at in full.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.ground import ROOT, Figure, arguments, show
from bench.parcels import learnt, settings, two_nodes

MEMORY_MB = 300


@dataclass(slots=True)
class Run:
    """A command that was run."""

    said: Any
    seconds: float
    cpu: float
    megabytes: float


def passport(home: Path, *words: str) -> Run:
    """Run a command; exit code 3 is an answer too."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "passport", "--home", str(home), "--json", *words],
        cwd=ROOT,
        env={**os.environ, "PASSPORT_HOME": str(home)},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.stdout.close()
    assert os.waitstatus_to_exitcode(status) in {0, 3}, said.decode()
    return Run(
        json.loads(said),
        time.perf_counter() - began,
        used.ru_utime + used.ru_stime,
        used.ru_maxrss / 1000,
    )


def online_backup(path: Path, to: Path) -> float:
    """The peer: SQLite copies the file."""
    began = time.process_time()
    source, target = sqlite3.connect(path), sqlite3.connect(to)
    source.backup(target)
    source.close()
    target.close()
    return time.process_time() - began


def scribble(path: Path, pages: int) -> None:
    """Break some pages of a database."""
    chance = random.Random(1)
    with path.open("rb+") as file:
        for _ in range(pages):
            file.seek(4096 * chance.randrange(2, path.stat().st_size // 4096))
            file.write(chance.randbytes(4096))


def main() -> int:
    """Make, back up, lose, restore, break, mend, count."""
    asked = arguments(__doc__)
    asked.add_argument("--learners", type=int, default=400)
    asked.add_argument("--answers", type=int, default=250)
    given = asked.parse_args()
    os.environ.pop("DATABASE_URL", None)
    with tempfile.TemporaryDirectory(prefix="bench-backup-") as name:
        folder = Path(name)
        settings(folder)
        country, hub, site, group = two_nodes(folder, None)
        learnt(hub, country, folder, site, group, given.learners, given.answers)
        country.close()
        hub.close()
        home, stick = folder / "hub", folder / "stick"
        (home / "passport.toml").write_text('role = "hub"\nname = "Hub"\n')
        database = home / "data" / "passport.sqlite3"
        size = database.stat().st_size
        peer = online_backup(database, folder / "copy.sqlite3")
        saved = passport(home, "backup", str(stick))
        shutil.rmtree(home / "data")
        restored = passport(home, "restore", str(stick))
        looked = passport(home, "doctor", "--full")
        scribble(database, 20)
        mended = passport(home, "doctor", "--mend")
        entries = saved.said["entries"]
    return show(
        [
            Figure("entries", entries),
            Figure("database, MB", size / 1e6),
            Figure("backup, bytes an entry", saved.said["bytes"] / entries),
            Figure("backup, CPU s", saved.cpu),
            Figure("SQLite's own copy of the file, CPU s", peer),
            Figure("backup, s", saved.seconds),
            Figure("backup, memory", saved.megabytes, "MB", MEMORY_MB),
            Figure("restore, CPU s", restored.cpu),
            Figure("restore, s", restored.seconds),
            Figure("restore, memory", restored.megabytes, "MB", MEMORY_MB),
            Figure("doctor --full, CPU s", looked.cpu),
            Figure("doctor --full, memory", looked.megabytes, "MB", MEMORY_MB),
            Figure("doctor --mend with 20 broken pages, CPU s", mended.cpu),
            Figure("doctor --mend, memory", mended.megabytes, "MB", MEMORY_MB),
        ],
        as_json=given.json,
    )


if __name__ == "__main__":
    sys.exit(main())
