"""Questions about this machine."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import batched
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection

from passport.kernel.chain import ROOT
from passport.kernel.errors import Damaged
from passport.kernel.role import Role
from passport.node.engine import keylock, ledger, reserve, waiting
from passport.node.engine.journal import verify_chain
from passport.node.engine.keyfile import Slot
from passport.node.engine.keyring import is_locked, keyring, public_parts
from passport.node.engine.leases import running_ms
from passport.node.engine.marks import settled_mark
from passport.node.engine.prepared import Prepared
from passport.node.engine.recipients import identities
from passport.node.engine.renewing import former_keys, present_key
from passport.node.engine.running import NOTE_SECONDS
from passport.node.errors import Retired
from passport.node.models import (
    Custody,
    Entry,
    Erased,
    Head,
    Identity,
    Peer,
    Retirement,
    Stream,
    StreamKind,
)

__all__ = [
    "IDS_AT_ONCE",
    "LAST_ENTRIES",
    "NOTE_SECONDS",
    "DatabaseState",
    "Introduced",
    "Noted",
    "Prepared",
    "awaits_erasures",
    "blind_index",
    "broken_links",
    "country",
    "country_keys",
    "country_of",
    "custodians",
    "database_state",
    "erased_among",
    "erasures_remembered",
    "former_keys",
    "given_elsewhere",
    "identities",
    "introduction",
    "is_locked",
    "known_as",
    "knows_every_erasure",
    "last_erasure",
    "lock_slots",
    "noted_in_person_streams",
    "our_names",
    "public_key",
    "reserve_is_here",
    "role",
    "running_ms",
    "settled_mark",
    "speaking_keys",
    "sqlite_version",
    "unaware_of_renewal",
    "unreadable_keys",
]

IDS_AT_ONCE = 500
"""SQLite takes no more than so many values in a statement on every system."""


def role() -> Role:
    """Return what this node may do."""
    value: Role = settings.ROLE
    return value


class Introduced(NamedTuple):
    """How this node is known to others."""

    key: str
    """Its Ed25519 public key in hex."""
    recipient: str
    """The age recipient that parcels for it are encrypted to."""
    name: str
    incarnation: str
    life: int


def introduction() -> Introduced:
    """Say who this node is."""
    identity = Identity.objects.get()
    ring = public_parts()
    return Introduced(
        ring.public.hex(), ring.recipient, identity.name, identity.incarnation, identity.life
    )


def public_key() -> str:
    """Return the key of this node in hex, which is in the key file: also where there is no database."""
    return public_parts().public.hex()


def lock_slots() -> Sequence[Slot] | None:
    """Return whose secrets open this node's key file; None when it doesn't start locked."""
    return keylock.slots()


def our_names() -> list[str]:
    """Return the keys under which parcels reach this node (hex), the present one first."""
    return keyring().names


def known_as(peer: Peer) -> str:
    """Return the key (hex) in whose name to speak to a peer: a former one until it knows the present."""
    names = our_names()
    return peer.calls_us if peer.calls_us in names else names[0]


def country_of(key: str) -> str:
    """Follow a key of the country to its present one; other keys are their own. Raises `Retired`."""
    if Retirement.objects.filter(pk=key).exists():
        raise Retired("This parcel speaks under a key that the country has given up.")
    return present_key(key)


def unaware_of_renewal() -> list[Peer]:
    """Return the peers that still know this node under a key that it had before."""
    former = our_names()[1:]
    return list(Peer.objects.filter(calls_us__in=former).order_by("name", "key"))


def blind_index(purpose: str, text: str) -> bytes:
    """Return the value under which equal texts are found again on this node, and on no other."""
    return keyring().blind(purpose, text)


def country() -> Peer | None:
    """Return the country that this node reports to, once it is enrolled."""
    return Peer.objects.filter(is_country=True).first()


class Noted(NamedTuple):
    """An entry in a person's stream."""

    person: UUID
    origin: str
    hlc: int
    body: bytes


def noted_in_person_streams(kind: str, origins: Collection[str]) -> Iterator[Noted]:
    """Yield what some origins noted of one kind in the streams of persons."""
    rows = Entry.objects.filter(
        kind=kind, stream__kind=StreamKind.PERSON, origin__wire__in=list(origins)
    ).values_list("stream__key", "origin__wire", "hlc", "body")
    for person, origin, hlc, body in rows.iterator(2_000):
        yield Noted(person, origin, hlc, bytes(body))


def country_keys() -> set[str]:
    """Return the keys, in hex, in whose names the country has written; a hub without one is its own.

    Former keys are among them: what was written under them counts for good.
    """
    found = set(Peer.objects.filter(is_country=True).values_list("key", flat=True))
    found = found or _writers_for_country() or {introduction().key}
    return found.union(*map(former_keys, found))


