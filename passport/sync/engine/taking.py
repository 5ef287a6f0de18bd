"""Taking parcels: any order, any number of times, any part of one; the same state in the end.

A run is applied in one transaction with its cursor (`applying.py`), so a power cut leaves whole runs
and nothing half applied. What can't be used is refused with a reason, parked until what it needs is
here, or quarantined; nothing of it is ever applied in part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from uuid import UUID

from django.db import DataError, IntegrityError

from passport.fleet import actions as fleet_actions
from passport.fleet import queries as fleet
from passport.kernel.actor import Actor
from passport.kernel.clock import moment, now_ms
from passport.kernel.encoding import canonical, plain
from passport.kernel.errors import Damaged
from passport.kernel.signing import verifies
from passport.learning import actions as learning
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.actions import split_keychain as split
from passport.node.models import (
    COUNTRY_KEY,
    Acknowledged,
    Origin,
    Peer,
    Stream,
    StreamKind,
)
from passport.node.queries import IDS_AT_ONCE
from passport.privacy import actions as privacy
from passport.sync.engine import aside, leaving, reopening
from passport.sync.engine.applying import (
    Received,
    Tally,
    apply_all,
    close_holes,
    miss_key,
    take_key,
    together,
)
from passport.sync.engine.grants import Grants, grants_for
from passport.sync.engine.incoming import take_content
from passport.sync.engine.runs import open_run, read_run
from passport.sync.engine.wire import SEAL_PURPOSE, Manifest, Opened, RunLine, seal_of
from passport.sync.policies import Fate, Run, objection

UNFIT = (Damaged, DataError, IntegrityError, OverflowError, ValueError)
"""What a body may raise that its writer's program would never have written: nobody else waits for it.

A full or broken disk isn't among them: it says nothing of the run."""


def take_opened(peer: Peer, opened: Opened) -> Tally:
    """Apply what an opened file of a known peer holds."""
    tally = Tally()
    manifest = opened.manifest
    _note_peer(peer, manifest)
    reopening.hear_erased(peer, manifest)
    grants = grants_for(peer)
    for runs in together(_readable(grants, opened, tally)):
        _take(grants, runs, tally)
    if grants.standing.is_revoked:
        return tally
    _take_keys(grants, manifest)
    _try_parked(grants, tally)
    close_holes(tally)
    tally.brought(take_content(peer, opened))
    whole = opened.whole and not tally.had(Fate.DAMAGED)
    _acknowledge(grants, manifest, whole=whole)
    if manifest.sealed_to:
        _note_use(peer, manifest, whole=whole)
    _follow(tally)
    if node_queries.awaits_erasures():
        reopening.serve_again(opened, tally, peer)
    return tally


def _follow(tally: Tally) -> None:
    """Do what follows from what came: completions, people found again by their card, confirmations."""
    machine = Actor.machine()
    learning.settle(by=machine, persons=tally.people)
    if node_queries.role().may_admit_hubs:
        learning.merge_by_card(by=machine, persons=tally.people)
        if tally.entries and node_queries.introduction().life > 1:
            fleet_actions.renew_keys(
                by=machine
            )  # whoever revoked a hub did it; a disk since may have died
    elif sites := fleet.sites_of(node_queries.introduction().key):
        privacy.confirm_erasures(by=machine, site=sites[0])


def _try_parked(grants: Grants, tally: Tally) -> None:
    """Apply what was waiting, as long as anything applied makes room for another."""
    progress = True
    while progress:
        before = tally.entries
        for row, parked in aside.parked(grants.peer):
            if _try_one(grants, parked, tally) is not Fate.PARKED:
                aside.forget(row)
        progress = tally.entries > before


def _try_one(grants: Grants, parked: aside.ParkedRun, tally: Tally) -> Fate:
    line = parked.line
    trusted = {_name(line)} if parked.is_sealed else set[bytes]()
    opening = _Opening(grants, {}, _keys_held([line.stream]), trusted)
    run = _read(opening, line, parked.payload)
    if isinstance(run, Fate):
        return run
    tried = Tally()
    _take(grants, [run], tried)
    fate = next(iter(tried.fates))
    tried.fates.clear()  # it was counted when it came
    tally.add(tried)
    return fate


