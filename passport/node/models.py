"""Tables of this machine: who it is, whom it talks to, and the journal."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from itertools import batched
from typing import Any, ClassVar, Final, Self
from uuid import UUID

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper

from passport.kernel.encoding import read

COUNTRY_KEY = UUID(int=0)


class JSONColumn(models.JSONField):
    """JSON without Django's CHECK (JSON_VALID(...)), which `trusted_schema=OFF` refuses to run."""

    def db_check(self, connection: BaseDatabaseWrapper) -> None:
        del connection


def uuid_writer() -> Callable[[UUID], UUID | str]:
    """Return how plain SQL gives this database a UUID."""
    return _itself if connection.features.has_native_uuid_field else _hex


def uuid_reader() -> Callable[[Any], UUID]:
    """Return how plain SQL reads a UUID of this database."""
    return _itself if connection.features.has_native_uuid_field else UUID


type Value = UUID | str | int | bytes | None
"""What plain SQL is given."""
_ROWS_AT_ONCE: Final = 100


def insert_rows(
    table: str, columns: Sequence[str], rows: Sequence[Sequence[Value]], *, conflict: str = ""
) -> int:
    """Insert many rows by plain SQL, a hundred a statement; returns how many it were.

    `executemany` lets go of the interpreter at every row, and the one writer then waits behind
    every thread that serves a request; one statement lets go once. Measured with fifty requests
    at a time: 36 ms a group before, 10 after. `table` and `columns` come from the code.
    """
    mark = "?" if connection.vendor == "sqlite" else "%s"
    marks = f"({', '.join([mark] * len(columns))})"
    count = 0
    with connection.cursor() as cursor:
        for part in batched(rows, _ROWS_AT_ONCE):
            statement = (
                f"INSERT INTO {table} ({', '.join(columns)})"  # noqa: S608 - names from the code
                f" VALUES {', '.join([marks] * len(part))} {conflict}"
            )
            values = [value for row in part for value in row]
            if connection.vendor == "sqlite":
                # Django's own looks for marks to replace: a tenth of what taking a parcel cost.
                with connection.wrap_database_errors:
                    sqlite3.Cursor.execute(cursor.cursor, statement, values)
            else:
                cursor.execute(statement, values)
            count += cursor.rowcount
    return count


def _itself(value: Any) -> Any:
    return value


def _hex(value: UUID) -> str:
    return f"{value.int:032x}"  # as its own `hex` does, which costs a call more


class Identity(models.Model):
    """Who this node is. One row, made at first start; its secrets are in the key file, not here."""

    key = models.BinaryField(max_length=32)
    incarnation = models.CharField(max_length=16)
    place = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    life = models.IntegerField(default=1)
    """Which incarnation this is, counted beside the key file, so that no backup brings a number back."""
    awaits_erasures = models.BooleanField(default=False)
    """It was restored from a backup and may hold people who were erased since: nobody is served."""


class Origin(models.Model):
    """A node in one incarnation: who wrote an entry. Written `<key in hex>.<incarnation>` on the wire."""

    wire = models.CharField(max_length=81, unique=True)
    ours = models.BooleanField(default=False)

    @property
    def node(self) -> str:
        return self.wire.partition(".")[0]


class StreamKind(models.TextChoices):
    """Whose stream it is."""

    COUNTRY = "country"
    SITE = "site"
    PERSON = "person"


