"""A parcel for one hub costs by what is new for it, never by the size of the country."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from passport.people import actions as people
from tests.rooms.learning.device import Device
from tests.simulation.nodes import MACHINE, Node, meet
from tests.simulation.test_round_trip import learner
from tests.sync.conftest import Pair

STEPS = 10
"""How many instructions of SQLite's machine are counted as one."""
ELSEWHERE = 20


def work_of(at: Node, call: Any) -> int:
    """Count what the database does: the same on every machine, however busy."""
    counted = 0

    def count() -> None:
        nonlocal counted
        counted += 1

    raw = at._connection
    raw.ensure_connection()
    raw.connection.set_progress_handler(count, STEPS)
    try:
        call()
    finally:
        raw.connection.set_progress_handler(None, STEPS)
    return counted


def grow(pair: Pair, school: str) -> None:
    """Give the country another school, with learners who learn there."""
    with pair.country:
        site: UUID = people.add_site(by=MACHINE, name=school).id
        group = people.add_group(by=MACHINE, site=site, name="Weavers").id
        for number in range(ELSEWHERE):
            one = people.register_learner(
                by=MACHINE, site=site, group=group, given=f"{school} {number}"
            )
            device = Device(learner(one.person, site), pair.course)
            device.send(
                *(device.event("viewed", "article", 500, page=page, of=3) for page in (1, 2, 3))
            )


def making_and_taking(pair: Pair) -> tuple[int, int]:
    """Let one page be read at the hub, and carry it: the work of taking it, and of making the answer."""
    pair.learn(1)
    files = pair.hub.parcel_for(pair.country)
    taking = work_of(pair.country, lambda: pair.country.take(files))
    answer: list[bytes] = []
    making = work_of(pair.country, lambda: answer.extend(pair.country.parcel_for(pair.hub)))
    pair.hub.take(answer)
    return taking, making


def test_a_parcel_for_one_hub_costs_by_what_is_new_for_it(pair: Pair) -> None:
    grow(pair, "Acacia School")
    meet(pair.hub, pair.country)
    small = making_and_taking(pair)
    for school in ("Baobab School", "Cedar School", "Date School", "Ebony School"):
        grow(pair, school)
    meet(pair.hub, pair.country)
    large = making_and_taking(pair)
    assert large[0] <= 1.1 * small[0], (small, large)
    assert large[1] <= 1.1 * small[1], (small, large)