# The peer


@node.writes
def _note_peer(peer: Peer, manifest: Manifest) -> None:
    """Remember what the peer says of itself.

    A new incarnation (a restored or copied disk) begins again with what it really holds, so what
    the one before it acknowledged counts no longer.
    """
    peer.last_heard = moment(now_ms())
    peer.version = manifest.program[:40]
    if peer.is_country:
        peer.code = ""
    if peer.calls_us != node_queries.our_names()[0]:  # an old parcel leads nobody back
        peer.calls_us = manifest.to
    if not peer.incarnations or manifest.incarnation != peer.incarnations[-1]:
        if manifest.life < peer.life:
            return  # an old parcel of a machine that has begun again since
        others = [each for each in peer.incarnations if each != manifest.incarnation]
        peer.incarnations, peer.life = [*others, manifest.incarnation], manifest.life
        peer.mark_heard = peer.mark_taken = peer.turn = 0
        Acknowledged.objects.filter(peer=peer).delete()
    if manifest.recipient and manifest.turn >= peer.turn:
        peer.recipient, peer.turn = manifest.recipient, manifest.turn
    if peer.is_country and manifest.mark >= peer.mark_taken and manifest.lease:
        node.note_word(peer, manifest.lease)
    if manifest.file == 1:
        peer.holds, peer.wants, peer.lacks = manifest.holds, manifest.wants, manifest.lacks
        peer.content = None if manifest.content is None else plain(manifest.content)
    peer.save()


@node.writes
def _note_use(peer: Peer, manifest: Manifest, *, whole: bool) -> None:
    """Remember to which of our keys it was sealed; what a whole parcel makes needless is destroyed."""
    node.note_use(
        peer, manifest.sealed_to, whole=whole and manifest.file == 1 and not manifest.more
    )


@node.writes
def _acknowledge(grants: Grants, manifest: Manifest, *, whole: bool) -> None:
    """Remember what the peer says it holds; read after the runs, which may bring its streams here.

    Within an incarnation acknowledgements only grow, however late a parcel comes; unless the peer
    asks for a stream again, which costs a repetition at worst.
    """
    peer = grants.peer
    if manifest.file != 1 or manifest.incarnation != peer.incarnations[-1]:
        return
    ours = node_queries.introduction().incarnation
    # A vector with a gap before it, or older than the one that is known, would say something wrong.
    if manifest.since <= peer.mark_taken <= manifest.mark or not manifest.mark:
        peer.mark_taken = manifest.mark
        _keep_vector(grants, manifest, whole=whole and not manifest.more)
    if manifest.mark >= peer.mark_taken:
        # Literally, not the largest: a peer that began again knows less than it said before.
        peer.mark_heard = manifest.heard.get(ours, 0)
    peer.save(update_fields=["mark_heard", "mark_taken"])


def _keep_vector(grants: Grants, manifest: Manifest, *, whole: bool) -> None:
    if not manifest.vector:
        return
    peer = grants.peer
    streams = {s.wire: s.pk for s in grants.streams() if s.wire in manifest.vector}
    if whole and grants.standing.sites and not aside.parked(peer):
        streams |= _strays(manifest.vector.keys() - streams.keys())
    origins = dict(Origin.objects.values_list("wire", "pk"))
    again = [streams[wire] for wire in manifest.again if wire in streams]
    Acknowledged.objects.filter(peer=peer, stream__in=again).delete()
    known = _acknowledged(peer, streams.values())
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


