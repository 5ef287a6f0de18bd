"""Taking what learners did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from passport.kernel.actor import Actor
from passport.kernel.errors import NotFound
from passport.kernel.ids import new_id
from passport.learning.actions import read_events, record
from passport.learning.errors import NotLearning, TooMuch, Unreadable
from passport.learning.models import Completion, Enrolment, Progress
from passport.records.models import Event
from tests.rooms.learning.device import Device
from tests.rooms.learning.shelf import publish

if TYPE_CHECKING:
    from pathlib import Path

    from tests.world import World


def test_nothing_is_complete_because_it_was_opened(amina: Device) -> None:
    for lesson in ("article", "audio", "document", "quiz"):
        receipt = amina.do("opened", lesson, spent=5000)
        assert (receipt.outcome, receipt.percent, receipt.done) == ("accepted", 0, False)


def test_an_article_is_done_when_every_page_was_seen(amina: Device) -> None:
    assert amina.do("viewed", "article", page=1, of=3).percent == 33
    assert not amina.do("viewed", "article", page=1, of=3).done
    assert amina.do("viewed", "article", page=3, of=3).percent == 66
    assert amina.do("viewed", "article", page=2, of=3).done


def test_the_arabic_article_has_its_own_number_of_pages(amina: Device) -> None:
    amina.do("viewed", "article", page=1, of=4)
    amina.do("viewed", "article", page=2, of=3)
    assert not amina.do("viewed", "article", page=3, of=3).done
    amina.do("viewed", "article", page=2, of=4)
    amina.do("viewed", "article", page=3, of=4)
    assert amina.do("viewed", "article", page=4, of=4).done


def test_a_recording_is_done_when_nine_tenths_of_its_seconds_were_watched(amina: Device) -> None:
    amina.do("watched", "audio", start=0, end=10)
    assert amina.do("watched", "audio", start=0, end=10).percent == 50
    assert not amina.do("watched", "audio", start=12, end=19).done
    assert amina.do("watched", "audio", start=10, end=11).done


def test_a_document_is_done_on_its_last_page_with_all_before_it_seen(amina: Device) -> None:
    assert not amina.do("viewed", "document", page=2, of=2).done
    assert amina.do("viewed", "document", page=1, of=2).done


def test_the_node_marks_answers_and_decides_attempts(amina: Device) -> None:
    attempt = new_id()
    assert amina.answer(attempt, "q1", "b").mark == 100
    assert amina.answer(attempt, "q2", "9").mark == 0
    assert amina.answer(attempt, "q3", ["cat", "roof"]).mark == 50
    receipt = amina.do("submitted", "quiz", attempt=attempt)
    assert (receipt.score, receipt.passed, receipt.done) == (50, False, False)
    assert amina.pass_quiz().done
    row = Progress.objects.get(lesson=amina.shelf.lessons["quiz"])
    assert (row.attempts, row.failed, row.best, row.answers) == (2, 1, 100, 6)


@pytest.mark.parametrize(("feedback", "passes"), [("at once", False), ("at the end", True)])
def test_which_answer_to_a_question_counts(
    world: World, tmp_path: Path, feedback: str, *, passes: bool
) -> None:
    device = Device(world.amina.actor, publish(tmp_path / "course", feedback=feedback))
    attempt = new_id()
    device.answer(attempt, "q1", "a")
    device.answer(attempt, "q1", "b")
    device.answer(attempt, "q2", "10,5")
    receipt = device.do("submitted", "quiz", attempt=attempt)
    assert receipt.passed is passes


def test_an_event_sent_twice_counts_once(amina: Device) -> None:
    event = amina.event("viewed", "article", spent=3000, page=1, of=3)
    first, again = amina.send(event, event)
    assert (first.outcome, again.outcome) == ("accepted", "already here")
    (third,) = amina.send(event)
    assert (third.outcome, third.percent) == ("already here", 33)
    assert Event.objects.count() == 1
    assert Progress.objects.get().spent == 3000


def test_a_bad_event_is_refused_alone(amina: Device) -> None:
    good = amina.event("viewed", "article", page=1, of=3)
    bad = [
        amina.event("danced", "article"),
        amina.event("viewed", "article", page=4, of=3),
        amina.event("viewed", "article", page=1, of=5),
        amina.event("watched", "article", start=1, end=2),
        amina.event("watched", "audio", start=2, end=1),
        amina.event("opened", "article", spent=10**9),
        amina.event("opened", "article", spent=-1),
        amina.event("opened", "article", page=1),
        amina.event("answered", "quiz", attempt=new_id(), question="q9", response="b", ms=1),
        amina.event("answered", "quiz", attempt=new_id(), question="q1", response="b" * 3000, ms=1),
        amina.event("answered", "quiz", question="q1", response="b", ms=1),
        {**amina.event("opened", "article"), "lesson": new_id().hex},
        {**amina.event("opened", "article"), "at": 10**18},
    ]
    receipts = amina.send(*bad, good)
    assert [each.outcome for each in receipts[:-1]] == ["refused"] * len(bad)
    assert all(str(each.refusal) for each in receipts[:-1])
    assert receipts[-1].outcome == "accepted"
    assert Event.objects.count() == 1


def test_a_device_decides_nothing(amina: Device) -> None:
    answer = amina.event("answered", "quiz", attempt=new_id(), question="q1", response="a", ms=1)
    handed_in = amina.event("submitted", "quiz", attempt=new_id())
    answer["data"]["mark"] = 100
    handed_in["data"]["passed"] = True
    assert [each.outcome for each in amina.send(answer, handed_in)] == ["refused", "refused"]
    assert not Event.objects.exists()


def test_what_no_device_sends_is_refused_alone(amina: Device) -> None:
    named = {**amina.event("opened", "article"), "name": "Amina"}
    good = amina.event("opened", "article")
    taken = read_events(msgspec.json.encode({"events": [named, {"id": 5}, 7, good]}))
    assert [event.id.hex for event in taken.events] == [good["id"]]
    assert [receipt.id for receipt in taken.refused] == [named["id"], "", ""]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"events": 1}', b"\xff\xfe", b"{}"])
def test_what_is_no_post_is_unreadable(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_events(content)


def test_nobody_records_without_being_somebody(amina: Device, world: World) -> None:
    taken = read_events(msgspec.json.encode({"events": [amina.event("opened", "article")]}))
    with pytest.raises(NotLearning):
        record(by=Actor.machine(), events=taken.events)
    with pytest.raises(NotFound):
        record(by=Actor(person=new_id()), events=taken.events)
    with pytest.raises(TooMuch):
        record(by=world.amina.actor, events=taken.events * 501)
    assert not Event.objects.exists()


def test_a_person_is_enrolled_by_the_first_act_and_no_second_time(amina: Device) -> None:
    amina.do("opened", "article")
    amina.do("opened", "quiz")
    amina.do("opened", "article")
    enrolment = Enrolment.objects.get()
    assert (enrolment.course, enrolment.person, enrolment.how) == (
        amina.shelf.course, amina.person, "started",
    )  # fmt: skip


def test_a_course_is_complete_when_its_last_lesson_is(amina: Device) -> None:
    receipt = amina.finish_all()
    assert receipt.course_done
    completion = Completion.objects.get()
    assert (completion.course, completion.version) == (amina.shelf.course, amina.shelf.version)
    assert completion.at == amina.at
    amina.finish_all()
    assert Completion.objects.count() == 1


def test_a_completion_stays_when_a_lesson_is_added(
    amina: Device, tmp_path: Path, world: World
) -> None:
    amina.finish_all()
    newer = publish(tmp_path / "course", course=amina.shelf.course, more=("extra",))
    assert newer.version != amina.shelf.version
    later = Device(amina.by, newer)
    assert later.read_article(of=3).course_done
    assert Completion.objects.count() == 1
    assert later.read_article("extra", of=1).course_done
    assert set(Completion.objects.values_list("version", flat=True)) == {
        amina.shelf.version, newer.version,
    }  # fmt: skip


def test_events_hold_no_names(amina: Device, world: World) -> None:
    amina.finish_all()
    for row in Event.objects.all():
        text = bytes(row.body).decode().lower()
        assert "amina" not in text
        assert world.amina.person.hex not in text
