"""Writes of this room: the journal, and who this node is."""

from __future__ import annotations

import functools
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any, cast

from django.conf import settings
from django.db import connection, transaction

from passport.kernel.actor import Actor
from passport.kernel.clock import moment, now_ms
from passport.kernel.encoding import canonical, plain, read
from passport.kernel.errors import Damaged
from passport.kernel.sealing import new_key, seal, unseal
from passport.node.engine import journal, ledger, reserve, waiting, writer
from passport.node.engine.journal import (
    Link,
    Tail,
    close_tails,
    move_heads,
    open_person_tails,
    open_tails,
)
from passport.node.engine.keyring import Keyring, keyring, make_key_file, place_of
from passport.node.errors import NotSetUp
from passport.node.models import Fact, Identity, JournalRow, Origin, Register, Stream, StreamKind

__all__ = [
    "Link",
    "Note",
    "Tail",
    "ask_again",
    "begin_again",
    "close_tails",
    "drop_keys",
    "fact_of",
    "forget",
    "found",
    "keep_reserve",
    "learn_person_key",
    "move_heads",
    "new_person_stream",
    "note",
    "note_all",
    "open_for_person",
    "open_person_tails",
    "open_tails",
    "person_key",
    "project_register",
    "remember_erased",
    "seal_for_person",
    "serve_again",
    "set_up",
    "sign",
    "start",
    "start_writer",
    "stop_writer",
    "write_later",
    "writes",
    "writes_batched",
]


def writes[**P, R](action: Callable[P, R]) -> Callable[P, R]:
    """Make a function one transaction on the one writer; it returns when its writes are on disk.

    Inside another action it joins that action's transaction.
    """

    @functools.wraps(action)
    def on_writer(*args: P.args, **kwargs: P.kwargs) -> R:
        result: R = writer.in_transaction(lambda: action(*args, **kwargs))
        return result

    return on_writer


def writes_batched[A, R](
    action: Callable[[list[A]], list[R | BaseException]],
) -> Callable[[A], R]:
    """Make a function over many arguments callable with one; callers at the same moment share a run.

    The function returns a result or an exception for each argument, in their order.
    """

    @functools.wraps(action)
    def on_writer(argument: A) -> R:
        result: R = writer.batched(cast("writer.Batch", action), argument)
        return result

    return on_writer


def write_later(call: Callable[[], object]) -> None:
    """Write what nobody waits for: a time last seen, never an answer."""
    writer.later(call)


# The journal


def note(
    *, by: Actor, stream: Stream, kind: str, body: object, private: object | None = None
) -> Fact:
    """Append one entry of ours, in the caller's transaction, and return it for its projector.

    `kind` is `name@version`. `body` is a struct or dict that everybody with the stream may read;
    `private` is sealed under the key of the person whose stream it is. Who acted is noted as
    `by` (an opaque id; absent when the machine did).
    """
    return note_all(by=by, notes=[Note(stream, kind, body, private)])[0]


@dataclass(frozen=True, slots=True)
class Note:
    """One entry to be appended; the fields are those of `note`."""

    stream: Stream
    kind: str
    body: object
    private: object | None = None


def note_all(*, by: Actor, notes: Sequence[Note]) -> list[Fact]:
    """Append several entries of ours in three statements, however many streams they are for."""
    opened = [None if one.private is None else canonical(one.private) for one in notes]
    bodies = [_body(by, one, private) for one, private in zip(notes, opened, strict=True)]
    rows = journal.append_all(
        [(one.stream, one.kind, body) for one, body in zip(notes, bodies, strict=True)]
    )
    origin = journal.our_origin().wire
    return [
        Fact(
            stream=one.stream,
            origin=origin,
            seq=row.seq,
            hlc=row.hlc,
            kind=one.kind,
            body=body,
            private=private,
        )
        for one, row, body, private in zip(notes, rows, bodies, opened, strict=True)
    ]


def _body(by: Actor, one: Note, private: bytes | None) -> bytes:
    clear = dict(plain(one.body))
    if by.person is not None:
        clear["by"] = by.person.hex
    if private is not None:
        sealed = seal(person_key(one.stream), private, _context(one.stream, one.kind))
        clear["sealed"] = b64encode(sealed).decode()
    return canonical(clear)


def fact_of(row: JournalRow, *, stream: Stream, origin: str) -> Fact:
    """Return a stored entry as its projector sees it, opened where the key is here."""
    body = bytes(row.body)
    return Fact(
        stream=stream,
        origin=origin,
        seq=row.seq,
        hlc=row.hlc,
        kind=row.kind,
        body=body,
        private=_open_private(stream, row.kind, body),
    )


def _open_private(stream: Stream, kind: str, body: bytes) -> bytes | None:
    if stream.kind != StreamKind.PERSON or stream.sealed_key is None:
        return None
    sealed = read(body, dict[str, Any]).get("sealed")
    if not isinstance(sealed, str):
        return None
    try:
        return unseal(person_key(stream), b64decode(sealed), _context(stream, kind))
    except (Damaged, ValueError):
        return None


def _context(stream: Stream, kind: str) -> bytes:
    return f"{stream.wire} {kind}".encode()


# Person keys and signatures


def sign(purpose: str, message: bytes) -> bytes:
    """Sign in this node's name, for one purpose."""
    return keyring().sign(purpose, message)


def new_person_stream(person_id: Any) -> Stream:
    """Begin the stream of a new person, with a key of its own."""
    key = keyring().seal_person_key(person_id, new_key())
    return Stream.objects.create(kind=StreamKind.PERSON, key=person_id, sealed_key=key)


