"""A hub that is killed at random moments while its learners answer, and what must be left.

The server is the real one, `passport serve`, in a process group of its own that gets SIGKILL. The
devices do what real ones do: an answer stays in the outbox until the hub has acknowledged it, and is
sent again under the same id after the hub is back.

What this can't tell: with SIGKILL the kernel still writes what the process had handed to it, so
`synchronous=NORMAL` passes here as FULL does (`evidence.md` 5.3, 600 kills: no difference). It proves
our own promise, that nothing is acknowledged before its commit and that a restart finds everything
whole; that the power may go too is `power/`'s to prove.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import ground
from bench.ground import School, Tablet

ROOT = Path(__file__).resolve().parents[2]
PUPILS = 6
SOON = 0.35
"""Seconds of load before the plug is pulled, at most."""
STARTING = 0.15
"""The share of rounds in which it is pulled while the hub is only just starting to take answers."""


@dataclass(slots=True)
class Device:
    """A learner's device: what it has yet to hand over, and what the hub has taken."""

    events: Iterator[dict[str, object]]
    tablet: Tablet
    outbox: list[dict[str, object]] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)

    async def learn(self, chance: random.Random) -> None:
        """Answer and send, one or a few at once, until nobody listens any more."""
        try:
            while True:
                while len(self.outbox) < chance.choice([1, 1, 3, 11]):
                    self.outbox.append(next(self.events))
                await self.send()
        except (OSError, asyncio.IncompleteReadError):
            self.tablet.close()

    async def send(self) -> None:
        """Send the outbox; what is acknowledged leaves it."""
        if not self.outbox:
            return
        answer = await self.tablet.send_events(self.outbox)
        assert answer.status == 200, answer.text
        said = json.loads(answer.body)
        assert not said["refused"], said["refused"]
        self.acknowledged += said["kept"]
        kept = set(said["kept"])
        self.outbox = [one for one in self.outbox if one["id"] not in kept]


@dataclass(slots=True)
class Killing:
    """The rounds, and what came of them."""

    school: School
    devices: list[Device]
    chance: random.Random
    rounds: int = 0

    @classmethod
    def of(cls, home: Path, seed: int) -> Killing:
        """Make a school in an empty folder, in a process of its own."""
        made = subprocess.run(
            [sys.executable, "-m", "bench.ground", str(home), "--pupils", str(PUPILS)],
            cwd=ROOT, env={**os.environ, "DATABASE_URL": ""}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        school = School.from_json(made.stdout.splitlines()[-1])
        devices = [Device(ground.answers(school), Tablet(0)) for _ in school.pupils]
        return cls(school, devices, random.Random(seed))

    def round(self) -> None:
        """Start the hub, let the learners learn, pull the plug."""
        server = ground.start(self.school.home)
        wait = 0.0 if self.chance.random() < STARTING else self.chance.uniform(0.02, SOON)
        try:
            asyncio.run(self._load(server, wait))
        finally:
            server.kill()
        self.rounds += 1

    async def _load(self, server: ground.Server, wait: float) -> None:
        await self._all_here(server.port)
        learning = [asyncio.create_task(device.learn(self.chance)) for device in self.devices]
        await asyncio.sleep(wait)
        server.kill()
        await asyncio.gather(*learning)

    async def _all_here(self, port: int) -> None:
        """Everybody signs in by card, once; the cookie outlives the hub's restarts."""
        for device, pupil in zip(self.devices, self.school.pupils, strict=True):
            device.tablet.port = port
            if not device.tablet.cookie:
                await device.tablet.sign_in_with_card(pupil)

    def finish(self) -> dict[str, Any]:
        """Start the hub once more, hand over what is left, stop it in peace, look at what is there."""
        server = ground.start(self.school.home)

        async def hand_over() -> None:
            await self._all_here(server.port)
            for device in self.devices:
                await device.send()
                device.tablet.close()

        try:
            asyncio.run(hand_over())
        finally:
            server.stop()
        looked = subprocess.run(
            [sys.executable, "-m", "tests.simulation.killing", self.school.home],
            cwd=ROOT, env={**os.environ, "DATABASE_URL": ""}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert looked.returncode == 0, looked.stderr
        found: dict[str, Any] = json.loads(looked.stdout.splitlines()[-1])
        acknowledged = [one for device in self.devices for one in device.acknowledged]
        held = found.pop("events")
        return {
            **found,
            "rounds": self.rounds,
            "acknowledged": len(acknowledged),
            "lost": len(set(acknowledged) - set(held)),
            "twice": len(held) - len(set(held)) + len(acknowledged) - len(set(acknowledged)),
            "unasked": len(set(held) - set(acknowledged)),
        }


SOUND = {
    "lost": 0,
    "twice": 0,
    "unasked": 0,
    "integrity": "ok",
    "broken_links": [],
    "broken_chains": [],
    "counted_otherwise": [],
    "rebuilt_otherwise": [],
}
"""What a hub is to be like after any number of kills."""


# What the folder holds; run in a process of its own, which is that node


def look(home: str) -> dict[str, Any]:
    """Look at everything that must hold in a node's folder."""
    os.environ["PASSPORT_HOME"] = home
    os.environ["DJANGO_SETTINGS_MODULE"] = "passport.settings"
    import django

    django.setup()
    return look_here()


def look_here() -> dict[str, Any]:
    """Look at everything that must hold in the node that this process is."""
    from django.db import connection

    from passport.kernel.actor import Actor
    from passport.node import queries as node
    from passport.records.models import Event
    from passport.sync import actions as sync
    from tests.simulation.picture import picture
    from tests.simulation.sound import broken_chains, counted_otherwise

    integrity = "ok"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            integrity = cursor.execute("PRAGMA integrity_check").fetchone()[0]
    live = picture(shared=False)
    sync.rebuild(by=Actor.machine())
    rebuilt = picture(shared=False)
    return {
        "events": [one.hex for one in Event.objects.values_list("id", flat=True)],
        "integrity": integrity,
        "broken_links": node.broken_links(),
        "broken_chains": list(broken_chains()),
        "counted_otherwise": list(counted_otherwise()),
        "rebuilt_otherwise": [name for name, rows in live.items() if rows != rebuilt[name]],
    }


if __name__ == "__main__":
    print(json.dumps(look(sys.argv[1])))  # noqa: T201 - it answers to `finish`
