"""400 days offline with a wrong clock: logins, answers, parcels and completions work, rows stay few (R037).

The hub has no battery: its clock shows 1970 each morning, except for a month in which it shows 2080.
The power goes without a warning every evening. Nobody comes but, now and then, somebody with a stick.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from django.apps import apps

from passport.fleet import actions as fleet
from passport.fleet import queries
from passport.fleet.engine.devices import devices
from passport.fleet.queries import Quality
from passport.kernel.actor import Actor
from passport.kernel.clock import stamp_ms
from passport.learning.models import Completion
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.people import actions as people
from passport.people.queries import actor_of
from passport.records.models import Event
from tests.rooms.learning import shelf
from tests.rooms.learning.device import Device
from tests.simulation.nodes import MACHINE, Node, enrol, meet
from tests.support.clocks import DAY, HOUR, MINUTE, FakeTime, date
from tests.world import PASSWORD, forget

BEGAN = date(2026, 1, 5, 6)
DAYS = 400
OPEN = 6 * HOUR
IN_2080 = range(150, 180)
STICK_EVERY = 45
DEVICES_EVERY = 100
"""So often visitors bring devices of their own."""


class School:
    """A hub on its own, and the country far away."""

    def __init__(self, folder: Path) -> None:
        self.office, self.box = FakeTime(BEGAN), FakeTime(BEGAN)
        self.read: list[tuple[int, int]] = []
        """(stamp, what it truly was) of each page that Amina read."""
        with self.office.used():
            self.country = Node(folder / "country", "Country", is_country=True)
            self.hub = Node(folder / "hub", "Hub", is_country=False)
            with self.country:
                site = people.add_site(
                    by=MACHINE, name="Mango School", ways=["picture", "card", "password"]
                ).id
                group = people.add_group(by=MACHINE, site=site, name="Sunbirds").id
                self._add_fatou(site)
                self.course = shelf.publish(folder / "course")
            enrol(self.country, self.hub, [site])
            with self.hub:
                self.amina = people.register_learner(
                    by=MACHINE, site=site, group=group, given="Amina"
                )
            meet(self.hub, self.country)

    def _add_fatou(self, site: UUID) -> None:
        people.add_staff(
            by=MACHINE, given="Fatou", family="", username="fatou", password=PASSWORD,
            role="facilitator", site=site,
        )  # fmt: skip

    def morning(self, day: int) -> None:
        self.box.reboot(off=DAY - OPEN, wall=date(2080) if day in IN_2080 else date(1970))
        self.office.run(DAY)
        devices.forget()
        with self.hub, self.box.used():
            forget()
            node.resume_time()
            fleet.keep_clock(by=MACHINE)

    def learn(self, day: int) -> None:
        with self.hub, self.box.used():
            device = Device(self.enter(day), self.course)
            device.at = self.box.true
            device.send(device.event("viewed", "article", page=1 + day % 3, of=3))
            (stamp,) = Event.objects.order_by("-seq").values_list("hlc", flat=True)[:1]
            self.read.append((stamp, self.box.true))
            if day % DEVICES_EVERY == DEVICES_EVERY // 2:
                for number in range(4):
                    fleet.hear_device(address=str(number), shown=str(self.box.true))
            self.box.run(OPEN)
            fleet.keep_clock(by=MACHINE)

    def enter(self, day: int) -> Actor:
        """Sign in, another way each day; staff with a password besides."""
        if day % 2:
            sign_in = people.sign_in_with_card(code=self.amina.card, client="tablet")
        else:
            sign_in = people.sign_in_with_picture(
                person=self.amina.person, code=self.amina.picture_code, client="tablet"
            )
        fatou = people.sign_in_with_password(name="fatou", password=PASSWORD)
        actor = actor_of(sign_in.id)
        assert actor is not None, f"day {day}"
        assert actor_of(fatou.id) is not None, f"day {day}"
        return actor

    def carry(self) -> None:
        """Bring a stick to the country and back on one day."""
        with self.box.used():
            files = self.hub.parcel_for(self.country)
        with self.office.used():
            assert not self.country.take(files).refused
            files = self.country.parcel_for(self.hub)
        with self.box.used():
            assert not self.hub.take(files).refused

    def rows(self) -> dict[str, int]:
        with self.hub:
            return {m._meta.label: m._default_manager.count() for m in apps.get_models()}

    def corrected(self, day: int) -> tuple[int, Quality]:
        """Return by how much the country is wrong about a day, and how well it knows it."""
        stamp, true = self.read[day]
        with self.country, self.office.used():
            (origin,) = Event.objects.values_list("origin__wire", flat=True).distinct()
            found = queries.corrected(origin, stamp_ms(stamp))
        return abs(found.ms - true), found.quality


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[School]:
    monkeypatch.setattr("passport.people.engine.passwords._hasher", PasswordHasher(1, 8, 1))
    made = School(tmp_path)
    yield made
    made.country.close()
    made.hub.close()


def test_a_hub_works_for_400_days_with_a_wrong_clock(school: School) -> None:
    rows = []
    for day in range(DAYS):
        school.morning(day)
        school.learn(day)
        if day % STICK_EVERY == STICK_EVERY - 1:
            school.carry()
        if day + 1 in {DAYS // 2, DAYS}:
            rows.append(school.rows())
    with school.hub, school.box.used():
        Device(school.enter(0), school.course).finish_all()
        assert Completion.objects.count() == 1
        assert abs(node_queries.running_ms() - DAYS * OPEN) < DAYS * MINUTE
    school.carry()
    with school.country:
        assert Completion.objects.count() == 1

    stamps = [stamp for stamp, _ in school.read]
    assert stamps == sorted(stamps), "the hub's own order"
    for day in range(DEVICES_EVERY // 2, DAYS, DEVICES_EVERY):
        wrong, quality = school.corrected(day)
        assert quality is Quality.DEVICES, f"day {day}: {quality}"
        assert wrong < 5 * MINUTE, f"day {day}"
    for day in range(0, DAYS, 7):
        assert school.corrected(day)[0] < DEVICES_EVERY * DAY, f"day {day}"
    _grew_by_what_was_done(*rows)


def _grew_by_what_was_done(half: dict[str, int], whole: dict[str, int]) -> None:
    """A day leaves two sign-ins, an event, a note or two of the clock, and no more."""
    days = DAYS // 2
    allowed = {
        "records.Event": days,
        "people.SignIn": 2 * days,
        "fleet.ClockNote": 2 * days,
        "node.Entry": 2 * days,
        "node.ParcelNote": 2 * days // STICK_EVERY + 2,
        "node.Acknowledged": 5,
        "node.Head": 5,
    }
    grew = {label: whole[label] - half[label] for label in whole}
    assert not {label: by for label, by in grew.items() if by > allowed.get(label, 0)}
