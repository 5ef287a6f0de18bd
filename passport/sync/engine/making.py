"""Making parcels: everything after what the peer has acknowledged, every time.

There is no session and nothing to resume: what goes in follows from the journal, the peer's last
vector and its grants alone. What the budget cuts off is still unacknowledged, so it goes next time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched

from passport import __version__
from passport.kernel.chain import ROOT
from passport.kernel.clock import now_ms
from passport.kernel.encoding import canonical, digest
from passport.kernel.ids import new_id
from passport.library import queries as library
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.models import Acknowledged, Head, Peer, Stream, StreamKind
from passport.sync.engine.grants import grants_for
from passport.sync.engine.runs import Stretch, runs_of
from passport.sync.engine.wire import (
    PURPOSE,
    RUN_BYTES,
    Introduction,
    Manifest,
    PieceLine,
    RunLine,
    write_file,
)
from passport.sync.manifest import JOURNALS

STREAMS_AT_ONCE = 500
WANTS = 5_000
"""A file asks for no more blobs than this; the next one asks for the rest."""


@dataclass(slots=True)
class Made:
    """One parcel file, with what people are told of it."""

    number: int
    content: bytes
    manifest: Manifest

    @property
    def entries(self) -> int:
        return sum(run.last - run.first + 1 for run in self.manifest.runs)


@dataclass(slots=True)
class _File:
    """A file that is being filled."""

    runs: list[tuple[RunLine, bytes]] = field(default_factory=list)
    pieces: list[tuple[PieceLine, bytes]] = field(default_factory=list)
    keys: dict[str, bytes] = field(default_factory=dict)
    size: int = 0

    def put(self, shipped: _Shipped) -> None:
        if isinstance(shipped.line, RunLine):
            self.runs.append((shipped.line, shipped.payload))
            if shipped.key is not None:
                self.keys[shipped.line.stream] = shipped.key
        else:
            self.pieces.append((shipped.line, shipped.payload))
        self.size += len(shipped.payload)


@dataclass(slots=True)
class _Shipped:
    """One thing to send, in the order of DESIGN section 4."""

    line: RunLine | PieceLine
    payload: bytes
    key: bytes | None = None


def make_files(peer: Peer, *, budget: int, file_bytes: int) -> Iterator[Made]:
    """Make the files of one parcel for a peer, one after another, within a budget of bytes.

    There is always a first file, even with nothing new in it: it carries the acknowledgement.
    """
    parcel = new_id().hex
    shared = grants_for(peer).streams()
    file, spent, number = _File(), 0, 1
    for shipped in _everything_new(peer, shared):
        size = len(shipped.payload)
        if spent and spent + size > budget:
            yield _close(peer, parcel, number, file, shared, more=True)
            return
        if file.size and file.size + size > file_bytes:
            yield _close(peer, parcel, number, file, shared, more=True)
            file, number = _File(), number + 1
        file.put(shipped)
        spent += size
    yield _close(peer, parcel, number, file, shared, more=False)


# What is new


def _everything_new(peer: Peer, shared: list[Stream]) -> Iterator[_Shipped]:
    acknowledged = _acknowledged(peer)
    own = node_queries.introduction().key if peer.is_country else None
    for streams in batched(shared, STREAMS_AT_ONCE):
        heads = _heads(streams, own)
        for stream in streams:
            yield from _new_runs(stream, heads.get(stream.pk, []), acknowledged.get(stream.pk))
    yield from _blobs(peer)


def _acknowledged(peer: Peer) -> dict[int, dict[int, int]]:
    known: dict[int, dict[int, int]] = {}
    for stream, origin, seq in Acknowledged.objects.filter(peer=peer).values_list(
        "stream_id", "origin_id", "seq"
    ):
        known.setdefault(stream, {})[origin] = seq
    return known


def _heads(streams: Sequence[Stream], only_of: str | None) -> dict[int, list[tuple[int, str, int]]]:
    """Read how far these streams are here: {stream: [(origin, its name on the wire, seq)]}.

    To its country a hub sends only what it wrote itself: it may speak for nobody else (`only_of`).
    """
    heads: dict[int, list[tuple[int, str, int]]] = {}
    rows = Head.objects.filter(stream__in=streams).order_by("origin")
    for stream, origin, wire, seq in rows.values_list(
        "stream_id", "origin_id", "origin__wire", "seq"
    ):
        if only_of in {None, wire.partition(".")[0]}:
            heads.setdefault(stream, []).append((origin, wire, seq))
    return heads


def _new_runs(
    stream: Stream, heads: list[tuple[int, str, int]], acknowledged: dict[int, int] | None
) -> Iterator[_Shipped]:
    """Yield what a stream holds beyond the acknowledged heads.

    A person's key goes along until the peer acknowledges something of that person: then it has it.
    """
    known = acknowledged or {}
    stretches = [
        Stretch(stream.pk, stream.wire, origin, wire, known.get(origin, 0), seq)
        for origin, wire, seq in heads
        if seq > known.get(origin, 0)
    ]
    if not stretches:
        return
    key = node.person_key(stream) if stream.kind == StreamKind.PERSON else None
    for stretch in stretches:
        for line, payload in runs_of(stretch, _hash_at(stretch), key):
            yield _Shipped(line, payload, None if acknowledged else key)


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


def _blobs(peer: Peer) -> Iterator[_Shipped]:
    """Yield the blobs that the peer asked for, and those of courses it can't know of yet, small first."""
    for blob in library.blobs_for(wanted=peer.wants, unless_held=peer.holds):
        with blob.path.open("rb") as file:
            offset = 0
            while piece := file.read(RUN_BYTES):
                yield _Shipped(
                    PieceLine(
                        blob=blob.sha256,
                        size=blob.size,
                        offset=offset,
                        digest=digest(piece),
                        extension=blob.extension,
                        media_type=blob.media_type,
                    ),
                    piece,
                )
                offset += len(piece)


# Closing a file


def _close(
    peer: Peer, parcel: str, number: int, file: _File, shared: list[Stream], *, more: bool
) -> Made:
    ours, name = node_queries.introduction(), node_queries.known_as(peer)
    manifest = Manifest(
        parcel=parcel,
        file=number,
        sender=name,
        incarnation=ours.incarnation,
        to=peer.key,
        made=now_ms(),
        program=__version__,
        more=more,
        recipient=ours.recipient,
        vector=_vector(shared) if number == 1 else {},
        holds=library.versions_held() if number == 1 else [],
        wants=library.missing_blobs(WANTS) if number == 1 else [],
        keys=file.keys,
        runs=[line for line, _ in file.runs],
        pieces=[line for line, _ in file.pieces],
        introduction=(
            Introduction(code=peer.code, recipient=ours.recipient, name=ours.name)
            if peer.code
            else None
        ),
    )
    payloads = [payload for _, payload in (*file.runs, *file.pieces)]
    signature = node.sign(PURPOSE, canonical(manifest), name)
    return Made(number, write_file(manifest, signature, payloads, peer.recipient), manifest)


def _vector(shared: list[Stream]) -> dict[str, dict[str, int]]:
    """Say what we hold of the shared streams."""
    names = {stream.pk: stream.wire for stream in shared}
    vector: dict[str, dict[str, int]] = {}
    for stream, origin, seq in Head.objects.filter(stream__in=names).values_list(
        "stream_id", "origin__wire", "seq"
    ):
        vector.setdefault(names[stream], {})[origin] = seq
    return vector
