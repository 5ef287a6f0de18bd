"""The one worker loop: what a node does by itself, in the serving process or as `passport work`."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from passport.care import actions as care
from passport.fleet import actions as fleet
from passport.insights import actions as insights
from passport.kernel.actor import Actor
from passport.kernel.errors import PassportError
from passport.kernel.role import Role
from passport.node import actions as node
from passport.node.queries import NOTE_SECONDS, is_locked
from passport.people import actions as people
from passport.sync import actions as sync
from passport.sync.errors import NotEnrolled
from passport.sync.sentences import used

log = logging.getLogger("passport.worker")
LONGEST_BACKOFF = 3600
FIGURES_SECONDS = 300
LEASE_SECONDS = 3600
LOCKS_SECONDS = 60
TIDY_SECONDS = 300


@dataclass(slots=True)
class Job:
    """One thing to do again and again; after a refusal it waits twice as long each time."""

    name: str
    run: Callable[[], str]
    every: float
    also_locked: bool = False
    """It needs no secret: it is done before somebody has unlocked the node too."""
    due: float = 0.0
    failures: int = 0
    said: str = ""

    def try_once(self) -> None:
        try:
            said = self.run()
        except NotEnrolled as waiting:
            self._later(self.every)
            log.debug("%s: %s", self.name, waiting)
        except PassportError as refusal:
            self.failures += 1
            wait = min(self.every * 2**self.failures, LONGEST_BACKOFF)
            # A whole district whose power comes back at noon must not knock all at once.
            self._later(wait * random.uniform(0.5, 1.0))  # noqa: S311 - spreading, not secrecy
            log.warning("%s: %s Next try in %d s.", self.name, refusal, wait)
        except Exception:
            self.failures += 1
            self._later(min(self.every * 2**self.failures, LONGEST_BACKOFF))
            log.exception("%s failed", self.name)
        else:
            self.failures = 0
            self._later(self.every)
            if said and said != self.said:  # "nothing new" every minute would hide what matters
                log.info("%s", said)
            self.said = said

    def _later(self, seconds: float) -> None:
        self.due = time.monotonic() + seconds


def jobs_of(role: Role) -> list[Job]:
    """Return what a node with these powers does by itself, first of all keeping the time."""
    jobs = [Job("time", _keep_time, NOTE_SECONDS, also_locked=True)]
    jobs.append(Job("tidying", _tidy, TIDY_SECONDS))
    jobs.append(Job("locks", _locks, LOCKS_SECONDS))
    if role.reports_to_country:
        jobs.append(Job("lease", _lease, LEASE_SECONDS))
        jobs.append(Job("exchange", _exchange, settings.SYNC_SECONDS))
    if role.has_office:
        jobs.append(Job("figures", _figures, FIGURES_SECONDS))
    return jobs


def _keep_time() -> str:
    fleet.keep_clock(by=Actor.machine())
    return ""


def _lease() -> str:
    lapsed = node.let_lease_lapse(by=Actor.machine())
    return f"The lease is over: the keys of {lapsed} people are gone." if lapsed else ""


def _exchange() -> str:
    return used(sync.exchange(by=Actor.machine()))


def _locks() -> str:
    people.drop_stale_locks(by=Actor.machine())
    return ""


def _tidy() -> str:
    return "" if care.tidy(by=Actor.machine()) else "The disk is nearly full."


def _figures() -> str:
    insights.refresh(by=Actor.machine())
    return ""


def work(role: Role, stop: threading.Event) -> None:
    """Do what is due until `stop` is set; a stop is noticed within a second, between two jobs.

    What needs the node's secrets waits until somebody has unlocked it.
    """
    jobs = jobs_of(role)
    while not stop.is_set():
        for job in jobs:
            may = job.also_locked or not is_locked()
            if may and job.due <= time.monotonic() and not stop.is_set():
                job.try_once()
        stop.wait(1)
    jobs[0].try_once()
    connection.close()
