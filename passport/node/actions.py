"""Writes of this room: the journal, and who this node is."""

from __future__ import annotations

import functools
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any, cast
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Max, QuerySet

from passport.kernel.actor import Actor
from passport.kernel.clock import moment, now_ms
from passport.kernel.codes import LONG, new_code, shown_code
from passport.kernel.encoding import canonical, plain, read
from passport.kernel.errors import Damaged, NotAllowed
from passport.kernel.sealing import new_key
from passport.node.engine import (
    journal,
    keychains,
    keylock,
    leases,
    ledger,
    lives,
    renewing,
    reserve,
    running,
    trustees,
    waiting,
    writer,
)
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
from passport.node.engine.keyfile import Slot, create_key_file, drop_half_written
from passport.node.engine.keyring import (
    Keyring,
    hold,
    is_locked,
    keyring,
    make_key_file,
    place_of,
    public_parts,
)
from passport.node.engine.leases import note_word
from passport.node.engine.marks import next_mark
from passport.node.engine.recipients import note_use, recipient_for
from passport.node.engine.renewing import NodeRetired
from passport.node.engine.upgrade import upgrade
from passport.node.errors import (
    DatabaseRefused,
    Forgotten,
    LockRefused,
    NotRecovered,
    NotRenewed,
    NotSetUp,
)
from passport.node.facts import RENEWED, RETIRED, project_node_renewed, project_node_retired
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
    "ask_again",
    "back_up_key",
    "begin_again",
    "close_tails",
    "drop_keys",
    "drop_lock_slots",
    "drop_person_keys",
    "drop_stream",
    "epochs_of",
    "fact_of",
    "forget",
    "found",
    "keep_reserve",
    "keep_running",
    "learn_person_key",
    "leave_unlocked",
    "let_lease_lapse",
    "lock",
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
    "recover_key",
    "remember_erased",
    "renew_key",
    "renew_lock_code",
    "renew_person_key",
    "resume_time",
    "retire_key",
    "scrub",
    "seal_for_person",
    "serve_again",
    "set_lock_slot",
    "set_up",
    "sign",
    "split_key",
    "split_keychain",
    "start",
    "start_writer",
    "stop_writer",
    "streams_of_person",
    "tell_again",
    "unlock",
    "unwrap_person_key",
    "upgrade_database",
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


