"""A hub with a wrong clock orders its own events right, and the country knows when they were (R048, C28)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps

from passport.fleet import actions as fleet
from passport.fleet import queries
from passport.fleet.engine.devices import devices
from passport.fleet.models import Arrival, ClockNote
from passport.fleet.queries import Quality
from passport.insights.engine.counting import count
from passport.kernel.clock import moment, now_ms, stamp_ms
from passport.learning.models import Progress
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.people.models import Person
from passport.records.models import Event
from passport.sync import actions as sync
from tests.rooms.learning.device import Device
from tests.simulation.nodes import MACHINE, Node
from tests.simulation.test_round_trip import learner
from tests.support.clocks import DAY, HOUR, MINUTE, SECOND, YEAR, FakeTime, date
from tests.sync.conftest import Pair

MADE = date(2026, 1, 10)
TRUE = date(2026, 5, 1)
CLOSE = 5 * MINUTE


class Machine(FakeTime):
    """A node with a clock of its own."""

    def __init__(self, node: Node, true: int, wall: int | None = None) -> None:
        super().__init__(true, wall)
        self.node = node

    @contextmanager
    def awake(self) -> Iterator[None]:
        with self.node, self.used():
            yield

    def tick(self) -> None:
        """Do what the worker does every two minutes."""
        with self.awake():
            fleet.keep_clock(by=MACHINE)

    def start(self, *, off: int = 0, wall: int | None = None) -> None:
        self.reboot(off=off, wall=wall)
        devices.forget()
        with self.awake():
            node.resume_time()
        self.tick()


class Place:
    """A country with a right clock, and a hub with another."""

    def __init__(self, pair: Pair, wall: int | None = None) -> None:
        self.pair = pair
        self.country = Machine(pair.country, TRUE)
        self.hub = Machine(pair.hub, MADE)
        self.hub.tick()
        self.hub.start(off=TRUE - MADE, wall=wall)

    def pass_time(self, ms: int, *, off: bool = False, wall: int | None = None) -> None:
        self.country.run(ms)
        if off:
            self.hub.start(off=ms, wall=wall)
        else:
            self.hub.run(ms)
            self.hub.tick()

    def read(self, page: int) -> int:
        """Let Amina read a page; returns what it truly was."""
        with self.hub.awake():
            device = Device(learner(self.pair.amina, self.pair.site), self.pair.course)
            device.at = self.hub.true
            device.send(device.event("viewed", "article", page=page, of=3))
        return self.hub.true

    def carry_up(self, *, days: int = 0) -> None:
        with self.hub.used():
            files = self.pair.hub.parcel_for(self.pair.country)
        self.pass_time(days * DAY)
        with self.country.used():
            assert not self.pair.country.take(files).refused

    def carry_down(self, *, days: int = 0) -> None:
        with self.country.used():
            files = self.pair.country.parcel_for(self.pair.hub)
        self.pass_time(days * DAY)
        with self.hub.used():
            assert not self.pair.hub.take(files).refused
        self.hub.tick()

    def exchange(self) -> None:
        """Meet the country over the network; the answer takes two seconds."""

        def post(address: str, content: bytes) -> bytes:
            self.country.run(SECOND)
            with self.country.awake():
                _, reply = sync.answer(by=MACHINE, content=content)
            self.country.run(SECOND)
            self.hub.run(2 * SECOND)
            return reply

        with pytest.MonkeyPatch.context() as patched, self.hub.awake():
            patched.setattr("passport.sync.actions.post", post)
            sync.exchange(by=MACHINE)
        self.hub.tick()

    def corrected(self) -> list[queries.Corrected]:
        """Return when the country believes that Amina read, in the hub's order."""
        with self.country.awake():
            events = Event.objects.order_by("hlc").values_list("origin__wire", "hlc")
            return [queries.corrected(origin, stamp_ms(hlc)) for origin, hlc in events]

    def hear(self, *shown: int) -> None:
        """Let devices send, each from an address of its own."""
        with self.hub.awake():
            for number, each in enumerate(shown):
                fleet.hear_device(address=f"10.0.0.{number}", shown=str(each))
        self.hub.tick()


