"""What stands after two hubs met, one row for each rule of merging (DESIGN section 4).

Two hubs of one school and their country, which on the suite's second run is PostgreSQL. In each row a learner whom
all three know does something at the first hub and something at the second, neither of which has heard of the
other; then the hubs meet the country, in the one order or in the other. The same must stand on all three.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.db.models import Sum
from pytest_django import DjangoDbBlocker

from passport.learning import actions as learning
from passport.learning.models import Assignment, AssignmentEnd, Completion, Enrolment, Progress
from passport.library.models import Course
from passport.people import actions as people
from passport.people import queries
from passport.people.models import Departure, Group, Membership, Merger, Person, RoleGrant
from passport.privacy import actions as privacy
from tests.rooms.learning import shelf
from tests.rooms.learning.device import Device
from tests.rooms.learning.shelf import Shelf
from tests.simulation.nodes import MACHINE, Node, enrol, meet
from tests.simulation.test_round_trip import learner
from tests.support.postgres import own_database


@dataclass
class School:
    """One school with two hubs, a second one that the second hub serves too, and their country."""

    country: Node
    first: Node
    second: Node
    site: UUID
    other_site: UUID
    sunbirds: UUID
    herons: UUID
    course: Shelf

    def nodes(self) -> tuple[Node, Node, Node]:
        return self.country, self.first, self.second

    def register(self, given: str, family: str = "") -> UUID:
        """Register a learner at the node that is being worked on."""
        return people.register_learner(
            by=MACHINE, site=self.site, group=self.sunbirds, given=given, family=family
        ).person

    def newcomer(self, given: str = "Amina") -> UUID:
        """Register a learner whom all three then know."""
        with self.first:
            person = self.register(given)
        self.all_meet()
        return person

    def all_meet(self, *, second_first: bool = False) -> None:
        """Let both hubs meet the country until nothing is new to anybody."""
        hubs = [self.first, self.second]
        for hub in [*(reversed(hubs) if second_first else hubs), *hubs]:
            meet(hub, self.country)


class Learner(NamedTuple):
    """Somebody at one of the hubs, with a tablet."""

    school: School
    person: UUID

    @property
    def tablet(self) -> Device:
        return Device(learner(self.person, self.school.site), self.school.course)


type Act = Callable[[Learner], Any]


def nothing(_: Learner) -> None:
    """Stay at home."""


def reads(*pages: int, each_ms: int = 2000) -> Act:
    """Read pages of the article, which has three."""

    def act(who: Learner) -> None:
        tablet = who.tablet
        tablet.send(
            *(tablet.event("viewed", "article", each_ms, page=page, of=3) for page in pages)
        )

    return act


def passes(who: Learner) -> None:
    """Answer the three questions right."""
    who.tablet.pass_quiz()


def fails(who: Learner) -> None:
    """Answer one question, wrong."""
    who.tablet.fail_quiz()


def finishes(who: Learner) -> None:
    """Do all that the course asks."""
    who.tablet.read_article()
    who.tablet.pass_quiz()


def is_called(**names: str) -> Act:
    """Have somebody who works here write it down."""
    return lambda who: people.change_person(by=MACHINE, person=who.person, **names)


def moves_to_herons(who: Learner) -> None:
    """Change the class."""
    people.move_to_group(by=MACHINE, person=who.person, group=who.school.herons)


def leaves(who: Learner) -> None:
    """Leave the class."""
    people.leave(by=MACHINE, person=who.person)


def is_given_the_course(who: Learner) -> Assignment:
    """Have somebody who works here assign the course to this learner."""
    return learning.assign(by=MACHINE, course=who.school.course.course, person=who.person)


def is_given_it_for_a_while(who: Learner) -> None:
    """The same, and then it is taken back."""
    learning.unassign(by=MACHINE, assignment=is_given_the_course(who).pk)


class Row(NamedTuple):
    """A rule, who does what where, and what then stands everywhere."""

    rule: str
    at_first: Act
    at_second: Act
    stands: dict[str, object]


TABLE = (
    Row("facts: what was done at either counts, the time of both added",
        reads(1), reads(2, each_ms=5000), {"views": 2, "percent": 66, "spent": 7000}),
    Row("facts: the same page read at both is two readings and one page",
        reads(1), reads(1), {"views": 2, "percent": 33, "spent": 4000}),
    Row("progress: completed here and barely begun there is completed, both times added",
        reads(1, 2, 3), reads(1, each_ms=500), {"done": 1, "percent": 100, "spent": 6500}),
    Row("progress: barely begun here and completed there is completed",
        reads(1, each_ms=500), reads(1, 2, 3), {"done": 1, "percent": 100, "spent": 6500}),
    Row("progress: one half here and the other there make the whole",
        reads(1, 2), reads(3), {"done": 1, "percent": 100}),
    Row("attempts: both count, the better one holds",
        passes, fails, {"attempts": 2, "failed": 1, "best": 100, "done": 1}),
    Row("attempts: a later better one is the better one",
        fails, passes, {"attempts": 2, "failed": 1, "best": 100, "done": 1}),
    Row("completion of a course: once done it stays done, and is one completion",
        finishes, reads(1), {"courses": 1, "done": 2}),
    Row("completion of a course: done at both is done once",
        finishes, finishes, {"courses": 1, "done": 2, "attempts": 2}),
    Row("completion of a course: one lesson here, the other there",
        reads(1, 2, 3), passes, {"courses": 1, "done": 2}),
    Row("register: of two who write one field the later write holds",
        is_called(given="Aminata"), is_called(given="Mina"), {"name": "Mina Diallo"}),
    Row("register: two fields are two registers",
        is_called(given="Aminata"), is_called(sex="female"), {"name": "Aminata Diallo", "sex": "female"}),
    Row("membership: who changes class here and reads there does both",
        moves_to_herons, reads(1), {"groups": {"Herons"}, "views": 1}),
    Row("membership: two leavings are one, the earlier",
        leaves, leaves, {"groups": set()}),
    Row("membership: who leaves here and joins another class there is in the other",
        leaves, moves_to_herons, {"groups": {"Herons"}}),
    Row("enrolment: who begins a course at both is enrolled once",
        reads(1), reads(1), {"enrolled": 1}),
    Row("enrolment: it doesn't go away with an assignment that is taken back",
        is_given_it_for_a_while, nothing, {"enrolled": 1, "assigned": 0}),
    Row("assignment: given at both, it is given twice",
        is_given_the_course, is_given_the_course, {"enrolled": 1, "assigned": 2}),
    Row("assignment: what is taken back here says nothing of what was given there",
        is_given_it_for_a_while, is_given_the_course, {"enrolled": 1, "assigned": 1}),
    Row("nothing new changes nothing",
        nothing, nothing, {"views": 0, "groups": {"Sunbirds"}, "name": "Amina Diallo"}),
)  # fmt: skip


@pytest.fixture(scope="module")
def countrys_database() -> Iterator[str | None]:
    """Give a database of its own on the server of the suite; None: the suite runs on SQLite."""
    url = os.environ.get("DATABASE_URL")
    with own_database(url) if url else nullcontext() as own:
        yield own


@pytest.fixture(scope="module")
def school(
    tmp_path_factory: pytest.TempPathFactory,
    countrys_database: str | None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[School]:
    folder: Path = tmp_path_factory.mktemp("merge")
    with django_db_blocker.unblock():
        country = Node(
            folder / "country", "Demo Country", is_country=True, database_url=countrys_database
        )
        first = Node(folder / "first", "Mango hub", is_country=False)
        second = Node(folder / "second", "Acacia hub", is_country=False)
        with country:
            site = people.add_site(by=MACHINE, name="Mango School").id
            other = people.add_site(by=MACHINE, name="Acacia School").id
            sunbirds, herons = (
                people.add_group(by=MACHINE, site=site, name=name).id
                for name in ("Sunbirds", "Herons")
            )
            course = shelf.publish(folder / "course", kinds=("article", "quiz"))
        enrol(country, first, [site])
        enrol(country, second, [site, other])
        yield School(country, first, second, site, other, sunbirds, herons, course)
        for each in (country, first, second):
            each.close()


def state(at: Node, person: UUID) -> dict[str, object]:
    """Read what a node shows of a learner."""
    with at:
        rows = Progress.objects.filter(person=person)
        sums = rows.aggregate(
            *map(Sum, ("views", "spent", "attempts", "failed", "percent", "best"))
        )
        left = Departure.objects.filter(membership__person=person)
        groups = Membership.objects.filter(person=person, departure=None)
        given = Assignment.objects.filter(person=person)
        return {
            **{name.removesuffix("__sum"): value or 0 for name, value in sums.items()},
            "done": rows.exclude(completed_at=None).count(),
            "enrolled": Enrolment.objects.filter(person=person).count(),
            "assigned": given.exclude(pk__in=AssignmentEnd.objects.values("assignment")).count(),
            "courses": Completion.objects.filter(person=person).count(),
            "name": queries.names_of(MACHINE, [person]).get(person, ""),
            "sex": Person.objects.filter(pk=person).values_list("sex", flat=True).first(),
            "left_at": sorted(left.values_list("at", flat=True)),
            "groups": set(groups.values_list("group__name", flat=True)),
        }


ORDERS = {"the first hub meets the country first": False, "the second hub does": True}
type Stood = dict[tuple[str, str], list[dict[str, object]]]


@pytest.fixture(scope="module")
def stood(school: School) -> Stood:
    """Live through all rows at once, for parcels are what costs: what stands at the three, by row and order."""
    found = {}
    for order, second_first in ORDERS.items():
        with school.first:
            learners = [Learner(school, school.register("Amina", "Diallo")) for _ in TABLE]
        school.all_meet()
        with school.first:
            for row, who in zip(TABLE, learners, strict=True):
                row.at_first(who)
        with school.second:
            for row, who in zip(TABLE, learners, strict=True):
                row.at_second(who)
        school.all_meet(second_first=second_first)
        for row, who in zip(TABLE, learners, strict=True):
            found[row.rule, order] = [state(each, who.person) for each in school.nodes()]
    return found


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("row", TABLE, ids=[row.rule for row in TABLE])
def test_the_same_stands_everywhere(stood: Stood, row: Row, order: str) -> None:
    country, first, second = stood[row.rule, order]
    assert {name: country[name] for name in row.stands} == row.stands
    assert first == second == country


def test_a_request_that_a_shaky_network_repeated_counts_once(school: School) -> None:
    """On the same hub, on the other one, and after both have met."""
    person = school.newcomer()
    tablet = Learner(school, person).tablet
    event = tablet.event("viewed", "article", 4000, page=1, of=3)
    for hub in (school.first, school.second, school.first):
        with hub:
            tablet.send(event, event)
    school.all_meet()
    with school.second:
        tablet.send(event)
    school.all_meet()
    for each in school.nodes():
        stands = state(each, person)
        assert (stands["views"], stands["spent"]) == (1, 4000)


def test_custody_an_edit_where_the_learner_was_given_wins_over_a_later_one_elsewhere(
    school: School,
) -> None:
    person = school.newcomer()
    with school.country:
        people.move_to_site(by=MACHINE, person=person, site=school.other_site)
    meet(school.second, school.country)
    with school.second:
        people.change_person(by=MACHINE, person=person, given="Mina")
    with school.first:  # it hasn't heard of the move; its work counts, its edit doesn't
        people.change_person(by=MACHINE, person=person, given="Aminata")
        reads(1)(Learner(school, person))
    school.all_meet()
    for each in (school.country, school.second):
        stands = state(each, person)
        assert (stands["name"], stands["views"]) == ("Mina", 1)
    assert state(school.first, person)["name"] == ""


def test_merger_what_two_identities_did_is_one_learners_and_can_be_parted_again(
    school: School,
) -> None:
    amina, again = school.newcomer(), school.newcomer("Mina")
    with school.first:
        reads(1, 2)(Learner(school, amina))
    with school.second:
        reads(3)(Learner(school, again))
    with school.country:
        learning.merge(by=MACHINE, person=again, into=amina)
    school.all_meet()
    for each in school.nodes():
        stands = state(each, amina)
        assert (stands["done"], stands["percent"], stands["views"]) == (1, 100, 3)
    with school.country:
        learning.part(by=MACHINE, merger=Merger.objects.get(person=again).pk)
    school.all_meet()
    for each in school.nodes():
        assert (state(each, amina)["views"], state(each, again)["views"]) == (2, 1)


def test_membership_a_class_that_each_hub_adds_is_a_class_everywhere(school: School) -> None:
    made = set()
    for hub in (school.first, school.second):
        with hub:
            made.add(people.add_group(by=MACHINE, site=school.site, name="Weavers").id)
    school.all_meet()
    for each in school.nodes():
        with each:
            assert set(Group.objects.filter(name="Weavers").values_list("pk", flat=True)) == made


def test_assignment_what_is_given_to_the_class_at_either_hub_is_given_once_more_at_each(
    school: School,
) -> None:
    """A class is given a course at both: all in it are enrolled once; taking one back leaves the other."""
    given = []
    for hub in (school.first, school.second):
        with hub:
            herons, course = school.herons, school.course.course
            given.append(learning.assign(by=MACHINE, course=course, group=herons).pk)
    school.all_meet()
    with school.second:
        learning.unassign(by=MACHINE, assignment=given[0])
    school.all_meet()
    for each in school.nodes():
        with each:
            ended = set(AssignmentEnd.objects.values_list("assignment", flat=True))
            known = set(Assignment.objects.filter(group=school.herons).values_list("pk", flat=True))
            assert (known, known & ended) == (set(given), {given[0]})


def test_role_what_the_country_ended_is_ended_at_hubs_that_never_heard_of_it_and_at_those_that_did(
    school: School,
) -> None:
    with school.country:
        person = people.add_staff(
            by=MACHINE, given="Joseph", username="joseph", password="a long secret",
            role="facilitator", site=school.site,
        )  # fmt: skip
    meet(school.first, school.country)
    with school.country:
        people.end_role(by=MACHINE, grant=person.grants.get().pk)
    school.all_meet()
    for each in school.nodes():
        with each:
            assert not RoleGrant.objects.filter(person=person.pk, end=None).exists()
            assert Person.objects.filter(pk=person.pk).exists()


def test_versions_a_completion_is_of_the_version_that_was_completed_whatever_came_since(
    school: School, tmp_path: Path
) -> None:
    """The country publishes a further version while a hub that hasn't heard of it teaches the one before."""
    with school.country:
        before = shelf.publish(tmp_path / "course", kinds=("article", "quiz"))
    person = school.newcomer()
    with school.country:
        after = shelf.publish(
            tmp_path / "course", course=before.course, kinds=("article", "quiz"), more=("extra",)
        )
    meet(school.second, school.country)
    for hub, known in ((school.first, before), (school.second, after)):
        with hub:
            tablet = Device(learner(person, school.site), known)
            tablet.read_article()
            tablet.pass_quiz()
    school.all_meet()
    for each in school.nodes():
        with each:
            completions = Completion.objects.filter(person=person, course=before.course)
            assert [one.version for one in completions] == [before.version]
            assert Course.objects.get(pk=before.course).current_id == after.version


def test_tombstone_wins_over_whatever_was_done_meanwhile(school: School) -> None:
    person = school.newcomer()
    with school.country:
        privacy.erase(by=MACHINE, person=person)
    with school.first:
        finishes(Learner(school, person))
    with school.second:
        people.change_person(by=MACHINE, person=person, given="Mina")
    school.all_meet()
    for each in school.nodes():
        stands = state(each, person)
        assert not any(stands.values()), stands
