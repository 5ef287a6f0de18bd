"""The one writer of a process (DESIGN section 6).

While a server runs, one thread takes every write and groups what is waiting into one commit: with
`synchronous=FULL` the flush is what costs, and fifty answers can share it. Measured on a card that
flushes in 20 ms: 48 answers a second one by one, 848 in groups. SQLite's own busy handler, in its
place, lets some clients starve for seconds; between processes `turns.py` stands in for it.

A command is its own only writer and needs no thread; on PostgreSQL the server does the grouping.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from django.db import DatabaseError, connection, transaction

from passport.node.engine import reserve
from passport.node.engine.turns import turn

_log = logging.getLogger(__name__)

GROUP = 50
IDLE_SECONDS = 1.0
SLOW_SECONDS = 0.01
"""A flush that takes longer is one that others can work by. Measured with 40 clients and a flush of 20 ms,
side by side: a third more answers a second when a group is answered only once the next one is ready. With a
quick flush it makes no difference."""
PAGES_KB = 8000
"""What the writer's connection keeps in memory; the others have much less (`settings.py`)."""

type Batch = Callable[[list[Any]], Sequence[Any]]
"""Does many writes of one kind at once: takes their arguments, returns a result or exception for each."""


@dataclass(slots=True)
class _Job:
    """A write that somebody waits for."""

    call: Callable[[], Any] | None
    batch: Batch | None = None
    argument: Any = None
    done: threading.Lock = field(default_factory=threading.Lock)
    """Held until the outcome is on disk. A bare lock costs a tenth of an Event, and one waits."""
    result: Any = None
    error: BaseException | None = None

    def __post_init__(self) -> None:
        self.done.acquire()

    def outcome(self) -> Any:
        self.done.acquire()
        if self.error is not None:
            raise self.error
        return self.result


class Writer(threading.Thread):
    """Takes jobs from any thread, runs them in groups, answers after the commit."""

    def __init__(self) -> None:
        super().__init__(name="writer", daemon=True)
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._unheard: list[_Job] = []
        """Jobs that are on disk and whose owners haven't been told yet."""
        self._flushing_since = self._flush_seconds = 0.0

    # What other threads call

    def run_call(self, call: Callable[[], Any]) -> Any:
        """Run one write and return its result once it is on disk."""
        return self._wait(_Job(call))

    def run_batched(self, batch: Batch, argument: Any) -> Any:
        """Run one write together with others of its kind that are waiting."""
        return self._wait(_Job(None, batch, argument))

    def add(self, job: _Job) -> None:
        """Take a job without waiting for it."""
        self._jobs.put(job)

    def stop(self) -> None:
        """Finish what is waiting, then end."""
        self._jobs.put(None)
        self.join()

    def _wait(self, job: _Job) -> Any:
        self.add(job)
        return job.outcome()

    # The writer's own thread

    def run(self) -> None:
        written = False
        while True:
            try:
                first = self._next(IDLE_SECONDS if written else None)
            except Empty:
                self._checkpoint()
                written = False
                continue
            if first is None:
                break
            group, stopping = self._gather(first)
            self._commit(group)
            self._tell()  # those before, in case it never came to a flush
            self._unheard = group
            written = True
            if stopping:
                break
        self._tell()
        connection.close()

    def _next(self, patience: float | None) -> _Job | None:
        """Return the next job; before waiting for one, answer the last group."""
        try:
            return self._jobs.get_nowait()
        except Empty:
            self._tell()
            return self._jobs.get(timeout=patience)

    def _tell(self) -> None:
        """Answer the last group."""
        for job in self._unheard:
            job.done.release()
        self._unheard = []

    def _may_tell_later(self, group: list[_Job]) -> bool:
        """Whether the last group is best answered when this one goes to the disk.

        On a slow disk it is: those who wake up then work while the disk does, instead of taking turns
        with this thread for the interpreter. Nobody waits for a call, which may take long.
        """
        return self._flush_seconds > SLOW_SECONDS and all(job.batch is not None for job in group)

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        group = [first]
        while len(group) < GROUP:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return group, False
            if job is None:
                return group, True
            group.append(job)
        return group, False

    def _commit(self, group: list[_Job]) -> None:
        if not self._may_tell_later(group):
            self._tell()
        _run_group(group, self._begin_to_flush)
        self._flush_seconds = time.monotonic() - self._flushing_since
        refused = [job for job in group if reserve.is_full(job.error)]
        if refused and reserve.release():
            for job in refused:
                job.error = None
            _run_group(refused, self._begin_to_flush)

    def _begin_to_flush(self) -> None:
        self._tell()
        self._flushing_since = time.monotonic()

    def _checkpoint(self) -> None:
        """Move what was written out of the log while nobody waits; it can wait itself.

        Whatever goes wrong here must not end the thread: everybody would wait for ever.
        """
        try:
            if connection.vendor == "sqlite" and connection.connection is not None:
                with connection.cursor() as cursor:
                    cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except DatabaseError:
            _log.exception("A checkpoint failed; the next one takes it along.")


