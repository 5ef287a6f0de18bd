"""Taking parcels: any order, any number of times, any part of one; the same state in the end."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from passport.sync.policies import (
    AboutPerson,
    Cursor,
    Fate,
    Run,
    Standing,
    fate_of,
    objection,
    overreach,
    ready,
    refills,
)
from tests.simulation.plain.journal import COUNTRY_STREAM, Chain, Entry, Said, Shipped, Stream
from tests.simulation.plain.node import NOBODY, Node
from tests.simulation.plain.state import COUNTRY, ERASED, REGISTERED, Broken, Parcel, Peer
from tests.simulation.plain.view import CUSTODY, NEW, NEW_POWER

PAST = "sealed to a recipient of the past"
IN_PART = "in part"
PARKED_RUNS = 3
"""For each peer: a liar fills nobody's place but their own."""
_EMPTY = Chain()


def take(node: Node, parcel: Parcel, upto: int | None = None) -> str:
    """Take a parcel, or its first `upto` runs, and say what became of it."""
    if parcel.to != node.key:
        return "for another"
    peer = node.db.peers.get(parcel.sender)
    if peer is None:
        return _take_forwarded(node, parcel, upto)
    refused = _refused(node, peer, parcel)
    if refused is not None:
        return refused
    _note_peer(node, peer, parcel)
    knows = parcel.sealed_to if node.faults.endless_introductions else parcel.knows
    if knows[0] == node.db.inc and knows[1] in peer.mine:
        peer.introduce = False
    _hear_erased(node, peer, parcel)
    if not node.faults.lacks_kept:
        for name in parcel.keys:
            node.db.lacks.pop(name, None)  # an answer; what still can't be opened asks again
    is_whole = upto is None or upto >= len(parcel.runs)
    parcel.is_torn = not is_whole
    parked = _take_runs(node, peer, parcel, parcel.runs if is_whole else parcel.runs[:upto])
    _heed(node, peer, parcel)
    if is_whole:
        _take_the_rest(node, peer, parcel, parked)
    node.settle()
    _learn_keys(node, parcel)
    if node.is_country and node.db.view.revoked:
        node.renew_keys()
    return "taken"


def _hear_erased(node: Node, peer: Peer, parcel: Parcel) -> None:
    """Follow the erasures that a hub remembers; when all hubs have answered, none can be missing."""
    db = node.db
    peer.asks = parcel.asks
    if parcel.tombstones is None or not node.is_country:
        return
    for number in sorted(parcel.tombstones - db.view.erased):
        node.note(COUNTRY_STREAM, ERASED, (number,))
    if db.awaits and parcel.heard[0] == db.inc:
        db.heard_from.add(peer.key)
        db.awaits = not db.peers.keys() - db.view.revoked <= db.heard_from
        node.has_ledger = not db.awaits


def _refused(node: Node, peer: Peer, parcel: Parcel) -> str | None:
    """Say why nothing of a parcel can be used."""
    db, faults = node.db, node.faults
    if not _can_open(node, peer, parcel):
        if not node.is_country:
            node.is_strange_to(peer.key)
        return PAST
    if not parcel.is_intact and not faults.no_signatures:
        return "changed on its way"
    if parcel.sender in db.view.revoked and not faults.revoked_heard:
        for one in parcel.runs:
            db.aside.setdefault(one.entries[-1].said.hash, ("revoked", one))
        return "of a revoked hub"
    return None


def _take_the_rest(node: Node, peer: Peer, parcel: Parcel, parked: list[Shipped]) -> None:
    """Do what only a whole parcel allows: destroy old recipients, take content, open the doors."""
    db = node.db
    if not node.is_full:
        db.blobs |= parcel.blobs
    elif node.faults.full_disk_takes_content and parcel.blobs:
        raise Broken(f"{node.name}: content was taken on a full disk")
    if not parcel.sealed_to[1]:
        return
    _turn(peer, parcel)
    if not db.awaits or node.is_country or parcel.heard[0] != db.inc:
        return
    if parcel.is_sure or node.faults.unsure_word:
        db.awaits = any(one.stream == COUNTRY_STREAM for one in parked)


def _can_open(node: Node, peer: Peer, parcel: Parcel) -> bool:
    incarnation, number = parcel.sealed_to
    if number == 0:
        return True
    if incarnation != node.db.inc:
        return False
    if number in peer.mine:
        return True
    if number >= peer.opened:
        raise Broken(f"{node.name}: a recipient was destroyed before a newer one was used")
    return False


