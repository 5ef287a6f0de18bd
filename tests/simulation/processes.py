"""A country on PostgreSQL and three hubs on SQLite as people run them: processes, commands, HTTP and files.

One deployment lives through many acts: learners answer over HTTP while the hubs exchange by themselves, hubs
are killed in the middle, sticks are carried, cut and lost, people move and are erased, a hub's disk dies.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from bench import ground
from bench.ground import Pupil, School, Server, Tablet
from tests.simulation.killing import ROOT, Device

HUBS = ("mango", "river", "hill")
SYNC_SECONDS = 1
LEARNERS = 2
"""At each hub to begin with."""
CUT = 0.3
"""The share of sticks that arrive cut short."""
PULLED = 0.7
"""The share of takings in which the plug is pulled."""
AT_MOST = 1.2
"""Seconds of a taking before the plug is pulled; the process needs about half of it to begin."""


@dataclass(slots=True)
class Machine:
    """One node: its folder, its database, and the process that serves it while there is one."""

    name: str
    home: Path
    database: str = ""
    server: Server | None = None
    backup: Path | None = None

    def surroundings(self) -> dict[str, str]:
        return {**os.environ, "PASSPORT_HOME": str(self.home), "DATABASE_URL": self.database}

    def begin(self, module: str, *words: str) -> subprocess.Popen[str]:
        """Start a module of the project as this node, in a process group of its own."""
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [sys.executable, "-m", module, *words],
            cwd=ROOT, env=self.surroundings(), stdin=pipe, stdout=pipe, stderr=pipe, text=True,
        )  # fmt: skip

    def command(self, *words: str, typed: str = "", may: tuple[int, ...] = (0,)) -> str:
        """Run `passport …` here; returns what it printed."""
        return finish(self.begin("passport", *words), typed, may)

    def asked(self, *words: str) -> Any:
        return json.loads(self.command("--json", *words))

    def does(self, what: str, *words: str) -> Any:
        """Do one of the acts below in a process that is this node."""
        process = self.begin("tests.simulation.processes", what, *words)
        return json.loads(finish(process).splitlines()[-1])

    def serve(self) -> None:
        if self.server is None:
            self.server = ground.start(
                self.home, page="/health", environment={"DATABASE_URL": self.database}
            )

    def stop(self) -> None:
        if self.server is not None:
            self.server.stop()
            self.server = None

    def kill(self) -> None:
        if self.server is not None:
            self.server.kill()
            self.server = None


def finish(process: subprocess.Popen[str], typed: str = "", may: tuple[int, ...] = (0,)) -> str:
    out, err = process.communicate(typed, timeout=240)
    assert process.returncode in may, (
        f"{process.args!r} ended with {process.returncode}:\n{out}{err}"
    )
    return out


@dataclass(slots=True)
class Deployment:
    """The nodes, the learners with their devices, and what has been promised to them."""

    folder: Path
    chance: random.Random
    country: Machine
    hubs: list[Machine]
    school: School
    devices: dict[str, list[tuple[UUID, Device]]] = field(default_factory=dict)
    """Those who learn at a hub."""
    safe: dict[str, UUID] = field(default_factory=dict)
    """Every event that a hub acknowledged, with whom it is of."""
    perhaps: set[str] = field(default_factory=set)
    """Those that may have died with a disk."""
    erased: set[UUID] = field(default_factory=set)
    sticks: list[Path] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    kills: int = 0

    @classmethod
    def of(cls, folder: Path, database: str, seed: int) -> Deployment:
        """Make the country, its sites and its hubs, and let them meet."""
        country = Machine("country", folder / "country", database)
        country.command("init", "--role", "country", "--name", "Country")
        for site in HUBS:
            country.command("site", "add", site.title(), "--code", site, "--group", "Sunbirds")
        course, version, quizzes = country.does("publish")
        school = School(
            str(country.home), [], UUID(course), UUID(version), [], [UUID(each) for each in quizzes]
        )
        country.serve()
        hubs = [Machine(name, folder / name) for name in HUBS]
        for hub in hubs:
            file = str(folder / f"{hub.name}.enrolment")
            country.command("hub", "enrol", hub.name, "--site", hub.name, "--out", file)
            hub.command("init", "--role", "hub", "--name", hub.name, "--enrolment", file)
            settings = hub.home / "passport.toml"
            settings.write_text(f"{settings.read_text()}sync_seconds = {SYNC_SECONDS}\n")
            hub.does("exchange")
        made = cls(folder, random.Random(seed), country, hubs, school)
        for hub in hubs:
            for _ in range(LEARNERS):
                made.register(hub)
        return made

    # What happens

    def live(self, acts: int) -> None:
        """Let so much happen."""
        for _ in range(acts):
            hub = self.chance.choice(self.hubs)
            act: Callable[[Machine], None] = self.chance.choices(
                [self.learn, self.pull_the_plug, self.carry, self.interrupt, self.register,
                 self.move, self.erase, self.back_up, self.lose_the_disk],
                [4, 4, 4, 4, 1, 2, 1, 2, 1],
            )[0]  # fmt: skip
            self.told.append(f"{act.__name__} {hub.name}")
            act(hub)

    def register(self, hub: Machine) -> None:
        given = f"Learner {sum(map(len, self.devices.values()))}"
        made = hub.asked("person", "add", given, "--site", hub.name, "--group", "Sunbirds")
        pupil = Pupil(UUID(made["id"]), UUID(int=0), made["card"].replace(" ", ""), [])
        self.school.pupils.append(pupil)
        device = Device(ground.answers(self.school), Tablet(0))
        self.devices.setdefault(hub.name, []).append((pupil.id, device))

    def learn(self, hub: Machine) -> None:
        """They answer for a while, and the hub exchanges with the country meanwhile."""
        hub.serve()
        asyncio.run(self._load(hub, self.chance.uniform(0.1, 0.6)))

    def pull_the_plug(self, hub: Machine) -> None:
        """The same, and it ends in the middle: of an answer, of an exchange, or of neither."""
        hub.serve()
        asyncio.run(self._load(hub, self.chance.uniform(0.05, 1.5), ends=hub.kill))
        self.kills += 1

    async def _load(
        self, hub: Machine, wait: float, ends: Callable[[], None] | None = None
    ) -> None:
        learning = [asyncio.create_task(self._learn(hub, *each)) for each in self.devices[hub.name]]
        await asyncio.sleep(wait)
        if ends:
            ends()
        for each in learning:
            each.cancel()
        for done in await asyncio.gather(*learning, return_exceptions=True):
            if isinstance(done, Exception):
                raise done

    async def _learn(self, hub: Machine, person: UUID, device: Device) -> None:
        """Answer under the same ids until the hub says that it has them."""
        assert hub.server is not None
        device.tablet.close()
        device.tablet.port = hub.server.port
        pupil = next(each for each in self.school.pupils if each.id == person)
        try:
            device.tablet.cookie = ""
            await device.tablet.sign_in_with_card(pupil)
            while device.tablet.cookie:
                while len(device.outbox) < self.chance.choice([1, 3, 11]):
                    device.outbox.append(next(device.events))
                answer = await device.tablet.send_events(device.outbox)
                if answer.status != 200:
                    return  # they belong to another hub by now, or were erased
                kept = set(json.loads(answer.body)["kept"])
                self.safe |= dict.fromkeys(kept, person)
                self.perhaps -= kept
                device.outbox = [one for one in device.outbox if one["id"] not in kept]
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            device.tablet.close()

    def carry(self, hub: Machine) -> None:
        """A stick each way, now or later, whole or cut."""
        for maker in (hub, self.country):
            stick = self.folder / "sticks" / f"{len(self.sticks)}-{maker.name}-{hub.name}"
            words = () if maker is hub else ("--for", hub.name)
            maker.command("parcel", "make", str(stick), *words, may=(0, 1))
            if stick.exists():
                self.sticks.append(stick)
            self._arrive(None)

    def interrupt(self, hub: Machine) -> None:
        """The plug is pulled while the hub takes a stick; then it takes it again."""
        stick = self.folder / "sticks" / f"{len(self.sticks)}-country-{hub.name}"
        self.country.command("parcel", "make", str(stick), "--for", hub.name)
        self.sticks.append(stick)
        self._arrive(stick, pulled=True)
        self._arrive(stick)

    def _arrive(self, stick: Path | None, *, pulled: bool = False) -> None:
        stick = stick or self.chance.choice(self.sticks)
        _, maker, hub = stick.name.split("-")
        to = self.country if maker == hub else next(one for one in self.hubs if one.name == hub)
        brought = self.folder / "brought"
        shutil.copytree(stick, brought)
        if self.chance.random() < CUT:
            for file in brought.iterdir():
                content = file.read_bytes()
                file.write_bytes(content[: int(len(content) * self.chance.random())])
        taking = to.begin("passport", "parcel", "take", str(brought))
        if pulled and self.chance.random() < PULLED:
            with suppress(subprocess.TimeoutExpired):
                taking.wait(self.chance.uniform(0.2, AT_MOST))
            taking.kill()
            taking.communicate()
            self.kills += 1
        else:
            finish(taking, may=(0, 1, 3))
        shutil.rmtree(brought)

    def move(self, hub: Machine) -> None:
        """Somebody belongs here now; their device goes along, with what it has yet to hand over."""
        person, (was, device) = self._somebody()
        if person is None or was == hub.name:
            return
        self.country.command("person", "move", person.hex, "--site", hub.name, may=(0, 1))
        self.devices[was].remove((person, device))
        self.devices[hub.name].append((person, device))

    def erase(self, hub: Machine) -> None:
        del hub
        person, (was, device) = self._somebody()
        if person is None or len(self.erased) > len(self.school.pupils) // 2:
            return
        said = self.country.command("person", "erase", person.hex, typed="Country\n", may=(0, 1))
        if "is erased" in said:
            self.devices[was].remove((person, device))
            self.erased.add(person)

    def _somebody(self) -> tuple[UUID | None, tuple[str, Any]]:
        everybody = [(one, (name, it)) for name, all_ in self.devices.items() for one, it in all_]
        return self.chance.choice(everybody) if everybody else (None, ("", None))

    def back_up(self, hub: Machine) -> None:
        """While it runs, or not."""
        hub.backup = self.folder / "backups" / f"{hub.name}-{len(self.told)}"
        hub.command("backup", str(hub.backup))

    def lose_the_disk(self, hub: Machine) -> None:
        """What the country hasn't heard of since the backup may be gone; nothing else may."""
        if hub.backup is None:
            return
        hub.stop()
        held = set(self.country.does("events"))
        here = {person for person, _ in self.devices[hub.name]}
        self.perhaps |= {
            one for one, who in self.safe.items() if one not in held and who in here
        }  # fmt: skip
        hub.command("restore", str(hub.backup), "--replace", may=(0, 3))

    # What must hold

    def check(self) -> None:
        """Let all meet in peace; then nothing is lost, everything is there once, and all agree."""
        self.country.serve()
        for hub in self.hubs:
            hub.stop()
        for _ in range(3):
            for hub in self.hubs:
                hub.does("exchange")
        for hub in self.hubs:
            found = hub.does("look")
            self._check_sound(hub, found)
            assert not found["awaits"], f"{hub.name} still waits to hear who was erased"
        found = self.country.does("look")
        self._check_sound(self.country, found)
        assert found["aside"] == []
        safe = {one for one, who in self.safe.items() if who not in self.erased}
        outbox = {
            str(one["id"]) for all_ in self.devices.values() for _, it in all_ for one in it.outbox
        }
        held = found["events"]
        assert len(held) == len(set(held))
        assert safe - self.perhaps <= set(held), "An acknowledged answer is lost."
        assert set(held) <= safe | outbox, "There is an answer that nobody gave."

    def _check_sound(self, at: Machine, found: dict[str, Any]) -> None:
        for name in ("broken_links", "broken_chains", "counted_otherwise", "rebuilt_otherwise"):
            assert found[name] == [], f"{at.name}: {name} {found[name]}"
        assert found["integrity"] == "ok", at.name
        erased = {one.hex for one in self.erased}
        assert erased <= set(found["erased"]), f"{at.name} hasn't heard of an erasure"
        assert not erased & set(found["people"]), f"Somebody who was erased is at {at.name}"

    def close(self) -> None:
        for each in (self.country, *self.hubs):
            each.kill()


