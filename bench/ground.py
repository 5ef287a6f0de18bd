"""What the figures stand on: a school to measure, a server to measure it on, and tablets that ask.

Load and server share two cores, as they do in the targets; other work on the machine moves absolute
times, so each figure comes with one that was measured beside it, and with CPU seconds where it can.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import random
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, UUID, uuid5

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = 10
HEAD = "Host: bench\r\nAccept-Encoding: gzip\r\nUser-Agent: Mozilla/5.0 (Linux; Android 10)\r\n"
_TICK = os.sysconf("SC_CLK_TCK")


# A school: made once in a process, since a process is one node


@dataclass(frozen=True, slots=True)
class Pupil:
    """A learner, with the ways in."""

    id: UUID
    group: UUID
    card: str
    pictures: list[int]


@dataclass(frozen=True, slots=True)
class School:
    """A hub's folder with what is in it."""

    home: str
    pupils: list[Pupil]
    course: UUID
    """The long course; there are others for the shelves."""
    version: UUID
    articles: list[UUID]
    quizzes: list[UUID]

    def as_json(self) -> str:
        return json.dumps(asdict(self), default=lambda each: each.hex)

    @classmethod
    def from_json(cls, text: str) -> School:
        held = json.loads(text)
        return cls(
            held["home"],
            [
                Pupil(UUID(one["id"]), UUID(one["group"]), one["card"], one["pictures"])
                for one in held["pupils"]
            ],
            UUID(held["course"]),
            UUID(held["version"]),
            [UUID(each) for each in held["articles"]],
            [UUID(each) for each in held["quizzes"]],
        )