def _turn(peer: Peer, parcel: Parcel) -> None:
    """A whole parcel came, sealed to one of our recipients: those before it are destroyed."""
    number = parcel.sealed_to[1]
    peer.mine = tuple(one for one in peer.mine if one >= number)
    peer.opened = max(peer.opened, number)
    if number == peer.mine[-1]:
        peer.used = True


def _note_peer(node: Node, peer: Peer, parcel: Parcel) -> None:
    """Remember what the peer says of itself; another incarnation begins again."""
    faults = node.faults
    if parcel.inc != peer.inc and not (faults.incarnations_by_arrival and parcel.inc in peer.past):
        peer.past = (*peer.past, parcel.inc)
        peer.inc = parcel.inc
        peer.turn = peer.mark_heard = 0
        if not faults.lacks_kept:
            node.db.lacks.clear()  # keys of runs that it may never send again
        node.ground.flips.add(peer.key)
        if not faults.acknowledgements_untagged:
            peer.mark_taken = 0
            peer.acks = {}
    if parcel.inc == peer.inc and (parcel.recipient > peer.turn or faults.recipient_turns_back):
        peer.recipient = parcel.inc, parcel.recipient
        peer.turn = parcel.recipient


def _heed(node: Node, peer: Peer, parcel: Parcel) -> None:
    """Take what the peer says it holds and lacks, if it is newer than what it said before."""
    if parcel.inc != peer.inc:
        return
    if parcel.heard[0] == node.db.inc:
        _note_heard(node, peer, parcel.heard[1])
    if parcel.since > peer.mark_taken or parcel.mark < peer.mark_taken:
        return
    erased = {f"person:{number}" for number in node.db.view.erased}
    for name, heads in parcel.vector.items():
        if name not in erased:
            known = peer.acks.setdefault(name, {})
            for origin, seq in heads.items():
                known[origin] = max(seq, known.get(origin, 0))
    for name, heads in parcel.again.items():
        if name not in erased:
            peer.acks[name] = heads.copy()
    peer.mark_taken = parcel.mark
    peer.lacks, peer.keychains, peer.wants = parcel.lacks, parcel.keychains, parcel.wants


def _note_heard(node: Node, peer: Peer, told: int) -> None:
    """Take literally how far the peer knows our vector: one that began again knows less than before."""
    for stream in node.db.streams.values():
        if stream.again <= told:
            stream.again = 0
    only_grows = node.faults.heard_only_grows
    peer.mark_heard = max(peer.mark_heard, told) if only_grows else told


def _take_forwarded(node: Node, parcel: Parcel, upto: int | None) -> str:
    """Take what another hub carries for the country."""
    if not parcel.is_intact and not node.faults.no_signatures:
        return "changed on its way"
    if parcel.sender in node.db.view.revoked:
        return "of a revoked hub"
    runs = parcel.runs if upto is None else parcel.runs[:upto]
    peer = Peer(parcel.sender)
    _take_runs(node, peer, parcel, runs)
    node.settle()
    return "taken"


# Runs


def _take_runs(node: Node, peer: Peer, parcel: Parcel, runs: list[Shipped]) -> list[Shipped]:
    """Apply what can be applied, over and over until nothing moves; returns what is parked."""
    db = node.db
    waiting = [*zip(runs, _vouched(node, runs), strict=True), *db.parked.get(peer.key, ())]
    if not waiting:
        return []
    moves = True
    while moves:
        moves = False
        left: list[tuple[Shipped, bool]] = []
        for one, is_vouched in waiting:
            fate, reason = _apply(node, peer, parcel, one, is_vouched=is_vouched)
            if fate is Fate.QUARANTINED:
                db.aside.setdefault(one.entries[-1].said.hash, (reason, one))
            if fate is Fate.PARKED or reason == IN_PART:
                left.append((one, is_vouched))
            moves = moves or fate is Fate.APPLIED
        waiting = left
    if node.faults.no_buffer:
        for one, _ in waiting:
            _pass_over(node, one)
        waiting = []
    return _park(node, peer.key, waiting)


def _park(node: Node, key: str, waiting: list[tuple[Shipped, bool]]) -> list[Shipped]:
    """Keep what has to wait, each run once, and no more than may wait for one peer."""
    places = {
        (one.stream, one.run.origin, one.run.first, one.run.last): (one, is_vouched)
        for one, is_vouched in waiting
    }
    if places and key in node.db.peers:  # what another hub passed on comes again, from the country
        node.db.parked[key] = list(places.values())[:PARKED_RUNS]
    else:
        node.db.parked.pop(key, None)
    return [one for one, _ in places.values()]


