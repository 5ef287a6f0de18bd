"""400 days offline with a wrong clock: logins, answers, parcels and completions work, rows stay few (R037).

The hub has no battery: its clock shows 1970 each morning, except for a month in 2080. The power goes
without a warning every evening. Nobody comes but, now and then, somebody with a stick.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps

from passport.fleet import actions as fleet
from passport.fleet import queries
from passport.fleet.engine.devices import devices
from passport.fleet.queries import Quality
from passport.kernel.clock import stamp_ms
from passport.learning.models import Completion
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.people import actions as people
from passport.people.queries import actor_of, card_of
from passport.records.models import Event
from tests.rooms.learning import shelf
from tests.rooms.learning.device import Device
from tests.simulation.nodes import MACHINE, Node, enrol, meet
from tests.support.clocks import DAY, HOUR, MINUTE, FakeTime, date
from tests.world import PASSWORD, forget

BEGAN = date(2026, 1, 5, 6)
DAYS = 400
OPEN = 6 * HOUR
FIRST_OF_2080, LAST_OF_2080 = 150, 180
STICK_EVERY = 45


def test_a_hub_works_for_400_days_with_a_wrong_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from argon2 import PasswordHasher

    from passport.people.engine import passwords

    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(1, 8, 1))
    office, box = FakeTime(BEGAN), FakeTime(BEGAN)
    devices.forget()
    with office.used():
        country = Node(tmp_path / "country", "Country", is_country=True)
        hub = Node(tmp_path / "hub", "Hub", is_country=False)
        with country:
            site = people.add_site(
                by=MACHINE, name="Mango School", ways=["picture", "card", "password"]
            ).id
            group = people.add_group(by=MACHINE, site=site, name="Sunbirds").id
            people.add_staff(
                by=MACHINE, given="Fatou", family="", username="fatou", password=PASSWORD,
                role="facilitator", site=site,
            )  # fmt: skip
            course = shelf.publish(tmp_path / "course")
        enrol(country, hub, [site])
        with hub:
            amina = people.register_learner(by=MACHINE, site=site, group=group, given="Amina")
        meet(hub, country)
    ways: Counter[str] = Counter()
    stamps: list[int] = []
    true: dict[int, int] = {}

    def morning(day: int) -> None:
        wall = date(2080) if FIRST_OF_2080 <= day < LAST_OF_2080 else date(1970)
        box.reboot(off=DAY - OPEN, wall=wall)
        office.run(DAY)
        devices.forget()
        with hub, box.used():
            forget()
            node.resume_time()
            fleet.keep_clock(by=MACHINE)

    def learn(day: int) -> None:
        with hub, box.used():
            match day % 3:
                case 0:
                    code = card_of(MACHINE, amina.person).code
                    sign_in = people.sign_in_with_card(code=code, client="tablet")
                case 1:
                    sign_in = people.sign_in_with_picture(
                        person=amina.person, code=amina.picture_code, client="tablet"
                    )
                case _:
                    people.sign_in_with_password(name="fatou", password=PASSWORD)
                    sign_in = people.sign_in_with_card(code=amina.card, client="tablet")
            ways[sign_in.way] += 1
            actor = actor_of(sign_in.id)
            assert actor is not None, f"day {day}: the sign-in doesn't hold"
            device = Device(actor, course)
            device.at = box.true
            device.send(device.event("viewed", "article", page=1 + day % 3, of=3))
            stamps.append(Event.objects.order_by("-seq").values_list("hlc", flat=True)[0])
            true[stamps[-1]] = box.true
            if day % 100 == 50:
                for number in range(4):
                    fleet.hear_device(address=str(number), shown=str(box.true))
            box.run(OPEN)
            fleet.keep_clock(by=MACHINE)

    sizes: list[dict[str, int]] = []
    for day in range(DAYS):
        morning(day)
        learn(day)
        if day % STICK_EVERY == STICK_EVERY - 1:
            with box.used():
                files = hub.parcel_for(country)
            with office.used():
                assert not country.take(files).refused
                back = country.parcel_for(hub)
            with box.used():
                assert not hub.take(back).refused
        if day in {DAYS // 2 - 1, DAYS - 1}:
            with hub:
                sizes.append({m._meta.label: m._default_manager.count() for m in apps.get_models()})
    with hub, box.used():
        device = Device(actor_of(people.sign_in_with_card(code=amina.card).id), course)  # type: ignore[arg-type]
        device.finish_all()
        assert Completion.objects.count() == 1
        assert abs(node_queries.running_ms() - DAYS * OPEN) < DAYS * MINUTE

    assert set(ways) == {"card", "picture"}
    assert stamps == sorted(stamps), "the hub's own order"
    _grew_by_what_was_done(*sizes)

    with box.used():
        files = hub.parcel_for(country)
    with office.used():
        office.run(DAY)
        assert not country.take(files).refused
    with country, office.used():
        assert Completion.objects.count() == 1
        origin = Event.objects.values_list("origin__wire", flat=True)[0]
        known = queries.corrected
        for day in range(50, DAYS, 100):
            found = known(origin, stamp_ms(stamps[day]))
            assert found.quality is Quality.DEVICES, f"day {day}: {found.quality}"
            assert abs(found.ms - true[stamps[day]]) < 5 * MINUTE
        for day in range(0, DAYS, 7):
            found = known(origin, stamp_ms(stamps[day]))
            assert abs(found.ms - true[stamps[day]]) < 101 * DAY
    country.close()
    hub.close()


def _grew_by_what_was_done(half: dict[str, int], whole: dict[str, int]) -> None:
    """A day leaves a sign-in or two, an event, a note of the clock, and no more."""
    days = DAYS // 2
    grew = {label: whole[label] - half[label] for label in whole if whole[label] > half[label]}
    allowed = {
        "records.Event": days,
        "people.SignIn": 2 * days,
        "fleet.ClockNote": 2 * days,
        "node.Entry": 2 * days,
        "node.ParcelNote": 20,
        "node.Acknowledged": 5,
        "node.Head": 5,
        "node.Stream": 0,
    }
    assert not {label: by for label, by in grew.items() if by > allowed.get(label, 0)}
