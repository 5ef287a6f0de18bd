"""What a device says that it holds, unsent: `Device-Holds: <device> <person>=<number>,…`, ids in hex.

Everything that the device keeps for whoever used it: a tablet passes from hand to hand.
"""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import HttpRequest

from passport.people.actions import tell_held
from passport.web.middleware import Request

LONGEST = 4_000


def hear_held(request: HttpRequest, said: str, *, stays: bool = True) -> None:
    """Keep what the device says. What can't be read is passed over: it is a word, not an answer."""
    visit = cast("Request", request).visit
    if visit is None or visit.actor.person is None or not said or len(said) > LONGEST:
        return
    number, _, list_of = said.partition(" ")
    try:
        device = UUID(hex=number)
        pairs = [each.partition("=") for each in list_of.split(",") if each]
        held = {UUID(hex=who): int(n) for who, _, n in pairs}
    except ValueError:
        return
    tell_held(
        sign_in=visit.sign_in, person=visit.actor.person, device=device, held=held, stays=stays
    )