class Stream(models.Model):
    """What travels together and is granted together. Its id is small because every event names one."""

    kind = models.CharField(max_length=8, choices=StreamKind.choices)
    key = models.UUIDField()
    sealed_key = models.BinaryField(max_length=128, null=True)
    """The person's keys, the newest first, sealed under this node's own; None: not readable here."""
    wrapped_key = models.BinaryField(null=True)
    """The keys that were let go of here, sealed so that the country alone opens them (`engine.keychains`)."""
    is_renewed = models.BooleanField(default=False)
    """The person got a further key, because a hub that held the one before was lost."""
    renewed_for = JSONColumn(default=list)
    """The revoked hubs on whose account the person got a further key that is here (their keys in hex)."""
    lacks_key = models.BooleanField(default=False, db_index=True)
    """Something came of the person that none of the keys here opens: peers are asked for the newest."""
    is_let_go = models.BooleanField(default=False)
    """The person has moved to another hub's site: nothing of them is shown here, or asked for."""
    again = models.BooleanField(default=False, db_index=True)
    """What is here of it has a hole: peers are asked to send it again."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="node_stream_once"),
        ]
        # Those without keys are few, and every parcel asks for them: it mustn't look through everybody.
        indexes: ClassVar = [
            models.Index(
                fields=["kind"],
                condition=models.Q(sealed_key__isnull=True),
                name="node_stream_without_key",
            ),
        ]

    def __str__(self) -> str:
        return self.wire

    @classmethod
    def country(cls) -> Self:
        return cls._find(StreamKind.COUNTRY, COUNTRY_KEY)

    @classmethod
    def of_site(cls, site: UUID) -> Self:
        return cls._find(StreamKind.SITE, site)

    @classmethod
    def of_person(cls, person: UUID) -> Self:
        return cls._find(StreamKind.PERSON, person)

    @classmethod
    def _find(cls, kind: StreamKind, key: UUID) -> Self:
        return cls.objects.get_or_create(kind=kind, key=key)[0]

    @property
    def wire(self) -> str:
        """The stream's name on the wire: `country`, `site:<hex>` or `person:<hex>`."""
        return wire_of(self.kind, self.key)


def wire_of(kind: str, key: UUID) -> str:
    """Return a stream's name on the wire."""
    return "country" if kind == StreamKind.COUNTRY else f"{kind}:{key.hex}"


class Head(models.Model):
    """How far this node holds one origin's part of one stream: a line of the vector."""

    origin = models.ForeignKey(Origin, on_delete=models.PROTECT, related_name="+")
    stream = models.ForeignKey(Stream, on_delete=models.CASCADE, related_name="+")
    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)
    hlc = models.BigIntegerField()
    seen = JSONColumn(default=dict)
    """The other origins' heads that this origin last said it had seen: {origin on the wire: seq}."""
    moved = models.BigIntegerField(default=0, db_index=True)
    """When it moved last, in this node's own count (`engine.marks`)."""
    sealed_seq = models.BigIntegerField(db_default=0)
    seal = models.BinaryField(max_length=64, null=True)
    """The origin's own signature over this stream up to `sealed_seq`, by which others may believe it."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "origin"], name="node_head_once"),
        ]


class JournalRow(models.Model):
    """One immutable entry. `body` is kept as the very bytes that were hashed."""

    objects: ClassVar[models.Manager[Self]]

    origin = models.ForeignKey(Origin, on_delete=models.PROTECT, related_name="+", db_index=False)
    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="+", db_index=False)
    seq = models.BigIntegerField()
    hlc = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    body = models.BinaryField()
    dep = models.BinaryField(null=True)
    """The heads that the writer had seen of other origins, where they changed since its last entry."""
    hash = models.BinaryField(max_length=32)

    class Meta:
        abstract = True


class Entry(JournalRow):
    """The journal of every kind that is not plentiful enough for a table of its own."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "origin", "seq"], name="node_entry_once"),
        ]


class Custody(models.Model):
    """The country gave a person to a site (`custody.given`): a move, counted by epochs."""

    id = models.UUIDField(primary_key=True)
    """Of the fact, which stands in several streams: the later one is the larger. A country that was
    restored from a backup may give one epoch twice."""
    person = models.UUIDField(db_index=True)
    epoch = models.IntegerField()
    site = models.UUIDField(db_index=True)


