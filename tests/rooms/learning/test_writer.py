"""Recording through the one writer, as while serving: many threads, one commit for those who wait."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from django.db import DatabaseError

from passport.kernel.actor import Actor
from passport.kernel.errors import NotFound
from passport.kernel.ids import new_id
from passport.learning.actions import read_events
from passport.learning.actions.recording import _item, _Round, _Work
from passport.learning.models import Progress
from passport.node.engine import writer
from passport.records.models import Event
from tests.rooms.learning.device import Device


def test_groups_share_a_run_and_a_bad_one_harms_only_itself() -> None:
    runs: list[list[int]] = []
    busy, gate = threading.Event(), threading.Event()

    def keep_busy() -> None:
        busy.set()
        gate.wait()

    def batch(numbers: list[int]) -> list[int | BaseException]:
        runs.append(list(numbers))
        if 13 in numbers:
            raise RuntimeError("unlucky")
        return [ValueError("odd") if number % 2 else number * 10 for number in numbers]

    made = writer.Writer()
    transactions = pytest.MonkeyPatch()
    transactions.setattr("django.db.transaction.atomic", _nothing)
    try:
        made.start()
        blocker = threading.Thread(target=lambda: made.run_call(keep_busy))
        blocker.start()
        busy.wait()  # from here on what is put waits together
        with ThreadPoolExecutor(8) as pool:
            waiting = {
                number: pool.submit(made.run_batched, batch, number) for number in (2, 4, 5, 13)
            }
            while made._jobs.qsize() < len(waiting):
                pass
            gate.set()
        blocker.join()
        assert waiting[2].result() == 20
        assert waiting[4].result() == 40
        with pytest.raises(ValueError, match="odd"):
            waiting[5].result()
        with pytest.raises(RuntimeError, match="unlucky"):
            waiting[13].result()
        assert sorted(runs[0]) == [2, 4, 5, 13]
        assert sorted(run[0] for run in runs[1:]) == [2, 4, 5, 13]
    finally:
        made.stop()
        transactions.undo()


class _nothing:  # noqa: N801 - stands in for transaction.atomic
    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: object) -> None:
        return None


@pytest.mark.parametrize("is_call", [False, True])
def test_on_a_slow_disk_a_group_is_answered_once_the_next_is_ready(
    monkeypatch: pytest.MonkeyPatch, *, is_call: bool
) -> None:
    monkeypatch.setattr("django.db.transaction.atomic", _nothing)
    monkeypatch.setattr(writer, "SLOW_SECONDS", -1)
    made = writer.Writer()
    answered = []

    def look(arguments: object = None) -> list[object]:
        del arguments
        answered.append(not earlier.done.locked())
        return [None]

    earlier = writer._Job(None, lambda _: [None])
    made._commit([earlier])
    made._unheard = [earlier]
    made._commit([writer._Job(look) if is_call else writer._Job(None, look)])
    answered.append(not earlier.done.locked())
    # A call may take long: nobody waits for it.
    assert answered == [is_call, True]


def test_a_checkpoint_that_fails_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        vendor = "sqlite"
        connection = object()
        needs_rollback = False

        def cursor(self) -> None:
            raise DatabaseError("disk I/O error")

        def close(self) -> None:
            pass

    monkeypatch.setattr("django.db.transaction.atomic", _nothing)
    monkeypatch.setattr(writer, "connection", Broken())
    monkeypatch.setattr(writer, "IDLE_SECONDS", 0.01)
    made = writer.Writer()
    made.start()
    assert made.run_call(lambda: 1) == 1
    time.sleep(0.1)  # idle long enough for a checkpoint
    assert made.run_call(lambda: 2) == 2
    made.stop()


def test_requests_that_wait_together_are_taken_together(amina: Device, bilal: Device) -> None:
    def work(device: Device, *events: object) -> _Work:
        taken = read_events(msgspec.json.encode({"events": events}))
        return _Work(device.person, [_item(event) for event in taken.events])

    twice = amina.event("viewed", "article", spent=1000, page=1, of=3)
    stranger = Device(Actor(person=new_id()), amina.shelf)
    first, again, his, nobody = _Round(
        [
            work(amina, twice),
            work(amina, twice, amina.event("viewed", "article", page=2, of=3)),
            work(bilal, bilal.event("viewed", "article", page=3, of=3)),
            work(stranger, stranger.event("opened", "article")),
        ]
    ).run()
    assert isinstance(first, list)
    assert isinstance(again, list)
    assert isinstance(his, list)
    assert isinstance(nobody, NotFound)
    assert [each.outcome for each in (*first, *again, *his)] == [
        "accepted", "already here", "accepted", "accepted",
    ]  # fmt: skip
    assert {each.percent for each in (*first, *again)} == {66}
    assert his[0].percent == 33
    assert Event.objects.count() == 3
    assert Progress.objects.get(person=amina.person).spent == 1000
