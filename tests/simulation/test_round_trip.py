"""A lesson learnt with no internet reaches the country, exactly once, whatever happens to the parcels.

Real rooms on real SQLite files; hypothesis makes the histories. Parcels go into a bag and are carried
from there in any order, any number of times, cut short, or never.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from passport.kernel.actor import Actor, Grant
from passport.kernel.ids import new_id
from passport.kernel.permissions import RoleName
from passport.people import actions as people
from passport.records.models import Event
from passport.sync import actions as sync
from passport.sync.actions import Taken
from tests.rooms.learning import shelf
from tests.rooms.learning.device import Device
from tests.rooms.learning.shelf import Shelf
from tests.simulation.nodes import MACHINE, Node, enrol, meet
from tests.simulation.picture import picture

HUBS = 2
QUICK = 100
FAST = (Phase.explicit, Phase.reuse, Phase.generate)


def learner(person: UUID, site: UUID) -> Actor:
    return Actor(person=person, grants=frozenset({Grant(RoleName.LEARNER, site)}))


def picture_of(node: Node, *, shared: bool) -> dict[str, Counter[str]]:
    """Take down every projection of a node; `shared`: only what two nodes must agree on."""
    with node:
        return picture(shared=shared)


class Histories(RuleBasedStateMachine):
    """Two hubs of one school, its country, and couriers on whom nobody can count."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="passport-simulation-"))
        self.bag: list[tuple[Node, list[bytes]]] = []
        self.learners: list[UUID] = []
        self.acknowledged: set[UUID] = set()

    @initialize()
    def a_school_with_two_hubs(self) -> None:
        self.country = Node(self.folder / "country", "Country", is_country=True)
        self.hubs = [
            Node(self.folder / f"hub{at}", f"Hub {at}", is_country=False) for at in range(HUBS)
        ]
        with self.country:
            self.site = people.add_site(by=MACHINE, name="Mango School").id
            self.group = people.add_group(by=MACHINE, site=self.site, name="Sunbirds").id
            self.course: Shelf = shelf.publish(self.folder / "course", kinds=("article", "quiz"))
        for hub in self.hubs:
            enrol(self.country, hub, [self.site])
        self.register(0)
        for hub in self.hubs:
            meet(hub, self.country)
            meet(hub, self.country)

    # What people do

    @rule(at=st.integers(0, HUBS - 1))
    def register(self, at: int) -> None:
        with self.hubs[at]:
            made = people.register_learner(
                by=MACHINE, site=self.site, group=self.group, given=f"Learner {len(self.learners)}"
            )
        self.learners.append(made.person)

    @rule(at=st.integers(0, HUBS - 1), who=st.integers(0, 100), page=st.integers(1, 3))
    def read(self, at: int, who: int, page: int) -> None:
        self._learn(
            at, who, lambda device: device.event("viewed", "article", spent=500, page=page, of=3)
        )

    @rule(at=st.integers(0, HUBS - 1), who=st.integers(0, 100), option=st.sampled_from("ab"))
    def answer(self, at: int, who: int, option: str) -> None:
        attempt = new_id()
        self._learn(
            at,
            who,
            lambda device: device.event(
                "answered", "quiz", attempt=attempt, question="q1", response=option, ms=900
            ),
            lambda device: device.event("submitted", "quiz", attempt=attempt),
        )

    def _learn(self, at: int, who: int, *makers: Any) -> None:
        person = self.learners[who % len(self.learners)]
        with self.hubs[at]:
            from passport.people.models import Person

            if not Person.objects.filter(pk=person).exclude(registered_at=None).exists():
                return  # this hub has never heard of them
            device = Device(learner(person, self.site), self.course)
            events = [make(device) for make in makers]
            device.send(*events)
            device.send(*events)  # the answer got lost: the device sends again
        self.acknowledged |= {UUID(event["id"]) for event in events}

    # What couriers do

    @rule(at=st.integers(0, HUBS - 1))
    def a_parcel_goes_up(self, at: int) -> None:
        self.bag.append((self.country, self.hubs[at].parcel_for(self.country)))

    @rule(at=st.integers(0, HUBS - 1))
    def a_parcel_goes_down(self, at: int) -> None:
        self.bag.append((self.hubs[at], self.country.parcel_for(self.hubs[at])))

    @precondition(lambda self: self.bag)
    @rule(which=st.integers(0, 1000))
    def one_arrives(self, which: int) -> None:
        """Any of them, perhaps for the second time, perhaps long after later ones."""
        where, files = self.bag[which % len(self.bag)]
        taken: Taken = where.take(files)
        assert not taken.refused, taken.refused
        assert not taken.cut_short

    @precondition(lambda self: self.bag)
    @rule(which=st.integers(0, 1000), share=st.floats(0, 1))
    def one_arrives_cut_short(self, which: int, share: float) -> None:
        where, files = self.bag[which % len(self.bag)]
        where.take([file[: int(len(file) * share)] for file in files])

    # What must hold in the end

    def teardown(self) -> None:
        if not hasattr(self, "hubs"):
            return
        try:
            self._check()
        finally:
            for node in (self.country, *self.hubs):
                node.close()
            shutil.rmtree(self.folder)

    def _check(self) -> None:
        for _ in range(2):
            for hub in self.hubs:
                meet(hub, self.country)
        for node in (self.country, *self.hubs):
            with node:
                assert set(Event.objects.values_list("id", flat=True)) == self.acknowledged
        shared = picture_of(self.country, shared=True)
        for hub in self.hubs:
            for table, rows in picture_of(hub, shared=True).items():
                assert rows == shared[table], f"{hub.name} and the country differ in {table}"
        for node in (self.country, *self.hubs):
            live = picture_of(node, shared=False)
            with node:
                sync.rebuild(by=MACHINE)
            for table, rows in picture_of(node, shared=False).items():
                assert rows == live[table], f"{node.name}: rebuilt {table} is not what was live"


def test_every_history_ends_with_all_nodes_agreeing_and_each_answer_once() -> None:
    effort = settings().max_examples
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=max(8, effort // 10),
            stateful_step_count=25,
            deadline=None,
            # Shrinking replays whole histories on real databases for minutes; `--deep` does it.
            phases=tuple(Phase) if effort > QUICK else FAST,
        ),
    )
