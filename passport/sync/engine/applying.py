"""Applying runs: several in one transaction, each with its cursor (the head of its origin in its stream).

People's runs are small, so what has to be asked for each of them (its stream, its origin, how far both
are here) is asked once for all that share a transaction, and rows are written in a few statements.
Measured, 250 answers a run, of CPU an answer: 190 µs run by run, 35 together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q

from passport.kernel.actor import Actor
from passport.kernel.encoding import read
from passport.learning import actions as learning_actions
from passport.learning import facts as learning
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.facts import KEYS, RENEWED, CustodyGiven, heir_of
from passport.node.models import Entry, Head, JournalRow, Origin, Stream, StreamKind
from passport.people import actions as people_actions
from passport.people import facts as people
from passport.records import actions as records
from passport.records.models import Event
from passport.sync.engine import aside, holes, leaving
from passport.sync.engine.grants import Grants
from passport.sync.engine.incoming import Brought
from passport.sync.engine.runs import Decoded
from passport.sync.engine.wire import RunLine
from passport.sync.manifest import JOURNALS, KINDS, PROJECTORS
from passport.sync.policies import Cursor, Fate, Run, fate_of, forbidden, ready

ENTRIES_AT_ONCE = 2_500
"""In one transaction. Measured, answers a CPU second: 1,000 at once 20,100; 2,500: 27,400; 5,000: 29,900.
Whoever waits for the writer meanwhile waits for one of them: about 90 ms."""
RUNS_AT_ONCE = 200
CUSTODY = "custody.given@1"
IDENTITIES = frozenset({"identity.merged@1", "identity.parted@1"})


_EVENTS = frozenset(kind.name for kind in KINDS if kind.journal is Event)


@dataclass(slots=True)
class Tally:
    """What a parcel brought, in figures for people."""

    entries: int = 0
    events: int = 0
    """What learners did: each page, each stretch heard, each answer."""
    answers: int = 0
    """The answers to questions among them."""
    people: set[UUID] = field(default_factory=set)
    returned: set[int] = field(default_factory=set)
    """The streams of those who have come back to a hub that had let them go."""
    courses: int = 0
    blobs: int = 0
    content: int = 0
    """Bytes of content, of whole blobs or parts of them."""
    no_room: set[str] = field(default_factory=set)
    """Blobs that the disk is too full for."""
    fates: dict[Fate, int] = field(default_factory=dict)

    def count(self, fate: Fate) -> None:
        self.fates[fate] = self.fates.get(fate, 0) + 1

    def had(self, fate: Fate) -> int:
        return self.fates.get(fate, 0)

    def brought(self, content: Brought) -> None:
        """Count in what came of the content."""
        self.blobs += content.blobs
        self.content += content.size
        self.no_room |= content.no_room

    def add(self, other: Tally) -> None:
        """Count in what something else brought."""
        self.entries += other.entries
        self.events += other.events
        self.answers += other.answers
        self.people |= other.people
        self.courses += other.courses
        self.blobs += other.blobs
        self.content += other.content
        self.no_room |= other.no_room
        for fate, number in other.fates.items():
            self.fates[fate] = self.had(fate) + number


class Received(NamedTuple):
    """A run that could be opened, whose chain holds, and which its sender may send."""

    line: RunLine
    payload: bytes
    kind: str
    """Of the stream; with `stream`, its key."""
    stream: UUID
    handed: bytes | None
    """The person's keys, where this parcel brought them."""
    run: Run
    entries: list[Decoded]
    is_sealed: bool
    """The country itself vouched for it, whoever brought it."""


def together(runs: Iterable[Received]) -> Iterator[list[Received]]:
    """Part runs, in their order, into those that may share a transaction."""
    group: list[Received] = []
    entries = 0
    for run in runs:
        entries += len(run.entries)
        if group and (entries > ENTRIES_AT_ONCE or len(group) == RUNS_AT_ONCE):
            yield group
            group, entries = [], len(run.entries)
        group.append(run)
    if group:
        yield group


