"""`passport init`, as somebody types it in an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path


def test_a_node_that_was_just_made_is_well(tmp_path: Path) -> None:
    """The doctor finds nothing to help with before the first start."""
    surroundings = {**os.environ, "PASSPORT_HOME": str(tmp_path), "DATABASE_URL": ""}

    def passport(*words: str) -> str:
        command = [sys.executable, "-m", "passport", *words]
        return subprocess.run(
            command, env=surroundings, check=True, capture_output=True, text=True
        ).stdout

    passport("init", "--role", "country", "--name", "Demo Country")
    found = json.loads(passport("--json", "doctor"))
    assert [one["said"] for one in found if not one["good"]] == []
