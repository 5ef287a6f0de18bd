"""How long a hub may read people's names without a word from its country (DESIGN section 5).

Counted are the days that it was running, by no clock that anybody can set: a box that lies in a
cupboard loses nothing, and one that was carried off and is kept running goes blind by itself.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from passport.node.engine import keychains
from passport.node.models import Acknowledged, Boot, Peer, Stream, StreamKind

DAY_MS = 86_400_000


def note_word(country: Peer, days: int) -> None:
    """Begin the lease anew: the country has spoken. Who calls saves the row."""
    country.lease_days, country.lease_from = days, running_ms()


def running_ms() -> int:
    """Return how long this node has run in all, up to two minutes ago.

    Time switched off doesn't count, and nothing that is done to the clock changes it.
    """
    return Boot.objects.values_list("running", flat=True).first() or 0


def lapse() -> int:
    """Destroy the keys of people when the lease is over; returns how many it were.

    A key that the country hasn't confirmed stays: it may be the only one there is. The card still
    opens the door, and learning goes on; the next parcel of the country brings the keys again.
    """
    country = Peer.objects.filter(is_country=True).first()
    if country is None or not country.lease_days:
        return 0
    if running_ms() - country.lease_from <= country.lease_days * DAY_MS:
        return 0
    confirmed = Acknowledged.objects.filter(peer=country, stream=OuterRef("pk"))
    persons = Stream.objects.filter(kind=StreamKind.PERSON)
    return keychains.let_go(persons.filter(Exists(confirmed)))