def _writers_for_country() -> set[str]:
    """Return who wrote in the country's stream: a damaged disk may have lost whom it belongs to."""
    said = Entry.objects.filter(stream__kind=StreamKind.COUNTRY).order_by()
    writers = said.values_list("origin__wire", flat=True).distinct()
    return {wire.partition(".")[0] for wire in writers}


def speaking_keys() -> set[str]:
    """Return those of the country's keys whose signatures are still good for something new."""
    return country_keys() - set(Retirement.objects.values_list("key", flat=True))


def custodians(persons: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return the site that the country gave each of some persons to last; those never given are left out."""
    found: dict[UUID, UUID] = {}
    if not Custody.objects.exists():
        return found
    for part in batched(persons, IDS_AT_ONCE):
        rows = Custody.objects.filter(person__in=part).order_by("epoch", "pk")
        found.update(dict(rows.values_list("person", "site")))
    return found


def given_elsewhere(sites: Collection[UUID]) -> set[UUID]:
    """Return the persons whom the country gave last to a site that is none of these.

    Asked on hubs, which know of the moves from and to their own sites only.
    """
    moved = set(Custody.objects.exclude(site__in=sites).values_list("person", flat=True))
    return {person for person, site in custodians(moved).items() if site not in sites}


def erased_among(persons: Iterable[UUID]) -> set[UUID]:
    """Return those of some persons who were erased."""
    found: set[UUID] = set()
    for part in batched(persons, IDS_AT_ONCE):
        found.update(Erased.objects.filter(person__in=part).values_list("person", flat=True))
    return found


def awaits_erasures() -> bool:
    """Tell whether people may not be served yet: erasures since the backup are to be replayed first."""
    return waiting.awaits_erasures()


def erasures_remembered() -> Iterator[bytes]:
    """Read the ledger of erasures: the body of each `person.erased` entry."""
    return ledger.erased()


def knows_every_erasure() -> bool:
    """Tell whether the ledger is the one that was begun here, and so lacks none."""
    return ledger.is_complete()


def last_erasure() -> float:
    """Return when somebody was last erased here, in seconds since 1970; 0 where nobody was."""
    return ledger.written_at()


def reserve_is_here() -> bool:
    """Tell whether the reserve for a full disk is there."""
    return reserve.is_here()


def unreadable_keys() -> list[int]:
    """Find the streams of people whose key doesn't open with this node's own: a bit of it flipped."""
    ring = keyring()
    rows = Stream.objects.filter(kind=StreamKind.PERSON, sealed_key__isnull=False)
    unreadable = []
    for pk, person, sealed in rows.values_list("pk", "key", "sealed_key").iterator():
        try:
            ring.open(bytes(sealed or b""), person.bytes)
        except Damaged:
            unreadable.append(pk)
    return unreadable


def sqlite_version() -> tuple[int, ...]:
    """Return which SQLite runs here."""
    return sqlite3.sqlite_version_info


class DatabaseState(NamedTuple):
    """How the database does."""

    product: str
    version: tuple[int, ...]
    damage: str | None


def database_state() -> DatabaseState:
    """Look the database over: SQLite by its own quick check."""
    if connection.vendor != "sqlite":
        return DatabaseState(connection.vendor, (), None)
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check")
            said = str(cursor.fetchone()[0])
    except DatabaseError as problem:  # so broken that it can't even be opened
        said = str(problem)
    return DatabaseState("sqlite", sqlite3.sqlite_version_info, None if said == "ok" else said)


LAST_ENTRIES = 50


def broken_links() -> list[str]:
    """Check the chains of the last entries, and name the places where a hash doesn't hold.

    A flipped bit in a table shows here long before a parcel carries it on (`evidence.md` 5.4).
    """
    broken = []
    for head in Head.objects.select_related("origin", "stream").order_by("-pk")[:LAST_ENTRIES]:
        rows = list(
            Entry.objects.filter(stream=head.stream, origin=head.origin).order_by("-seq")[:2]
        )
        if not rows or rows[0].seq != head.seq or (len(rows) == 1 and head.seq > 1):
            continue  # a journal of its own holds the last entry
        if len(rows) > 1 and rows[1].seq != head.seq - 1:
            continue
        prev = bytes(rows[1].hash) if len(rows) > 1 else ROOT
        for row, holds in verify_chain(head.origin.wire, head.stream.wire, prev, rows[:1]):
            if not holds or bytes(row.hash) != bytes(head.hash):
                broken.append(f"{head.stream.wire} {row.seq}")
    return broken
