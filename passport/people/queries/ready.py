"""Ready to leave: whose device still holds work that hasn't come (C8).

What devices said decides, and time alone never: who was heard a moment ago and holds nothing has
sent all; who may have gone on since, unheard, is said to be unheard.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final
from uuid import UUID

from django.db.models import Q

from passport.kernel.actor import Actor
from passport.kernel.clock import moment, now_ms
from passport.people.engine import seen
from passport.people.engine.hidden import Hidden, open_all
from passport.people.engine.scope import group_known_to, learners_of
from passport.people.models import Held, SignIn

QUIET: Final = timedelta(minutes=3)
"""Devices say something every half a minute while somebody is at them; the time is kept to the minute."""
THIS_WEEK: Final = timedelta(days=7)


class Readiness(IntEnum):
    """How far a learner's work has come; what needs a hand comes first."""

    WAITING = 0
    """A device said that it holds something unsent."""
    UNHEARD = 1
    """Somebody may have gone on learning on a device that wasn't heard since."""
    SENT = 2
    """Every device that was heard this week said that it holds nothing."""
    ABSENT = 3
    """No device was heard this week."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A learner, and what to do before they go home."""

    person: UUID
    name: str
    """"" while this node lacks their key."""
    avatar: int
    state: Readiness
    unsent: int = 0
    device: str = ""
    """phone, tablet or computer: the one to look at."""
    heard_at: datetime | None = None


def ready_to_leave(by: Actor, group: UUID) -> list[Ready]:
    """Return the learners of a class, first those whose device needs a hand.

    Raises `NotFound` for classes of other sites.
    """
    people = list(learners_of(group_known_to(by, group).id))
    opened = open_all(people)
    ids = [one.id for one in people]
    held, open_doors = _held(ids), _unheard_doors(ids)
    lines = []
    for one in people:
        state, row = _state(held.get(one.id, []), open_doors.get(one.id))
        lines.append(
            Ready(
                person=one.id,
                name=opened.get(one.id, Hidden()).name,
                avatar=one.avatar,
                state=state,
                unsent=sum(each.unsent for each in held.get(one.id, [])),
                device=row.kind if row else "",
                heard_at=row.told_at if row else None,
            )
        )
    return sorted(lines, key=lambda line: (line.state, line.name.casefold(), line.person))


def _held(people: Iterable[UUID]) -> dict[UUID, list[Held]]:
    """Return what devices said of these people: this week, and ever of what they still hold."""
    since = moment(now_ms()) - THIS_WEEK
    rows = Held.objects.filter(Q(told_at__gte=since) | Q(unsent__gt=0), person__in=list(people))
    found: dict[UUID, list[Held]] = {}
    for row in rows.order_by("told_at"):
        found.setdefault(row.person_id, []).append(row)
    return found


def _unheard_doors(people: Iterable[UUID]) -> dict[UUID, Held]:
    """Return who is signed in where no device has said anything yet, as if it had said: nothing."""
    since = moment(now_ms()) - THIS_WEEK
    rows = SignIn.objects.filter(ended=None, last_seen__gte=since, person__in=list(people))
    said = Held.objects.filter(person__in=list(people)).values("sign_in")
    return {
        row.person_id: Held(kind=row.device, told_at=row.last_seen, is_open=True, unsent=0)
        for row in rows.exclude(pk__in=said).exclude(pk__in=list(seen.waiting()))
    }


def _state(held: list[Held], door: Held | None) -> tuple[Readiness, Held | None]:
    waiting = [row for row in held if row.unsent]
    if waiting:
        return Readiness.WAITING, waiting[-1]
    quiet = moment(now_ms()) - QUIET
    devices = [*held, door] if door else held
    unheard = [row for row in devices if row.is_open and row.told_at < quiet]
    if unheard:
        return Readiness.UNHEARD, unheard[-1]
    if devices:
        return Readiness.SENT, devices[-1]
    return Readiness.ABSENT, None