def _pass_over(node: Node, one: Shipped) -> None:
    stream = node.stream(one.stream)
    chain = stream.chains.setdefault(one.run.origin, Chain())
    for entry in one.entries:
        if entry.seq > chain.seq:
            chain.seq = entry.seq - 1
            node.move(stream, one.run.origin, chain, entry)


def _vouched(node: Node, runs: list[Shipped]) -> list[bool]:
    """Tell of each run whether its writer's own seal covers it, through those that follow it.

    They are what their entries say, not what their sender says of them.
    """
    faults, signed = node.faults, node.ground.signed
    vouched: list[bool] = []
    after: dict[tuple[str, str], bytes] = {}
    for one in reversed(runs):
        run, end = one.run, one.run.entries[-1].hash
        place = one.stream, run.origin
        is_whole = faults.links_unread or one.entries[0].prev == run.prev
        is_signed = one.seal == end and (end in signed or faults.seals_unchecked)
        ok = is_whole and run.origin[0] == COUNTRY and (is_signed or after.get(place) == end)
        if ok:
            after[place] = run.prev
        vouched.append(ok)
    vouched.reverse()
    return vouched


def _learn_keys(node: Node, parcel: Parcel) -> None:
    db = node.db
    for name, keys in parcel.keys.items():
        number = int(name[7:])
        if number in db.view.erased or number in db.away or name not in db.streams:
            continue
        stream = db.streams[name]
        if node.is_country or node.is_mine(number) or node.faults.stored_elsewhere:
            stream.keys = tuple(sorted({*stream.keys, *keys}, reverse=True))


def _standing(node: Node, key: str) -> Standing:
    return Standing(
        key,
        is_country=key == COUNTRY,
        is_hub_to_us=node.is_country,
        is_revoked=key in node.db.view.revoked,
        sites=cast("frozenset[UUID]", node.sites_of.get(key, frozenset())),
    )


def _as_known(node: Node, run: Run) -> Run:
    """A run as a node sees it that doesn't know the kinds of tomorrow."""
    if node.version == 2 or not any(said.kind in NEW for said in run.entries):
        return run
    return run._replace(
        entries=[
            cast("Said", said)._replace(kind="unknown@1") if said.kind in NEW else said
            for said in run.entries
        ]
    )


def _about(node: Node, writer: str, one: Shipped) -> AboutPerson:
    view, number = node.db.view, int(one.stream[7:])
    person = view.persons.get(number, NOBODY)
    first = one.entries[0]
    is_new = person.registered is None or node.faults.anybody_registers
    return AboutPerson(
        is_known=node.was_granted(writer, number),
        is_granted=node.is_granted(writer, number)
        or (bool(person.merges) and not node.faults.forgets_mergers),
        custody=cast("dict[int, set[UUID]]", view.custody.get(number, {})),
        registers_here=is_new
        and first.seq == 1
        and first.kind == REGISTERED
        and first.body[0] in node.sites_of.get(writer, ()),
    )


def _apply(
    node: Node, peer: Peer, parcel: Parcel, one: Shipped, *, is_vouched: bool
) -> tuple[Fate, str]:
    """Apply one run; a reason says why it is set aside, or that only a part could be taken."""
    faults, run = node.faults, one.run
    stream = node.db.streams.get(one.stream)
    useless = _useless(node, parcel, one, stream)
    if useless is not None:
        return useless, ""
    heads = stream.heads if stream is not None else {}
    chain = (stream.chains.get(run.origin) if stream is not None else None) or _EMPTY
    if faults.no_dependencies:
        run = run._replace(entries=[entry.said._replace(dep=None) for entry in one.entries])
    fate = fate_of(run, heads, chain.stored)
    if fate is Fate.KNOWN:
        return _refill(node, one, stream, chain), ""
    count = ready(run, heads)
    whole = count == len(run.entries)
    if fate is Fate.APPLIED and faults.whole_runs and not whole:
        fate = Fate.PARKED
    # A carrier is asked nothing where the writer's own seal holds.
    sealed = is_vouched and peer.key != COUNTRY
    writer = run.origin.partition(".")[0] if sealed else peer.key
    reason = "fork" if fate is Fate.QUARANTINED else _refusal(node, writer, one, run, fate, count)
    if reason is not None:
        # Of what the country wrote the part with its seal may have been cut off.
        is_torn = run.origin[0] == COUNTRY and parcel.is_torn
        return (Fate.DAMAGED, "") if is_torn else (Fate.QUARANTINED, reason)
    if fate is Fate.APPLIED:
        _keep(node, one, count, is_vouched=is_vouched)
    return fate, IN_PART if fate is Fate.APPLIED and not whole else ""


