"""Making parcels: everything after what the peer has acknowledged, every time.

There is no session and nothing to resume: what goes in follows from the journal, the peer's last
vector and its grants alone. What the budget cuts off is still unacknowledged, so it goes next time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched, islice
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q

from passport import __version__
from passport.kernel.actor import Actor
from passport.kernel.chain import ROOT
from passport.kernel.clock import now_ms
from passport.kernel.encoding import canonical
from passport.kernel.errors import Damaged
from passport.kernel.ids import new_id
from passport.library import queries as library
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.models import Acknowledged, Head, Peer, Stream, StreamKind
from passport.people import actions as people
from passport.sync.engine import holes
from passport.sync.engine.content import Portion, content_for
from passport.sync.engine.grants import Grants, grants_for
from passport.sync.engine.incoming import said
from passport.sync.engine.reopening import say_erased
from passport.sync.engine.runs import Stretch, runs_of
from passport.sync.engine.wire import (
    PURPOSE,
    SEAL_PURPOSE,
    CopiesLine,
    Introduction,
    Manifest,
    PieceLine,
    RunLine,
    seal_of,
    write_file,
)
from passport.sync.manifest import JOURNALS

STREAMS_AT_ONCE = 500
WANTS = 5_000
"""A file asks for no more blobs than this, nor for more keys; the next one asks for the rest."""


@dataclass(slots=True)
class Made:
    """One parcel file, with what people are told of it."""

    number: int
    content: bytes
    manifest: Manifest

    @property
    def entries(self) -> int:
        return sum(run.last - run.first + 1 for run in self.manifest.runs)

    @property
    def blobs(self) -> int:
        """The blobs of which something goes, each counted in the file where it begins."""
        copied = {copies.blob for copies in self.manifest.copies}
        return len(copied | {piece.blob for piece in self.manifest.pieces if piece.offset == 0})

    @property
    def has_all_entries(self) -> bool:
        """Tell whether the journal was sent to its end: content comes after it."""
        manifest = self.manifest
        return not manifest.more or bool(manifest.copies or manifest.pieces)


@dataclass(slots=True)
class _Parcel:
    """The parcel that is being made: for whom, and what both share."""

    peer: Peer
    grants: Grants
    shared: list[Stream]
    known: dict[int, dict[int, int]]
    """What the peer acknowledged: {stream: {origin: seq}}."""
    id: str


@dataclass(slots=True)
class _File:
    """A file that is being filled."""

    runs: list[tuple[RunLine, bytes]] = field(default_factory=list)
    copies: list[tuple[CopiesLine, bytes]] = field(default_factory=list)
    pieces: list[tuple[PieceLine, bytes]] = field(default_factory=list)
    keys: dict[str, bytes] = field(default_factory=dict)
    wrapped: dict[str, bytes] = field(default_factory=dict)
    size: int = 0

    def put(self, shipped: _Shipped) -> None:
        if isinstance(shipped.line, RunLine):
            self.runs.append((shipped.line, shipped.payload))
            if shipped.keychain is not None:
                self.keys[shipped.line.stream] = shipped.keychain
        elif isinstance(shipped.line, CopiesLine):
            self.copies.append((shipped.line, shipped.payload))
        else:
            self.pieces.append((shipped.line, shipped.payload))
        self.size += len(shipped.payload)


@dataclass(slots=True)
class _Shipped:
    """One thing to send, in the order of DESIGN section 4."""

    line: RunLine | CopiesLine | PieceLine
    payload: bytes
    keychain: bytes | None = None


@dataclass(slots=True)
class Budget:
    """How many bytes may be written, of one parcel or of several for one stick."""

    bytes: int = field(default_factory=lambda: settings.SYNC_BYTES)
    spent: int = 0
    is_short: bool = False
    """Something had to stay behind."""

    def admits(self, size: int) -> bool:
        """Tell whether so much goes in. The first thing always does, or a sync might never begin."""
        if self.spent and self.spent + size > self.bytes:
            self.is_short = True
            return False
        self.spent += size
        return True

    def charged(self, made: Made, admitted: int) -> Made:
        """Count what a file has become: its manifest, its padding, its envelope."""
        self.spent += len(made.content) - admitted
        return made


def make_files(
    peer: Peer,
    *,
    budget: Budget,
    file_bytes: int,
    portion: Portion = Portion.ALL,
    after: tuple[str, int] | None = None,
) -> Iterator[Made]:
    """Make the files of one parcel for a peer, one after another, within a budget of bytes.

    There is always a first file, even with nothing new in it: it carries the acknowledgement. With
    `after` (its id, and the number of its last file so far) a parcel is gone on with, by another
    portion of what is new.
    """
    grants = grants_for(peer)
    shared = grants.streams()
    known = _acknowledged(peer)
    if not peer.is_country:
        _forget_what_is_let_go(grants, known, {stream.pk for stream in shared})
    parcel_id, before = after or (new_id().hex, 0)
    parcel, number = _Parcel(peer, grants, shared, known, parcel_id), before + 1
    file = _first_file(parcel) if number == 1 else _File()
    for shipped in _everything_new(parcel, portion):
        size = len(shipped.payload)
        if not budget.admits(size):
            break
        if file.size and file.size + size > file_bytes:
            yield budget.charged(_close(parcel, number, file, more=True), file.size)
            file, number = _File(), number + 1
        file.put(shipped)
    if number == 1 or file.size:
        yield budget.charged(_close(parcel, number, file, more=budget.is_short), file.size)


def _acknowledged(peer: Peer) -> dict[int, dict[int, int]]:
    known: dict[int, dict[int, int]] = {}
    for stream, origin, seq in Acknowledged.objects.filter(peer=peer).values_list(
        "stream_id", "origin_id", "seq"
    ):
        known.setdefault(stream, {})[origin] = seq
    return known


@node.writes
def _forget_what_is_let_go(
    grants: Grants, known: dict[int, dict[int, int]], shared: set[int]
) -> None:
    """Count on nothing that a hub has to let go of: should it get it again, it gets it whole.

    The country makes sure that the hub has been told: what it said once may have died with its disk.
    """
    gone = [stream for stream in known if stream not in shared]
    for part in batched(gone, STREAMS_AT_ONCE):
        if grants.standing.sites and not grants.standing.is_revoked:
            strays = Stream.objects.filter(pk__in=part, kind=StreamKind.PERSON)
            people.tell_where_they_are(
                by=Actor.machine(),
                persons=set(strays.values_list("key", flat=True)),
                sites=grants.standing.sites,
            )
        Acknowledged.objects.filter(peer=grants.peer, stream__in=part).delete()
    for stream in gone:
        del known[stream]


def _first_file(parcel: _Parcel) -> _File:
    """Begin the first file, with the keys that the peer asked for."""
    file = _File()
    asked = set(parcel.peer.lacks)
    for stream in parcel.shared:
        if stream.sealed_key is not None and stream.wire in asked:
            file.keys[stream.wire] = b"".join(node.person_keys(stream))
        elif stream.wrapped_key is not None and stream.wire in asked and parcel.peer.is_country:
            file.wrapped[stream.wire] = bytes(stream.wrapped_key)
    return file


# What is new


def _everything_new(parcel: _Parcel, portion: Portion) -> Iterator[_Shipped]:
    """Yield what the peer lacks, in the order of DESIGN section 4."""
    if Portion.RECORDS in portion:
        yield from _records(parcel)
    for line, payload in content_for(parcel.peer, portion):
        yield _Shipped(line, payload)


def _records(parcel: _Parcel) -> Iterator[_Shipped]:
    for streams in batched(parcel.shared, STREAMS_AT_ONCE):
        heads = _heads(streams)
        for stream in streams:
            yield from _new_runs(stream, heads.get(stream.pk, []), parcel.known.get(stream.pk))


class _Part(NamedTuple):
    """One origin's part of a stream here, and up to where it may be sent."""

    origin_id: int
    origin: str
    seq: int
    seal: bytes | None
    """The seal that is passed on with it; the one that we make for what we wrote is made later."""


