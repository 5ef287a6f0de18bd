"""How many answers a node accepts, beside what the same server and the same table can do at most.

    python -m bench.answers [--seconds 2] [--rounds 5] [--learners 200]

A device sends one answer a request, or a hundred; each is acknowledged when it is on disk (SQLite,
WAL, synchronous=FULL). The learners are signed in, answer ten questions a quiz, hand it in, and go on
to the next. Server (granian, WSGI, 64 threads, one worker) and load share two cores. Slices of each
kind take turns, and shares are medians over the rounds, since other work on the machine comes and goes.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from bench import load

if TYPE_CHECKING:
    from passport.records.models import Event

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = 10
LESSONS = 20
AT_ONCE = 50
BATCH = 100
COURSE = """
id = "{course}"
category = "Numbers"
licence = "CC-BY-4.0"
credits = "Made for the bench."
[title]
en = "Sums"
[summary]
en = "Many sums."
"""
LESSON = """
[[lesson]]
id = "sums-{number}"
kind = "quiz"
minutes = 3
title = {{en = "Sums {number}"}}
source = "sums.quiz.toml"
"""
QUESTION = """
[[question]]
id = "q{number}"
kind = "one"
prompt = {{en = "Which?"}}
options = [ {{id="a", text={{en="2"}}}}, {{id="b", text={{en="3"}}, correct=true}} ]
"""


def new_id(at: int) -> UUID:
    """Make a UUIDv7 as a device does."""
    luck = secrets.token_hex(10)
    return UUID(f"{at:012x}7{luck[:3]}8{luck[4:19]}")


class Learner:
    """Somebody with a device: gives the bodies of requests, one answer after the other."""

    def __init__(
        self, person: UUID, cookie: str, token: str, version: UUID, lessons: list[UUID]
    ) -> None:
        self.head = (
            "POST /events HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            f"X-CSRFToken: {token}\r\nX-Person: {person.hex}\r\nCookie: session="
        )
        self.cookie = cookie
        self.version = version.hex
        self.lessons = itertools.cycle(lessons)
        self.events = self._events()

    def _events(self) -> Iterator[str]:
        for lesson in self.lessons:
            attempt = uuid4().hex
            for question in range(QUESTIONS):
                yield self._event(
                    lesson,
                    "answered",
                    f'{{"attempt":"{attempt}","question":"q{question}","response":"b","ms":2300}}',
                )
            yield self._event(lesson, "submitted", f'{{"attempt":"{attempt}"}}')

    def _event(self, lesson: UUID, verb: str, data: str) -> str:
        at = time.time_ns() // 1_000_000
        event_id = new_id(at).hex
        return (
            f'{{"id":"{event_id}","verb":"{verb}","version":"{self.version}",'
            f'"lesson":"{lesson.hex}","at":{at},"spent":2500,"data":{data}}}'
        )

    def request(self, events: int) -> bytes:
        body = f'{{"events":[{",".join(itertools.islice(self.events, events))}]}}'
        head = f"{self.head}{self.cookie}\r\nContent-Length: {len(body)}\r\n\r\n"
        return f"{head}{body}".encode()

    def empty(self) -> bytes:
        return (
            f"GET /empty HTTP/1.1\r\nHost: bench\r\nCookie: session={self.cookie}\r\n\r\n".encode()
        )

    def hear(self, answer: bytes) -> None:
        """Keep the cookie that an answer brings, as a browser does."""
        head = answer[: answer.find(b"\r\n\r\n")]
        at = head.lower().find(b"set-cookie: session=")
        if at >= 0:
            self.cookie = head[at + 20 :].split(b";", 1)[0].decode()


def prepare(home: Path, learners: int) -> list[Learner]:
    """Make a node with a course and learners who are signed in."""
    os.environ["PASSPORT_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "passport.settings"
    (home / "data").mkdir(parents=True)
    (home / "keys").mkdir()
    import django

    django.setup()
    from django.contrib.sessions.backends.signed_cookies import SessionStore
    from django.core.management import call_command
    from django.db import transaction

    from passport.kernel.actor import Actor
    from passport.learning.engine import lessons
    from passport.library.actions import publish
    from passport.node import actions as node
    from passport.people import actions as people
    from passport.people.models import SignIn
    from passport.web.middleware import SIGN_IN

    by = Actor.machine()
    call_command("migrate", verbosity=0)
    node.set_up(by=by, name="Bench")
    folder = home / "course"
    folder.mkdir()
    text = COURSE.format(course=uuid4())
    text += "".join(LESSON.format(number=number) for number in range(LESSONS))
    (folder / "course.toml").write_text(text)
    quiz = 'feedback = "at once"\npass = 60\n'
    quiz += "".join(QUESTION.format(number=number) for number in range(QUESTIONS))
    (folder / "sums.quiz.toml").write_text(quiz)
    published = publish(by=by, folder=folder)
    version = lessons.version(published.version)
    assert version is not None
    with transaction.atomic():
        site = people.add_site(by=by, name="Mango School", code="MANGO")
        group = people.add_group(by=by, site=site.id, name="Sunbirds")
        made = [
            people.register_learner(by=by, site=site.id, group=group.id, given=f"Learner {number}")
            for number in range(learners)
        ]
        ready = []
        for each in made:
            from passport.kernel.clock import moment, now_ms

            now = moment(now_ms())
            sign_in = SignIn.objects.create(
                id=uuid4(), person_id=each.person, way="picture", started=now, last_seen=now,
                device="tablet", system="android",
            )  # fmt: skip
            session = SessionStore()
            token = secrets.token_hex(16)
            session[SIGN_IN] = sign_in.id.hex
            session["_csrftoken"] = token
            session.save()
            ready.append(
                Learner(
                    each.person, str(session.session_key), token, version.id, list(version.lessons)
                )
            )
    return ready


def cpu_seconds(pid: int) -> float:
    """Return the processor time of a process and its children so far."""
    total, ticks = 0.0, os.sysconf("SC_CLK_TCK")
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().rpartition(")")
        except OSError:
            continue
        fields = rest.split()
        if int(name.split(" ", 1)[0]) == pid or int(fields[1]) == pid:
            total += (int(fields[11]) + int(fields[12])) / ticks
    return total


@contextmanager
def server() -> Iterator[tuple[int, int]]:
    """Serve on a free port until the block ends; gives the port and the process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
            "--port", str(port), "--workers", "1", "--blocking-threads", "64", "--no-access-log",
            "--log-level", "warning", "bench.answers_server:application",
        ],
        cwd=ROOT,
        env={**os.environ, "PASSPORT_SERVING": "1"},
    )  # fmt: skip
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        time.sleep(1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def maker(learners: list[Learner], events: int) -> load.Make:
    """Give each learner a turn."""
    turn = itertools.cycle(learners)

    def make() -> tuple[bytes, load.Hear]:
        learner = next(turn)
        return learner.request(events), learner.hear

    return make


class Bare:
    """Inserts rows like those that were just made, into the same table, a hundred a commit."""

    def __init__(self) -> None:
        from passport.node.models import Stream
        from passport.records.models import Event

        self.sample = list(Event.objects.order_by("pk")[:BATCH])
        self.streams = itertools.cycle(
            Stream.objects.filter(kind="person").values_list("pk", flat=True)[:AT_ONCE]
        )
        self.seq = 10_000_000

    def batch(self) -> list[Event]:
        from passport.records.models import Event

        at, key, rows = time.time_ns() // 1_000_000, next(self.streams), []
        for row in self.sample:
            self.seq += 1
            rows.append(
                Event(
                    id=new_id(at), lesson=row.lesson, verb=row.verb, origin_id=row.origin_id,
                    stream_id=key, seq=self.seq, hlc=row.hlc, kind=row.kind, body=row.body,
                    dep=row.dep, hash=row.hash,
                )
            )  # fmt: skip
        return rows

    def run(self, seconds: float) -> tuple[float, float]:
        """Return rows a second, and processor seconds a row; making the rows is not counted."""
        from django.db import transaction

        from passport.records.engine import table

        rows, spent, used = 0, 0.0, 0.0
        while spent < seconds:
            batch = self.batch()
            began, before = time.perf_counter(), time.process_time()
            with transaction.atomic():
                table.insert(batch)
            spent += time.perf_counter() - began
            used += time.process_time() - before
            rows += len(batch)
        return rows / spent, used / rows


@dataclass
class Series:
    """One figure, once a round: rates and processor time, of the server or of the inserting."""

    rates: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    """Seconds for one."""

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    @property
    def microseconds(self) -> int:
        return round(statistics.median(self.processor) * 1e6)

    def share_of(self, other: Series) -> float:
        """Return the median share in percent, round by round, since other work comes and goes."""
        pairs = zip(self.rates, other.rates, strict=True)
        return 100 * statistics.median(mine / theirs for mine, theirs in pairs)


def measure(learners: list[Learner], seconds: float, rounds: int) -> dict[str, float]:
    """Measure everything in turn, several times."""
    empty, single, batches, bare = Series(), Series(), Series(), Series()
    turn = itertools.cycle(learners)
    with server() as (port, pid):
        address = "127.0.0.1", port

        def ask_nothing() -> tuple[bytes, load.Hear]:
            # Signed in as well, so that both go the same way up to the view.
            learner = next(turn)
            return learner.empty(), learner.hear

        def run(series: Series, make: load.Make, each: int = 1) -> None:
            before = cpu_seconds(pid)
            result = load.closed(*address, AT_ONCE, seconds=seconds, make=make)
            if result.failures:
                sys.exit(f"Requests failed; the first: {result.first_failure[-400:]!r}")
            count = len(result.latencies) * each
            series.rates.append(count / result.seconds)
            series.processor.append((cpu_seconds(pid) - before) / count)

        for learner in learners:  # everybody's first act, so that what follows is every day's
            load.closed(*address, 1, seconds=0, make=maker([learner], 1))
        inserting = Bare()
        for _ in range(rounds):
            run(empty, ask_nothing)
            run(single, maker(learners, 1))
            run(batches, maker(learners, BATCH), BATCH)
            rate, used = inserting.run(seconds)
            bare.rates.append(rate)
            bare.processor.append(used)
        steady = load.paced(
            *address, AT_ONCE, seconds=4 * seconds, make=maker(learners, 1), rate=1000
        )
    return {
        "empty view, a second": round(empty.rate),
        "one answer a request, a second": round(single.rate),
        "  share of the empty view, % (40)": round(single.share_of(empty)),
        "  p50 at 1,000 a second, ms": round(steady.percentile(0.5) * 1000, 1),
        "  p95 at 1,000 a second, ms (60)": round(steady.percentile(0.95) * 1000, 1),
        "batches of 100, answers a second": round(batches.rate),
        "bare executemany, rows a second": round(bare.rate),
        "  share of executemany, % (50)": round(batches.share_of(bare)),
        "processor µs: empty view": empty.microseconds,
        "processor µs: one answer a request": single.microseconds,
        "processor µs: an answer in a batch": batches.microseconds,
        "processor µs: a row, executemany": bare.microseconds,
    }


def main() -> None:
    """Print the figures; in brackets what the issue asks for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=2, help="how long each slice takes")
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--learners", type=int, default=200)
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        learners = prepare(Path(folder), given.learners)
        figures = measure(learners, given.seconds, given.rounds)
    if given.json:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        print(f"{name:38} {figure:>10,}")


if __name__ == "__main__":
    main()
