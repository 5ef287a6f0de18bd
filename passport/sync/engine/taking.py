"""Taking parcels: any order, any number of times, any part of one; the same state in the end.

Each run is one transaction with its cursor (the head), so a power cut leaves whole runs and nothing
half applied. What can't be used is refused with a reason, parked until what it needs is here, or
quarantined; nothing of it is ever applied in part.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from uuid import UUID

import msgspec

from passport.kernel.actor import Actor
from passport.kernel.chain import ROOT
from passport.kernel.clock import moment, now_ms
from passport.kernel.encoding import canonical, digest, read
from passport.kernel.errors import Damaged
from passport.learning import actions as learning
from passport.learning import facts as learning_facts
from passport.node import actions as node
from passport.node.models import (
    Acknowledged,
    Entry,
    Head,
    JournalRow,
    Origin,
    Parked,
    Peer,
    Quarantined,
    Stream,
    StreamKind,
)
from passport.records import actions as records
from passport.records.models import Event
from passport.sync.engine.grants import Grants, grants_for, objection
from passport.sync.engine.incoming import take_pieces
from passport.sync.engine.runs import Decoded, read_run
from passport.sync.engine.wire import Manifest, Opened, RunLine
from passport.sync.manifest import BY_NAME, JOURNALS, PROJECTORS

PARKED_RUNS = 10_000
"""No more runs than this wait for others; further ones are refused, and come again."""


class Fate(Enum):
    """What became of a run."""

    APPLIED = "applied"
    KNOWN = "known"
    PARKED = "parked"
    QUARANTINED = "quarantined"
    DAMAGED = "damaged"


@dataclass(slots=True)
class Tally:
    """What a parcel brought, in figures for people."""

    entries: int = 0
    answers: int = 0
    people: set[UUID] = field(default_factory=set)
    courses: int = 0
    blobs: int = 0
    fates: dict[Fate, int] = field(default_factory=dict)

    def count(self, fate: Fate) -> None:
        self.fates[fate] = self.fates.get(fate, 0) + 1

    def had(self, fate: Fate) -> int:
        return self.fates.get(fate, 0)


def take_opened(peer: Peer, opened: Opened) -> Tally:
    """Apply what an opened file of a known peer holds."""
    tally = Tally()
    _note_peer(peer, opened.manifest)
    grants = grants_for(peer)
    for line, payload in opened.runs:
        tally.count(_take_run(grants, line, payload, opened.manifest.keys, tally))
    _try_parked(grants, tally)
    if grants.everything:
        tally.blobs += take_pieces(opened.pieces)
    _acknowledge(peer, opened.manifest)
    learning.settle(by=Actor.machine(), persons=tally.people)
    return tally


# The peer


@node.writes
def _note_peer(peer: Peer, manifest: Manifest) -> None:
    """Remember what the peer says of itself.

    A new incarnation (a restored or copied disk) begins again with what it really holds, so what
    the one before it acknowledged counts no longer.
    """
    peer.last_heard = moment(now_ms())
    peer.version = manifest.program[:40]
    if manifest.recipient:
        peer.recipient = manifest.recipient
    if peer.is_country:
        peer.code = ""
    if manifest.incarnation not in peer.incarnations:
        peer.incarnations = [*peer.incarnations, manifest.incarnation]
        Acknowledged.objects.filter(peer=peer).delete()
    if manifest.file == 1:
        peer.holds, peer.wants = manifest.holds, manifest.wants
    peer.save()


@node.writes
def _acknowledge(peer: Peer, manifest: Manifest) -> None:
    """Remember what the peer says it holds; read after the runs, which may bring its streams here.

    Within an incarnation acknowledgements only grow, however late a parcel comes.
    """
    if manifest.incarnation != peer.incarnations[-1]:
        return
    streams = {s.wire: s.pk for s in grants_for(peer).streams()}
    origins = dict(Origin.objects.values_list("wire", "pk"))
    known = {
        (stream, origin): seq
        for stream, origin, seq in Acknowledged.objects.filter(peer=peer).values_list(
            "stream_id", "origin_id", "seq"
        )
    }
    news = [
        Acknowledged(peer=peer, stream_id=streams[stream], origin_id=origins[origin], seq=seq)
        for stream, heads in manifest.vector.items()
        for origin, seq in heads.items()
        if stream in streams
        and origin in origins
        and seq > known.get((streams[stream], origins[origin]), 0)
    ]
    Acknowledged.objects.bulk_create(
        news,
        update_conflicts=True,
        unique_fields=["peer", "stream", "origin"],
        update_fields=["seq"],
        batch_size=500,
    )


# One run


def _take_run(
    grants: Grants, line: RunLine, payload: bytes, keys: dict[str, bytes], tally: Tally
) -> Fate:
    place = _parse_stream(line.stream)
    if place is None:
        return Fate.DAMAGED
    key = _key_for(line, keys)
    try:
        entries = read_run(line, payload, key)
    except Damaged:
        return Fate.DAMAGED
    reason = objection(grants, *place, line.origin, entries)
    if reason is not None:
        _quarantine(grants.peer, line, payload, reason)
        return Fate.QUARANTINED
    try:
        fate = _apply(line, entries, keys.get(line.stream), tally)
    except Damaged:
        # A body that its projector can't read: the transaction took nothing of the run.
        return Fate.DAMAGED
    if fate is Fate.PARKED:
        _park(grants.peer, line, payload, key)
    elif fate is Fate.QUARANTINED:
        _quarantine(
            grants.peer, line, payload, "Its history forks: two machines write under one name."
        )
    return fate


def _parse_stream(wire: str) -> tuple[str, UUID] | None:
    kind, _, key = wire.partition(":")
    if wire == StreamKind.COUNTRY:
        return kind, UUID(int=0)
    try:
        return (kind, UUID(key)) if kind in {StreamKind.SITE, StreamKind.PERSON} else None
    except ValueError:
        return None


def _key_for(line: RunLine, keys: dict[str, bytes]) -> bytes | None:
    if not line.sealed:
        return None
    if line.stream in keys:
        return keys[line.stream]
    place = _parse_stream(line.stream)
    stream = place and Stream.objects.filter(kind=place[0], key=place[1]).first()
    return node.person_key(stream) if stream and stream.sealed_key else None


@node.writes
def _apply(line: RunLine, entries: list[Decoded], key: bytes | None, tally: Tally) -> Fate:
    """Store and project what is new of a run, in one transaction with its cursor."""
    kind, stream_key = _parse_stream(line.stream) or ("", UUID(int=0))
    stream, _ = Stream.objects.get_or_create(kind=kind, key=stream_key)
    origin, _ = Origin.objects.get_or_create(wire=line.origin)
    if key is not None and node.learn_person_key(stream, key):
        project_stream(stream)
    head = Head.objects.filter(stream=stream, origin=origin).first()
    held, held_hash = (head.seq, bytes(head.hash)) if head else (0, ROOT)
    if _forks((stream, origin), (held, held_hash), line, entries):
        return Fate.QUARANTINED
    if line.last <= held:
        return Fate.KNOWN
    if line.first > held + 1 or not _is_here(stream, entries):
        return Fate.PARKED
    new = [entry for entry in entries if entry.seq > held]
    _keep(stream, origin, new, tally)
    return Fate.APPLIED


def _forks(
    place: tuple[Stream, Origin], head: tuple[int, bytes], line: RunLine, entries: list[Decoded]
) -> bool:
    """Tell whether the run contradicts what this origin wrote before in the same place."""
    (stream, origin), (held, held_hash) = place, head
    if line.first == held + 1:
        return line.prev != held_hash
    if line.first > held + 1:
        return False
    if line.last >= held:
        return entries[held - line.first].hash != held_hash
    stored = next(
        (
            bytes(hashed)
            for table in JOURNALS
            for hashed in table.objects.filter(
                stream=stream, origin=origin, seq=line.last
            ).values_list("hash", flat=True)
        ),
        None,
    )
    return stored is not None and stored != line.head


def _is_here(stream: Stream, entries: list[Decoded]) -> bool:
    """Tell whether everything that the entries depend on has been applied."""
    needed: dict[str, int] = {}
    for entry in entries:
        if entry.dep is not None:
            for origin, seq in read(entry.dep, dict[str, int]).items():
                needed[origin] = max(seq, needed.get(origin, 0))
    if not needed:
        return True
    here = dict(Head.objects.filter(stream=stream).values_list("origin__wire", "seq"))
    return all(here.get(origin, 0) >= seq for origin, seq in needed.items())


def _keep(stream: Stream, origin: Origin, entries: list[Decoded], tally: Tally) -> None:
    """Store entries, move the head behind them, and project them."""
    events = [entry for entry in entries if _is_event(entry)]
    others = [entry for entry in entries if not _is_event(entry)]
    kept = [_placed(Entry(), stream, origin, entry) for entry in others]
    Entry.objects.bulk_create(kept, batch_size=500)
    last = entries[-1]
    seen = next((read(e.dep, dict[str, int]) for e in reversed(entries) if e.dep is not None), None)
    Head.objects.update_or_create(
        stream=stream,
        origin=origin,
        defaults={
            "seq": last.seq,
            "hash": last.hash,
            "hlc": max(entry.hlc for entry in entries),
            **({} if seen is None else {"seen": seen}),
        },
    )
    for row in kept:
        project = PROJECTORS.get(row.kind)
        if project is not None:
            project(node.fact_of(row, stream=stream, origin=origin.wire))
    if events:
        rows = [
            _placed(records.event_row(body=entry.body), stream, origin, entry) for entry in events
        ]
        tally.answers += learning_facts.take_events(rows)
    tally.entries += len(entries)
    tally.courses += sum(1 for entry in others if entry.kind == "course.published@1")
    if stream.kind == StreamKind.PERSON:
        tally.people.add(stream.key)


def _is_event(entry: Decoded) -> bool:
    known = BY_NAME.get(entry.kind)
    return known is not None and known.journal is Event


def _placed[Row: JournalRow](row: Row, stream: Stream, origin: Origin, entry: Decoded) -> Row:
    """Fill in the place in the journal that an entry came with."""
    row.stream_id, row.origin_id = stream.pk, origin.pk
    row.seq, row.hlc, row.kind = entry.seq, entry.hlc, entry.kind
    row.body, row.dep, row.hash = entry.body, entry.dep, entry.hash
    return row


def project_stream(stream: Stream) -> None:
    """Project everything of a stream once more: its key has just arrived."""
    rows = Entry.objects.filter(stream=stream).select_related("origin").order_by("hlc")
    for row in rows:
        project = PROJECTORS.get(row.kind)
        if project is not None:
            project(node.fact_of(row, stream=stream, origin=row.origin.wire))


# What waits, and what is set aside


class _ParkedRun(msgspec.Struct):
    line: RunLine
    payload: bytes
    key: bytes | None


@node.writes
def _park(peer: Peer, line: RunLine, payload: bytes, key: bytes | None) -> None:
    if Parked.objects.count() >= PARKED_RUNS:
        return
    Parked.objects.get_or_create(
        origin=line.origin,
        stream=line.stream,
        first=line.first,
        last=line.last,
        defaults={
            "peer": peer,
            "run": canonical(_ParkedRun(line, payload, None)),
            "parked_at": moment(now_ms()),
        },
    )
    if key is not None:
        place = _parse_stream(line.stream)
        if place is not None:
            stream, _ = Stream.objects.get_or_create(kind=place[0], key=place[1])
            node.learn_person_key(stream, key)


def _try_parked(grants: Grants, tally: Tally) -> None:
    """Apply what was waiting, as long as one applied run makes room for another."""
    progress = True
    while progress:
        progress = False
        for parked in Parked.objects.filter(peer=grants.peer).order_by("first", "pk"):
            run = read(bytes(parked.run), _ParkedRun)
            fate = _take_run(grants, run.line, run.payload, {}, tally)
            if fate is not Fate.PARKED:
                parked.delete()
                progress = progress or fate is Fate.APPLIED


@node.writes
def _quarantine(peer: Peer, line: RunLine, payload: bytes, reason: str) -> None:
    Quarantined.objects.get_or_create(
        digest=digest(canonical(line)),
        defaults={
            "peer": peer,
            "reason": reason,
            "what": f"{line.stream} {line.first}–{line.last}",
            "content": payload,
            "at": moment(now_ms()),
        },
    )
