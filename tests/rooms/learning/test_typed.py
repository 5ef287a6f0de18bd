"""What a learner types is kept under their own key, and marked all the same (R104, R149)."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any
from uuid import UUID

import pytest

from passport.kernel.actor import Actor
from passport.kernel.ids import new_id
from passport.kernel.sealing import unseal
from passport.learning import queries
from passport.learning.actions import Receipt, merge, record
from passport.learning.actions.recording import read_events
from passport.learning.engine import lessons
from passport.learning.facts import recount
from passport.learning.models import Progress
from passport.node.actions import person_keys
from passport.node.models import Stream
from passport.records.models import Event
from tests.rooms.learning.device import Device
from tests.rooms.learning.shelf import Shelf
from tests.world import World

SECRET = "My name is Zephyrine"


def body_of(event: UUID | str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(bytes(Event.objects.get(pk=event).body))
    return said


def answer(device: Device, question: str, response: Any) -> dict[str, Any]:
    """Answer, and return the body as it lies in the journal."""
    return body_of(device.answer(new_id(), question, response).id)


@pytest.mark.parametrize(("question", "typed"), [("q2", SECRET), ("q3", [SECRET, "rug"])])
def test_typed_text_is_in_no_body(amina: Device, question: str, typed: Any) -> None:
    body = answer(amina, question, typed)
    assert "response" not in body["data"]
    assert "Zephyrine" not in json.dumps(body)


def test_what_is_sealed_is_what_the_protocol_says(amina: Device) -> None:
    body = answer(amina, "q2", SECRET)
    stream = Stream.of_person(amina.person)
    place = f"person:{amina.person.hex} event@1".encode()
    opened = unseal(person_keys(stream)[0], b64decode(body["sealed"]), place)
    assert json.loads(opened) == {"response": SECRET}


def test_a_choice_stays_as_small_as_it_was(amina: Device) -> None:
    body = answer(amina, "q1", "b")
    assert body["data"]["response"] == "b"
    assert "sealed" not in body


def test_typed_answers_are_marked_as_before(amina: Device) -> None:
    attempt = new_id()
    assert amina.answer(attempt, "q2", "10,5").mark == 100
    assert amina.answer(attempt, "q2", "11").mark == 0
    assert amina.answer(attempt, "q3", ["cat", "door"]).mark == 50
    assert amina.pass_quiz().passed


def test_text_in_a_quiz_that_is_not_here_is_sealed_too(amina: Device) -> None:
    """Whether it was typed or chosen, nobody here can tell."""
    event = amina.event("answered", "quiz", attempt=new_id(), question="q2", response=SECRET, ms=1)
    event["version"] = new_id().hex
    (receipt,) = amina.send(event)
    assert receipt.mark is None
    assert "Zephyrine" not in json.dumps(body_of(receipt.id))


def test_a_sealed_answer_is_marked_once_its_quiz_has_come(
    amina: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = new_id()
    with monkeypatch.context() as absent:
        absent.setattr(lessons, "version", lambda version: None)
        amina.pass_quiz(attempt)
    lesson = amina.shelf.lessons["quiz"]
    row = Progress.objects.get(person=amina.person, lesson=lesson)
    assert row.completed_at is None
    recount([(amina.person, lesson)])
    row.refresh_from_db()
    assert row.best == 100
    assert row.completed_at is not None


def test_the_facilitator_reads_what_was_typed(world: World, amina: Device) -> None:
    amina.answer(new_id(), "q2", SECRET)
    [attempt] = queries.answers_of(
        world.facilitator.actor, amina.person, amina.shelf.lessons["quiz"]
    )
    assert attempt.answers[0].response == SECRET


def test_the_learner_finds_what_they_typed_before(amina: Device) -> None:
    attempt = queries.attempt(amina.by, amina.shelf.lessons["quiz"], amina.shelf.version)
    amina.answer(attempt.id, "q2", SECRET)
    again = queries.attempt(amina.by, amina.shelf.lessons["quiz"], amina.shelf.version)
    assert again.answers == {"q2": SECRET}


def test_the_text_of_somebody_who_is_another_can_be_marked(
    world: World, amina: Device, bilal: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they typed is under their own key, and counts under the other's name."""
    with monkeypatch.context() as absent:
        absent.setattr(lessons, "version", lambda version: None)
        bilal.pass_quiz()
    merge(by=Actor.machine(), person=bilal.person, into=amina.person)
    row = Progress.objects.get(person=amina.person, lesson=amina.shelf.lessons["quiz"])
    assert row.best == 100