def _strays(wires: Iterable[str]) -> dict[str, int]:
    """Return the persons' streams among those that a hub has and isn't granted: {wire: pk}.

    It is told where they belong when it is answered. Asked of a whole parcel only: in what is cut off
    or waits may be what grants them.
    """
    places = filter(None, map(_parse_stream, wires))
    persons = [key for kind, key in places if kind == StreamKind.PERSON]
    found: dict[str, int] = {}
    for part in batched(persons, IDS_AT_ONCE):
        rows = Stream.objects.filter(kind=StreamKind.PERSON, key__in=part)
        found.update({stream.wire: stream.pk for stream in rows})
    return found


def _acknowledged(peer: Peer, streams: Iterable[int]) -> dict[tuple[int, int], int]:
    known = {}
    for part in batched(streams, IDS_AT_ONCE):
        rows = Acknowledged.objects.filter(peer=peer, stream__in=part)
        for stream, origin, seq in rows.values_list("stream_id", "origin_id", "seq"):
            known[stream, origin] = seq
    return known


# Keys


def _take_keys(grants: Grants, manifest: Manifest) -> None:
    """Keep the keys that came without any entry: this node had said that it lacks them."""
    if not grants.standing.is_country:
        _take_wrapped(grants, manifest)
        return
    brought = manifest.keys.keys() - {line.stream for line in manifest.runs}
    for wire in brought:
        place = _parse_stream(wire)
        if place is None or leaving.gone_among([place[1]]):
            continue
        stream = Stream.objects.filter(kind=place[0], key=place[1]).first()
        if stream is not None:
            take_key(stream, manifest.keys[wire])


def _take_wrapped(grants: Grants, manifest: Manifest) -> None:
    """Keep, on a country that said it lacks them, the keys of those whom a hub has or had.

    Only where there is none: whom the country can name, no hub gives a key.
    """
    lent = manifest.wrapped.keys() | manifest.keys.keys()
    persons = {place[1] for wire in lent if (place := _parse_stream(wire)) is not None}
    for part in batched(persons & grants.known, IDS_AT_ONCE):
        lacking = Stream.objects.filter(kind=StreamKind.PERSON, key__in=part, sealed_key=None)
        for stream in lacking:
            try:
                keychain = manifest.keys.get(stream.wire) or node.unwrap_person_key(
                    stream, manifest.wrapped[stream.wire]
                )
                take_key(stream, keychain)
            except Damaged:
                continue


def _keys_held(wires: Iterable[str]) -> dict[str, list[bytes]]:
    """Open the keys, of some persons' streams, that are here."""
    persons = {place[1] for wire in set(wires) if (place := _parse_stream(wire)) is not None}
    keys = {}
    for part in batched(persons, IDS_AT_ONCE):
        held = Stream.objects.filter(kind=StreamKind.PERSON, key__in=part, sealed_key__isnull=False)
        keys.update({stream.wire: node.person_keys(stream) for stream in held})
    return keys


# Runs


@dataclass(slots=True)
class _Opening:
    """What is needed to open the runs of one file."""

    grants: Grants
    handed: dict[str, bytes]
    """The keychains that the file brought."""
    held: dict[str, list[bytes]]
    trusted: set[bytes]
    """The names of the runs that the country has sealed (`_name`)."""


def _readable(grants: Grants, opened: Opened, tally: Tally) -> Iterator[Received]:
    """Open the runs of a file; those that are of no use are counted, and set aside where they may be."""
    lines = [line for line, _ in opened.runs]
    opening = _Opening(
        grants,
        opened.manifest.keys,
        _keys_held(line.stream for line in lines if line.sealed),
        set(),
    )
    if not grants.standing.is_country:
        _sealed_by_country(opening, opened.runs)
    for line, payload in opened.runs:
        run = _read(opening, line, payload)
        if isinstance(run, Fate):
            tally.count(run)
        else:
            yield run


