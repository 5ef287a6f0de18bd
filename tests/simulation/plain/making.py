"""Making parcels: everything after what the peer has acknowledged, every time."""

from __future__ import annotations

from typing import cast

from passport.sync.policies import Cursor
from tests.simulation.plain.journal import COUNTRY_STREAM, Shipped, Stream, ship
from tests.simulation.plain.node import Node
from tests.simulation.plain.state import COUNTRY, Broken, Parcel, Peer

_NOTHING: dict[str, int] = {}


def make(node: Node, to: str) -> Parcel:
    """Make a parcel: everything after what the peer has acknowledged."""
    db, faults = node.db, node.faults
    peer = db.peers[to]
    parcel = Parcel(node.ground.number(), node.key, db.inc, to)
    is_introduction = peer.introduce and not faults.recipients_not_renewed
    _address(node, peer, parcel, is_introduction=is_introduction)
    parcel.since, parcel.mark = peer.mark_heard, db.moved
    revoked = to in db.view.revoked and not faults.revoked_heard
    if not revoked:
        _fill(node, peer, parcel, is_introduction=is_introduction)
        parcel.blobs = peer.wants & db.blobs
    parcel.asks = node.is_country and db.awaits
    if peer.asks and not faults.ledger_untold:
        parcel.tombstones = frozenset(db.view.erased)
    parcel.wants = frozenset(db.view.courses - db.blobs)
    parcel.is_sure = not db.awaits
    parcel.lacks = _asks_for(node)
    parcel.keychains = _keychains(node)
    _go_wrong(node, peer, parcel)
    return parcel


def _address(node: Node, peer: Peer, parcel: Parcel, *, is_introduction: bool) -> None:
    """Seal it to the peer's newest recipient, and name ours; who is unknown presents itself instead."""
    parcel.recipient = _recipient(node, peer)
    parcel.heard = peer.inc, peer.mark_taken
    parcel.knows = peer.recipient
    parcel.sealed_to = (peer.inc, 0) if is_introduction else peer.recipient
    if is_introduction or peer.key in node.ground.flips:
        return
    place = node.origin, peer.key, peer.recipient[0]
    if peer.recipient[1] < node.ground.used.get(place, 0):
        raise Broken(f"{node.name} seals to a recipient of the past of {peer.key}")
    node.ground.used[place] = peer.recipient[1]


def _fill(node: Node, peer: Peer, parcel: Parcel, *, is_introduction: bool) -> None:
    """Put in what is new of each stream that the peer shares, its keys, and how far it is here."""
    for stream in _in_order(node):
        if not _shares(node, peer.key, stream):
            peer.acks.pop(stream.name, None)  # it has to let go of it; it will get it whole again
            if not node.faults.late_work_untold:
                _acknowledge_late(node, parcel, stream)
            continue
        _acknowledge(node, parcel, stream)
        if is_introduction:
            continue
        shipped = _new(node, peer, stream, stream.keys[0] if stream.keys else "")
        parcel.runs += shipped
        if (
            stream.name in peer.lacks
            or (shipped and not peer.acks.get(stream.name))
            or not set(stream.keys) <= set(peer.keychains.get(stream.name, stream.keys))
        ):
            keys = stream.keys or (stream.wrapped if peer.key == COUNTRY else ())
            if keys:
                parcel.keys[stream.name] = keys


def _keychains(node: Node) -> dict[str, tuple[str, ...]]:
    db = node.db
    return {
        f"person:{number}": db.streams[f"person:{number}"].keys
        for number, person in db.view.persons.items()
        if person.renewals and number not in db.away
    }


def _go_wrong(node: Node, peer: Peer, parcel: Parcel) -> None:
    """Do what a planted fault does to a parcel."""
    db, faults = node.db, node.faults
    if faults.keys_to_all:
        for name in peer.lacks & db.streams.keys():
            parcel.keys[name] = db.streams[name].keys
    if faults.early_acknowledgement:
        for one in parcel.runs:
            peer.acks.setdefault(one.stream, {})[one.run.origin] = one.run.last
    if faults.receipts_from_hubs and node.is_country:
        db.view.confirmed |= {(number, peer.key) for number in db.view.erased}


def _recipient(node: Node, peer: Peer) -> int:
    """The recipient that the answer is to be sealed to: a new one when the last has been used."""
    if peer.used or not peer.mine:
        peer.mine = (*peer.mine, node.ground.number())
        peer.used = False
        if node.faults.recipient_destroyed_early:
            peer.mine = peer.mine[-1:]
    return peer.mine[-1]


