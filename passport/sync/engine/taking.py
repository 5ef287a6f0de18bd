"""Taking parcels: any order, any number of times, any part of one; the same state in the end.

A run is applied in one transaction with its cursor (`applying.py`), so a power cut leaves whole runs
and nothing half applied. What can't be used is refused with a reason, parked until what it needs is
here, or quarantined; nothing of it is ever applied in part.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import batched
from uuid import UUID

import msgspec

from passport.kernel.actor import Actor
from passport.kernel.clock import moment, now_ms
from passport.kernel.encoding import canonical, digest, read
from passport.kernel.errors import Damaged
from passport.learning import actions as learning
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.models import (
    Acknowledged,
    Origin,
    Parked,
    Peer,
    Quarantined,
    Stream,
    StreamKind,
)
from passport.sync.engine.applying import Fate, Received, Tally, apply_all, together
from passport.sync.engine.grants import Grants, grants_for, objection
from passport.sync.engine.incoming import take_pieces
from passport.sync.engine.runs import read_run
from passport.sync.engine.wire import Manifest, Opened, RunLine

KEYS_AT_ONCE = 500
PARKED_RUNS = 10_000
"""No more runs than this wait for others; further ones are refused, and come again."""


def take_opened(peer: Peer, opened: Opened) -> Tally:
    """Apply what an opened file of a known peer holds."""
    tally = Tally()
    _note_peer(peer, opened.manifest)
    grants = grants_for(peer)
    for runs in together(_readable(grants, opened, tally)):
        _take(grants.peer, runs, tally)
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
    if (
        peer.calls_us != node_queries.our_names()[0]
    ):  # an old parcel that comes late changes nothing
        peer.calls_us = manifest.to
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


# Runs


def _readable(grants: Grants, opened: Opened, tally: Tally) -> Iterator[Received]:
    """Open the runs of a file; those that are of no use are counted, and set aside where they may be."""
    handed = opened.manifest.keys
    held = _keys_held(line.stream for line, _ in opened.runs if line.sealed)
    for line, payload in opened.runs:
        run = _read(grants, line, payload, handed, held)
        if isinstance(run, Fate):
            tally.count(run)
        else:
            yield run


def _read(
    grants: Grants,
    line: RunLine,
    payload: bytes,
    handed: dict[str, bytes],
    held: dict[str, bytes],
) -> Received | Fate:
    place = _parse_stream(line.stream)
    if place is None:
        return Fate.DAMAGED
    key = handed.get(line.stream, held.get(line.stream)) if line.sealed else None
    try:
        entries = read_run(line, payload, key)
    except Damaged:
        return Fate.DAMAGED
    reason = objection(grants, *place, line.origin, entries)
    if reason is not None:
        _quarantine(grants.peer, line, payload, reason)
        return Fate.QUARANTINED
    return Received(line, payload, *place, key, handed.get(line.stream), entries)


def _take(peer: Peer, runs: list[Received], tally: Tally) -> None:
    """Apply runs together; when that fails, one by one, so that a bad one harms only itself."""
    try:
        fates = apply_all(runs, tally)
    except Exception as problem:
        if len(runs) > 1:
            for run in runs:
                _take(peer, [run], tally)
            return
        if not isinstance(problem, Damaged):
            raise
        fates = [Fate.DAMAGED]
    for run, fate in zip(runs, fates, strict=True):
        tally.count(fate)
        if fate is Fate.PARKED:
            _park(peer, run)
        elif fate is Fate.QUARANTINED:
            forks = "Its history forks: two machines write under one name."
            _quarantine(peer, run.line, run.payload, forks)


def _parse_stream(wire: str) -> tuple[str, UUID] | None:
    kind, _, key = wire.partition(":")
    if wire == StreamKind.COUNTRY:
        return kind, UUID(int=0)
    try:
        return (kind, UUID(key)) if kind in {StreamKind.SITE, StreamKind.PERSON} else None
    except ValueError:
        return None


def _keys_held(wires: Iterator[str]) -> dict[str, bytes]:
    """Open the keys, of some persons' streams, that are here."""
    persons = {place[1] for wire in set(wires) if (place := _parse_stream(wire)) is not None}
    keys = {}
    for part in batched(persons, KEYS_AT_ONCE):
        held = Stream.objects.filter(kind=StreamKind.PERSON, key__in=part, sealed_key__isnull=False)
        keys.update({stream.wire: node.person_key(stream) for stream in held})
    return keys


# What waits, and what is set aside


class _ParkedRun(msgspec.Struct):
    line: RunLine
    payload: bytes


@node.writes
def _park(peer: Peer, run: Received) -> None:
    if Parked.objects.count() >= PARKED_RUNS:
        return
    line = run.line
    Parked.objects.get_or_create(
        origin=line.origin,
        stream=line.stream,
        first=line.first,
        last=line.last,
        defaults={
            "peer": peer,
            "run": canonical(_ParkedRun(line, run.payload)),
            "parked_at": moment(now_ms()),
        },
    )
    if run.key is not None:
        stream, _ = Stream.objects.get_or_create(kind=run.kind, key=run.stream)
        node.learn_person_key(stream, run.key)


def _try_parked(grants: Grants, tally: Tally) -> None:
    """Apply what was waiting, as long as one applied run makes room for another."""
    progress = True
    while progress:
        progress = False
        for parked in Parked.objects.filter(peer=grants.peer).order_by("first", "pk"):
            fate = _try_one(grants, read(bytes(parked.run), _ParkedRun), tally)
            if fate is not Fate.PARKED:
                _forget(parked)
                progress = progress or fate is Fate.APPLIED


@node.writes
def _forget(parked: Parked) -> None:
    parked.delete()


def _try_one(grants: Grants, parked: _ParkedRun, tally: Tally) -> Fate:
    line = parked.line
    run = _read(grants, line, parked.payload, {}, _keys_held(iter([line.stream])))
    if isinstance(run, Fate):
        return run
    tried = Tally()
    _take(grants.peer, [run], tried)
    fate = next(iter(tried.fates))
    tried.fates.clear()  # it was counted when it came
    tally.add(tried)
    return fate


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