def _take_more_pages() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size=-{PAGES_KB}")


def _run_group(group: list[_Job], before_flush: Callable[[], None]) -> None:
    """Run some jobs in one commit; each has its outcome then."""
    try:
        with turn(), transaction.atomic():
            for part in _by_batch(group):
                _run_part(*part)
            _check_still_open(group)
            before_flush()
    except BaseException as error:  # noqa: BLE001 - nothing of the group is on disk: tell everybody
        for job in group:
            job.error = error


def _check_still_open(group: list[_Job]) -> None:
    """Raise what broke the transaction, if a job did: on a full disk SQLite may undo all of it."""
    if connection.needs_rollback:
        raise next((job.error for job in group if job.error is not None), DatabaseError("undone"))


def _by_batch(group: list[_Job]) -> list[tuple[Batch | None, list[_Job]]]:
    """Put jobs of the same batch together, in the place of the first of them."""
    parts: list[tuple[Batch | None, list[_Job]]] = []
    together: dict[Batch, list[_Job]] = {}
    for job in group:
        if job.batch is None:
            parts.append((None, [job]))
        elif job.batch in together:
            together[job.batch].append(job)
        else:
            together[job.batch] = [job]
            parts.append((job.batch, together[job.batch]))
    return parts


def _run_part(batch: Batch | None, jobs: list[_Job]) -> None:
    if batch is None:
        _run_alone(jobs[0])
    else:
        _run_together(batch, jobs)


def _run_alone(job: _Job) -> None:
    if job.call is None:
        return
    try:
        with transaction.atomic():
            job.result = job.call()
    except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits for this job
        job.error = error


def _run_together(batch: Batch, jobs: list[_Job]) -> None:
    """Run the jobs as one; when that fails, one by one, so that a bad one harms only itself."""
    try:
        with transaction.atomic():
            results = batch([job.argument for job in jobs])
    except Exception:  # noqa: BLE001 - found again, and raised to its owner, below
        for job in jobs:
            job.call = lambda job=job: _single(batch, job.argument)
            _run_alone(job)
        return
    for job, result in zip(jobs, results, strict=True):
        if isinstance(result, BaseException):
            job.error = result
        else:
            job.result = result


def _single(batch: Batch, argument: Any) -> Any:
    result = batch([argument])[0]
    if isinstance(result, BaseException):
        raise result
    return result


def cut_log() -> None:
    """Write SQLite's log back and empty its file, so that no older page is left in it.

    A reader may hold it open for a moment; whoever checkpoints next takes the rest.
    """
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


_serving: Writer | None = None


def start() -> Writer:
    """Start the thread; from now on every write of this process goes through it."""
    global _serving  # noqa: PLW0603 - one writer per process is what this module is for
    if _serving is None:
        _serving = Writer()
        _serving.start()
        # As its first job: should the database refuse, the server hears of it and doesn't start.
        _serving.run_call(_take_more_pages)
    return _serving


def stop() -> None:
    """Finish what is waiting and end the thread."""
    global _serving  # noqa: PLW0603 - see start
    if _serving is not None:
        _serving.stop()
        _serving = None


def in_transaction(call: Callable[[], Any]) -> Any:
    """Run a write, and return only when it is on disk."""
    if _serving is None or threading.current_thread() is _serving:
        return _in_own(call)
    return _serving.run_call(call)


def _in_own(call: Callable[[], Any]) -> Any:
    """Run a write in this thread; a full disk gets the reserve first."""
    inside = connection.in_atomic_block  # then whoever began it tries again, as a whole
    try:
        with turn(), transaction.atomic():
            return call()
    except DatabaseError as problem:
        if inside or not (reserve.is_full(problem) and reserve.release()):
            raise
    with turn(), transaction.atomic():
        return call()


def later(call: Callable[[], Any]) -> None:
    """Run a write that nobody waits for, once there is room; should it fail, the log says so."""

    def logged() -> None:
        try:
            with turn(), transaction.atomic():
                call()
        except Exception:  # noqa: BLE001 - there is nobody to raise it to
            _log.exception("A write that nobody waits for failed.")

    if _serving is None or threading.current_thread() is _serving:
        logged()
    else:
        _serving.add(_Job(logged))


def batched(batch: Batch, argument: Any) -> Any:
    """Run a write of a plentiful kind, together with those that wait beside it."""
    if _serving is None or threading.current_thread() is _serving:
        return _in_own(lambda: _single(batch, argument))
    return _serving.run_batched(batch, argument)