def begin(home: Path) -> None:
    """Make this process the node in a folder that is empty; it is a country, so that it may publish."""
    os.environ["PASSPORT_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "passport.settings"
    for folder in ("data", "keys"):
        (home / folder).mkdir(parents=True)
    import django

    django.setup()
    from django.core.management import call_command

    from passport.kernel.actor import Actor
    from passport.node import actions as node

    call_command("migrate", verbosity=0, skip_checks=True)
    node.set_up(by=Actor.machine(), name="Bench")


def school(home: Path, *, pupils: int, lessons: int = 60, courses: int = 12) -> School:
    """Make the node of this process a school, which is then served as a hub."""
    begin(home)
    from django.db import connection, transaction

    from passport.kernel.actor import Actor
    from passport.learning import actions as learning
    from passport.library.queries import version_manifest
    from passport.people import actions as people

    by = Actor.machine()
    published = [
        publish_course(home, number, lessons if number == 0 else 8) for number in range(courses)
    ]
    made = []
    with transaction.atomic():
        site = people.add_site(
            by=by, name="Mango School", code="MANGO", ways=["picture", "card", "password"]
        )
        groups = [
            people.add_group(by=by, site=site.id, name=name) for name in ("Sunbirds", "Herons")
        ]
        for number in range(pupils):
            group = groups[number % 2].id
            one = people.register_learner(
                by=by, site=site.id, group=group, given=f"Learner {number}"
            )
            made.append(Pupil(one.person, group, one.card.replace(" ", ""), list(one.picture_code)))
        for course, _version in published[1:3]:
            for group_ in groups:
                learning.assign(by=by, course=course, group=group_.id)
    course, version = published[0]
    manifest = version_manifest(version)
    connection.close()
    (home / "passport.toml").write_text('role = "hub"\nname = "Mango School"\n')
    return School(
        str(home),
        made,
        course,
        version,
        [lesson.id for lesson in manifest.lessons if lesson.kind == "article"],
        [lesson.id for lesson in manifest.lessons if lesson.kind == "quiz"],
    )


def publish_course(home: Path, number: int, lessons: int) -> tuple[UUID, UUID]:
    """Publish one course: of three lessons two are articles, one is a quiz."""
    from passport.kernel.actor import Actor
    from passport.library.actions import publish

    course = uuid5(NAMESPACE_URL, f"bench {number}")
    folder = home / "courses" / str(number)
    folder.mkdir(parents=True)
    colour = ("amber", "coral", "leaf", "sky", "plum", "sand")[number % 6]
    parts = [
        (
            f'id = "{course}"\ncategory = "Numbers"\nlicence = "CC-BY-4.0"\ncredits = "Made to measure."\n'
            f'cover = "cover.svg"\ncolour = "{colour}"\n'
            f'[title]\nen = "Course {number}"\n[summary]\nen = "Many small things about number {number}."\n'
        )
    ]
    for at in range(lessons):
        kind, source = ("quiz", "sums.quiz.toml") if at % 3 == 2 else ("article", "text.md")
        parts.append(
            f'[[lesson]]\nid = "lesson-{at}"\nkind = "{kind}"\nminutes = 3\n'
            f'title = {{en = "Lesson {at}"}}\nsource = "{source}"\n'
        )
    (folder / "course.toml").write_text("".join(parts))
    (folder / "cover.svg").write_text(_cover(number))
    (folder / "text.md").write_text("# A page\n\nSome words to read.\n\n##\n\nAnd some more.\n")
    (folder / "sums.quiz.toml").write_text(
        'feedback = "at once"\npass = 60\n'
        + "".join(
            f'[[question]]\nid = "q{each}"\nkind = "one"\nprompt = {{en = "Which?"}}\n'
            'options = [ {id="a", text={en="2"}}, {id="b", text={en="3"}, correct=true} ]\n'
            for each in range(QUESTIONS)
        )
    )
    published = publish(by=Actor.machine(), folder=folder)
    return course, published.version


def _cover(number: int) -> str:
    """Draw a cover about as large as those of the demo library."""
    shapes = "".join(
        f'<circle cx="{(37 * each + number) % 320}" cy="{(61 * each) % 180}" r="{4 + each % 9}"'
        f' fill="#{(each * 997 + number * 77) % 0xFFFFFF:06x}"/>'
        for each in range(40)
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180">{shapes}</svg>'


# What learners do, as their devices say it


def event(
    version: UUID, lesson: UUID, verb: str, at: int, spent: int, **data: object
) -> dict[str, object]:
    """Say one thing that a learner did; its id is made as a device does it."""
    return {
        "id": f"{at:012x}7{secrets.token_hex(2)[:3]}8{secrets.token_hex(8)[:15]}",
        "verb": verb,
        "version": version.hex,
        "lesson": lesson.hex,
        "at": at,
        "spent": spent,
        "data": data,
    }


def answers(at: School, ago_ms: int = 0) -> Iterator[dict[str, object]]:
    """Answer one quiz after the other, ten questions and the handing in, for ever.

    As people do: each answer takes its own time, and one in four is wrong. The first was given
    `ago_ms` ago, and the next ones follow; no two runs make the same bytes.
    """
    chance = random.Random()
    clock = time.time_ns() // 1_000_000 - ago_ms
    while True:
        for lesson in at.quizzes:
            attempt = secrets.token_hex(16)
            for question in range(QUESTIONS):
                took = int(chance.lognormvariate(8.5, 0.6))
                clock += took
                yield event(
                    at.version, lesson, "answered", clock, took + chance.randrange(400),
                    attempt=attempt, question=f"q{question}", response=chance.choice("abbb"), ms=took,
                )  # fmt: skip
            clock += chance.randrange(900, 9000)
            yield event(
                at.version, lesson, "submitted", clock, chance.randrange(900), attempt=attempt
            )


# A server: `passport serve` as it is, in a process group of its own


@dataclass(slots=True)
class Server:
    """A node that is being served."""

    process: subprocess.Popen[bytes]
    port: int
    cold_start: float
    """Seconds from the command to the first page."""

    def cpu(self) -> float:
        """CPU seconds that the server's processes have used so far."""
        return sum(map(_cpu_of, self.pids()))

    def megabytes(self) -> float:
        """Memory of the server's processes; what two share is counted once (PSS)."""
        return sum(map(_kilobytes_of, self.pids())) / 1000

    def pids(self) -> list[int]:
        """Return the process and everything that it started."""
        found, look = [], [self.process.pid]
        while look:
            pid = look.pop()
            found.append(pid)
            with suppress(OSError):
                for task in Path(f"/proc/{pid}/task").iterdir():
                    look += map(int, (task / "children").read_text().split())
        return found

    def kill(self) -> None:
        """Pull the plug: SIGKILL to the whole group."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Stop it as Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


def _cpu_of(pid: int) -> float:
    try:
        parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(parts[11]) + int(parts[12])) / _TICK


def family_cpu(pid: int) -> float:
    """CPU seconds of a process, of its children, and of those that have ended."""
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ended = (int(parts[13]) + int(parts[14])) / _TICK
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return _cpu_of(pid) + ended + sum(_cpu_of(int(child)) for child in children)


def _kilobytes_of(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(
    home: str | Path,
    *,
    page: str = "/sign-in",
    patience: float = 60,
    environment: Mapping[str, str] | None = None,
) -> Server:
    """Run `passport serve` in a node's folder; returns once it has served its first page."""
    port = free_port()
    file = Path(home) / "passport.toml"
    kept = [
        line for line in file.read_text().splitlines() if not line.startswith(("listen", "address"))
    ]
    file.write_text(
        "\n".join([*kept, f'listen = "127.0.0.1:{port}"', f'address = "http://127.0.0.1:{port}"\n'])
    )
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "passport", "--home", str(home), "serve"],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    server = Server(process, port, 0.0)
    while not _serves(port, page):
        if process.poll() is not None or time.perf_counter() - began > patience:
            server.kill()
            raise RuntimeError("The server did not start; its own words stand above.")
        time.sleep(0.01)
    server.cold_start = time.perf_counter() - began
    return server


def _serves(port: int, page: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 30) as asking:
            asking.sendall(
                f"GET {page} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n".encode()
            )
            return asking.recv(12) == b"HTTP/1.1 200"
    except OSError:
        return False


@contextmanager
def serving(at: School) -> Iterator[Server]:
    """Serve a school until the block ends."""
    server = start(at.home)
    try:
        yield server
    finally:
        server.stop()


# A tablet: a browser without a screen


@dataclass(slots=True)
class Page:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes
    size: int
    """Bytes of the body on the wire."""

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(slots=True)
class Tablet:
    """One connection, one cookie, and the token against forged requests."""

    port: int
    cookie: str = ""
    token: str = ""
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None
    cached: set[str] = field(default_factory=set)

    async def get(self, path: str) -> Page:
        """Get a page or file; a redirection is followed."""
        answer = await self._ask("GET", path, b"", "")
        if answer.status in {302, 303}:
            return await self.get(answer.headers["location"])
        found = re.search(
            r'name="csrf(?:-token|middlewaretoken)" (?:content|value)="(\w+)"',
            answer.body.decode(errors="replace"),
        )
        if found:
            self.token = found[1]
        return answer

    async def send_form(self, path: str, **values: str) -> Page:
        """Send a form; a redirection is followed."""
        body = urlencode({"csrfmiddlewaretoken": self.token, **values}).encode()
        answer = await self._ask("POST", path, body, "application/x-www-form-urlencoded")
        if answer.status in {302, 303}:
            return await self.get(answer.headers["location"])
        return answer

    async def send_events(self, events: Sequence[dict[str, object]]) -> Page:
        """Send what was learnt."""
        body = json.dumps({"events": events}).encode()
        return await self._ask("POST", "/events", body, "application/json")

    async def get_with_parts(self, path: str) -> Page:
        """Get a page, then everything that it shows and that isn't cached."""
        shown = await self.get(path)
        await self.get_parts_of(shown.text)
        return shown

    async def get_parts_of(self, page: str) -> None:
        """Get everything that a page shows and that isn't cached."""
        wanted = re.findall(r'(?:href|src)="((?:/static/|/media/)[^"#]+)', page)
        for part in dict.fromkeys(wanted):
            if part not in self.cached:
                self.cached.add(part)
                answer = await self._ask("GET", part, b"", "")
                assert answer.status == 200, (part, answer.status)

    async def sign_in_with_card(self, pupil: Pupil) -> Page:
        """Hold a card before the camera; returns the home page."""
        return await self.get(f"/c/{pupil.card}")

    async def _ask(self, method: str, path: str, body: bytes, kind: str) -> Page:
        if self._writer is None or self._writer.is_closing():
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        assert self._reader is not None
        head = f"{method} {path} HTTP/1.1\r\n{HEAD}"
        if self.cookie:
            head += f"Cookie: session={self.cookie}\r\n"
        if body:
            head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nX-CSRFToken: {self.token}\r\nReferer: http://bench/\r\n"
        self._writer.write(head.encode() + b"\r\n" + body)
        said = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in said[1:])
            if name
        }
        content = await self._content(headers)
        cookie = headers.get("set-cookie", "")
        if cookie.startswith("session="):
            self.cookie = cookie[8:].partition(";")[0]
        size = len(content)
        if headers.get("content-encoding") == "gzip":
            content = gzip.decompress(content)
        return Page(int(said[0].split()[1]), headers, content, size)

    async def _content(self, headers: dict[str, str]) -> bytes:
        assert self._reader is not None
        if headers.get("transfer-encoding") != "chunked":
            return await self._reader.readexactly(int(headers.get("content-length", 0)))
        parts = []
        while size := int(await self._reader.readline(), 16):
            parts.append(await self._reader.readexactly(size))
            await self._reader.readexactly(2)
        await self._reader.readexactly(2)
        return b"".join(parts)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None