class Erased(models.Model):
    """A person who asked to be forgotten (`person.erased`). Nothing of them is ever stored again."""

    person = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    """When the country erased them."""
    signature = models.BinaryField(max_length=64)
    """The country's, so that anybody may bring the tombstone back to a restored node."""


class Register(models.Model):
    """The stamp of the write that a field's present value comes from (merge rule *register*)."""

    entity = models.UUIDField()
    field = models.CharField(max_length=40)
    epoch = models.IntegerField(default=0)
    hlc = models.BigIntegerField()
    origin = models.CharField(max_length=81)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity", "field"], name="node_register_once"),
        ]


class Peer(models.Model):
    """Another node that this one exchanges parcels with."""

    key = models.CharField(max_length=64, unique=True)
    """Its Ed25519 public key in hex."""
    recipient = models.CharField(max_length=100)
    """Its age recipient: parcels for it are encrypted to this."""
    name = models.CharField(max_length=200)
    is_country = models.BooleanField(default=False)
    code = models.CharField(max_length=64, blank=True)
    """The one-time code with which we introduce ourselves to it, until it answers."""
    base = models.CharField(max_length=100, default="")
    """The age recipient in its key file: opens what is sent to it when nothing newer is known."""
    incarnations = JSONColumn(default=list)
    """Every incarnation that it wrote in; the last is its present one."""
    life = models.IntegerField(default=0)
    """The number of its present incarnation, by its own count (`Identity.life`)."""
    address = models.CharField(max_length=300, blank=True)
    last_heard = models.DateTimeField(null=True)
    version = models.CharField(max_length=40, blank=True)
    holds = JSONColumn(default=list)
    """The course versions that it said it holds whole (hex ids)."""
    wants = JSONColumn(default=list)
    """The blobs that it said it lacks (SHA-256 in hex)."""
    lacks = JSONColumn(default=list)
    """The persons' streams whose keys it said it lacks."""
    turn = models.IntegerField(default=0)
    """How many recipients it had made for us when it named `recipient`: an old parcel brings no old one."""
    lease_days = models.IntegerField(default=0)
    """For how many days of running we may keep people's keys without another word of it; 0: for ever."""
    lease_from = models.BigIntegerField(default=0)
    """How long we had been running at its last word, in ms."""
    mark_heard = models.BigIntegerField(default=0)
    """Up to where, in our own count, it confirmed that it knows our vector (`engine.marks`)."""
    mark_taken = models.BigIntegerField(default=0)
    """Up to where, in its count, we know its vector."""
    content = JSONColumn(null=True)
    """What it said it has of those (`Content` of the wire); None: it takes whole pieces only."""
    asks_erased = models.BooleanField(default=False)
    """It was restored, and asks whom we know to be erased."""
    told_erased = models.BooleanField(default=False)
    """It has answered that, since we were restored."""
    calls_us = models.CharField(max_length=64, default="")
    """Under which of our keys it knows us (hex): until it hears of a new one, we speak as the old."""

    def __str__(self) -> str:
        return self.name


class Renewal(models.Model):
    """The country has another key than before: projection of `node.renewed` and `node.retired`.

    What it wrote under the former key stays valid for good; parcels in its name only until it is retired.
    """

    old = models.CharField(max_length=64, primary_key=True)
    new = models.CharField(max_length=64)
    stamp = models.BigIntegerField()
    """Of two that name one former key, the earlier holds: whoever stole that key comes later."""
    origin = models.CharField(max_length=81)


class Retirement(models.Model):
    """Parcels in the name of a former key are refused: projection of `node.retired`."""

    key = models.CharField(max_length=64, primary_key=True)


