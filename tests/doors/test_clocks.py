"""Nothing that must work offline expires because of a clock, and nothing is valid for ever (R037, C28)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.conf import settings

from passport.kernel.ids import new_id
from passport.people import actions as people
from passport.people.engine import visits
from tests.rooms.learning.shelf import publish
from tests.support.clocks import DAY, HOUR, MINUTE, YEAR, FakeTime, date
from tests.world import PASSWORD, World, browser, forget

NOW = date(2026, 5, 1, 9)
JUMPS = [-200 * YEAR, -56 * YEAR, -DAY, DAY, 50 * YEAR, 10_000 * YEAR]
NAMES = ["before 1970", "to 1970", "a day back", "a day on", "50 years on", "past the year 9999"]


class Turned(FakeTime):
    """The machine's clocks, for whatever asks the system as well."""

    def turn(self, ms: int) -> None:
        self.wall += ms
        visits.forget_all()

    def sleep(self, ms: int) -> None:
        self.run(ms)
        visits.forget_all()


@pytest.fixture
def time() -> Iterator[Turned]:
    made = Turned(NOW)
    with made.used(), patch("django.core.signing.time.time", lambda: made.wall / 1000):
        yield made


@pytest.fixture
def place(time: Turned, world: World) -> World:
    return world


def enters(place: World) -> None:
    """Let each way in be tried."""
    amina = place.amina.made
    people.sign_in_with_picture(person=amina.person, code=amina.picture_code, client="tablet")
    people.sign_in_with_card(code=amina.card, client="tablet")
    people.sign_in_with_password(name=place.facilitator.username, password=PASSWORD)


@pytest.mark.parametrize("jump", JUMPS, ids=NAMES)
def test_every_way_in_works_after_a_jump_and_asks_for_no_more_than_a_new_sign_in(
    place: World, time: Turned, jump: int
) -> None:
    client = browser(place.amina.sign_in())
    assert client.get("/").status_code == 200
    time.turn(jump)
    forget()
    enters(place)
    again = browser(place.amina.sign_in())
    assert again.get("/").status_code == 200
    assert client.get("/").status_code in {200, 302}


@pytest.mark.parametrize(
    "jump", [-200 * YEAR, -56 * YEAR, -DAY], ids=["before 1970", "1970", "a day"]
)
def test_a_clock_set_back_signs_nobody_out(place: World, time: Turned, jump: int) -> None:
    client = browser(place.amina.sign_in())
    client.get("/")
    time.turn(jump)
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("jump", JUMPS, ids=NAMES)
def test_a_sign_in_ends_after_its_hours_whatever_was_done_to_the_clock(
    place: World, time: Turned, jump: int
) -> None:
    sign_in = place.amina.sign_in()
    time.turn(jump)
    time.sleep(HOUR)
    time.turn(-jump)
    time.sleep(settings.SESSION_HOURS * HOUR)
    assert visits.visit_of(sign_in.id) is None


def test_a_sign_in_of_a_future_that_never_came_is_over(place: World, time: Turned) -> None:
    """A disk image that was restored, say: its last use lies years ahead of the clock."""
    sign_in = place.amina.sign_in()
    time.reboot(wall=NOW - YEAR)
    visits.forget_all()
    with time.used():
        assert visits.visit_of(sign_in.id) is None


@pytest.mark.parametrize("jump", JUMPS, ids=NAMES)
def test_what_was_learnt_is_taken_after_a_jump(
    place: World, time: Turned, jump: int, tmp_path: object
) -> None:
    course = publish(tmp_path / "course")  # type: ignore[operator]
    time.turn(jump)
    client = browser(place.amina.sign_in())
    event = {
        "id": new_id().hex, "verb": "opened", "version": course.version.hex,
        "lesson": course.lessons["article"].hex, "at": max(time.wall, 0) % date(9999), "spent": 0,
        "data": {},
    }  # fmt: skip
    answer = client.post(
        "/events",
        json.dumps({"events": [event]}),
        content_type="application/json",
        headers={"Device-Time": str(time.wall)},
    )
    assert answer.status_code == 200
    assert json.loads(answer.content)["kept"] == [event["id"]]


def test_the_screen_asks_who_is_there_after_idle_time_by_node_time(
    place: World, time: Turned
) -> None:
    client = browser(place.amina.sign_in())
    client.get("/")
    time.turn(-56 * YEAR)
    time.sleep(2 * MINUTE)
    assert client.get("/").status_code == 200
    time.sleep((settings.IDLE_MINUTES + 1) * MINUTE)
    assert client.get("/").status_code != 200