def _heads(streams: Sequence[Stream]) -> dict[int, list[_Part]]:
    """Read what of these streams may go to a peer: {stream: parts}.

    The country speaks for everybody. A hub speaks for itself, and passes on what the country has
    sealed: to another hub, or back to a country that was restored from a backup.
    """
    ours = node_queries.introduction().key
    speaks_for_all = node_queries.role().may_admit_hubs
    parts: dict[int, list[_Part]] = {}
    rows = Head.objects.filter(stream__in=streams).order_by("origin")
    for stream, origin, wire, seq, sealed_seq, seal in rows.values_list(
        "stream_id", "origin_id", "origin__wire", "seq", "sealed_seq", "seal"
    ):
        if speaks_for_all or wire.partition(".")[0] == ours:
            parts.setdefault(stream, []).append(_Part(origin, wire, seq, None))
        elif seal is not None:
            parts.setdefault(stream, []).append(_Part(origin, wire, sealed_seq, bytes(seal)))
    return parts


def _new_runs(
    stream: Stream, parts: list[_Part], acknowledged: dict[int, int] | None
) -> Iterator[_Shipped]:
    """Yield what a stream holds beyond the acknowledged heads.

    A person's keys go along until the peer acknowledges something of that person: then it has them;
    and further when a new one was made.
    """
    known = acknowledged or {}
    new = [part for part in parts if part.seq > known.get(part.origin_id, 0)]
    if not new:
        return
    keys = _keys_of(stream)
    hand_over = b"".join(keys) if keys and (stream.is_renewed or not acknowledged) else None
    for part in new:
        stretch = Stretch(
            stream.pk,
            stream.wire,
            part.origin_id,
            part.origin,
            known.get(part.origin_id, 0),
            part.seq,
        )
        runs = runs_of(stretch, _hash_at(stretch), keys[0] if keys else None)
        for line, payload in runs if part.seal is None else _whole(runs, part.seq):
            if part.seal is None:
                line.seal = _our_seal(line)  # each: the rest may be cut off on the way
            elif line.last == part.seq:
                line.seal = part.seal
            yield _Shipped(line, payload, hand_over)


