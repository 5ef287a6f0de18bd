"""What arrives from other nodes, in any order and more than once; and the rebuild."""

from __future__ import annotations

import copy
import random
from typing import TYPE_CHECKING, Any

import pytest

from passport.kernel.actor import Actor
from passport.kernel.ids import new_id
from passport.learning.actions import assign, settle, unassign
from passport.learning.engine import lessons
from passport.learning.facts import PROJECTORS, TABLES, project_events, take_events
from passport.learning.models import Completion, Enrolment, Progress
from passport.node.actions import fact_of
from passport.node.models import Entry, Origin
from passport.records.actions import event_row
from passport.records.models import Event

if TYPE_CHECKING:
    from passport.records.facts import EventRow
    from tests.rooms.learning.device import Device
    from tests.world import World


def tables() -> list[list[dict[str, Any]]]:
    """Return every row of this room, but for the ids that only this database gave."""
    found = []
    for table in TABLES:
        rows = [dict(row) for row in table.objects.values()]  # type: ignore[attr-defined]
        for row in rows:
            if table is Progress:
                del row["id"]
                row["state"] = bytes(row["state"])
        found.append(sorted(rows, key=str))
    return found


def rebuild() -> None:
    for table in TABLES:
        table.objects.all().delete()  # type: ignore[attr-defined]
    entries = list(Entry.objects.select_related("origin", "stream"))
    random.shuffle(entries)
    for row in entries:
        if row.kind in PROJECTORS:
            PROJECTORS[row.kind](fact_of(row, stream=row.stream, origin=row.origin.wire))
    rows = list(Event.objects.all())
    random.shuffle(rows)
    project_events(rows)


def live_through(amina: Device, bilal: Device, world: World) -> None:
    """A day at school: everything that this room notes happens at least once."""
    given = assign(by=world.facilitator.actor, course=amina.shelf.course, group=world.sunbirds.id)
    assign(by=world.facilitator.actor, course=amina.shelf.course, person=bilal.person)
    amina.do("opened", "article", spent=1000)
    amina.do("watched", "audio", spent=9000, start=3, end=12)
    bilal.fail_quiz()
    bilal.fail_quiz()
    bilal.read_article()
    amina.finish_all()
    unassign(by=world.facilitator.actor, assignment=given.id)


def taken(row: Event, **changed: Any) -> EventRow:
    """Return a row as it comes out of a parcel."""
    return event_row(
        stream_id=row.stream_id,
        origin_id=changed.get("origin_id", row.origin_id),
        seq=changed.get("seq", row.seq),
        hlc=changed.get("hlc", row.hlc),
        body=bytes(row.body),
        dep=None if row.dep is None else bytes(row.dep),
        entry_hash=bytes(changed.get("hash", row.hash)),
    )


def test_rebuilt_is_live(amina: Device, bilal: Device, world: World) -> None:
    live_through(amina, bilal, world)
    live = tables()
    assert all(live)
    rebuild()
    assert tables() == live
    rebuild()
    assert tables() == live


def test_facts_projected_again_change_nothing(amina: Device, bilal: Device, world: World) -> None:
    live_through(amina, bilal, world)
    live = tables()
    for row in Entry.objects.filter(kind__in=PROJECTORS).select_related("origin", "stream"):
        PROJECTORS[row.kind](fact_of(row, stream=row.stream, origin=row.origin.wire))
    assert tables() == live


@pytest.mark.parametrize("seed", range(5))
def test_events_come_in_any_order_and_portions(
    amina: Device, bilal: Device, world: World, seed: int
) -> None:
    live_through(amina, bilal, world)
    live = tables()
    rows = list(Event.objects.all())
    Event.objects.all().delete()
    Progress.objects.all().delete()
    luck = random.Random(seed)
    luck.shuffle(rows)
    while rows:
        portion = [rows.pop() for _ in range(min(len(rows), luck.randint(1, 9)))]
        assert take_events([taken(row) for row in portion]).events == len(portion)
        if luck.random() < 0.3:
            settle(by=Actor.machine(), persons=[amina.person, bilal.person])
    assert tables() == live


