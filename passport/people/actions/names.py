"""Opening a masked name, which is written down (R138)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from passport.kernel.actor import Actor
from passport.kernel.clock import moment, now_ms
from passport.kernel.errors import NotFound
from passport.kernel.ids import new_id
from passport.kernel.permissions import Permission
from passport.node.actions import seal_for_person, writes
from passport.node.models import Stream
from passport.people.engine.hidden import open_hidden
from passport.people.engine.scope import person_known_to
from passport.people.models import Opening
from passport.people.policies import check_may, checked_reason


@dataclass(frozen=True, slots=True)
class OpenedName:
    """What was opened."""

    person: UUID
    given: str
    family: str
    contact: str
    username: str


@writes
def reveal(*, by: Actor, person: UUID, reason: str) -> OpenedName:
    """Open a person's name and contact for a reason; who, whose, why and when stay on record."""
    check_may(by, Permission.REVEAL_NAMES)
    why = checked_reason(reason)
    found = person_known_to(by, person)
    stream = Stream.of_person(found.id)
    hidden = open_hidden(stream, found.sealed)
    if hidden is None:
        raise NotFound("This node doesn't hold the name of this person.")
    Opening.objects.create(
        id=new_id(),
        by=by.person,
        person=found.id,
        reason=seal_for_person(stream, "people.Opening", why.encode()),
        at=moment(now_ms()),
    )
    return OpenedName(
        person=found.id,
        given=hidden.given,
        family=hidden.family,
        contact=hidden.contact,
        username=hidden.username,
    )
