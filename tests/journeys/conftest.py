"""A node as people run it: its own folder, its own process, reached over HTTP."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60


@dataclass(frozen=True)
class Served:
    """A node that serves, and what is on it."""

    address: str
    cast: dict[str, Any]

    def at(self, path: str) -> str:
        return self.address + path.format(**self.cast)

    def card(self, name: str) -> str:
        return f"{self.address}/c/{self.cast['learners'][name]['card']}"


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a country with the cast and two small courses."""
    home = tmp_path_factory.mktemp("country")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    environment = {**os.environ, "PASSPORT_HOME": str(home)}
    environment.pop("DATABASE_URL", None)

    def run(*words: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", *words],
            check=True,
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
        ).stdout

    run("passport", "init", "--listen", listen, "--address", f"http://{listen}")
    cast = json.loads(run("tests.journeys.cast", str(tmp_path_factory.mktemp("courses"))))
    server = subprocess.Popen(
        [sys.executable, "-m", "passport", "serve"], cwd=ROOT, env=environment
    )
    try:
        _wait_for(f"http://{listen}/sign-in")
        yield Served(f"http://{listen}", cast)
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


def _wait_for(address: str) -> None:
    for _ in range(PATIENCE * 4):
        try:
            with urlopen(address):  # noqa: S310 - an address of our own
                return
        except URLError:
            time.sleep(0.25)
    pytest.fail(f"Nothing answers at {address}")