@pytest.mark.parametrize("first", ["ours", "theirs"])
@pytest.mark.parametrize("together", [False, True])
def test_an_event_noted_by_two_nodes_counts_once_and_the_same_everywhere(
    amina: Device, first: str, *, together: bool
) -> None:
    """A device that got no answer from one hub asks the next."""
    amina.do("watched", "audio", spent=4000, start=0, end=10)
    amina.do("viewed", "article", spent=1000, page=2, of=3)
    ours = list(Event.objects.order_by("seq"))
    other = Origin.objects.create(wire="f" * 64 + ".2")
    theirs = [
        taken(
            row, origin_id=other.pk, seq=number, hlc=row.hlc + 7,
            hash=bytes([number] * 32) if number % 2 else b"\xff" * 31 + bytes([number]),
        )
        for number, row in enumerate(ours, start=1)
    ]  # fmt: skip
    Event.objects.all().delete()
    Progress.objects.all().delete()
    both = [[taken(row) for row in ours], theirs]
    if first == "theirs":
        both.reverse()
    if together:
        assert take_events(both[0] + both[1]).events == 2
    else:
        assert [take_events(each).events for each in both] == [2, 0]
    counted = {row.id: bytes(row.hash) for row in Event.objects.all()}
    assert counted == {
        mine.id: min(bytes(mine.hash), bytes(their.hash))
        for mine, their in zip(ours, theirs, strict=True)
    }
    assert Entry.objects.filter(kind="event@1").count() == 2
    assert sum(row.spent for row in Progress.objects.all()) == 5000
    live = tables()
    rebuild()
    assert tables() == live


def test_a_body_that_no_one_can_read_is_kept_without_effect(amina: Device) -> None:
    amina.do("opened", "article")
    row = Event.objects.get()
    odd = copy.copy(row)
    odd.body = b'{"id":12}'
    odd.seq, odd.hash = 99, b"x" * 32
    before = tables()
    assert take_events([taken(odd)]).events == 1
    assert tables() == before
    assert bytes(Event.objects.get(seq=99).body) == b'{"id":12}'


def test_an_unknown_verb_is_kept_and_only_time_counts(amina: Device) -> None:
    amina.do("opened", "article")
    row = Event.objects.get()
    newer = copy.copy(row)
    newer.body = (
        bytes(row.body)
        .replace(b"opened", b"danced")
        .replace(row.id.hex.encode(), new_id().hex.encode())
    )
    newer.seq, newer.hash = 99, b"x" * 32
    assert take_events([taken(newer)]).events == 1
    progress = Progress.objects.get()
    assert (progress.opens, progress.percent) == (1, 0)


def test_work_in_a_course_that_is_not_here_yet_counts_once_it_is(
    amina: Device, bilal: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A device downloaded the course at another hub (R031)."""
    bilal.finish_all()
    his = Progress.objects.filter(person=bilal.person)
    expected = sorted(his.values_list("lesson", "percent"))
    with monkeypatch.context() as missing:
        missing.setattr(lessons, "_known", {})
        missing.setattr(lessons, "_read", lambda _version: None)
        receipt = amina.finish_all()
        assert (receipt.outcome, receipt.done, receipt.score) == ("accepted", False, None)
        assert settle(by=Actor.machine(), persons=[amina.person]) == 0
        assert not Enrolment.objects.filter(person=amina.person).exists()
    assert settle(by=Actor.machine(), persons=[]) == 1
    mine = Progress.objects.filter(person=amina.person)
    assert sorted(mine.values_list("lesson", "percent")) == expected
    assert not mine.exclude(waits_for=None).exists()
    assert Enrolment.objects.filter(person=amina.person).count() == 1
    assert Completion.objects.filter(person=amina.person).count() == 1
    live = tables()
    rebuild()
    assert tables() == live


def test_a_course_learnt_at_two_hubs_is_complete_where_both_come_together(amina: Device) -> None:
    amina.finish_all()
    rows = list(Event.objects.all())
    completed = list(Completion.objects.values())
    for table in (Event, Progress, Completion):
        table.objects.all().delete()
    Entry.objects.filter(kind="course.completed@1").delete()
    half = len(rows) // 2
    take_events([taken(row) for row in rows[half:]])
    assert settle(by=Actor.machine(), persons=[amina.person]) == 0
    take_events([taken(row) for row in rows[:half]])
    assert settle(by=Actor.machine(), persons=[amina.person]) == 1
    assert settle(by=Actor.machine(), persons=[amina.person]) == 0
    assert list(Completion.objects.values()) == completed
