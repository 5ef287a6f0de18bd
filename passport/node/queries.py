"""Questions about this machine."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

import pyrage
from django.conf import settings
from django.db import DatabaseError, connection

from passport.kernel.chain import ROOT
from passport.kernel.errors import Damaged
from passport.kernel.role import Role
from passport.node.engine import ledger, reserve, waiting
from passport.node.engine.journal import verify_chain
from passport.node.engine.keyring import keyring
from passport.node.engine.prepared import Prepared
from passport.node.models import Entry, Head, Identity, Peer, Stream, StreamKind

__all__ = [
    "LAST_ENTRIES",
    "DatabaseState",
    "Introduced",
    "Prepared",
    "age_identity",
    "awaits_erasures",
    "blind_index",
    "broken_links",
    "country",
    "database_state",
    "erasures_remembered",
    "introduction",
    "knows_every_erasure",
    "last_erasure",
    "public_key",
    "reserve_is_here",
    "role",
    "sqlite_version",
    "unreadable_keys",
]


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


def introduction() -> Introduced:
    """Say who this node is."""
    identity = Identity.objects.get()
    ring = keyring()
    return Introduced(ring.public.hex(), ring.recipient, identity.name, identity.incarnation)


def public_key() -> str:
    """Return the key of this node in hex, which is in the key file: also where there is no database."""
    return keyring().public.hex()


def age_identity() -> pyrage.x25519.Identity:
    """Return the identity that opens parcels for this node."""
    return keyring().age


def blind_index(purpose: str, text: str) -> bytes:
    """Return the value under which equal texts are found again on this node, and on no other."""
    return keyring().blind(purpose, text)


def country() -> Peer | None:
    """Return the country that this node reports to, once it is enrolled."""
    return Peer.objects.filter(is_country=True).first()


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
            ring.open_person_key(person, bytes(sealed or b""))
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
