"""What devices say that they still hold. Local to this machine, never noted in the journal."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db.models import Q

from passport.kernel.clock import moment, now_ms
from passport.node.actions import write_later
from passport.people.models import Held, Person, SignIn

AGAIN_SECONDS: Final = 20.0
"""A device that says the same again is written down so often, and no more."""
MOST_PEOPLE: Final = 60
"""So many share one device at most."""
MOST_UNSENT: Final = 1_000_000
ROOM_FOR: Final = 20_000


class _Told:
    """What each device said last, and when (monotonic seconds)."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.last: dict[UUID, tuple[object, float]] = {}

    def is_news(self, device: UUID, said: object) -> bool:
        now = time.monotonic()
        with self.lock:
            before, at = self.last.get(device, (None, -AGAIN_SECONDS))
            if before == said and now - at < AGAIN_SECONDS:
                return False
            if len(self.last) >= ROOM_FOR:
                self.last.clear()
            self.last[device] = said, now
            return True

    def forget(self) -> None:
        """Forget it all; for tests, which exchange the database below."""
        with self.lock:
            self.last.clear()


told = _Told()


def tell_held(
    *, sign_in: UUID, person: UUID, device: UUID, held: Mapping[UUID, int], stays: bool = True
) -> None:
    """Keep what a device says that it holds unsent, of whoever used it; written behind the request.

    It is all that the device holds: whoever isn't named in it has nothing there any more. `stays`:
    the person who is signed in goes on learning there.
    """
    said = {who: min(max(n, 0), MOST_UNSENT) for who, n in list(held.items())[:MOST_PEOPLE]}
    said.setdefault(person, 0)
    if told.is_news(device, (sign_in, said, stays)):
        write_later(lambda: _write(sign_in, person, device, said, stays=stays))


def _write(
    sign_in: UUID, person: UUID, device: UUID, said: dict[UUID, int], *, stays: bool
) -> None:
    kind = SignIn.objects.filter(pk=sign_in).values_list("device", flat=True).first()
    if kind is None:
        return
    now = moment(now_ms())
    # The browser forgot its number, and with it whatever it held.
    Held.objects.filter(sign_in=sign_in).exclude(device=device).delete()
    others = Held.objects.filter(device=device).exclude(person__in=list(said))
    others.filter(Q(unsent__gt=0) | Q(is_open=True)).update(unsent=0, told_at=now, is_open=False)
    known = Person.objects.filter(pk__in=list(said)).values_list("pk", flat=True)
    rows = [
        Held(
            device=device,
            person_id=who,
            unsent=said[who],
            told_at=now,
            sign_in=sign_in,
            kind=kind,
            is_open=stays and who == person,
        )
        for who in known
    ]
    Held.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["person", "device"],
        update_fields=["unsent", "told_at", "sign_in", "kind", "is_open"],
    )
