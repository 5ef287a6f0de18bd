"""One hub's parcels in a small country and in a large one: they cost by what is new, never by the size.

    python -m bench.country [--hubs 40] [--learners 20000] [--events 1000000]
    python -m bench.country --hubs 400 --learners 200000 --events 50000000

A real country and a real hub exchange parcels while the country is empty but for that hub; then the country
gets the rows that parcels of so many other hubs leave behind (journal, vector, people, acknowledgements), put
there by SQL since those hubs needn't have lived for it; then the two exchange as before. Told is the CPU
of the country's side, taking and making, with the same amount that is new.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.ground import Figure, School, answers, arguments, show
from bench.parcels import learnt, settings, two_nodes

if TYPE_CHECKING:
    from tests.simulation.nodes import Node

TIMES = 1.25
"""What the large country may cost of the small one: an index of fifty million has a level or two more."""
ROUNDS = 7
FIRST = 10_000_000
"""Numbers from here on are the copies'."""
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
        folder = Path(name)
        settings(folder)
        from tests.simulation.nodes import meet

        country, hub, site, group = two_nodes(folder, None)
        school = learnt(hub, country, folder, site, group, PEOPLE, ANSWERS)
        meet(hub, country)
        small = _exchanges(country, hub, school)
        with country:
            _fill(given.hubs, given.learners, given.events)
        large = _exchanges(country, hub, school)
    figures = [
        Figure(
            "taking, in the large country against the small one", large[0] / small[0], "", TIMES
        ),
        Figure(
            "making, in the large country against the small one", large[1] / small[1], "", TIMES
        ),
        Figure("taking, CPU ms", large[0] * 1000, "ms"),
        Figure("making, CPU ms", large[1] * 1000, "ms"),
    ]
    return show(figures, as_json=given.json)


def _exchanges(country: Node, hub: Node, school: School) -> tuple[float, float]:
    """Let the hub's learners answer, and carry it, several times; the median CPU of taking and making."""
    taking, making = [], []
    for _ in range(ROUNDS):
        with hub:
            _answer(school)
        files = hub.parcel_for(country)
        began = time.process_time()
        assert country.take(files).tally.events == PEOPLE * ANSWERS
        taken = time.process_time()
        answer = country.parcel_for(hub)
        made = time.process_time()
        hub.take(answer)
        taking.append(taken - began)
        making.append(made - taken)
    return statistics.median(taking), statistics.median(making)


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
    from django.db import connection, transaction

    each = events // learners
    hub, person = f"i %% {hubs}", "printf('%%032x', 9000000000 + i)"
    key, site = "printf('%%064x', 7000000 + {})", "printf('%%032x', 8000000 + {})"
    origin, stream = f"{FIRST} + {hub}", f"{FIRST} + i"
    somebody = "SELECT stream_id FROM records_event ORDER BY id DESC LIMIT 1"
    whose = f"(SELECT key FROM node_stream WHERE id = ({somebody}))"  # noqa: S608
    in_stream = f"stream_id = ({somebody})"
    of_hub = {"id": origin, "key": key.format("i")}
    with transaction.atomic(), connection.cursor() as cursor:
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
    cursor.execute(
        f"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})"  # noqa: S608
        f" INSERT INTO {table} ({names})"
        f" SELECT {said} FROM n, (SELECT * FROM {table} WHERE {sample} LIMIT 1) AS one",
        [],
    )
    cursor.execute("SELECT changes()")
    made = cursor.fetchone()[0]
    assert made == count, f"{made} rows of {table} where {sample}"


if __name__ == "__main__":
    sys.exit(main())
