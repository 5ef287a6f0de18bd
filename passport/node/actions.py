"""Writes of this room: the journal, and who this node is."""

from __future__ import annotations

import functools
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Max, QuerySet

from passport.kernel.actor import Actor
from passport.kernel.clock import moment, now_ms
from passport.kernel.encoding import canonical, plain, read
from passport.kernel.errors import Damaged
from passport.kernel.sealing import new_key
from passport.node.engine import journal, keychains, leases, lives, running, writer
from passport.node.engine.journal import (
    Link,
    Tail,
    close_tails,
    move_heads,
    open_person_tails,
    open_tails,
    verify_chain,
)
from passport.node.engine.keychains import split as split_keychain
from passport.node.engine.keyring import keyring, make_key_file, place_of
from passport.node.engine.leases import note_word
from passport.node.engine.marks import next_mark
from passport.node.engine.recipients import note_use, recipient_for
from passport.node.errors import Forgotten, NotSetUp
from passport.node.models import (
    Custody,
    Entry,
    Erased,
    Fact,
    Head,
    Identity,
    JournalRow,
    Origin,
    Parked,
    Peer,
    Quarantined,
    RecipientKey,
    Register,
    Stream,
    StreamKind,
)
from passport.node.policies import Stamp, is_last_word

__all__ = [
    "Link",
    "Note",
    "Tail",
    "close_tails",
    "drop_person_keys",
    "drop_stream",
    "epochs_of",
    "fact_of",
    "found",
    "keep_running",
    "learn_person_key",
    "let_lease_lapse",
    "move_heads",
    "new_person_stream",
    "note",
    "note_all",
    "note_use",
    "note_word",
    "open_for_person",
    "open_person_tails",
    "open_tails",
    "person_keys",
    "project_register",
    "recipient_for",
    "renew_person_key",
    "resume_time",
    "scrub",
    "seal_for_person",
    "set_up",
    "sign",
    "split_keychain",
    "start",
    "start_writer",
    "stop_writer",
    "streams_of_person",
    "tell_again",
    "verify_chain",
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
    epochs = epochs_of({one.stream.key for one in notes if one.stream.kind == StreamKind.PERSON})
    bodies = [
        _body(by, one, private, epochs.get(one.stream.key, 0))
        for one, private in zip(notes, opened, strict=True)
    ]
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


def _body(by: Actor, one: Note, private: bytes | None, epoch: int) -> bytes:
    clear = dict(plain(one.body))
    if by.person is not None:
        clear["by"] = by.person.hex
    if epoch:
        clear["under"] = epoch
    if private is not None:
        sealed = seal_for_person(one.stream, one.kind, private)
        clear["sealed"] = b64encode(sealed).decode()
    return canonical(clear)


def epochs_of(persons: Collection[UUID]) -> dict[UUID, int]:
    """Return how often the country gave the custody of some persons; those never given are left out."""
    rows = Custody.objects.filter(person__in=persons).values_list("person")
    return dict(rows.annotate(Max("epoch"))) if persons else {}


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
        return open_for_person(stream, kind, b64decode(sealed))
    except (Damaged, ValueError):
        return None


def _context(stream: Stream, kind: str) -> bytes:
    return f"{stream.wire} {kind}".encode()


# Person keys and signatures


def sign(purpose: str, message: bytes) -> bytes:
    """Sign in this node's name, for one purpose."""
    return keyring().sign(purpose, message)


def new_person_stream(person_id: Any) -> Stream:
    """Begin the stream of a new person, with a key of its own. Raises `Forgotten`."""
    if Erased.objects.filter(pk=person_id).exists():
        raise Forgotten("This person asked to be forgotten.")
    stream = Stream(kind=StreamKind.PERSON, key=person_id)
    keychains.keep(stream, [new_key()])
    stream.save()
    return stream


def learn_person_key(stream: Stream, keychain: bytes) -> bool:
    """Keep a person's keys that a peer handed over, the newest first; tells whether any is news.

    Raises `Damaged` when these are no keys.
    """
    handed = keychains.split(keychain)
    held = [] if stream.sealed_key is None else keychains.keys_of(stream)
    if set(handed) <= set(held):
        return False
    keychains.keep(stream, [*handed, *(key for key in held if key not in handed)])
    stream.is_renewed, stream.lacks_key = len(handed) > 1 or bool(held), False
    stream.save(update_fields=["sealed_key", "is_renewed", "lacks_key"])
    return True


def renew_person_key(stream: Stream) -> None:
    """Give a person a further key: whoever holds only the one before reads nothing that is new."""
    keychains.keep(stream, [new_key(), *keychains.keys_of(stream)])
    stream.is_renewed = True
    stream.save(update_fields=["sealed_key", "is_renewed"])


def drop_person_keys(streams: QuerySet[Stream]) -> int:
    """Destroy keys of persons on this node; returns how many it were."""
    return streams.filter(sealed_key__isnull=False).update(sealed_key=None)


def streams_of_person(person: UUID) -> list[int]:
    """Return the ids of the streams about a person here: one, or none."""
    found = Stream.objects.filter(kind=StreamKind.PERSON, key=person)
    return list(found.values_list("pk", flat=True))


def drop_stream(stream_id: int) -> None:
    """Remove a stream with its keys and all that this room keeps of it; who calls drops its events."""
    stream = Stream.objects.get(pk=stream_id)
    Entry.objects.filter(stream=stream).delete()
    Parked.objects.filter(stream=stream.wire).delete()
    Quarantined.objects.filter(what__startswith=f"{stream.wire} ").delete()
    Register.objects.filter(entity=stream.key).delete()
    Custody.objects.filter(person=stream.key).delete()
    stream.delete()


def scrub() -> None:
    """See to it that nothing of what was deleted stays in the database's files.

    SQLite overwrites deleted rows (`secure_delete`), but its log keeps older pages until it is
    written back and cut (`evidence.md` 3.3: 0 copies after both, 3 without).
    """
    if connection.vendor == "sqlite":
        transaction.on_commit(writer.cut_log)


def seal_for_person(stream: Stream, what: str, data: bytes) -> bytes:
    """Seal what this node keeps of a person at rest; `what` names the place it is kept in."""
    return keychains.seal_under(keychains.keys_of(stream), data, _context(stream, what))


def open_for_person(stream: Stream, what: str, sealed: bytes) -> bytes:
    """Open what `seal_for_person` made. Raises `Damaged`, also where the key is not here."""
    return keychains.open_under(keychains.keys_of(stream), sealed, _context(stream, what))


def person_keys(stream: Stream) -> list[bytes]:
    """Return a person's keys, the newest first. Raises `Damaged` where none is here."""
    return keychains.keys_of(stream)


@writes
def let_lease_lapse(*, by: Actor) -> int:
    """Destroy people's keys when the country hasn't been heard of for too long; returns how many."""
    del by
    return leases.lapse()


# Merge rule *register*


def project_register(fact: Fact, entity: Any, fields: Iterable[str]) -> set[str]:
    """Return the fields of an entity for which this fact is now the last word, and remember that.

    The order of arrival doesn't matter (`policies.is_last_word`), and a fact that is projected
    again keeps the fields that it won.
    """
    wanted = set(fields)
    rows = Register.objects.filter(entity=entity, field__in=wanted)
    held = {row.field: Stamp(row.epoch, row.hlc, row.origin) for row in rows}
    said = Stamp(fact.read(_Custody).under, fact.hlc, fact.origin)
    won = {name for name in wanted if is_last_word(said, held.get(name))}
    Register.objects.bulk_create(
        [Register(entity=entity, field=name, **said._asdict()) for name in won],
        update_conflicts=True,
        unique_fields=["entity", "field"],
        update_fields=list(Stamp._fields),
    )
    return won


class _Custody(msgspec.Struct):
    under: int = 0


# This node


@writes
def set_up(*, by: Actor, name: str) -> Identity:
    """Make this node: its key pair and its first incarnation. A second call changes nothing."""
    del by
    existing = Identity.objects.first()
    if existing is not None:
        return existing
    ring = keyring() if settings.KEY_FILE.exists() else make_key_file(settings.KEY_FILE)
    return _incarnate(Identity(key=ring.public, name=name, made_at=moment(now_ms())))


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


def resume_time() -> None:
    """Let this process's clock go on from the last time known here; each process's first step."""
    running.resume()


@writes
def keep_running(*, by: Actor) -> None:
    """Note how late it is and how long this node has run; called every `NOTE_SECONDS` and at the stop."""
    del by
    running.keep()


def found() -> Identity:
    """Return who this node is. Raises `NotSetUp`."""
    identity = Identity.objects.first()
    if identity is None:
        raise NotSetUp("This folder holds no node yet. `passport init` makes one.")
    return identity


def tell_again(heads: Collection[tuple[int, int]]) -> None:
    """Have peers told once more of heads (stream, origin): one of them seems not to know."""
    if heads:
        mark = next_mark()
        for stream, origin in set(heads):
            Head.objects.filter(stream=stream, origin=origin).update(moved=mark)


def _incarnate(identity: Identity) -> Identity:
    """Begin again under the same key: what peers knew of us counts no longer, nor what we knew of them."""
    identity.incarnation = secrets.token_hex(8)
    identity.life = lives.next_life(identity.life)
    RecipientKey.objects.all().delete()
    Peer.objects.update(recipient=F("base"), turn=0, mark_heard=0)
    identity.place = place_of(settings.KEY_FILE)
    identity.save()
    Origin.objects.filter(ours=True).update(ours=False)
    Origin.objects.create(wire=f"{bytes(identity.key).hex()}.{identity.incarnation}", ours=True)
    transaction.on_commit(journal.forget_origin)
    journal.forget_origin()
    return identity