@pytest.fixture(autouse=True)
def before(monkeypatch: pytest.MonkeyPatch) -> None:
    """The country and its hub were made a while ago, and no device has been heard yet."""
    monkeypatch.setattr("passport.kernel.clock.machine", FakeTime(MADE).clock)
    devices.forget()


@pytest.fixture
def behind(pair: Pair) -> Place:
    """The hub was switched off for months, and its clock shows 1970 since."""
    return Place(pair, wall=date(1970))


def test_the_country_met_over_the_network_confirms_the_times(behind: Place) -> None:
    true = []
    for page in (1, 2, 3):
        true.append(behind.read(page))
        behind.pass_time(7 * HOUR)
    behind.exchange()
    behind.exchange()
    found = behind.corrected()
    assert [each.quality for each in found] == [Quality.COUNTRY] * 3
    assert all(abs(each.ms - at) < 2 * SECOND for each, at in zip(found, true, strict=True))


def test_a_stick_says_no_earlier_and_the_arrival_no_later(behind: Place) -> None:
    behind.carry_down(days=3)
    true = behind.read(1)
    behind.carry_up(days=4)
    (found,) = behind.corrected()
    assert found.quality is Quality.NO_EARLIER
    assert true - 3 * DAY - CLOSE <= found.ms <= true


def test_visitors_devices_tell_the_time_with_no_network(behind: Place) -> None:
    true = behind.read(1)
    behind.hear(behind.hub.true + MINUTE, behind.hub.true - MINUTE, behind.hub.true, date(1990))
    behind.carry_up(days=20)
    (found,) = behind.corrected()
    assert found.quality is Quality.DEVICES
    assert abs(found.ms - true) <= 2 * MINUTE
    assert [row.devices for row in found.evidence if row.devices] == [3]


@pytest.mark.parametrize(
    "shown",
    [
        [TRUE, TRUE],
        [date(1990), date(2000), TRUE, date(2030)],
        [TRUE, TRUE, TRUE, date(1980), date(1981), date(1982)],
    ],
    ids=["two", "none agree", "half agree"],
)
def test_devices_that_are_few_or_disagree_say_nothing(behind: Place, shown: list[int]) -> None:
    behind.hear(*shown)
    with behind.hub.awake():
        assert not ClockNote.objects.filter(source="devices").exists()


def test_one_device_that_sends_often_is_one_device(behind: Place) -> None:
    for _ in range(10):
        behind.hear(behind.hub.true)
    with behind.hub.awake():
        assert not ClockNote.objects.filter(source="devices").exists()


@pytest.mark.parametrize("shown", ["", "yesterday", "-1", "1e12", "²", "9" * 400])
def test_what_is_no_clock_is_not_heard(behind: Place, shown: str) -> None:
    with behind.hub.awake():
        for number in range(5):
            fleet.hear_device(address=str(number), shown=shown)
        fleet.keep_clock(by=MACHINE)
        assert not ClockNote.objects.filter(source="devices").exists()


def test_nothing_in_a_note_is_about_a_device_or_a_person(behind: Place) -> None:
    behind.hear(behind.hub.true, behind.hub.true, behind.hub.true)
    with behind.hub.awake():
        (note,) = ClockNote.objects.filter(source="devices").values()
    assert set(note) == {
        "id", "origin", "boot", "node", "wall", "running", "source", "reference", "devices", "trip",
    }  # fmt: skip


def test_a_hub_whose_clock_is_set_by_hand_is_right_about_what_was_before(behind: Place) -> None:
    true = [behind.read(1)]
    behind.pass_time(5 * HOUR)
    behind.hub.wall = behind.hub.true
    true.append(behind.read(2))
    behind.hub.tick()
    behind.exchange()
    behind.exchange()
    found = behind.corrected()
    assert [each.quality for each in found] == [Quality.COUNTRY] * 2
    assert all(abs(each.ms - at) < 2 * SECOND for each, at in zip(found, true, strict=True))