def destroy_key(person: UUID) -> None:
    Stream.objects.filter(key=person).update(sealed_key=None)


def test_once_the_key_is_gone_nobody_reads_it_and_the_figures_stay(
    world: World, amina: Device
) -> None:
    lesson = amina.shelf.lessons["quiz"]
    amina.pass_quiz()
    before = Progress.objects.values().get(person=amina.person, lesson=lesson)
    destroy_key(amina.person)
    [attempt] = queries.answers_of(world.facilitator.actor, amina.person, lesson)
    assert [one.response for one in attempt.answers] == ["b", None, None]
    assert [one.mark for one in attempt.answers] == [100, 100, 100]
    recount([(amina.person, lesson)])
    assert Progress.objects.values().get(person=amina.person, lesson=lesson) == before


def test_a_page_says_that_it_cannot_be_read_here(world: World, amina: Device) -> None:
    from tests.world import browser

    lesson = amina.shelf.lessons["quiz"]
    amina.pass_quiz()
    destroy_key(amina.person)
    page = browser(world.facilitator.sign_in()).get(
        f"/learners/{amina.person}/answers/{lesson}", follow=True
    )
    assert "be read here" in page.content.decode()


def test_learning_goes_on_while_the_key_is_gone(amina: Device) -> None:
    """Only the mark is kept then: there is nothing that the text could be sealed under."""
    destroy_key(amina.person)
    receipt = amina.answer(new_id(), "q2", SECRET)
    assert (receipt.outcome, receipt.mark) == ("accepted", 0)
    assert "Zephyrine" not in json.dumps(body_of(receipt.id))
    assert amina.pass_quiz().passed


def test_old_entries_with_clear_text_stay_readable(
    world: World, amina: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    from passport.learning.actions import recording

    with monkeypatch.context() as before:
        before.setattr(recording, "is_typed", lambda event, lesson: False)
        body = answer(amina, "q3", ["Cat", "rug"])
    assert body["data"]["response"] == ["Cat", "rug"]
    [attempt] = queries.answers_of(
        world.facilitator.actor, amina.person, amina.shelf.lessons["quiz"]
    )
    assert attempt.answers[0].response == ["Cat", "rug"]


def test_a_device_cannot_bring_something_sealed_itself(amina: Device) -> None:
    event = amina.event("opened", "article")
    event["sealed"] = "AAAA"
    (receipt,) = record(
        by=amina.by, events=read_events(json.dumps({"events": [event]}).encode()).events
    )
    assert isinstance(receipt, Receipt)
    assert receipt.outcome == "refused"


def test_one_question_to_the_database_for_all_that_was_typed(world: World, shelf: Shelf) -> None:
    """Choices cost nothing more; typed answers one query a request, however many."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries_of(question: str, response: Any) -> int:
        device = Device(world.amina.actor, shelf)
        attempt = new_id()
        events = [
            device.event(
                "answered", "quiz", attempt=attempt, question=question, response=response, ms=1
            )
            for _ in range(20)
        ]
        with CaptureQueriesContext(connection) as seen:
            device.send(*events)
        return len(seen)

    queries_of("q1", "b")
    assert queries_of("q2", "7") == queries_of("q1", "b") + 1