def _whole(runs: Iterable[tuple[RunLine, bytes]], upto: int) -> list[tuple[RunLine, bytes]]:
    """Return runs that another wrote, if they reach its seal: without it nobody believes them."""
    all_of_them = list(runs)
    return all_of_them if all_of_them and all_of_them[-1][0].last == upto else []


def _keys_of(stream: Stream) -> list[bytes]:
    """Return a person's keys; none where they were let go: what was written since is carried unsealed."""
    try:
        return node.person_keys(stream) if stream.kind == StreamKind.PERSON else []
    except Damaged:
        return []


def _our_seal(line: RunLine) -> bytes:
    """Sign the end of what the country itself wrote; hubs need no seal, they speak for nobody else."""
    name = line.origin.partition(".")[0]
    if not node_queries.role().may_admit_hubs or name not in node_queries.our_names():
        return b""
    return node.sign(SEAL_PURPOSE, seal_of(line.origin, line.stream, line.last, line.head), name)


def _hash_at(stretch: Stretch) -> bytes:
    if stretch.after == 0:
        return ROOT
    for table in JOURNALS:
        found = (
            table.objects.filter(
                stream_id=stretch.stream_id, origin_id=stretch.origin_id, seq=stretch.after
            )
            .values_list("hash", flat=True)
            .first()
        )
        if found is not None:
            return bytes(found)
    return ROOT


# Closing a file


def _close(parcel: _Parcel, number: int, file: _File, *, more: bool) -> Made:
    peer, ours = parcel.peer, node_queries.introduction()
    name = node_queries.known_as(peer)
    answers = node.recipient_for(peer)
    manifest = Manifest(
        parcel=parcel.id,
        file=number,
        sender=name,
        incarnation=ours.incarnation,
        to=peer.key,
        made=now_ms(),
        program=__version__,
        life=ours.life,
        more=more,
        sealed_to=peer.recipient,
        recipient=answers.public,
        turn=answers.turn,
        keys=file.keys,
        wrapped=file.wrapped,
        runs=[line for line, _ in file.runs],
        copies=[line for line, _ in file.copies],
        pieces=[line for line, _ in file.pieces],
        introduction=(
            Introduction(code=peer.code, recipient=ours.recipient, name=ours.name)
            if peer.code
            else None
        ),
    )
    if number == 1:
        _say_what_is_here(parcel, manifest)
    payloads = [payload for _, payload in (*file.runs, *file.copies, *file.pieces)]
    signature = node.sign(PURPOSE, canonical(manifest), name)
    return Made(number, write_file(manifest, signature, payloads, peer.recipient), manifest)