@dataclass(slots=True)
class Learner:
    """Somebody signed in, with answers to give."""

    tablet: Tablet
    events: Iterator[dict[str, object]]

    def request(self) -> bytes:
        """Say the next answer, as it goes over the wire."""
        body = json.dumps({"events": [next(self.events)]})
        return (
            f"POST /events HTTP/1.1\r\n{HEAD}Cookie: session={self.tablet.cookie}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"X-CSRFToken: {self.tablet.token}\r\nReferer: http://bench/\r\n\r\n{body}"
        ).encode()


def let_in(at: School, port: int) -> list[Learner]:
    """Let every pupil of a school in by card, each with a first answer given."""

    async def sign_in() -> list[Learner]:
        found = []
        for pupil in at.pupils:
            tablet = Tablet(port)
            await tablet.sign_in_with_card(pupil)
            answer = await tablet.send_events([next(answers(at))])
            assert answer.status == 200, answer.text
            tablet.close()
            found.append(Learner(tablet, answers(at)))
        return found

    return asyncio.run(sign_in())


# Figures


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured, with what it is to be."""

    name: str
    value: float
    unit: str = ""
    target: float | None = None
    at_most: bool = True
    """The target is the most it may be; else the least."""

    @property
    def is_met(self) -> bool:
        if self.target is None:
            return True
        return self.value <= self.target if self.at_most else self.value >= self.target


def share_of(values: Sequence[float], share: float) -> float:
    """Return a percentile: 0.95 of the values are no larger."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def arguments(about: str | None) -> argparse.ArgumentParser:
    """Begin a command's arguments."""
    asked = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--json", action="store_true", help="figures as JSON, for scripts")
    return asked


