"""One hub's parcels in a small country and in a large one: they cost by what is new, never by the size.

    python -m bench.country [--hubs 40] [--learners 20000] [--events 1000000]
    python -m bench.country --hubs 400 --learners 200000 --events 50000000

Two real countries, each with a real hub, exchange parcels in turns. One is empty but for that hub; the other
got the rows that parcels of so many other hubs leave behind (journal, vector, people, acknowledgements), put
there by SQL since those hubs needn't have lived for it. Told is the CPU of the country's side, taking
and making, with the same amount that is new.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any

from bench.ground import Figure, School, answers, arguments, show
from bench.parcels import learnt, settings, two_nodes

TIMES = 1.25
"""What the large country may cost of the small one: an index of fifty million has a level or two more."""
ROUNDS = 9
FIRST = 10_000_000
"""Numbers from here on are the copies'."""
AT_ONCE = 200_000
"""Rows a transaction: all at once would write everything twice, first into the WAL."""
PEOPLE = 100
ANSWERS = 20
"""Of each, in each round."""


def main() -> int:
    """Measure, fill, measure again."""
    asked = arguments(__doc__)
    asked.add_argument("--hubs", type=int, default=40)
    asked.add_argument("--learners", type=int, default=20_000)
    asked.add_argument("--events", type=int, default=1_000_000)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-country-") as name:
        settings(Path(name))
        small, large = (_Pair(Path(name) / size) for size in ("small", "large"))
        with large.country:
            _fill(given.hubs, given.learners, given.events)
        for _ in range(ROUNDS):
            small.exchange()
            large.exchange()
    figures = [
        Figure(
            "taking, in the large country against the small one",
            _ratio(large.taking, small.taking),
            "",
            TIMES,
        ),
        Figure(
            "making, in the large country against the small one",
            _ratio(large.making, small.making),
            "",
            TIMES,
        ),
        Figure("taking, CPU ms", statistics.median(large.taking) * 1000, "ms"),
        Figure("making, CPU ms", statistics.median(large.making) * 1000, "ms"),
    ]
    return show(figures, as_json=given.json)


class _Pair:
    """A country and its hub, and what each exchange between them cost the country."""

    def __init__(self, folder: Path) -> None:
        from tests.simulation.nodes import meet

        folder.mkdir()
        self.country, self.hub, site, group = two_nodes(folder, None)
        self.school = learnt(self.hub, self.country, folder, site, group, PEOPLE, ANSWERS)
        meet(self.hub, self.country)
        self.taking: list[float] = []
        self.making: list[float] = []

    def exchange(self) -> None:
        """Let the hub's learners answer, and carry it; note the CPU seconds of taking and making."""
        with self.hub:
            _answer(self.school)
        files = self.hub.parcel_for(self.country)
        began = time.process_time()
        assert self.country.take(files).tally.events == PEOPLE * ANSWERS
        taken = time.process_time()
        answer = self.country.parcel_for(self.hub)
        made = time.process_time()
        self.hub.take(answer)
        self.taking.append(taken - began)
        self.making.append(made - taken)


def _ratio(large: list[float], small: list[float]) -> float:
    """The median of the ratios of neighbours in time, which other work on the machine slows alike."""
    return statistics.median(left / right for left, right in zip(large, small, strict=True))


def _answer(school: School) -> None:
    from passport.kernel.actor import Actor, Grant
    from passport.kernel.permissions import RoleName
    from passport.learning.actions import read_events, record
    from passport.people.models import Person

    for person, site in Person.objects.values_list("pk", "site"):
        by = Actor(person=person, grants=frozenset({Grant(RoleName.LEARNER, site)}))
        said = list(islice(answers(school), ANSWERS))
        record(by=by, events=read_events(json.dumps({"events": said}).encode()).events)


# The rest of the country


def _fill(hubs: int, learners: int, events: int) -> None:
    """Put there what so many other hubs and their learners have left in the country.

    Each row is a copy of one that the real hub left, with keys of its own.
    """
    from django.db import connection

    each = events // learners
    hub, person = f"i %% {hubs}", "printf('%%032x', 9000000000 + i)"
    key, site = "printf('%%064x', 7000000 + {})", "printf('%%032x', 8000000 + {})"
    origin, stream = f"{FIRST} + {hub}", f"{FIRST} + i"
    somebody = "SELECT stream_id FROM records_event ORDER BY id DESC LIMIT 1"
    whose = f"(SELECT key FROM node_stream WHERE id = ({somebody}))"  # noqa: S608
    in_stream = f"stream_id = ({somebody})"
    of_hub = {"id": origin, "key": key.format("i")}
    with connection.cursor() as cursor:
        for table, count, sample, changed in (
            ("fleet_hub", hubs, "1",
             {"key": key.format("i"), "sites": f"json_array({site.format('i')})"}),
            ("node_peer", hubs, "is_country = 0", of_hub),
            ("node_origin", hubs, "ours = 0",
             {"id": origin, "wire": f"{key.format('i')} || '.0000000000000000'"}),
            ("people_site", hubs, "1", {"id": site.format("i"), "code": "'code-' || i"}),
            ("node_stream", hubs, "kind = 'site'",
             {"id": f"{2 * FIRST} + i", "key": site.format("i")}),
            ("node_stream", learners, f"id = ({somebody})", {"id": stream, "key": person}),
            ("people_person", learners, f"id = {whose}",
             {"id": person, "site_id": site.format(hub), "registered_site_id": site.format(hub),
              "card_blind": "randomblob(16)", "name_blind": "randomblob(16)"}),
            ("people_membership", learners, f"person_id = {whose}",
             {"id": person, "person_id": person, "noted_of": person, "site_id": site.format(hub)}),
            ("node_head", learners, in_stream, {"stream_id": stream, "origin_id": origin}),
            ("node_acknowledged", learners, in_stream,
             {"peer_id": origin, "stream_id": stream, "origin_id": origin}),
            ("node_entry", learners, in_stream, {"stream_id": stream, "origin_id": origin}),
            ("learning_progress", learners, f"person = {whose}", {"person": person}),
            ("records_event", learners * each, in_stream,
             {"id": "printf('%%032x', 1000000000 + i)", "stream_id": f"{FIRST} + i / {each}",
              "origin_id": f"{FIRST} + (i / {each}) %% {hubs}", "seq": f"i %% {each} + 1"}),
        ):  # fmt: skip
            _copy(cursor, table, count, sample, changed)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copy(cursor: Any, table: str, count: int, sample: str, changed: dict[str, str]) -> None:
    """Insert `count` copies of a row; what is `changed` is SQL of their number `i`. Names are the code's own."""
    cursor.execute(
        "SELECT name FROM pragma_table_info(%s) WHERE pk = 0 OR lower(type) NOT LIKE '%%int%%'",
        [table],
    )
    columns = [name for (name,) in cursor.fetchall()]
    columns += [name for name in changed if name not in columns]
    said = ", ".join(changed.get(name, f'one."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    for first in range(0, count, AT_ONCE):
        last = min(first + AT_ONCE, count)
        cursor.execute(
            f"WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {last})"  # noqa: S608
            f" INSERT INTO {table} ({names})"
            f" SELECT {said} FROM n, (SELECT * FROM {table} WHERE {sample} LIMIT 1) AS one",
            [],
        )
        cursor.execute("SELECT changes()")
        made = cursor.fetchone()[0]
        assert made == last - first, f"{made} rows of {table} where {sample}"


if __name__ == "__main__":
    sys.exit(main())