def _useless(node: Node, parcel: Parcel, one: Shipped, stream: Stream | None) -> Fate | None:
    """Say why a run isn't even read: nothing of this person is kept here, or it can't be opened."""
    number = cast("int", one.run.key)
    if one.run.kind == "person":
        if number in node.db.view.erased and not node.faults.resurrection:
            return Fate.FORGOTTEN
        if not (node.is_mine(number) or node.faults.stored_elsewhere):
            return Fate.FORGOTTEN
    if one.entries[0].prev != one.run.prev:
        return Fate.DAMAGED
    keys = (*(stream.keys if stream is not None else ()), *parcel.keys.get(one.stream, ()))
    if one.under and one.under not in keys:
        node.db.lacks[one.stream] = one.under, one.run.origin, one.run.last
        return Fate.UNREADABLE
    return None


def _refusal(node: Node, writer: str, one: Shipped, run: Run, fate: Fate, count: int) -> str | None:
    """Say why a run is refused; what a hub takes upon itself is judged when all before it is here."""
    faults = node.faults
    if faults.no_authority:
        return None
    standing = _standing(node, writer)
    reason = objection(standing, _as_known(node, run))
    if reason is not None or writer == COUNTRY or run.kind != "person" or not node.is_country:
        return reason
    if faults.early_judgement:
        return overreach(standing, run, _about(node, writer, one))
    if fate is not Fate.APPLIED:
        return None
    part = run._replace(entries=run.entries[:count])
    return overreach(standing, part, _about(node, writer, one))


def _keep(node: Node, one: Shipped, count: int, *, is_vouched: bool) -> None:
    """Store and show the first `count` entries of a run, as far as they are new."""
    faults, run = node.faults, one.run
    stream = node.stream(one.stream)
    origin = run.origin
    chain = stream.chains.get(origin)
    if chain is None:
        chain = stream.chains[origin] = Chain()
    number = cast("int", stream.key)
    node.applied += 1
    for entry in one.entries[:count]:
        if entry.seq <= chain.seq:
            continue
        if entry.forged and (entry.kind != NEW_POWER or (node.is_country and node.version == 2)):
            raise Broken(f"{node.name} believes a liar: {entry.kind} in {one.stream}")
        node.move(stream, origin, chain, entry)
        unknown = entry.kind in NEW and node.version < 2
        chain.put(_hollow(entry) if unknown and faults.drops_unknown else entry)
        node.show(stream, entry)
        if number in node.db.view.erased and run.kind == "person" and not faults.resurrection:
            return
    if one.seal and is_vouched and count == len(one.entries):
        chain.seal = max(chain.seal, run.last)
    if not node.is_country and any(entry.kind == CUSTODY for entry in one.entries):
        node.settle()


def _refill(node: Node, one: Shipped, stream: Stream | None, chain: Chain) -> Fate:
    """A run below the head: what is missing of it here is put back; it is told again."""
    run = one.run
    if stream is None:
        return Fate.KNOWN
    if one.seal:
        chain.seal = max(chain.seal, run.last)
    is_away = run.kind == "person" and cast("int", run.key) in node.db.away
    if chain.low >= run.last or is_away or all(e.seq in chain.rows for e in one.entries):
        if not node.faults.known_untold:
            node.db.moved += 1
            chain.moved = node.db.moved
        return Fate.KNOWN
    if not refills(run, Cursor(chain.seq, chain.hash), chain.following):
        return Fate.PARKED
    for entry in one.entries:
        if entry.seq not in chain.rows:
            chain.rows[entry.seq] = entry
            node.show(stream, entry)
    chain.measure()
    node.db.moved += 1
    chain.moved = node.db.moved
    node.applied += 1
    return Fate.APPLIED


def _hollow(entry: Entry) -> Entry:
    """What a node keeps of an entry that forgets what it doesn't understand."""
    said = entry.said._replace(kind="unknown@1")
    return Entry(entry.origin, entry.seq, entry.prev, entry.hlc, "unknown@1", (0,), said)


_NOTHING: dict[str, int] = {}
_EMPTY = Chain()