@node.writes
def apply_all(grants: Grants, runs: Sequence[Received], tally: Tally) -> list[Fate]:
    """Store and project what is new of some runs, in one transaction that moves their cursors.

    Raises `Damaged` for a body that its projector can't read: then nothing was taken of any of them.
    """
    # Asked here, inside the transaction, so that nothing slips in beside an erasure or a move.
    gone = leaving.gone_among(run.stream for run in runs if run.kind == StreamKind.PERSON)
    held = _Held(grants, [run for run in runs if run.stream not in gone])
    tally.returned |= {stream.pk for stream in leaving.take_back(held.streams.values())}
    fates: list[Fate] = []
    accepted: list[_Accepted] = []
    for run in runs:
        if run.stream in gone:
            fates.append(Fate.FORGOTTEN)
            continue
        if run.handed is not None:
            take_key(held.streams[run.kind, run.stream], run.handed)
        fate, one = held.taken(run)
        fates.append(fate)
        if one is not None:
            accepted.append(one)
    _keep(held, accepted, tally)
    return fates


@node.writes
def close_holes(tally: Tally) -> None:
    """Take the flag off streams that are whole again after a parcel, and show all that they hold.

    Not of whom the same parcel brought back: what other hubs wrote of them may still be to come, and
    is asked for first. Some of what is shown was here all the time.
    """
    flagged = Stream.objects.filter(again=True, is_let_go=False).exclude(pk__in=tally.returned)
    for stream in holes.close(flagged):
        if stream.kind == StreamKind.PERSON:
            people.project_again(stream.key)
            learning_actions.unite(by=Actor.machine(), persons=[stream.key])


@node.writes
def take_key(stream: Stream, keychain: bytes) -> None:
    """Keep a person's keys, and open with them what waited: only what `people` notes is sealed."""
    if node.learn_person_key(stream, keychain):
        people.project_again(stream.key)


@node.writes
def miss_key(kind: str, person: UUID) -> None:
    """Remember that something came of a person whose newest key isn't here: it is asked for."""
    Stream.objects.update_or_create(kind=kind, key=person, defaults={"lacks_key": True})


class _Accepted(NamedTuple):
    run: Received
    stream: Stream
    origin_id: int
    new: list[Decoded]
    moves: bool
    """The head moves behind it; False where it fills a hole below the head."""