def sign(purpose: str, message: bytes, name: str | None = None) -> bytes:
    """Sign in this node's name, for one purpose; `name` is a key (hex) that it had before."""
    return keyring().sign(purpose, message, name)


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

    That it had none other is an answer too: the missing one died with a disk, and whatever still can't be
    opened will ask again. Raises `Damaged` when these are no keys.
    """
    handed = keychains.split(keychain)
    held = [] if stream.sealed_key is None else keychains.keys_of(stream)
    is_news = not set(handed) <= set(held)
    if is_news:
        keychains.keep(stream, [*handed, *(key for key in held if key not in handed)])
        stream.is_renewed = len(handed) > 1 or bool(held)
        if not held:
            stream.renewed_for = []  # whoever kept these may have let go of them before a revocation
    elif not stream.lacks_key:
        return False
    stream.lacks_key = False
    stream.save(update_fields=["sealed_key", "is_renewed", "renewed_for", "lacks_key"])
    return is_news


def renew_person_key(stream: Stream, revoked: str) -> None:
    """Give a person a further key: a revoked hub, which holds those before, reads nothing that is new."""
    keychains.keep(stream, [new_key(), *keychains.keys_of(stream)])
    stream.is_renewed, stream.renewed_for = True, [*stream.renewed_for, revoked]
    stream.save(update_fields=["sealed_key", "is_renewed", "renewed_for"])


def drop_person_keys(streams: QuerySet[Stream]) -> int:
    """Destroy keys of persons on this hub, but for what the country alone opens; returns how many."""
    return keychains.let_go(streams)


def unwrap_person_key(stream: Stream, wrapped: bytes) -> bytes:
    """Return the keychain that a hub let go of and wrapped for this country. Raises `Damaged`."""
    return keychains.unwrap(stream, wrapped)


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


def upgrade_database(*, by: Actor) -> None:
    """Make the tables that this program needs; a power cut leaves all of them or those before."""
    del by
    upgrade()


@writes
def set_up(*, by: Actor, name: str) -> Identity:
    """Make this node: its key pair and its first incarnation. A second call changes nothing."""
    del by
    existing = Identity.objects.first()
    if existing is not None:
        return existing
    ring = public_parts() if settings.KEY_FILE.exists() else _begin_node()
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
    drop_half_written(settings.KEY_FILE)
    _catch_up()
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
    Peer.objects.update(told_erased=False)
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
        Stream.objects.filter(pk__in=part).update(sealed_key=None)


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


def tell_again(heads: Collection[tuple[int, int]]) -> None:
    """Have peers told once more of heads (stream, origin): one of them seems not to know."""
    if heads:
        mark = next_mark()
        for stream, origin in set(heads):
            Head.objects.filter(stream=stream, origin=origin).update(moved=mark)


def _incarnate(identity: Identity) -> Identity:
    """Begin again under the same key: what peers knew of us counts no longer, nor what we knew of them."""
    RecipientKey.objects.all().delete()
    Peer.objects.update(recipient=F("base"), turn=0)
    identity.place = place_of(settings.KEY_FILE)
    return _begin_origin(identity)


def _begin_origin(identity: Identity) -> Identity:
    """Write from now on under another name: a new incarnation, and where it has changed, a new key."""
    identity.incarnation = secrets.token_hex(8)
    identity.life = lives.next_life(identity.life)
    identity.save()
    Peer.objects.update(mark_heard=0)
    Origin.objects.filter(ours=True).update(ours=False)
    Origin.objects.create(wire=f"{bytes(identity.key).hex()}.{identity.incarnation}", ours=True)
    transaction.on_commit(journal.forget_origin)
    journal.forget_origin()
    return identity


# Starting locked


def lock(*, by: Actor) -> str:
    """Seal the key file: from its next start on, this node holds no secret until it is unlocked.

    Returns the printed code, which opens it whoever works here. Raises `LockRefused`.
    """
    _check_is_machine(by)
    if settings.WORKERS > 1:
        raise LockRefused("A node with several serving processes (`workers`) can't start locked.")
    if keylock.slots() is not None:
        raise LockRefused("This node starts locked already.")
    code = new_code(LONG)
    keylock.seal_with(code)
    return shown_code(code)


def renew_lock_code(*, by: Actor) -> str:
    """Make a new printed code; the one before opens nothing any more."""
    _check_is_machine(by)
    if keylock.slots() is None:
        raise LockRefused("This node doesn't start locked.")
    code = new_code(LONG)
    keylock.set_slot(keylock.CODE, "", code)
    return shown_code(code)


def leave_unlocked(*, by: Actor) -> None:
    """Write the secrets in clear again: this node starts without being unlocked."""
    _check_is_machine(by)
    keylock.leave_open()


def _check_is_machine(by: Actor) -> None:
    if not by.is_machine:
        raise NotAllowed("Only a command typed on the machine itself may do this.")


def unlock(*, secret: str) -> bool:
    """Open the key file for this process; tells whether the secret was a right one.

    The caller slows guesses down.
    """
    is_right = keylock.open_by(secret)
    if is_right:
        _catch_up()
    return is_right


def set_lock_slot(*, holder: str, mark: str, secret: str) -> None:
    """Let somebody's secret open the key file, instead of their former one.

    Takes some tenths of a second, so it is never called on the writer's thread.
    """
    keylock.set_slot(holder, mark, secret)


def drop_lock_slots(*, unless: Callable[[Slot], bool]) -> int:
    """Let those secrets open the key file no more whose slots may not stay; the code always may."""
    return keylock.keep_slots(lambda slot: slot.holder == keylock.CODE or unless(slot))


# The key kept by others


def split_key(*, by: Actor, shares: int, needed: int) -> tuple[bytes, list[str]]:
    """Seal the key file for a backup, and split what opens it; returns the file and the shares."""
    _check_is_machine(by)
    us = found()
    backup, words = trustees.split(
        keyring().file, name=us.name, made=now_ms(), life=us.life, shares=shares, needed=needed
    )
    return canonical(backup), words


def back_up_key(*, by: Actor) -> tuple[bytes, str]:
    """Seal the key file for a backup; returns the file and the code to print."""
    _check_is_machine(by)
    us = found()
    backup, code = trustees.with_code(keyring().file, name=us.name, made=now_ms(), life=us.life)
    return canonical(backup), code


def recover_key(*, by: Actor, file: bytes, given: Sequence[str]) -> str:
    """Put the key file of a backup back where there is none; returns the name of the node.

    `given` are shares, or the code. Raises `NotRecovered`. The machine goes on as a new incarnation.
    """
    _check_is_machine(by)
    backup = trustees.read_backup(file)
    if settings.KEY_FILE.exists():
        raise NotRecovered("There is a key file here already: %(path)s", path=settings.KEY_FILE)
    content = trustees.recovered(backup, given)
    identity = _identity_of_database()
    if identity is not None and bytes(identity.key) != content.public:
        raise NotRecovered("The database here belongs to another node than this backup.")
    create_key_file(settings.KEY_FILE, content)
    lives.leap(backup.life)
    hold(content)
    if identity is not None:
        identity.place = ""  # wherever the new file lies, this is another life
        identity.save(update_fields=["place"])
    return backup.name


def _identity_of_database() -> Identity | None:
    """Return whose database lies here; None where there is none yet."""
    try:
        return Identity.objects.first()
    except DatabaseRefused:
        return None


# Another key


@writes
def renew_key(*, by: Actor) -> str:
    """Give this country another key; its hubs follow as they hear of it. Returns the new key in hex.

    The former key stays valid beside it until `retire_key`. Stop the server first.
    Raises `NotRenewed`.
    """
    _check_is_country(by)
    content = keyring().file
    keylock.exchange_content(renewing.with_new_key(content))
    _finish_renewal()
    return keyring().public.hex()


@writes
def retire_key(*, by: Actor, anyway: bool = False) -> int:
    """Give up the keys that this country had before; returns how many. Stop the server first.

    Raises `NotRenewed`; also while a hub knows the country under one of them only, unless `anyway`:
    such a hub has to be enrolled anew.
    """
    _check_is_country(by)
    former = keyring().names[1:]
    unaware = Peer.objects.filter(calls_us__in=former).values_list("name", flat=True)
    if unaware and not anyway:
        raise NotRenewed(
            "These hubs have not heard of the new key yet: %(hubs)s.",
            hubs=", ".join(sorted(unaware)),
        )
    for key in former:
        body = NodeRetired(key)
        project_node_retired(note(by=by, stream=Stream.country(), kind=RETIRED, body=body))
    keylock.exchange_content(renewing.without_former(keyring().file))
    return len(former)


def _check_is_country(by: Actor) -> None:
    _check_is_machine(by)
    if not settings.ROLE.may_admit_hubs:
        raise NotRenewed("Only the country renews its key; a hub is enrolled anew.")
    renewing.check_nobody_serves()


def _catch_up() -> None:
    """Finish a renewal that a power cut left between the key file and the database."""
    if not is_locked() and bytes(found().key).hex() in keyring().names[1:]:
        writer.in_transaction(_finish_renewal)


def _finish_renewal() -> None:
    """Say under the old key that there is a new one, then go on under the new one."""
    identity, content = found(), keyring().file
    body = renewing.renewal_of(content)
    project_node_renewed(note(by=Actor.machine(), stream=Stream.country(), kind=RENEWED, body=body))
    Peer.objects.filter(calls_us="").update(calls_us=body.old)
    identity.key, identity.place = content.public, place_of(settings.KEY_FILE)
    _begin_origin(identity)
