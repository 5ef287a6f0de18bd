"""Whose passwords unlock this node, where it starts locked: those of the staff who signed in here.

A node learns a password only while somebody types it. It keeps none: the password opens a slot of
the key file, and the slot carries a mark of the hash that the person had then, so that a password
that was changed elsewhere opens the node no more.
"""

from __future__ import annotations

import logging
from uuid import UUID

from passport.kernel.encoding import digest
from passport.node.actions import drop_lock_slots, set_lock_slot
from passport.node.queries import is_locked, lock_slots
from passport.people.engine.hidden import open_all
from passport.people.engine.scope import open_grants
from passport.people.models import Person

_log = logging.getLogger(__name__)


def let_unlock(person: UUID, password: str, hash_: str) -> None:
    """Let the password that somebody has just given unlock this node, if they work here."""
    slots = lock_slots()
    if slots is None or any(s.holder == person.hex and s.mark == _mark(hash_) for s in slots):
        return
    if not open_grants().filter(person=person).exists():
        return
    try:
        set_lock_slot(holder=person.hex, mark=_mark(hash_), secret=password)
    except OSError:
        _log.exception("A password was not added to those that unlock this node.")


def drop_stale() -> int:
    """Take away the slots of those whose role has ended, or whose password is another one now."""
    persons = {UUID(slot.holder) for slot in lock_slots() or () if slot.holder}
    if not persons:
        return 0
    work_here = set(open_grants().filter(person__in=persons).values_list("person", flat=True))
    marks = {} if is_locked() else _marks(work_here)
    fits = {person.hex: marks.get(person) for person in work_here}
    return drop_lock_slots(
        unless=lambda slot: slot.holder in fits and fits[slot.holder] in {None, slot.mark}
    )


def _marks(persons: set[UUID]) -> dict[UUID, str]:
    """Return the marks of the present passwords, as far as they can be read here."""
    opened = open_all(Person.objects.filter(pk__in=persons))
    return {person: _mark(hidden.password) for person, hidden in opened.items()}


def _mark(hash_: str) -> str:
    return digest(hash_.encode()).hex()[:16]