class _Held:
    """What is here of the streams of some runs: read once for all of them."""

    def __init__(self, grants: Grants, runs: Sequence[Received]) -> None:
        """Make the streams and origins that are new; on PostgreSQL the streams are locked."""
        self.grants = grants
        self.streams = _streams({(run.kind, run.stream) for run in runs})
        self.origins = {
            wire: Origin.objects.get_or_create(wire=wire)[0].pk
            for wire in dict.fromkeys(run.line.origin for run in runs)
        }
        wires = {stream.pk: stream.wire for stream in self.streams.values()}
        self.heads: dict[str, dict[str, Cursor]] = {wire: {} for wire in wires.values()}
        self.untold: list[tuple[int, int]] = []
        """(stream, origin) of heads that a peer sent what was known of."""
        self.seen: dict[tuple[str, str], dict[str, int]] = {}
        """What the last entry of an origin in a stream had seen."""
        self.latest: dict[tuple[str, str], int] = {}
        """The largest stamp of an origin in a stream."""
        rows = Head.objects.filter(stream__in=wires)
        for stream, origin, seq, hashed, seen, hlc in rows.values_list(
            "stream_id", "origin__wire", "seq", "hash", "seen", "hlc"
        ):
            place = wires[stream], origin
            self.heads[wires[stream]][origin] = Cursor(seq, bytes(hashed))
            self.seen[place], self.latest[place] = seen, hlc

    def taken(self, run: Received) -> tuple[Fate, _Accepted | None]:
        """Tell what becomes of a run, and what of it is new; moves the cursor behind that."""
        line, stream = run.line, self.streams[run.kind, run.stream]
        origin = self.origins[line.origin]
        heads = self.heads[line.stream]
        fate = fate_of(run.run, heads, lambda seq: _stored_hash(stream, origin, seq))
        if fate is Fate.KNOWN:
            # Its sender may not know: the acknowledgement got lost, or it began again.
            self.untold.append((stream.pk, origin))
        if fate is Fate.KNOWN and stream.again and self._belongs(run, stream, origin):
            missing = holes.missing(stream, origin, line.first, line.last)
            new = [entry for entry in run.entries if entry.seq in missing]
            return fate, _Accepted(run, stream, origin, new, moves=False) if new else None
        if fate is not Fate.APPLIED:
            return fate, None
        seq = heads.get(line.origin, Cursor()).seq
        upto = ready(run.run, heads)
        new = run.entries[max(0, seq + 1 - line.first) : upto]
        # Asked of what is applied now: what grants the rest may still be on its way.
        reason = None if run.is_sealed else self.grants.overreach(run.run._replace(entries=new))
        if reason is not None:
            aside.quarantine(self.grants.peer, line, run.payload, reason)
            return Fate.QUARANTINED, None
        self._move(line, new)
        whole = upto == len(run.entries)
        return Fate.APPLIED if whole else Fate.PARKED, _Accepted(
            run, stream, origin, new, moves=True
        )

    def _belongs(self, run: Received, stream: Stream, origin: int) -> bool:
        """Tell whether a run fits into a hole below the head: a hub must not write its past anew.

        What comes after it here must follow its last entry. The country is believed, as always.
        """
        line = run.line
        if self.grants.standing.is_country:
            return True
        if line.last == self.heads[line.stream][line.origin].seq:
            return True  # its hash is the head's, or the run would have forked
        return holes.follows(stream, origin, line.origin, line.last + 1, run.entries[-1].hash)

    def _move(self, line: RunLine, new: list[Decoded]) -> None:
        """Move a cursor behind new entries: the runs that follow may depend on them."""
        place = line.stream, line.origin
        said = next((entry.dep for entry in reversed(new) if entry.dep is not None), None)
        if said is not None:
            self.seen[place] = said
        self.latest[place] = max(self.latest.get(place, 0), *(entry.hlc for entry in new))
        self.heads[line.stream][line.origin] = Cursor(new[-1].seq, new[-1].hash)


def _stored_hash(stream: Stream, origin_id: int, seq: int) -> bytes | None:
    for table in JOURNALS:
        rows = table.objects.filter(stream=stream, origin=origin_id, seq=seq)
        for hashed in rows.values_list("hash", flat=True):
            return bytes(hashed)
    return None


def _streams(places: set[tuple[str, UUID]]) -> dict[tuple[str, UUID], Stream]:
    chosen = Q(pk__in=[])
    for kind in {kind for kind, _ in places}:
        chosen |= Q(kind=kind, key__in=[key for each, key in places if each == kind])
    # First the locks, in one order, so that two that take the same parcel don't count it twice.
    rows = Stream.objects.filter(chosen).select_for_update().order_by("pk")
    found = {(stream.kind, stream.key): stream for stream in rows}
    missing = places - found.keys()
    if missing:
        Stream.objects.bulk_create(
            [Stream(kind=kind, key=key) for kind, key in sorted(missing)], ignore_conflicts=True
        )
        found = {(stream.kind, stream.key): stream for stream in rows.all()}
    return found


