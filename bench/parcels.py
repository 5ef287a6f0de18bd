"""A parcel of 1,000,000 answers: made at a hub, carried in a folder, taken and projected at its country.

    python -m bench.parcels [--learners 400] [--answers 2500] [--profile FILE]
    python -m tests.support.postgres bench.parcels --postgresql

Two real nodes (`tests/simulation/nodes.py`), SQLite with synchronous=FULL; the country may be PostgreSQL. What
they do is done in one process after another (`bench/parcels_step.py`), each with a memory of its own. Counted
are its CPU seconds, PostgreSQL's besides, and the bytes of the files. The peer of the same run is the least
that any design must do with as many rows: a bare `executemany` into the same table at the same
durability, one commit for each learner.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from bench.ground import ROOT, Figure, School, answers, arguments, show

if TYPE_CHECKING:
    from tests.simulation.nodes import Node

ANSWERS_A_CPU_SECOND = 40_000
BYTES_AN_ANSWER = 50
TIMES_BARE = 4
REBUILT_A_CPU_SECOND = 1_000_000 / 60
MEMORY_MB = 300
AT_ONCE = 50
"""A device sends about so many events at a time."""


def settings(folder: Path) -> None:
    """Choose Django's settings; the nodes bring folders of their own."""
    os.environ["PASSPORT_HOME"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "passport.settings"
    import django

    django.setup()


def two_nodes(
    folder: Path, postgresql: str | None, parcel_file_bytes: int = 256 * 1024
) -> tuple[Node, Node, UUID, UUID]:
    """Make a country and its hub, introduced to one another; returns them, the site and its class."""
    from passport.people import actions as people
    from tests.simulation.nodes import MACHINE, Node, enrol

    country = Node(
        folder / "country",
        "Country",
        is_country=True,
        database_url=postgresql,
        parcel_file_bytes=parcel_file_bytes,
    )
    hub = Node(folder / "hub", "Hub", is_country=False, parcel_file_bytes=parcel_file_bytes)
    with country:
        site = people.add_site(by=MACHINE, name="Mango School").id
        group = people.add_group(by=MACHINE, site=site, name="Sunbirds").id
    enrol(country, hub, [site])
    return country, hub, site, group


def learnt(
    hub: Node, country: Node, folder: Path, site: UUID, group: UUID, learners: int, each: int
) -> School:
    """Let learners answer at the hub; the country knows them and the course already. Returns the course."""
    from bench.ground import publish_course
    from passport.kernel.actor import Actor, Grant
    from passport.kernel.permissions import RoleName
    from passport.learning.actions import read_events, record
    from passport.library.queries import version_manifest
    from passport.people import actions as people
    from tests.simulation.nodes import MACHINE, meet

    with country:
        course, version = publish_course(folder, 0, 60)
    meet(hub, country)
    with hub:
        from django.db import transaction

        with transaction.atomic():
            persons = [
                people.register_learner(
                    by=MACHINE, site=site, group=group, given=f"Learner {number}"
                ).person
                for number in range(learners)
            ]
    meet(hub, country)
    with hub:
        lessons = version_manifest(version).lessons
        quizzes = [lesson.id for lesson in lessons if lesson.kind == "quiz"]
        at = School("", [], course, version, [], quizzes)
        for person in persons:
            by = Actor(person=person, grants=frozenset({Grant(RoleName.LEARNER, site)}))
            said = answers(at, ago_ms=7 * 86_400_000)
            with transaction.atomic():
                for start in range(0, each, AT_ONCE):
                    part = list(islice(said, min(AT_ONCE, each - start)))
                    record(by=by, events=read_events(json.dumps({"events": part}).encode()).events)
    return at


def bare_inserts(country: Node, learners: int, each: int) -> float:
    """The peer: as many rows into a table like that of the events; returns CPU seconds."""
    from django.db import connection, transaction

    from passport.node.models import uuid_writer
    from passport.records.engine.table import COLUMNS

    with country, connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM records_event LIMIT {each}")  # noqa: S608
        sample = cursor.fetchall()
        place = [COLUMNS.index(name) for name in ("id", "stream_id", "seq")]
        write = uuid_writer()
        parts = []
        for learner in range(learners):
            rows = []
            for number, row in enumerate(sample):
                values = list(row)
                for at, value in zip(
                    place,
                    (write(uuid4()), sample[0][4], 10**7 + learner * each + number),
                    strict=True,
                ):
                    values[at] = value
                rows.append(values)
            parts.append(rows)
        marks = ", ".join(["%s"] * len(COLUMNS))
        statement = f"INSERT INTO records_event ({', '.join(COLUMNS)}) VALUES ({marks})"  # noqa: S608
        began = time.process_time()
        for rows in parts:
            with transaction.atomic():
                cursor.executemany(statement, rows)
        return time.process_time() - began


@dataclass(frozen=True, slots=True)
class Step:
    """What one step came to, as its process said."""

    result: int
    cpu: float
    server: float
    """CPU seconds of PostgreSQL."""
    peak: float
    """MB"""


def do(step: str, folder: Path, profile: Path | None) -> Step:
    """Do one step in a process of its own."""
    command = [sys.executable, "-m", "bench.parcels_step", step, str(folder)]
    done = subprocess.run(
        [*command, *([str(profile)] if profile else [])],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    return Step(**json.loads(done.stdout))


def postmaster_of(url: str) -> int:
    """Return the process that a PostgreSQL on this machine began with."""
    import psycopg

    with psycopg.connect(url) as connection:
        stat = Path(f"/proc/{connection.info.backend_pid}/stat").read_text()
    return int(stat.rpartition(")")[2].split()[1])


def main() -> int:
    """Make, carry, take, count."""
    asked = arguments(__doc__)
    asked.add_argument("--learners", type=int, default=400)
    asked.add_argument("--answers", type=int, default=2500)
    asked.add_argument(
        "--postgresql", action="store_true", help="the country's database is DATABASE_URL, empty"
    )
    asked.add_argument("--profile", type=Path, metavar="FILE", help="profile into FILE.make, .take")
    given = asked.parse_args()
    number = given.learners * given.answers
    url = os.environ.pop("DATABASE_URL", None) if given.postgresql else None
    if url:
        os.environ |= {"COUNTRY_DATABASE": url, "COUNTRY_POSTMASTER": str(postmaster_of(url))}
    with tempfile.TemporaryDirectory(prefix="bench-parcels-") as name:
        folder = Path(name)
        settings(folder)
        country, hub, site, group = two_nodes(folder, url)
        learnt(hub, country, folder, site, group, given.learners, given.answers)
        country.close()
        hub.close()
        stick = folder / "stick"
        stick.mkdir()
        made = do("make", folder, given.profile)
        size = sum(path.stat().st_size for path in stick.iterdir())
        taken = do("take", folder, given.profile)
        again = do("again", folder, None)
        assert (taken.result, again.result) == (number, 0), (taken, again)
        rebuilt = do("rebuild", folder, None)
        bare = bare_inserts(country, given.learners, given.answers)
        country.close()
    cpu = made.cpu + taken.cpu
    return show(
        [
            Figure("answers in the parcel", number),
            Figure("bytes an answer", size / number, "", BYTES_AN_ANSWER),
            Figure("made, answers a CPU second", number / made.cpu),
            Figure("taken and projected, answers a CPU second", number / taken.cpu),
            Figure(
                "in all, answers a CPU second",
                number / cpu,
                "",
                ANSWERS_A_CPU_SECOND,
                at_most=False,
            ),
            Figure("the same, PostgreSQL's own CPU counted too", number / (cpu + taken.server)),
            Figure("bare executemany of as many rows, rows a CPU second", number / bare),
            Figure("CPU in all / CPU of bare executemany", cpu / bare, "times", TIMES_BARE),
            Figure(
                "rebuilt, events a CPU second",
                number / rebuilt.cpu,
                "",
                REBUILT_A_CPU_SECOND,
                at_most=False,
            ),
            Figure("memory of making, at the most", made.peak, "MB", MEMORY_MB),
            Figure("memory of taking, at the most", taken.peak, "MB", MEMORY_MB),
            Figure("memory of rebuilding, at the most", rebuilt.peak, "MB", MEMORY_MB),
            Figure("the same parcel once more, answers a CPU second", number / again.cpu),
        ],
        as_json=given.json,
    )


if __name__ == "__main__":
    sys.exit(main())
