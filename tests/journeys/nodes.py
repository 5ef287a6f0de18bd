"""A country and two hubs as people run them: folders and processes of their own, reached over HTTP.

One hub has a network, and exchanges with the country by itself; the other has none, so that nothing
comes or goes but in files.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen
from uuid import UUID

from tests.journeys.making import SITES

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
NAMES = {"country": "Demo Country", "mango": "Mango School", "river": "River Learning Centre"}
SYNC_SECONDS = 3


@dataclass(frozen=True)
class Node:
    """A node that serves, and what is on it."""

    name: str
    home: Path
    address: str
    cast: dict[str, Any] = field(default_factory=dict)

    def at(self, path: str) -> str:
        return self.address + path

    def learner(self, given: str) -> dict[str, Any]:
        """Return the ids and the ways in of a learner: person, group, card, pictures."""
        found: dict[str, Any] = self.cast["learners"][given]
        return found

    def card(self, given: str) -> str:
        """Return the address that a learner's card opens."""
        return self.at(f"/c/{self.learner(given)['card']}")

    def group(self, name: str) -> str:
        return str(self.cast["groups"][name])

    def course(self, slug: str) -> str:
        return self.at(f"/courses/{self.cast['courses'][slug]['course']}")

    def lesson(self, slug: str, lesson: str) -> str:
        return self.at(f"/lessons/{self.lesson_id(slug, lesson)}")

    def lesson_id(self, slug: str, lesson: str) -> str:
        return str(self.cast["courses"][slug]["lessons"][lesson])

    def answers_of(self, person: str) -> list[dict[str, Any]]:
        """Look into the node's own tables, in a process of its own."""
        rows: list[dict[str, Any]] = make(self.home, "answers", person)
        return rows


def make(home: Path, *words: str) -> Any:
    """Run `making` in a node's folder; returns what it told."""
    told = run(home, "tests.journeys.making", *words)
    return json.loads(told.splitlines()[-1])


def run(home: Path, module: str, *words: str) -> str:
    """Run a module of the project as a node; returns what it printed."""
    return finish(begin(home, module, *words))


def begin(home: Path, module: str, *words: str, **more: str) -> subprocess.Popen[str]:
    """Start a module of the project as a node, with more variables in its environment."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *words],
        cwd=ROOT,
        env={**surroundings(home), **more},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def newcomer(node: Node, given: str) -> dict[str, str]:
    """Register a learner at a hub while it serves, for a journey that leaves marks on them."""
    group = next(iter(node.cast["groups"]))
    site = next(iter(node.cast["sites"]))
    words = ["--json", "person", "add", given, "--site", site.upper().replace(" ", "-")]
    told = json.loads(run(node.home, "passport", *words, "--group", group))
    return {"person": str(UUID(told["id"])), "card": told["card"].replace(" ", "")}


def finish(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=PATIENCE * 4)
    assert process.returncode == 0, f"{process.args!r} failed:\n{out}\n{err}"
    return out


def surroundings(home: Path) -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return {**inherited, "PASSPORT_HOME": str(home)}


def together(jobs: Sequence[subprocess.Popen[str]]) -> list[str]:
    return [finish(job) for job in jobs]


@contextmanager
def deployment(beside: Path, past: str = "short") -> Iterator[dict[str, Node]]:
    """Make a country and its hubs in an empty folder, serve them all, and stop them again.

    `past`: how much has happened there before; see `making`.
    """
    homes = {name: beside / name for name in NAMES}
    listen = {name: f"127.0.0.1:{free_port()}" for name in NAMES}

    def init(name: str, *more: str) -> subprocess.Popen[str]:
        role = "country" if name == "country" else "hub"
        return begin(
            homes[name], "passport", "init", "--role", role, "--name", NAMES[name],
            "--listen", listen[name], *more,
        )  # fmt: skip

    finish(init("country"))
    make(homes["country"], "country", str(beside), past)
    together([init(hub, "--enrolment", str(beside / f"{hub}.enrolment")) for hub in SITES])
    together(
        [
            begin(homes[hub], "passport", "parcel", "make", str(beside / f"{hub}-up"))
            for hub in SITES
        ]
    )
    make(homes["country"], "take", str(beside))
    for hub in SITES:
        settings = homes[hub] / "passport.toml"
        settings.write_text(f"{settings.read_text()}sync_seconds = {SYNC_SECONDS}\n")
    words = ["tests.journeys.making", "hub"]
    jobs = [begin(homes[hub], *words, hub, str(beside), past) for hub in SITES]
    casts = [json.loads(told.splitlines()[-1]) for told in together(jobs)]
    casts.append(make(homes["country"], "cast"))
    nodes = {
        name: Node(name, homes[name], f"http://{listen[name]}", cast)
        for name, cast in zip([*SITES, "country"], casts, strict=True)
    }
    with served(nodes.values()):
        yield nodes


@contextmanager
def served(nodes: Iterator[Node] | Any, first: str = "/sign-in/password") -> Iterator[None]:
    """Serve nodes until the block ends; they are there once `first` is answered."""
    servers = []
    try:
        for node in nodes:
            command = [sys.executable, "-m", "passport", "serve"]
            servers.append(
                subprocess.Popen(
                    command, cwd=ROOT, env=surroundings(node.home), start_new_session=True
                )
            )
        for node in nodes:
            wait_for(node.at(first))
        yield
    finally:
        for server in servers:
            server.send_signal(signal.SIGINT)
        for server in servers:
            server.wait(timeout=PATIENCE)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(address: str) -> None:
    """Wait until something answers there."""
    for _ in range(PATIENCE * 10):
        try:
            urlopen(address, timeout=PATIENCE).close()  # noqa: S310 - an address of our own
        except URLError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"Nothing answers at {address}")