@pytest.mark.parametrize("jump", [-56 * YEAR, -DAY, DAY, 50 * YEAR])
def test_a_clock_shifted_by_years_in_the_middle_changes_no_order_and_no_duration(
    pair: Pair, jump: int
) -> None:
    place = Place(pair)
    true = []
    for page, step in ((1, 0), (2, jump), (3, -jump)):
        place.hub.wall += step
        true.append(place.read(page))
        place.pass_time(HOUR)
    place.exchange()
    place.exchange()
    with place.hub.awake():
        pages = [row.body for row in Event.objects.order_by("seq")]
        assert [f'"page":{page}'.encode() in bytes(body) for page, body in enumerate(pages, 1)] == [
            True
        ] * 3
        stamps = list(Event.objects.order_by("seq").values_list("hlc", flat=True))
        assert stamps == sorted(stamps)
        assert Progress.objects.get(person=pair.amina).percent == 100
        assert node_queries.running_ms() == 3 * HOUR + 4 * SECOND  # the two exchanges
    found = [each.ms for each in place.corrected()]
    assert all(abs(ms - at) < 3 * SECOND for ms, at in zip(found, true, strict=True))


def test_power_that_goes_every_day_leaves_every_day_with_its_own_evidence(behind: Place) -> None:
    true = []
    for page in (1, 2, 3):
        true.append(behind.read(page))
        behind.hear(*[behind.hub.true] * 3)
        behind.pass_time(HOUR)
        behind.pass_time(15 * HOUR, off=True, wall=date(1970))
    behind.carry_up()
    found = behind.corrected()
    assert [each.quality for each in found] == [Quality.DEVICES] * 3
    assert all(abs(each.ms - at) < CLOSE for each, at in zip(found, true, strict=True))


def test_a_thousand_exchanges_with_nothing_new_leave_no_row(behind: Place) -> None:
    behind.exchange()
    behind.exchange()
    behind.exchange()
    before = _rows(behind.hub), _rows(behind.country)
    for _ in range(40):
        behind.pass_time(MINUTE)
        behind.exchange()
    assert (_rows(behind.hub), _rows(behind.country)) == before


def _rows(machine: Machine) -> dict[str, int]:
    with machine.awake():
        return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_an_answer_that_somebody_kept_and_sends_again_confirms_nothing(behind: Place) -> None:
    behind.exchange()
    with behind.hub.awake():
        fleet.note_country_clock(by=MACHINE, made=TRUE - YEAR, trip=10)
        assert not ClockNote.objects.filter(reference=TRUE - YEAR, source="country").exists()


@pytest.mark.parametrize("made", [-1, 0, 2**80])
def test_a_parcel_made_at_no_time_says_nothing(behind: Place, made: int) -> None:
    with behind.hub.awake():
        fleet.note_country_clock(by=MACHINE, made=made, trip=0)
        assert not ClockNote.objects.filter(source="country").exists()
    with behind.country.awake():
        fleet.note_arrival(by=MACHINE, origin="x", made=made)
        assert not Arrival.objects.filter(origin="x").exists()


def test_a_parcel_handed_in_again_and_again_is_one_arrival(behind: Place) -> None:
    with behind.country.awake():
        before = Arrival.objects.count()
        for _ in range(5):
            fleet.note_arrival(by=MACHINE, origin="x", made=TRUE - DAY)
            behind.country.run(DAY)
        assert Arrival.objects.count() == before + 1


@pytest.mark.parametrize("wall", [date(1970), date(2080)])
def test_figures_are_told_by_the_month_in_which_it_happened(pair: Pair, wall: int) -> None:
    """C15: a hub in 1970, or in 2080, whose learners came in May and whose parcel came in July."""
    place = Place(pair, wall=wall)
    with place.hub.used():
        bilal = pair.register("Bilal")
    place.hear(*[place.hub.true] * 3)
    for page in (1, 2, 3):
        place.read(page)
    place.carry_up(days=70)
    with place.country.awake():
        cells = count(moment(now_ms()))
        assert Person.objects.filter(pk=bilal).exists()
    users = {cell.month.isoformat() for cell in cells if cell.indicator == "users"}
    assert "2026-05-01" in users
    assert not users - {"2026-01-01", "2026-05-01"}  # in January there was Amina
    trained = {cell.month.isoformat() for cell in cells if cell.indicator == "trained"}
    assert trained == {"2026-05-01"}


def test_a_restored_incarnation_has_a_timeline_of_its_own(behind: Place) -> None:
    behind.exchange()
    with behind.country.awake():
        (origin,) = ClockNote.objects.values_list("origin", flat=True).distinct() or ("",)
        other = origin[:-16] + "0" * 16
        assert queries.corrected(other, TRUE).quality is Quality.UNKNOWN
