"""What the ways of signing in have in common."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from passport.kernel.clock import moment, now_ms
from passport.kernel.ids import new_id
from passport.node.actions import writes_batched
from passport.people.engine import visits
from passport.people.engine.devices import Device
from passport.people.engine.slowdown import SlowDown
from passport.people.models import Person, SignIn, Way

brake: Final = SlowDown()
"""Counts wrong attempts of this process."""


def signed_in(person: Person, way: Way, device: Device) -> SignIn:
    """Note the sign-in; a class that comes together shares one commit."""
    now = moment(now_ms())
    made = SignIn(
        id=new_id(),
        person_id=person.id,
        way=way,
        card=person.card if way == Way.CARD else None,
        started=now,
        last_seen=now,
        device=device.kind,
        system=device.system,
    )
    return _save(made)


def _save_all(sign_ins: list[SignIn]) -> list[SignIn | BaseException]:
    return [*SignIn.objects.bulk_create(sign_ins)]


_save = writes_batched(_save_all)


def signed_out(sign_in: UUID) -> None:
    """Note the end of a sign-in; a class that leaves together shares one commit."""
    _end(sign_in)


def _end_all(sign_ins: list[UUID]) -> list[BaseException | None]:
    SignIn.objects.filter(pk__in=sign_ins, ended=None).update(ended=moment(now_ms()))
    for sign_in in sign_ins:
        visits.forget(sign_in)
    return [None] * len(sign_ins)


_end = writes_batched(_end_all)


def end_sign_ins(person: UUID, way: Way, *, keep: UUID | None = None) -> None:
    """End what a secret opened that has been replaced."""
    opened = SignIn.objects.filter(person=person, way=way, ended=None)
    others = opened if keep is None else opened.exclude(pk=keep)
    others.update(ended=moment(now_ms()))
    visits.forget_person(person)