def live(folder: Path, database: str, seed: int, *, acts: int, times: int) -> Deployment:
    """Live through so many histories one after the other, with a look at everything after each."""
    made = Deployment.of(folder, database, seed)
    try:
        for _ in range(times):
            made.live(acts)
            made.check()
    except BaseException as problem:
        problem.add_note(f"seed {seed}:\n" + "\n".join(made.told))
        raise
    finally:
        made.close()
    return made


# What a process does that is one of the nodes


def _publish() -> list[Any]:
    from django.conf import settings

    from passport.library.queries import version_manifest

    course, version = ground.publish_course(Path(settings.HOME), 0, 6)
    lessons = version_manifest(version).lessons
    return [course.hex, version.hex, [one.id.hex for one in lessons if one.kind == "quiz"]]


def _exchange() -> int:
    """Meet the country until there is nothing new; a hub that was restored first presents itself."""
    from passport.kernel.actor import Actor
    from passport.kernel.errors import PassportError
    from passport.sync import actions as sync

    for _ in range(5):
        try:
            return sync.exchange(by=Actor.machine()).tally.entries
        except PassportError:
            time.sleep(0.1)
    return sync.exchange(by=Actor.machine()).tally.entries


def _events() -> list[str]:
    from passport.records.models import Event

    return [one.hex for one in Event.objects.values_list("id", flat=True)]


def _look() -> dict[str, Any]:
    from passport.node import queries as node
    from passport.node.models import Erased, Quarantined
    from passport.people.models import Person
    from tests.simulation.killing import look_here

    return {
        **look_here(),
        "awaits": node.awaits_erasures(),
        "aside": list(Quarantined.objects.values_list("what", "reason")),
        "erased": [one.hex for one in Erased.objects.values_list("pk", flat=True)],
        "people": [one.hex for one in Person.objects.values_list("pk", flat=True)],
    }


ACTS: dict[str, Callable[[], Any]] = {
    "publish": _publish, "exchange": _exchange, "events": _events, "look": _look,
}  # fmt: skip


def main(words: Iterable[str]) -> None:
    """Be the node whose folder the environment names, and do one thing."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "passport.settings"
    django.setup()
    for word in words:
        print(json.dumps(ACTS[word]()))  # noqa: T201 - it answers to `does`


if __name__ == "__main__":
    main(sys.argv[1:])
