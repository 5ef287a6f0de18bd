"""Who a session belongs to, asked by every request.

Remembered in this process for ten seconds; forgotten at once when this process ends the sign-in,
replaces a card or changes a role, so that only what another process does can be seen late.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, cast
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from passport.kernel.actor import Actor, Grant
from passport.kernel.clock import moment, now_ms
from passport.kernel.permissions import RoleName
from passport.people.models import Membership, SignIn, Site, Way

RECHECK_SECONDS: Final = 10.0
ROOM_FOR: Final = 20_000


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who is signed in, at this moment, on one device."""

    sign_in: UUID
    actor: Actor
    way: str
    """How they signed in, a value of `Way`."""
    site: UUID | None
    """Where the person belongs now."""
    language: str
    """The site's language; "" where the site has none."""


class _Memory:
    """What was found a moment ago."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.known: dict[UUID, tuple[float, Visit]] = {}
        self.of_person: dict[UUID, set[UUID]] = {}
        self.changes = 0
        self.language = (0.0, -1, "")
        """When it was read, after how many changes, the language of the one site."""

    def remember(self, visit: Visit, at: float, changes: int) -> None:
        with self.lock:
            # Something changed while this was being read: it may be old already.
            if changes != self.changes:
                return
            if len(self.known) >= ROOM_FOR:
                self._clear()
            self.known[visit.sign_in] = (at, visit)
            self.of_person.setdefault(_person(visit), set()).add(visit.sign_in)

    def forget_sign_in(self, sign_in: UUID) -> None:
        with self.lock:
            self.changes += 1
            _, visit = self.known.pop(sign_in, (0.0, None))
            if visit is not None:
                self.of_person.get(_person(visit), set()).discard(sign_in)

    def forget_person(self, person: UUID) -> None:
        with self.lock:
            self.changes += 1
            for sign_in in self.of_person.pop(person, ()):
                self.known.pop(sign_in, None)

    def forget_all(self) -> None:
        with self.lock:
            self._clear()

    def _clear(self) -> None:
        self.changes += 1
        self.known, self.of_person = {}, {}


def _person(visit: Visit) -> UUID:
    return cast("UUID", visit.actor.person)


_memory = _Memory()


def visit_of(sign_in: UUID) -> Visit | None:
    """Return who is signed in; None when it has ended, or the person may no longer enter."""
    now = time.monotonic()
    held = _memory.known.get(sign_in)
    if held is not None and now - held[0] < RECHECK_SECONDS:
        return held[1]
    changes = _memory.changes
    visit = _read(sign_in)
    if visit is None:
        _memory.forget_sign_in(sign_in)
    else:
        _memory.remember(visit, now, changes)
    return visit


def site_language() -> str:
    """Return the language of the one site of this node; "" where there are none or several."""
    now = time.monotonic()
    at, changes, language = _memory.language
    if changes != _memory.changes or now - at >= RECHECK_SECONDS:
        changes = _memory.changes
        languages = list(Site.objects.exclude(added_at=None).values_list("language", flat=True)[:2])
        language = languages[0] if len(languages) == 1 else ""
        _memory.language = (now, changes, language)
    return language


def forget(sign_in: UUID) -> None:
    """Ask again about one sign-in."""
    _now_and_after_commit(lambda: _memory.forget_sign_in(sign_in))


def forget_person(person: UUID) -> None:
    """Ask again about all sign-ins of a person."""
    _now_and_after_commit(lambda: _memory.forget_person(person))


def forget_all() -> None:
    """Ask again about everybody."""
    _now_and_after_commit(_memory.forget_all)


def _now_and_after_commit(forget_it: Callable[[], None]) -> None:
    # Now, for this transaction's own eyes, and once more when others can see what it changed.
    forget_it()
    transaction.on_commit(forget_it)


def _read(sign_in: UUID) -> Visit | None:
    rows: list[Any] = list(
        SignIn.objects.filter(pk=sign_in, ended=None).values(
            "person_id",
            "way",
            "card",
            "last_seen",
            "person__card",
            "person__site_id",
            "person__site__language",
            "person__grants__role",
            "person__grants__site_id",
            "person__grants__end__at",
            learns=Exists(Membership.objects.filter(person=OuterRef("person_id"))),
        )
    )
    if not rows:
        return None
    first = rows[0]
    replaced = first["card"] is not None and first["card"] != first["person__card"]
    # Either way: a clock that was years ahead for a while must not keep a door open for years.
    idle = abs(moment(now_ms()) - first["last_seen"])
    grants = _grants(rows, trusted=first["way"] == Way.PASSWORD)
    if replaced or not grants or idle > timedelta(hours=settings.SESSION_HOURS):
        return None
    return Visit(
        sign_in=sign_in,
        actor=Actor(person=first["person_id"], grants=grants),
        way=first["way"],
        site=first["person__site_id"],
        language=first["person__site__language"] or "",
    )


def _grants(rows: list[Any], *, trusted: bool) -> frozenset[Grant]:
    """Return what a person holds; a picture or a card never gives the powers of staff (C37)."""
    given = {
        Grant(RoleName(row["person__grants__role"]), row["person__grants__site_id"])
        for row in rows
        if trusted
        and row["person__grants__role"] in RoleName
        and row["person__grants__end__at"] is None
    }
    if rows[0]["learns"]:
        given.add(Grant(RoleName.LEARNER))
    return frozenset(given)
