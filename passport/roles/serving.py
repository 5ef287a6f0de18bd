"""What starts and ends with a serving process: the check of the disk, the one writer, the worker."""

from __future__ import annotations

import atexit
import fcntl
import logging
import threading
from typing import IO

from django.conf import settings
from django.db import connection

from passport.care import actions as care
from passport.kernel.actor import Actor
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.roles.worker import work

log = logging.getLogger("passport.serving")
_held: list[IO[str]] = []


def begin() -> None:
    """Start what a server needs. Called once in each serving process, before its first request."""
    care.finish_exchange()
    _check_storage()
    _say_if_locked()
    node.resume_time()
    care.tidy(by=Actor.machine())
    if node.start(by=Actor.machine()):
        log.warning("This disk was copied or restored: the node goes on as a new incarnation.")
    node.start_writer()
    stop = threading.Event()
    threads = []
    if _first_of_several():
        worker = threading.Thread(
            target=work, args=(settings.ROLE, stop), name="worker", daemon=True
        )
        worker.start()
        threads.append(worker)
    connection.close()

    def end() -> None:
        stop.set()
        for thread in threads:
            thread.join(timeout=5)
        node.stop_writer()

    atexit.register(end)


def _check_storage() -> None:
    """Look before anything is written: a damaged database must not take a child's answers (R036).

    A broken link of the journal is said and goes on: what is there can be read and added to.
    """
    damage = node_queries.database_state().damage
    if damage is not None:
        log.critical(
            "The database is damaged: %s. `passport doctor --mend` saves what can be read.", damage
        )
        raise SystemExit(1)
    for place in node_queries.broken_links():
        log.error("The journal is damaged at %s. `passport doctor` says what to do.", place)


def _say_if_locked() -> None:
    """Refuse to serve in several processes when locked: each would have to be unlocked by itself."""
    if not node_queries.is_locked():
        return
    if settings.WORKERS > 1:
        log.critical("This node is locked: it can be served by one process only (`workers`).")
        raise SystemExit(1)
    log.warning("This node is locked. Open %s and unlock it.", settings.ADDRESS)


def _first_of_several() -> bool:
    """Tell whether this process is the one that works; the lock goes with the process."""
    lock = (settings.DATA / "worker.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return False
    _held.append(lock)
    return True