def show(figures: Sequence[Figure], *, as_json: bool) -> int:
    """Print the figures; returns the exit code: 1 when one is missed."""
    if as_json:
        print(json.dumps([{**asdict(each), "met": each.is_met} for each in figures]))
    else:
        for each in figures:
            said = (
                f"{each.value:,.1f}"
                if each.value < 1000 and each.value % 1
                else f"{each.value:,.0f}"
            )
            aim = ""
            if each.target is not None:
                word = "at most" if each.at_most else "at least"
                aim = f"   {word} {each.target:,g}: {'met' if each.is_met else 'MISSED'}"
            print(f"{each.name:58} {said:>10} {each.unit:12}{aim}")
    return 0 if all(each.is_met for each in figures) else 1


def main() -> None:
    """Make a school in an empty folder and print it as JSON: for whoever is another node already."""
    asked = argparse.ArgumentParser(description=main.__doc__)
    asked.add_argument("home", type=Path)
    asked.add_argument("--pupils", type=int, default=4)
    asked.add_argument("--lessons", type=int, default=6)
    asked.add_argument("--courses", type=int, default=3)
    given = asked.parse_args()
    print(
        school(
            given.home, pupils=given.pupils, lessons=given.lessons, courses=given.courses
        ).as_json()
    )


if __name__ == "__main__":
    main()
