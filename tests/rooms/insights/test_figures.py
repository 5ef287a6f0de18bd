"""The five figures, their growth, and what keeps them honest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from django.utils import timezone

from passport.insights import actions, queries
from passport.insights.models import Counted, Month
from passport.insights.queries import BySex
from passport.kernel.errors import NotAllowed
from passport.node.models import Peer
from passport.people import actions as people
from passport.people.models import Person
from tests.rooms.learning.device import NOON, Device
from tests.rooms.learning.shelf import Shelf, publish
from tests.world import World, machine, make_learner

JANUARY = datetime(2025, 1, 15, 12, tzinfo=UTC)
THIS_MONTH = date.today().replace(day=1)  # noqa: DTZ011 - the node's zone is UTC in tests


@pytest.fixture
def shelf(world: World, tmp_path: Path) -> Shelf:
    return publish(tmp_path / "course")


def totals(world: World) -> dict[str, int]:
    actions.refresh(by=machine())
    headline = queries.headline(world.office.actor)
    return {figure.indicator.id: figure.total for figure in headline.figures}


def came(world: World, figure: str, site: UUID | None = None) -> dict[date, int]:
    actions.refresh(by=machine())
    growth = queries.growth(world.office.actor, figure, site=site)
    return {line.month: line.added.all for line in growth if line.added.all}


def known_since(person: UUID, when: datetime = JANUARY) -> None:
    Person.objects.filter(pk=person).update(registered_at=when)


def test_nothing_is_nothing(node: None) -> None:
    actions.refresh(by=machine())

    assert not Month.objects.exists()
    assert [figure.total for figure in queries.headline(machine()).figures] == [0] * 5
    assert queries.growth(machine(), "users")[-1].total == 0


def test_the_headline(world: World, shelf: Shelf) -> None:
    amina, bilal = Device(world.amina.actor, shelf), Device(world.bilal.actor, shelf)
    amina.finish_all()
    bilal.do("opened", "article")

    assert totals(world) == {
        "countries": 1,
        "users": 7,  # three learners, two facilitators, two in the office
        "courses": 1,
        "trained": 2,
        "completions": 1,
    }


def test_a_newer_version_of_the_same_course_counts_nothing_twice(
    world: World, shelf: Shelf, tmp_path: Path
) -> None:
    Device(world.amina.actor, shelf).finish_all()
    newer = publish(tmp_path / "newer", course=shelf.course, more=("extra",))
    device = Device(world.amina.actor, newer, at=NOON + 1_000_000)
    device.do("viewed", "extra", page=1, of=1)

    found = totals(world)

    assert found["courses"] == 1
    assert found["completions"] == 1


def test_not_provided_is_shown_and_counted(world: World) -> None:
    actions.refresh(by=machine())
    (line,) = [
        line
        for line in queries.by_site(world.office.actor, "users").lines
        if line.site == world.baobab.id
    ]

    assert line.total == BySex(female=0, male=0, other=0, unsaid=2, all=2)  # Chidi and Sam
    assert sum(line.total[:4]) == line.total.all


def test_the_month_is_that_of_the_deed_however_late_the_parcel(world: World, shelf: Shelf) -> None:
    known_since(world.amina.person)
    before = came(world, "completions")
    Device(world.amina.actor, shelf).finish_all()  # in June 2025, by the device's clock

    assert before == {}
    assert came(world, "completions") == {date(2025, 6, 1): 1}


def test_a_clock_ahead_counts_now_and_one_behind_at_registration(
    world: World, shelf: Shelf
) -> None:
    known_since(world.bilal.person)
    Device(world.amina.actor, shelf, at=4_000_000_000_000).finish_all()  # the year 2096
    Device(world.bilal.actor, shelf, at=10_000_000).finish_all()  # 1970

    assert came(world, "completions") == {date(2025, 1, 1): 1, THIS_MONTH: 1}


def test_counting_again_changes_nothing_and_erasing_loses_nothing(
    world: World, shelf: Shelf
) -> None:
    Device(world.amina.actor, shelf).finish_all()
    assert actions.refresh(by=machine())
    first = _rows()

    assert not actions.refresh(by=machine())
    assert _rows() == first

    Month.objects.all().delete()
    assert actions.refresh(by=machine())
    assert _rows() == first


def test_what_is_gone_below_is_gone_here(world: World) -> None:
    totals(world)
    Person.objects.filter(pk=world.chidi.person).delete()

    assert totals(world)["users"] == 6
    assert came(world, "users", site=world.baobab.id) == {THIS_MONTH: 1}


def test_moving_to_another_school_changes_no_past_figure(world: World) -> None:
    before = came(world, "users", site=world.mango.id)
    people.move_to_group(by=machine(), person=world.amina.person, group=world.kites.id)

    assert came(world, "users", site=world.mango.id) == before


def test_months_sites_and_years_agree_with_the_total(world: World, shelf: Shelf) -> None:
    known_since(world.amina.person)
    known_since(world.bilal.person, JANUARY - timedelta(days=60))
    Device(world.amina.actor, shelf).finish_all()
    total = totals(world)
    by = world.office.actor
    years = range(2024, THIS_MONTH.year + 1)

    for known in queries.indicators():
        growth = queries.growth(by, known.id)
        pages = [queries.annual(by, year) for year in years]
        lines = [next(line for line in page if line.indicator == known) for page in pages]
        assert sum(line.added.all for line in growth) == growth[-1].total == total[known.id]
        assert sum(line.added.all for line in lines) == lines[-1].total == total[known.id]
        assert all(one.total == two.before for one, two in pairwise(lines))
        if known.of_people:
            sites = queries.by_site(by, known.id)
            assert sum(line.total.all for line in sites.lines) == total[known.id]


def test_growth_has_no_holes(world: World) -> None:
    known_since(world.amina.person)
    actions.refresh(by=machine())
    months = [line.month for line in queries.growth(world.office.actor, "users")]

    assert months[0] == date(2025, 1, 1)
    assert months[-1] == THIS_MONTH
    assert len(set(months)) == len(months) >= 12
    assert queries.growth(world.office.actor, "users", months=3)[0].month == months[-3]


@pytest.mark.parametrize(
    ("everybody", "women", "percent"),
    [(50, 13, 26), (20, 6, 30)],  # "26 per cent of them female" (R015), "30 per cent" (R129)
)
def test_the_share_of_women_counts_everybody(
    world: World, everybody: int, women: int, percent: int
) -> None:
    site = people.add_site(by=machine(), name="Training centre")
    group = people.add_group(by=machine(), site=site.id, name="Teachers")
    for number in range(everybody):
        sex = "female" if number < women else "male" if number % 2 else None
        make_learner(group, f"Person {number}", sex=sex)
    actions.refresh(by=machine())
    (line,) = [
        line for line in queries.by_site(world.office.actor, "users").lines if line.site == site.id
    ]

    assert line.total.all == everybody
    assert line.total.share_female == percent


def test_coverage_says_how_many_hubs_were_heard(world: World) -> None:
    from passport.fleet.models import Hub

    now = timezone.now()
    for key, heard in (("a" * 64, now), ("b" * 64, now - timedelta(days=31)), ("c" * 64, None)):
        Hub.objects.create(key=key, name=key[0], sites=[], admitted_at=now)
        Peer.objects.create(key=key, name=key[0], recipient="", last_heard=heard)

    assert queries.headline(world.office.actor).coverage == (1, 3, 30)


def test_only_those_who_may_see_figures_see_them(world: World) -> None:
    for by in (world.amina.actor, world.facilitator.actor):
        with pytest.raises(NotAllowed):
            queries.headline(by)
        with pytest.raises(NotAllowed):
            queries.growth(by, "users")
        with pytest.raises(NotAllowed):
            queries.annual(by, 2026)
        with pytest.raises(NotAllowed):
            actions.refresh(by=by)


def test_figures_are_counted_again_when_they_are_old(world: World) -> None:
    hour = timedelta(hours=1)
    assert actions.refresh_when_older(by=world.office.actor, than=hour)
    assert not actions.refresh_when_older(by=world.office.actor, than=hour)
    Counted.objects.update(at=timezone.now() - 2 * hour)

    assert actions.refresh_when_older(by=world.office.actor, than=hour)


def _rows() -> set[tuple[object, ...]]:
    return set(Month.objects.values_list("indicator", "month", "site", "sex", "value"))