def _sealed_by_country(opening: _Opening, runs: Sequence[tuple[RunLine, bytes]]) -> None:
    """Find the runs that lead, link by link, to an end that a country of ours has signed.

    Only a run that was opened, and whose own chain holds, may vouch for the one before it: a line of
    the manifest says what its sender likes. A hub takes the country's stream from others, no more.
    """
    ours = node_queries.speaking_keys()
    follows: dict[tuple[str, str], RunLine] = {}
    for line, payload in reversed(runs):
        key, place = line.origin.partition(".")[0], (line.stream, line.origin)
        is_ours_to_take = node_queries.role().may_admit_hubs or line.stream == StreamKind.COUNTRY
        if key not in ours or not is_ours_to_take or not _holds(opening, line, payload):
            continue
        message = seal_of(line.origin, line.stream, line.last, line.head)
        after = follows.get(place)
        leads_on = after is not None and (after.first, after.prev) == (line.last + 1, line.head)
        if leads_on or (
            line.seal and verifies(bytes.fromhex(key), SEAL_PURPOSE, message, line.seal)
        ):
            opening.trusted.add(_name(line))
            follows[place] = line


def _holds(opening: _Opening, line: RunLine, payload: bytes) -> bool:
    """Tell whether a run can be opened here, and its chain leads from its `prev` to its `head`."""
    try:
        return bool(read_run(line, _opened(opening, line, payload)))
    except Damaged:
        return False


def _opened(opening: _Opening, line: RunLine, payload: bytes) -> bytes:
    """Open a run with the keys that are here or came along. Raises `Damaged`."""
    handed = opening.handed.get(line.stream)
    keys = opening.held.get(line.stream, [])
    keys = keys if handed is None else [*keys, *split(handed)]
    return open_run(line, payload, keys) if line.sealed else payload


def _name(line: RunLine) -> bytes:
    """Name a run by all that it says of its place: the same payload may be sent under another one."""
    return canonical([line.stream, line.origin, line.first, line.last, line.prev, line.head])


def _read(opening: _Opening, line: RunLine, payload: bytes) -> Received | Fate:
    place = _parse_stream(line.stream)
    if place is None:
        return Fate.DAMAGED
    grants, handed = opening.grants, opening.handed.get(line.stream)
    try:
        opened = _opened(opening, line, payload)
    except Damaged:
        if leaving.gone_among([place[1]]):
            return Fate.FORGOTTEN
        if grants.standing.is_country:
            miss_key(*place)
        return Fate.UNREADABLE
    try:
        entries = read_run(line, opened)
    except Damaged:
        return Fate.DAMAGED
    run = Run(*place, line.origin, line.first, line.prev, entries)
    is_sealed = _name(line) in opening.trusted
    reason = None if is_sealed else objection(grants.standing, run)
    if reason is not None:
        aside.quarantine(grants.peer, line, payload, reason)
        return Fate.QUARANTINED
    is_news = grants.standing.is_country or line.stream not in opening.held
    handed = opening.handed.get(line.stream) if is_news else None
    return Received(line, payload, *place, handed, run, entries, is_sealed)


def _take(grants: Grants, runs: list[Received], tally: Tally) -> None:
    """Apply runs together; when that fails, one by one, so that a bad one harms only itself."""
    try:
        fates = apply_all(grants, runs, tally)
    except Exception as problem:
        if len(runs) > 1:
            for run in runs:
                _take(grants, [run], tally)
            return
        if not isinstance(problem, UNFIT):
            raise
        fates = [Fate.DAMAGED]
    for run, fate in zip(runs, fates, strict=True):
        tally.count(fate)
        if fate is Fate.PARKED:
            aside.park(grants.peer, aside.ParkedRun(run.line, run.payload, run.is_sealed))
        elif fate is Fate.QUARANTINED:
            # Where a reason was given already, this one comes too late and changes nothing.
            forks = "Its history forks: two machines write under one name."
            aside.quarantine(grants.peer, run.line, run.payload, forks)


def _parse_stream(wire: str) -> tuple[str, UUID] | None:
    kind, _, key = wire.partition(":")
    if wire == StreamKind.COUNTRY:
        return kind, COUNTRY_KEY
    try:
        return (kind, UUID(key)) if kind in {StreamKind.SITE, StreamKind.PERSON} else None
    except ValueError:
        return None