class RecipientKey(models.Model):
    """An age key that one peer's parcels for us are sealed to; each answered parcel brings a new one."""

    peer = models.ForeignKey(Peer, on_delete=models.CASCADE, related_name="+")
    turn = models.IntegerField()
    public = models.CharField(max_length=100, unique=True)
    secret = models.BinaryField()
    """The age identity, sealed under this node's own key."""
    is_used = models.BooleanField(default=False)
    """A parcel sealed to it has come: the peer knows it, and the next one may be made."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["peer", "turn"], name="node_recipient_once"),
        ]


class Acknowledged(models.Model):
    """What a peer, in its present incarnation, said it holds. Sending starts after this and nowhere else."""

    peer = models.ForeignKey(Peer, on_delete=models.CASCADE, related_name="+")
    origin = models.ForeignKey(Origin, on_delete=models.CASCADE, related_name="+")
    stream = models.ForeignKey(Stream, on_delete=models.CASCADE, related_name="+")
    seq = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["peer", "stream", "origin"], name="node_acknowledged_once"
            ),
        ]


class Parked(models.Model):
    """A run of entries that came before what it depends on; tried again after each parcel."""

    peer = models.ForeignKey(Peer, on_delete=models.CASCADE, related_name="+")
    origin = models.CharField(max_length=81)
    stream = models.CharField(max_length=48)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    run = models.BinaryField()
    """The run as it came, with its line of the manifest."""
    parked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["origin", "stream", "first", "last"], name="node_parked_once"
            ),
        ]


class Quarantined(models.Model):
    """What a peer sent and may not say, or what forks its own history. Kept, shown, without effect."""

    peer = models.ForeignKey(Peer, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=300)
    what = models.CharField(max_length=300)
    content = models.BinaryField()
    digest = models.BinaryField(max_length=32, unique=True)
    at = models.DateTimeField()


class Direction(models.TextChoices):
    """Whether a parcel went or came."""

    MADE = "made"
    TAKEN = "taken"


class ParcelNote(models.Model):
    """A parcel that was made or taken here: what was in it, in figures for people."""

    id = models.UUIDField(primary_key=True)
    peer = models.ForeignKey(Peer, on_delete=models.CASCADE, related_name="+")
    direction = models.CharField(max_length=5, choices=Direction.choices)
    carrier = models.CharField(max_length=10)
    at = models.DateTimeField()
    entries = models.BigIntegerField(default=0)
    events = models.BigIntegerField(default=0)
    people = models.BigIntegerField(default=0)
    blobs = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    upto = models.BigIntegerField(null=True)
    """Whatever of ours has an earlier stamp was in it, unless the peer had confirmed it before; None:
    not all of that fitted, or it went over the network, which confirms at once or takes nothing."""


class Boot(models.Model):
    """This machine's time since its last start, and how long it ran in all. One row, which stays here.

    A leap of the clock begins a new stretch as a start does: node time before it and after it
    are two things (`kernel.clock`). All times are in ms.
    """

    number = models.BigIntegerField()
    """Starts and leaps so far."""
    began = models.BigIntegerField()
    """Node time then."""
    before = models.BigIntegerField(null=True)
    """Node time just before the leap; None: it was a start."""
    wall = models.BigIntegerField()
    """What the wall clock claimed then."""
    noted = models.BigIntegerField()
    """Node time as last noted."""
    running = models.BigIntegerField()
    """How long this node ran in all, up to `noted`; what it was switched off isn't in it."""


class Fact:
    """An entry as projectors see it."""

    __slots__ = ("_private", "body", "hlc", "kind", "origin", "seq", "stream")

    def __init__(
        self,
        *,
        stream: Stream,
        origin: str,
        seq: int,
        hlc: int,
        kind: str,
        body: bytes,
        private: bytes | None,
    ) -> None:
        self.stream = stream
        self.origin = origin
        self.seq = seq
        self.hlc = hlc
        self.kind = kind
        self.body = body
        self._private = private

    def read[T](self, shape: type[T]) -> T:
        """Decode the clear part of the body."""
        return read(self.body, shape)

    def private[T](self, shape: type[T]) -> T | None:
        """Decode the sealed part; None when there is none, or when its key is not here."""
        return None if self._private is None else read(self._private, shape)
