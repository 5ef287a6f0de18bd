"""What learners and facilitators see, and what they don't."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from passport.kernel.actor import Actor
from passport.kernel.clock import COUNTER_BITS
from passport.kernel.errors import NotFound
from passport.kernel.ids import new_id
from passport.learning import queries
from passport.learning.actions import assign, enrol_newcomer, unassign
from passport.learning.errors import NotLearning, NotYourLearner
from passport.learning.models import Completion, Enrolment, Progress
from passport.node.models import Head
from tests.rooms.learning.device import NOON, Device
from tests.rooms.learning.shelf import publish
from tests.world import make_learner

if TYPE_CHECKING:
    from pathlib import Path

    from tests.rooms.learning.shelf import Shelf
    from tests.world import World


def test_home_goes_on_with_the_latest_and_shows_what_is_assigned(
    amina: Device, world: World, tmp_path: Path
) -> None:
    other, third = publish(tmp_path / "other"), publish(tmp_path / "third")
    amina.do("opened", "article")
    Device(amina.by, other).read_article()
    fatou = world.facilitator.actor
    assign(by=fatou, course=third.course, group=world.sunbirds.id)
    assign(by=fatou, course=other.course, person=amina.person)
    home = queries.home(amina.by)
    assert [each.course for each in home.go_on] == [other.course, amina.shelf.course]
    assert home.go_on[0].percent == 25
    assert home.go_on[0].done == 1
    assert home.go_on[0].next_lesson == other.lessons["audio"]
    assert home.go_on[1].next_lesson == amina.shelf.lessons["article"]
    assert {(each.standing.course, each.personal) for each in home.assigned} == {
        (third.course, False), (other.course, True),
    }  # fmt: skip
    with CaptureQueriesContext(connection) as asked:
        queries.home(amina.by)
    assert len(asked) <= 4


def test_a_complete_course_leaves_home_for_what_was_learnt(amina: Device, world: World) -> None:
    assign(by=world.facilitator.actor, course=amina.shelf.course, group=world.sunbirds.id)
    amina.finish_all()
    assert queries.home(amina.by) == queries.Home()
    assert queries.learnt(amina.by) == [
        queries.Learnt(amina.shelf.course, amina.shelf.version, amina.at)
    ]


def test_progress_in_a_course_takes_two_questions(amina: Device) -> None:
    amina.read_article()
    amina.do("viewed", "document", page=1, of=2)
    shelf = amina.shelf
    with CaptureQueriesContext(connection) as asked:
        progress = queries.course_progress(amina.by, shelf.course)
    assert len(asked) == 2
    ids = list(shelf.lessons.values())
    assert progress.of(shelf.lessons["article"]).done
    assert progress.of(shelf.lessons["document"]).percent == 50
    assert progress.of(shelf.lessons["quiz"]) == queries.LessonStanding()
    assert (progress.percent(ids), progress.next_of(ids)) == (37, shelf.lessons["audio"])
    assert not progress.is_complete
    amina.finish_all()
    progress = queries.course_progress(amina.by, shelf.course)
    assert (progress.completed, progress.next_of(ids)) == (frozenset({shelf.version}), None)


def test_resume_knows_the_place(amina: Device) -> None:
    assert queries.resume(amina.by, amina.shelf.lessons["audio"]).place == 0
    amina.do("watched", "audio", start=0, end=12)
    amina.do("watched", "audio", start=4, end=7)
    assert queries.resume(amina.by, amina.shelf.lessons["audio"]).place == 7


def test_an_attempt_is_remembered_with_its_order(amina: Device) -> None:
    quiz, version = amina.shelf.lessons["quiz"], amina.shelf.version
    begun = queries.attempt(amina.by, quiz, version)
    assert (begun.number, begun.answers, begun.left) == (1, {}, None)
    assert queries.attempt(amina.by, quiz, version) == begun
    amina.answer(begun.id, "q1", "a")
    amina.answer(begun.id, "q1", "b")
    again = queries.attempt(amina.by, quiz, version)
    assert (again.id, again.seed, again.answers, again.marks) == (
        begun.id, begun.seed, {"q1": "a"}, {"q1": 0},
    )  # fmt: skip
    amina.do("submitted", "quiz", attempt=begun.id)
    following = queries.attempt(amina.by, quiz, version)
    assert following.id != begun.id
    assert (following.number, following.answers) == (2, {})
    unsent = new_id()
    assert queries.attempt(amina.by, quiz, version, wish=unsent).id == unsent
    assert queries.attempt(amina.by, quiz, version, wish=begun.id).id == following.id


def test_attempts_run_out(world: World, tmp_path: Path) -> None:
    device = Device(world.amina.actor, publish(tmp_path / "course", attempts=2))
    quiz, version = device.shelf.lessons["quiz"], device.shelf.version
    assert queries.attempt(device.by, quiz, version).left == 2
    device.fail_quiz()
    device.fail_quiz()
    assert queries.attempt(device.by, quiz, version).left == 0


def test_the_board_says_who_is_here_where_and_stuck(
    amina: Device, bilal: Device, world: World
) -> None:
    amina.read_article()
    bilal.fail_quiz()
    fatou = world.facilitator.actor
    rows = {row.person: row for row in queries.class_board(fatou, world.sunbirds.id)}
    assert rows.keys() == {amina.person, bilal.person}
    mine, his = rows[world.amina.person], rows[world.bilal.person]
    assert (mine.lesson, mine.done, mine.lessons_done) == (amina.shelf.lessons["article"], True, 1)
    assert (his.lesson, his.stuck) == (bilal.shelf.lessons["quiz"], None)
    assert mine.here is not None
    bilal.fail_quiz()
    bilal.do("opened", "article")
    (his,) = (
        row for row in queries.class_board(fatou, world.sunbirds.id)
        if row.person == bilal.person
    )  # fmt: skip
    assert (his.lesson, his.stuck, his.failed) == (
        bilal.shelf.lessons["article"], bilal.shelf.lessons["quiz"], 2,
    )  # fmt: skip
    bilal.pass_quiz()
    assert all(row.stuck is None for row in queries.class_board(fatou, world.sunbirds.id))


def test_a_facilitator_sees_the_own_site_and_no_other(amina: Device, world: World) -> None:
    amina.fail_quiz()
    quiz = amina.shelf.lessons["quiz"]
    person = world.amina.person
    (record,) = queries.answers_of(world.facilitator.actor, person, quiz)
    assert [(each.question, each.response, each.mark) for each in record.answers] == [
        ("q1", "a", 0)
    ]
    assert (record.score, record.passed, record.handed_in) == (0, False, amina.at)
    assert queries.answers_of(amina.by, person, quiz) == [record]
    for by in (world.stranger.actor, world.bilal.actor, world.office.actor):
        with pytest.raises(NotFound):
            queries.answers_of(by, person, quiz)
        with pytest.raises(NotFound):
            queries.measures(by, person)
        with pytest.raises(NotFound):
            queries.class_board(by, world.sunbirds.id)
        with pytest.raises(NotYourLearner):
            queries.assignments_of(by, world.sunbirds.id)
        with pytest.raises(NotYourLearner):
            assign(by=by, course=amina.shelf.course, group=world.sunbirds.id)
        with pytest.raises(NotYourLearner):
            assign(by=by, course=amina.shelf.course, person=person)


def test_nobody_learns_as_the_machine(shelf: Shelf) -> None:
    for ask in (queries.home, queries.learnt):
        with pytest.raises(NotLearning):
            ask(Actor.machine())


def test_assigning_enrols_and_taking_back_takes_nothing_away(
    amina: Device, world: World, tmp_path: Path
) -> None:
    fatou, course = world.facilitator.actor, amina.shelf.course
    given = assign(by=fatou, course=course, group=world.sunbirds.id)
    assert assign(by=fatou, course=course, group=world.sunbirds.id).id == given.id
    assert set(Enrolment.objects.values_list("person", "how")) == {
        (world.amina.person, "assigned"), (world.bilal.person, "assigned"),
    }  # fmt: skip
    newcomer = make_learner(world.sunbirds, "Dina")
    assert enrol_newcomer(by=fatou, person=newcomer.person) == 1
    assert enrol_newcomer(by=fatou, person=newcomer.person) == 0
    amina.read_article()
    before = list(Progress.objects.values())
    ended = unassign(by=fatou, assignment=given.id)
    assert unassign(by=fatou, assignment=given.id).at == ended.at
    assert queries.assignments_of(fatou, world.sunbirds.id) == []
    assert list(Progress.objects.values()) == before
    assert Enrolment.objects.count() == 3
    assert [each.course for each in queries.home(amina.by).go_on] == [course]
    assert assign(by=fatou, course=course, group=world.sunbirds.id).id != given.id


def test_the_six_measures_are_exact(amina: Device, world: World) -> None:
    amina.do("opened", "article", spent=1000)
    for page in (1, 2, 3, 3):
        amina.do("viewed", "article", spent=2000, page=page, of=3)
    amina.do("watched", "audio", spent=18000, start=0, end=18)
    amina.do("viewed", "document", spent=500, page=1, of=2)
    amina.do("viewed", "document", spent=500, page=2, of=2)
    amina.fail_quiz()
    attempt = new_id()
    for question, response, ms in (("q1", "b", 1000), ("q2", "10.5", 3000), ("q3", ["cat"], 5001)):
        amina.answer(attempt, question, response, ms=ms)
    amina.do("submitted", "quiz", spent=9000, attempt=attempt)
    expected = queries.Measures(
        enrolments=1,
        lessons_completed=4,
        time_to_complete=(queries.TimeToComplete(amina.shelf.course, 37000),),
        response_ms=(2000 + 1000 + 3000 + 5001) // 4,
        page_views=6,
        quiz_answers=4,
        quiz_attempts=2,
        quiz_failed=1,
        courses_completed=1,
        spent=37000,
    )
    assert queries.measures(amina.by, world.amina.person) == expected
    assert queries.measures(world.facilitator.actor, world.amina.person) == expected


def test_a_clock_that_is_years_off_changes_no_duration_and_no_order(
    amina: Device, bilal: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R048: the device's clock is years behind; the hub's jumps years back in the middle."""
    amina.at = NOON
    bilal.at = 1000
    for device in (amina, bilal):
        device.do("watched", "audio", spent=9000, start=0, end=9)
    with monkeypatch.context() as earlier:
        earlier.setattr("passport.node.engine.journal.now_ms", lambda: 1_000_000_000_000)
        for device in (amina, bilal):
            device.do("watched", "audio", spent=3000, start=2, end=5)
    rows = {row.person: row for row in Progress.objects.all()}
    mine, his = rows[amina.person], rows[bilal.person]
    assert (mine.spent, mine.place, mine.percent) == (his.spent, his.place, his.percent)
    assert (mine.spent, mine.place) == (12000, 5)
    stamps = list(Head.objects.filter(stream__key=amina.person).values_list("hlc", flat=True))
    assert all(stamp >> COUNTER_BITS > 1_000_000_000_000 for stamp in stamps)


def test_rows_for_figures(amina: Device, bilal: Device) -> None:
    amina.finish_all()
    bilal.do("opened", "quiz")
    assert {person for person, _at in queries.first_enrolments()} == {
        amina.person, bilal.person,
    }  # fmt: skip
    assert [(person, each.course) for person, each in queries.completions()] == [
        (amina.person, amina.shelf.course)
    ]
    assert Completion.objects.count() == 1