def _say_what_is_here(parcel: _Parcel, manifest: Manifest) -> None:
    """Fill in what the first file tells: what is here, what lacks, what was heard."""
    peer = parcel.peer
    manifest.since, manifest.mark = peer.mark_heard, node_queries.settled_mark()
    # A country that was restored and may lack an erasure itself gives no word that opens doors.
    if peer.incarnations and not node_queries.awaits_erasures():
        manifest.heard = {peer.incarnations[-1]: peer.mark_taken}
    manifest.again = holes.asked_again(peer, parcel.shared)
    manifest.vector = _vector(parcel, set(manifest.again))
    manifest.holds = library.versions_held()
    manifest.wants = library.missing_blobs(WANTS)
    manifest.content = said()
    say_erased(peer, manifest)
    manifest.lacks = list(islice(_lacking(parcel), WANTS))
    if not peer.is_country and parcel.grants.standing.is_hub_to_us:
        manifest.lease = settings.LEASE_DAYS


def _lacking(parcel: _Parcel) -> Iterator[str]:
    """Name the persons whose keys the peer is asked for: a hub, also for those who were its before."""
    if parcel.peer.is_country:
        yield from (one.wire for one in parcel.shared if _lacks_key(one))
    elif parcel.grants.standing.is_hub_to_us:
        persons = Stream.objects.filter(kind=StreamKind.PERSON)
        lacking = persons.filter(Q(sealed_key__isnull=True) | Q(lacks_key=True)).order_by("pk")
        yield from (one.wire for one in lacking if one.key in parcel.grants.known)


def _lacks_key(stream: Stream) -> bool:
    lacks = stream.lacks_key or (stream.sealed_key is None and not stream.is_let_go)
    return stream.kind == StreamKind.PERSON and lacks


def _vector(parcel: _Parcel, again: set[str]) -> dict[str, dict[str, int]]:
    """Say what we hold of the shared streams: where the peer doesn't know it already.

    That is what moved since the mark that it confirmed, streams of which it has nothing yet, and
    those that it is asked for again.
    """
    vector: dict[str, dict[str, int]] = {}
    names = {stream.pk: stream.wire for stream in parcel.shared}
    for part in batched(names, STREAMS_AT_ONCE):
        untold = [pk for pk in part if pk not in parcel.known]
        heads = Head.objects.filter(stream__in=part)
        news = heads.filter(Q(moved__gt=parcel.peer.mark_heard) | Q(stream__in=untold))
        for stream, origin, seq in news.values_list("stream_id", "origin__wire", "seq"):
            vector.setdefault(names[stream], {})[origin] = seq
    for one in parcel.shared:
        if one.wire in again:
            vector[one.wire] = holes.held(one)
    for stream_wire, origin, seq in _late_work(parcel):
        vector.setdefault(stream_wire, {})[origin] = seq
    return vector


def _late_work(parcel: _Parcel) -> Iterator[tuple[str, str, int]]:
    """Say what came of a hub's own about persons who were its before: it sends that until it is told."""
    before = parcel.grants.known - parcel.grants.people
    for part in batched(before, STREAMS_AT_ONCE):
        heads = Head.objects.filter(
            stream__kind=StreamKind.PERSON,
            stream__key__in=part,
            origin__wire__startswith=f"{parcel.peer.key}.",
            moved__gt=parcel.peer.mark_heard,
        ).select_related("stream")
        for head in heads.select_related("origin"):
            yield head.stream.wire, head.origin.wire, head.seq