def _keep(held: _Held, accepted: list[_Accepted], tally: Tally) -> None:
    """Store entries, move the heads behind them, and project them."""
    node.tell_again(held.untold)
    entries: list[tuple[Entry, _Accepted]] = []
    events: list[records.Row] = []
    for one in accepted:
        stream, origin = one.stream.pk, one.origin_id
        for entry in one.new:
            if entry.kind in _EVENTS:
                # By position: this runs for every answer of every learner.
                events.append(
                    records.event_row(
                        stream, origin, entry.seq, entry.hlc, entry.body, entry.said, entry.hash
                    )
                )
            else:
                entries.append((_entry(entry, one), one))
    Entry.objects.bulk_create([row for row, _ in entries], batch_size=500)
    # Of several runs for one place the last says how far it is here.
    moved = {(one.stream.pk, one.origin_id): one for one in accepted if one.moves}
    node.move_heads(_head(held, one) for one in moved.values())
    for one in accepted:
        if one.run.line.seal and one.new[-1].seq == one.run.line.last:
            _keep_seal(one)
    projecting = Projecting()
    for row, one in entries:
        projecting.project(row, one.stream, one.run.line.origin)
    _follow(entries, projecting)
    if events:
        news = learning.take_events(events)
        tally.events += news.events
        tally.answers += news.answers
    tally.entries += len(entries) + len(events)
    tally.courses += sum(1 for row, _ in entries if row.kind == "course.published@1")
    tally.people |= {one.stream.key for one in accepted if one.run.kind == StreamKind.PERSON}


def _follow(entries: list[tuple[Entry, _Accepted]], projecting: Projecting) -> None:
    """Do what follows from entries beyond their own rows."""
    for row in (row for row, _ in entries if row.kind == RENEWED):
        _project_heir(heir_of(bytes(row.body)), projecting)
    united = {one.stream.key for row, one in entries if row.kind in IDENTITIES}
    if united:
        learning_actions.unite(by=Actor.machine(), persons=united)
    decided = united | {
        read(bytes(row.body), CustodyGiven).person for row, _ in entries if row.kind == CUSTODY
    }
    if decided:
        leaving.let_go()
        if node_queries.role().may_admit_hubs:
            # The country's own word, from before it was restored: others may not have heard it.
            people_actions.say_again(by=Actor.machine(), persons=decided)


def _project_heir(key: str, projecting: Projecting) -> None:
    """Project what the country wrote under a new key before this node had heard of that key."""
    rows = Entry.objects.filter(origin__wire__startswith=f"{key}.")
    for row in rows.select_related("stream", "origin").order_by("hlc", "pk"):
        projecting.project(row, row.stream, row.origin.wire)


class Projecting:
    """Projects entries, each unless its writer has no say in that.

    Asked again, because the kind may have been unknown when the entry came.
    """

    @cached_property
    def country(self) -> set[str]:
        return node_queries.country_keys()

    def project(self, row: JournalRow, stream: Stream, origin: str) -> None:
        """Project one entry; kinds that nobody knows yet wait for a later version."""
        project = PROJECTORS.get(row.kind)
        if project is None:
            return
        fact = node.fact_of(row, stream=stream, origin=origin)
        if row.kind in KEYS:
            # Which keys are the country's is what these say; their own projectors judge them.
            project(fact)
            self.__dict__.pop("country", None)
        elif origin.partition(".")[0] in self.country or not forbidden(stream.kind, row.kind):
            project(fact)


def _entry(entry: Decoded, place: _Accepted) -> Entry:
    return Entry(
        stream_id=place.stream.pk,
        origin_id=place.origin_id,
        seq=entry.seq,
        hlc=entry.hlc,
        kind=entry.kind,
        body=entry.body,
        dep=entry.said,
        hash=entry.hash,
    )


def _head(held: _Held, one: _Accepted) -> tuple[Any, ...]:
    place, last = (one.run.line.stream, one.run.line.origin), one.new[-1]
    seen = held.seen.get(place, {})
    return one.stream.pk, one.origin_id, last.seq, last.hash, held.latest[place], seen


def _keep_seal(one: _Accepted) -> None:
    """Keep the country's signature over what it wrote, to pass it on with it."""
    Head.objects.filter(
        stream=one.stream, origin=one.origin_id, sealed_seq__lt=one.run.line.last
    ).update(seal=one.run.line.seal, sealed_seq=one.run.line.last)