def _in_order(node: Node) -> list[Stream]:
    streams = list(node.db.streams.values())
    by_kind = {"person": 0, "site": 1, COUNTRY_STREAM: 2}
    if not node.faults.tombstones_last:
        by_kind = {COUNTRY_STREAM: 0, "site": 1, "person": 2}
    return sorted(streams, key=lambda stream: by_kind[stream.kind])


def _shares(node: Node, to: str, stream: Stream) -> bool:
    """Tell whether a peer may have a stream."""
    if not node.is_country or stream.kind == COUNTRY_STREAM:
        return True
    number = cast("int", stream.key)
    if stream.kind == "site":
        return number in node.sites_of[to]
    return node.is_granted(to, number)


def _acknowledge(node: Node, parcel: Parcel, stream: Stream) -> None:
    """Say how far a stream is here, as far as that is news; with a hole, what is really here."""
    name = stream.name
    is_away = stream.kind == "person" and cast("int", stream.key) in node.db.away
    if (
        not is_away
        and not node.faults.no_again
        and (
            stream.again
            or stream.has_hole()
            or (not node.faults.parked_acknowledged and _waits_for(node, parcel.to, name))
        )
    ):
        parcel.again[name] = {origin: chain.low for origin, chain in stream.chains.items()}
        return
    news = {
        origin: chain.seq
        for origin, chain in stream.chains.items()
        if chain.moved > parcel.since or name not in node.db.peers[parcel.to].acks
    }
    if news:
        parcel.vector[name] = news
    if node.faults.parked_acknowledged:
        for shipped, _ in node.db.parked.get(parcel.to, ()):
            if shipped.stream == name:
                parcel.vector.setdefault(name, {})[shipped.run.origin] = shipped.run.last


def _acknowledge_late(node: Node, parcel: Parcel, stream: Stream) -> None:
    """Say what came of a hub's own work for a person whom it isn't granted any more."""
    if stream.kind != "person" or not node.was_granted(parcel.to, cast("int", stream.key)):
        return
    own = {
        origin: chain
        for origin, chain in stream.chains.items()
        if origin.partition(".")[0] in {parcel.to, COUNTRY}
    }
    if any(chain.low < chain.seq for chain in own.values()):
        parcel.again[stream.name] = {origin: chain.low for origin, chain in own.items()}
        return
    news = {origin: chain.seq for origin, chain in own.items() if chain.moved > parcel.since}
    if news:
        parcel.vector[stream.name] = news


def _waits_for(node: Node, key: str, name: str) -> bool:
    return any(one.stream == name for one, _ in node.db.parked.get(key, ()))


def _new(node: Node, peer: Peer, stream: Stream, under: str) -> list[Shipped]:
    """What a stream holds beyond the acknowledged heads."""
    known = peer.acks.get(stream.name) or _NOTHING
    shipped: list[Shipped] = []
    for origin, chain in stream.chains.items():
        after = known.get(origin, 0)
        upto = chain.seq
        ours = origin.partition(".")[0] == node.key
        if not ours and not node.is_country:
            # A hub brings back what the country wrote, where its seal goes with it.
            if origin[0] != COUNTRY:
                continue
            upto = min(upto, chain.seal)
            if not all(seq in chain.rows for seq in range(after + 1, upto + 1)):
                continue
        if upto <= after:
            continue
        if not ours:
            shipped += ship(stream, origin, after, upto, under=under, seal=chain.seal)
            continue
        own = ship(stream, origin, after, upto, under=under, seal=None)
        if node.faults.sealed_at_the_end:
            own = [*(one._replace(seal=b"") for one in own[:-1]), *own[-1:]]
        node.ground.signed.update(one.seal for one in own)
        shipped += own
    return shipped


def forward(node: Node, to: str) -> Parcel:
    """Carry what the country signed to another hub, which isn't our peer."""
    parcel = Parcel(node.ground.number(), node.key, node.db.inc, to)
    stream = node.stream(COUNTRY_STREAM)
    for origin, chain in stream.chains.items():
        if origin[0] == COUNTRY:
            parcel.runs += ship(stream, origin, 0, chain.seal, seal=chain.seal)
    return parcel


def _asks_for(node: Node) -> frozenset[str]:
    """The persons' streams of which a key is lacking: to open what came, or the newest."""
    db = node.db
    for name, (key, origin, last) in list(db.lacks.items()):
        stream = db.streams.get(name)
        if int(name[7:]) in db.view.erased or (
            stream is not None
            and (key in stream.keys or stream.heads.get(origin, Cursor()).seq >= last)
        ):
            del db.lacks[name]
    asks = set(db.lacks)
    for number, person in db.view.persons.items():
        if number not in db.away:
            name = f"person:{number}"
            keys, newest = db.streams[name].keys, person.newest_key()
            if not keys or (newest and newest not in keys):
                asks.add(name)
    return frozenset(asks)
