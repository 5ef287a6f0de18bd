"""What this room sends to other nodes, and how it takes it in.

A tombstone wins over everything: whatever comes of this person later, in an old parcel or with a
restored backup, is dropped (DESIGN section 5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

import msgspec
from django.db import models

from passport.insights import actions as insights
from passport.kernel.actor import Actor
from passport.kernel.clock import moment, stamp_ms
from passport.kernel.encoding import canonical, read
from passport.kernel.errors import Damaged
from passport.kernel.signing import verifies
from passport.learning import facts as learning
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.models import Erased, Fact, Stream
from passport.people import facts as people
from passport.privacy.models import Confirmation
from passport.records import actions as records

ERASED_PURPOSE = "passport erasure 1"
CONFIRMED_PURPOSE = "passport erasure confirmed 1"


class PersonErased(msgspec.Struct):
    """`person.erased@1`, in the country's stream. *fact*; the tombstone that wins over everything.

    `signature` is the country's own over `tombstone`, so that anybody may bring it back to a
    country that was restored from a backup.
    """

    person: UUID
    at: int
    """In ms since 1970."""
    signature: bytes


class ErasureConfirmed(msgspec.Struct):
    """`erasure.confirmed@1`, in a site's stream, by its hub. *fact*: nothing of the person is left there."""

    person: UUID
    at: int
    signature: bytes


def tombstone(person: UUID, at: int) -> bytes:
    """Return what the country signs when it erases somebody, and a node when it has followed."""
    return canonical({"person": person, "at": at})


def project_person_erased(fact: Fact) -> None:
    body = fact.read(PersonErased)
    if not _is_countrys(body):
        raise Damaged("This erasure isn't signed by the country.")
    bury(body)


def bury(body: PersonErased) -> bool:
    """Destroy the keys of a person on this node and all that is kept of them; tells whether that is news."""
    _, is_news = Erased.objects.get_or_create(
        pk=body.person, defaults={"at": moment(body.at), "signature": body.signature}
    )
    if is_news:
        node.remember_erased(canonical(body))
        if node_queries.role().has_office:
            insights.freeze(by=Actor.machine(), person=body.person)
        drop_rows(body.person)
        drop_journal(body.person)
    return is_news


def bury_again(ledger: Iterable[bytes]) -> None:
    """Erase once more whom a ledger names: the database is older than it. Raises `Damaged`.

    The country says so once more, too: it may have told nobody before its disk was lost.
    """
    for line in ledger:
        body = read(line, PersonErased)
        if _is_countrys(body) and bury(body) and node_queries.role().may_publish:
            note_erased(Actor.machine(), body)


def note_erased(by: Actor, body: PersonErased) -> None:
    """Tell everybody in the country."""
    node.note(by=by, stream=Stream.country(), kind="person.erased@1", body=body)


def buried() -> list[bytes]:
    """Return every erasure that is in force here, as a ledger holds it."""
    return [
        canonical(
            PersonErased(
                person=one.person,
                at=round(one.at.timestamp() * 1000),
                signature=bytes(one.signature),
            )
        )
        for one in Erased.objects.order_by("at", "pk")
    ]


def drop_rows(person: UUID) -> None:
    """Remove all that was worked out of a person's record."""
    learning.forget(person)
    people.forget(person)


def drop_journal(person: UUID) -> None:
    """Remove a person's stream: what was written, its keys, and how far it was known to anybody."""
    for stream in node.streams_of_person(person):
        records.drop(stream)
        node.drop_stream(stream)
    node.scrub()


def _is_countrys(body: PersonErased) -> bool:
    message = tombstone(body.person, body.at)
    return any(
        verifies(bytes.fromhex(key), ERASED_PURPOSE, message, body.signature)
        for key in node_queries.country_keys()
    )


def project_erasure_confirmed(fact: Fact) -> None:
    body = fact.read(ErasureConfirmed)
    key = fact.origin.partition(".")[0]
    if not verifies(
        bytes.fromhex(key), CONFIRMED_PURPOSE, tombstone(body.person, body.at), body.signature
    ):
        return
    Confirmation.objects.get_or_create(
        person=body.person,
        node=key,
        defaults={"at": moment(stamp_ms(fact.hlc)), "signature": body.signature},
    )


PROJECTORS: dict[str, Callable[[Fact], None]] = {
    "person.erased@1": project_person_erased,
    "erasure.confirmed@1": project_erasure_confirmed,
}
TABLES: tuple[type[models.Model], ...] = (Confirmation,)
"""What a rebuild empties. Tombstones are never emptied."""
