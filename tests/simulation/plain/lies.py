"""What a hub with real keys may try: each lie must be set aside, and change nothing."""

from __future__ import annotations

from collections.abc import Callable

from passport.kernel.clock import LATEST_STAMP
from tests.simulation.plain.journal import COUNTRY_STREAM, Chain, Shipped, ship
from tests.simulation.plain.making import forward
from tests.simulation.plain.node import Node
from tests.simulation.plain.state import COUNTRY, ERASED, REGISTERED
from tests.simulation.plain.view import CUSTODY, NEW_POWER
from tests.simulation.plain.world import DECADES_MS, World, holds, pick


def lie(world: World, a: int, b: int) -> None:
    """A hub with real keys says what it may not say."""
    if world.liar is None:
        candidates = [hub for hub in world.hubs if hub.name not in world.restored]
        if not candidates or world.twins:
            return
        world.liar = pick(candidates, a >> 4).key
    hub = next(hub for hub in world.hubs if hub.key == world.liar)
    told = LIES[a % len(LIES)]
    forged = told(world, hub, b)
    if forged is None:
        return
    parcel = world.make(hub, COUNTRY)
    if isinstance(forged, Shipped):
        parcel.runs = [*parcel.runs, forged]
    else:
        parcel.lacks = parcel.lacks | {forged}
    world.say(f"{hub.name} lies: {told.__name__}")
    if b & 1 and told not in OF_THE_MOMENT:
        world.bag.append(parcel)
    else:
        world.deliver_to(world.country, parcel)
        world.make(world.country, hub.key)


type Lie = Callable[[World, Node, int], Shipped | str | None]


def an_administrator(world: World, hub: Node, b: int) -> Shipped:
    return world.forge(hub, f"site:{min(hub.sites)}", "role.granted@1", (b,))


def a_course(world: World, hub: Node, b: int) -> Shipped:
    return world.forge(hub, COUNTRY_STREAM, "course.published@1", (b,))


def an_erasure(world: World, hub: Node, b: int) -> Shipped:
    """In the country's own name, with a signature that isn't one."""
    stream = hub.stream(COUNTRY_STREAM)
    origin = next((each for each in stream.chains if each[0] == COUNTRY), "c.0")
    number = world.known(b) or 0
    return world.forge(hub, COUNTRY_STREAM, ERASED, (number,), origin=origin)


def a_custody(world: World, hub: Node, b: int) -> Shipped | None:
    number = world.served(hub, b)
    if number is None:
        return None
    return world.forge(hub, f"person:{number}", CUSTODY, (b, number, 99, min(hub.sites)))


def a_merge(world: World, hub: Node, b: int) -> Shipped | None:
    number, other = world.served(hub, b), world.stranger(hub, b)
    if number is None or other is None:
        return None
    body = (world.ground.number(), number, other)
    return world.forge(hub, f"person:{number}", "identity.merged@1", body)


def an_epoch(world: World, hub: Node, b: int) -> Shipped | None:
    number = world.served(hub, b)
    if number is None:
        return None
    return world.forge(hub, f"person:{number}", "person.changed@1", ("name", b), epoch=99)


def a_strangers_event(world: World, hub: Node, b: int) -> Shipped | None:
    number = world.stranger(hub, b)
    return None if number is None else world.forge(hub, f"person:{number}", "event@1", (b,))


def a_registration(world: World, hub: Node, b: int) -> Shipped | None:
    """A stranger, once more, for a site of its own."""
    number = world.stranger(hub, b)
    if number is None:
        return None
    return world.forge(hub, f"person:{number}", REGISTERED, (min(hub.sites),))


def another_origin(world: World, hub: Node, b: int) -> Shipped | None:
    """In the name of another hub, with a signature that isn't its."""
    number = world.served(hub, b)
    other = next(each for each in world.hubs if each is not hub)
    if number is None:
        return None
    return world.forge(hub, f"person:{number}", "event@1", (b,), origin=other.origin)


def a_key(world: World, hub: Node, b: int) -> str | None:
    """It says that it lacks a stranger's key."""
    number = world.stranger(hub, b)
    return None if number is None else f"person:{number}"


def a_law_of_tomorrow(world: World, hub: Node, b: int) -> Shipped | None:
    """It writes what only the country may write, before anybody else knows the kind."""
    if world.country.version == 2 or world.lawless:
        return None
    world.lawless = True
    number = world.served(hub, b)
    if number is None:
        return None
    entry = hub.note(f"person:{number}", NEW_POWER, (b,))
    entry.forged = True
    for _ in range(3):
        world.exchange(hub)
    if not holds(world.country.db, f"person:{number}", entry.origin, entry.seq):
        world.outlaw = hub.key
    return None


def a_stamp_beyond_all_time(world: World, hub: Node, b: int) -> Shipped | None:
    number = world.served(hub, b)
    if number is None:
        return None
    name = f"person:{number}"
    return world.forge(hub, name, "person.changed@1", ("name", b), hlc=LATEST_STAMP + 1)


def falling_stamps(world: World, hub: Node, b: int) -> Shipped | None:
    """It may edit; but its clock stands far ahead for one entry, and far behind for the next."""
    number = world.served(hub, b)
    if number is None or not hub.db.streams[f"person:{number}"].keys:
        return None
    before, hub.wall = hub.wall, 5 * DECADES_MS
    epoch = hub.db.view.custodian(number)[0]
    hub.note(f"person:{number}", "person.changed@1", ("name", b), epoch=epoch)
    hub.note(f"person:{number}", "event@1", (-1 - b,)).hlc = 5
    hub.wall = before
    world.exchange(hub)
    return None


def a_borrowed_seal(world: World, hub: Node, b: int) -> None:
    """To another hub, that the country made a role: a seal of the country's is said to cover it."""
    other = pick([each for each in world.hubs if each is not hub], b)
    parcel = forward(hub, other.key)
    stream = hub.stream(COUNTRY_STREAM)
    for origin, chain in stream.chains.items():
        theirs = other.stream(COUNTRY_STREAM).chains.get(origin) or Chain()
        rest = ship(stream, origin, theirs.seq + 1, chain.seal, seal=chain.seal)
        if not rest:
            continue
        forged = world.forge(other, COUNTRY_STREAM, "role.granted@1", (b,), origin=origin)
        leads = rest[0].run._replace(prev=forged.entries[0].said.hash)
        parcel.runs = [forged._replace(seal=b""), rest[0]._replace(run=leads), *rest[1:]]
        world.say(f"{hub.name} lies to {other.name}: a_borrowed_seal")
        world.deliver_to(other, parcel)
        return


LIES: tuple[Lie, ...] = (
    an_administrator,
    a_course,
    an_erasure,
    a_custody,
    a_merge,
    an_epoch,
    a_strangers_event,
    a_registration,
    another_origin,
    a_key,
    a_law_of_tomorrow,
    a_stamp_beyond_all_time,
    a_borrowed_seal,
    falling_stamps,
)

OF_THE_MOMENT = (a_strangers_event, a_registration)
"""What would be true if it arrived after a move."""