def learn_person_key(stream: Stream, key: bytes) -> bool:
    """Keep a person's key that a peer handed over; tells whether it is news."""
    if stream.sealed_key is not None:
        return False
    stream.sealed_key = keyring().seal_person_key(stream.key, key)
    stream.save(update_fields=["sealed_key"])
    return True


def seal_for_person(stream: Stream, what: str, data: bytes) -> bytes:
    """Seal what this node keeps of a person at rest; `what` names the place it is kept in."""
    return seal(person_key(stream), data, _context(stream, what))


def open_for_person(stream: Stream, what: str, sealed: bytes) -> bytes:
    """Open what `seal_for_person` made. Raises `Damaged`, also where the key is not here."""
    return unseal(person_key(stream), sealed, _context(stream, what))


def person_key(stream: Stream) -> bytes:
    """Open a person's key. Raises `Damaged` where it is not here."""
    if stream.sealed_key is None:
        raise Damaged("This node doesn't hold the key of this person.")
    return keyring().open_person_key(stream.key, bytes(stream.sealed_key))


# Merge rule *register*


def project_register(fact: Fact, entity: Any, fields: Iterable[str]) -> set[str]:
    """Return the fields of an entity for which this fact is now the last word, and remember that.

    The larger (stamp, origin) wins, so the order of arrival doesn't matter. A fact that is
    projected again keeps the fields that it won.
    """
    wanted = set(fields)
    held = {row.field: row for row in Register.objects.filter(entity=entity, field__in=wanted)}
    won = {
        name
        for name in wanted
        if name not in held or (held[name].hlc, held[name].origin) <= (fact.hlc, fact.origin)
    }
    Register.objects.bulk_create(
        [Register(entity=entity, field=name, hlc=fact.hlc, origin=fact.origin) for name in won],
        update_conflicts=True,
        unique_fields=["entity", "field"],
        update_fields=["hlc", "origin"],
    )
    return won


# This node


@writes
def set_up(*, by: Actor, name: str) -> Identity:
    """Make this node: its key pair and its first incarnation. A second call changes nothing."""
    del by
    existing = Identity.objects.first()
    if existing is not None:
        return existing
    ring = keyring() if settings.KEY_FILE.exists() else _begin_node()
    return _incarnate(Identity(key=ring.public, name=name, made_at=moment(now_ms())))


def _begin_node() -> Keyring:
    ring = make_key_file(settings.KEY_FILE)
    ledger.begin()  # nobody was ever erased here, so it lacks nothing
    return ring


def start_writer() -> None:
    """Begin serving: from now on one thread takes every write of this process.

    PostgreSQL groups commits by itself and lets many write at once; there it stays as it is.
    """
    if connection.vendor == "sqlite":
        writer.start()


def stop_writer() -> None:
    """Finish the writes that wait, and end the thread."""
    writer.stop()


@writes
def start(*, by: Actor) -> bool:
    """Check at start that this is still the same disk; tells whether it was copied.

    A copied or restored disk goes on as a new incarnation, so that two machines with one key never
    write the same place of the journal twice (R045, DESIGN section 4).
    """
    del by
    identity = found()
    if identity.place == place_of(settings.KEY_FILE):
        return False
    _incarnate(identity)
    return True


@writes
def begin_again(*, by: Actor, name: str, awaits_erasures: bool) -> Identity:
    """Go on as a new incarnation: the database came from a backup, or out of a damaged one.

    What the node wrote last may be missing from it, and others may hold that: no place of the
    journal is written twice.
    """
    del by
    identity = Identity.objects.first()
    if identity is None or bytes(identity.key) != keyring().public:
        Identity.objects.all().delete()
        identity = Identity(key=keyring().public, name=name, made_at=moment(now_ms()))
    identity.awaits_erasures = identity.awaits_erasures or awaits_erasures
    waiting.forget()
    return _incarnate(identity)


@writes
def serve_again(*, by: Actor, erased: Sequence[bytes]) -> None:
    """Open the doors: the erasures up to now have been replayed; the ledger knows them all."""
    del by
    ledger.begin(erased)
    Identity.objects.update(awaits_erasures=False)


@writes
def ask_again(*, by: Actor, streams: Iterable[int]) -> None:
    """Mark streams of which something is missing here: the next parcel asks the peers for it."""
    del by
    for part in batched(streams, 500):
        Stream.objects.filter(pk__in=part).update(again=True)


@writes
def drop_keys(*, by: Actor, streams: Iterable[int]) -> None:
    """Drop keys of people that open nothing any more: then a peer may hand them over again."""
    del by
    for part in batched(streams, 500):
        Stream.objects.filter(pk__in=part).update(sealed_key=None, again=True)


def forget() -> None:
    """Forget what this process remembers of the database: it was exchanged."""
    journal.forget_origin()
    waiting.forget()


def remember_erased(body: bytes) -> None:
    """Write an erasure where no restored backup takes it back; on disk on return."""
    ledger.append(body)


def keep_reserve() -> bool:
    """Make the reserve for a full disk where it is missing and there is room; tells whether it is here."""
    return reserve.keep()


def found() -> Identity:
    """Return who this node is. Raises `NotSetUp`."""
    identity = Identity.objects.first()
    if identity is None:
        raise NotSetUp("This folder holds no node yet. `passport init` makes one.")
    return identity


def _incarnate(identity: Identity) -> Identity:
    identity.incarnation = secrets.token_hex(8)
    identity.place = place_of(settings.KEY_FILE)
    identity.save()
    Origin.objects.filter(ours=True).update(ours=False)
    Origin.objects.create(wire=f"{bytes(identity.key).hex()}.{identity.incarnation}", ours=True)
    transaction.on_commit(journal.forget_origin)
    journal.forget_origin()
    return identity
