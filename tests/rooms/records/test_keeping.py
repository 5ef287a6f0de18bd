"""The table of events as a journal: places, chains, bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from passport.kernel.chain import ROOT, entry_hash
from passport.kernel.encoding import canonical, plain
from passport.kernel.errors import Damaged
from passport.kernel.ids import new_id
from passport.node.actions import open_person_tails
from passport.node.engine.journal import verify_chain
from passport.node.models import Entry, Head
from passport.records.actions import NewEvent, keep, note_events
from passport.records.errors import NotAnEvent
from passport.records.facts import EVENT, EventBody, EventData, Verb, decode_event, encode_event
from passport.records.models import Event
from passport.records.policies import check_event
from passport.records.queries import answers, events_of_lesson, known

if TYPE_CHECKING:
    from tests.world import World

LESSON = UUID(int=7)


def body(verb: str = "opened", **data: object) -> EventBody:
    return EventBody(
        id=new_id(), verb=verb, version=UUID(int=8), lesson=LESSON, at=5, spent=6,
        data=EventData(**data),  # type: ignore[arg-type]
    )  # fmt: skip


def note(person: UUID, *events: EventBody) -> None:
    from passport.node.actions import close_tails

    tail = open_person_tails([person])[person]
    rows = []
    for event in events:
        encoded = encode_event(event)
        link = tail.link(EVENT, encoded)
        place = tail.origin.pk, tail.stream_id, link
        rows.append(NewEvent(event.id, event.lesson, event.verb, *place, encoded))
    note_events(rows)
    close_tails([tail])


def test_events_are_links_of_the_persons_chain(world: World) -> None:
    note(world.amina.person, body(), body("viewed", page=1, of=2))
    note(world.amina.person, body())
    head = Head.objects.get(stream__key=world.amina.person)
    rows = sorted(
        [
            *Event.objects.filter(stream=head.stream),
            *Entry.objects.filter(stream=head.stream),
        ],
        key=lambda row: row.seq,
    )
    assert [row.seq for row in rows] == list(range(1, head.seq + 1))
    walked = list(verify_chain(head.origin.wire, head.stream.wire, ROOT, rows))
    assert all(holds for _row, holds in walked)
    assert bytes(rows[-1].hash) == bytes(head.hash)
    assert rows[-1].hlc == head.hlc
    rows[-2].body = b"{}"
    broken = list(verify_chain(head.origin.wire, head.stream.wire, ROOT, rows))
    assert [holds for _row, holds in broken].count(False) == 1


def test_the_hash_is_that_of_the_canonical_array() -> None:
    """The fast way in `chain` and the definition in docs/protocol.md are one."""
    import hashlib

    import msgspec

    for dep, kind in ((None, "event@1"), (b'{"a.b":3}', 'a "quoted" kind \\ é')):
        stated = None if dep is None else msgspec.Raw(dep)
        whole = canonical(
            [
                "ab.cd",
                "person:00",
                7,
                (b"\x01" * 32).hex(),
                stated,
                99,
                kind,
                msgspec.Raw(b'{"x":1}'),
            ]
        )
        assert (
            entry_hash(
                origin="ab.cd", stream="person:00", seq=7, prev=b"\x01" * 32, dep=dep, hlc=99,
                kind=kind, body=b'{"x":1}',
            )
            == hashlib.sha256(whole).digest()
        )  # fmt: skip


def test_a_body_is_canonical_and_says_no_more_than_it_holds() -> None:
    event = body(
        "answered", attempt=UUID(int=1), question="q1", response={"b": "1", "a": "2"}, ms=4
    )
    encoded = encode_event(event)
    assert encoded == canonical(plain(event))
    assert decode_event(encoded) == event
    assert b"null" not in encoded
    with pytest.raises(Damaged):
        decode_event(b'{"id":1}')


def test_kept_again_in_the_same_place_changes_nothing(world: World) -> None:
    note(world.amina.person, body(), body())
    rows = list(Event.objects.all())
    kept = keep(rows)
    assert (Event.objects.count(), kept.exchanged) == (2, [])
    assert not Entry.objects.filter(kind=EVENT).exists()


def test_questions(world: World) -> None:
    opened, answered = (
        body(),
        body("answered", attempt=UUID(int=1), question="q", response="b", ms=1),
    )
    note(world.amina.person, opened, answered)
    note(world.bilal.person, body())
    assert known([opened.id, new_id()]) == {opened.id}
    assert known([]) == set()
    person = world.amina.person
    assert [event for _stamp, event in events_of_lesson(person, LESSON)] == [opened, answered]
    assert [event for _stamp, event in answers(person, LESSON)] == [answered]


GOOD: list[tuple[str, dict[str, object]]] = [
    (Verb.OPENED, {}),
    (Verb.VIEWED, {"page": 3, "of": 3}),
    (Verb.WATCHED, {"start": 0, "end": 1}),
    (Verb.ANSWERED, {"attempt": UUID(int=1), "question": "q", "response": [], "ms": 0}),
    (Verb.SUBMITTED, {"attempt": UUID(int=1)}),
]


@pytest.mark.parametrize(("verb", "data"), GOOD)
def test_every_verb_needs_its_parts_and_no_others(verb: str, data: dict[str, object]) -> None:
    check_event(body(verb, **data))
    for part in data:
        with pytest.raises(NotAnEvent):
            check_event(body(verb, **{name: each for name, each in data.items() if name != part}))
    more = {
        "page": 1, "of": 1, "start": 0, "end": 1, "attempt": UUID(int=1), "question": "q",
        "response": "b", "ms": 1, "mark": 1, "score": 1, "passed": True,
    }  # fmt: skip
    for part, value in more.items():
        if part not in data:
            with pytest.raises(NotAnEvent):
                check_event(body(verb, **data, **{part: value}))
