"""What must hold in the end, when couriers have come and gone often enough."""

from __future__ import annotations

import random

from passport.sync.policies import Cursor
from tests.simulation.plain.node import Node
from tests.simulation.plain.state import COUNTRY, Broken
from tests.simulation.plain.world import World

ROUNDS = 12


def check(world: World, chance: random.Random) -> None:
    """Bring a world to rest, and check all that must hold then."""
    if world.lawless and COUNTRY in world.restored:
        return  # it may refuse now what it took before it understood, and all that stands on it
    try:
        come_to_rest(world)
        _check_at_rest(world, chance)
    except Broken as problem:
        if str(problem).startswith("I5") or not waits_for_the_dead(world):
            raise


def _check_at_rest(world: World, chance: random.Random) -> None:
    living = world.living()
    nothing_lost(world)
    everybody_agrees(world, living)
    last_words_hold(world)
    merged_are_together(world)
    erased_stay_erased(world, living)
    no_laws(world)
    quarantine_holds_the_forged(world, living)
    for node in (world.country, *living):
        rebuilt_is_live(node, chance)
    nothing_grows(world, living)


def waits_for_the_dead(world: World) -> bool:
    """Tell whether a hub has, or has built on, what another wrote and both that one and the country lost.

    It speaks for nobody else, so it can't bring that back, nor what the country said after it.
    """
    if COUNTRY not in world.restored:
        return False
    dead = (world.restored | world.revoked) - {COUNTRY}
    country = world.country.db
    wanted = [
        (one.stream, origin, seq)
        for waiting in country.parked.values()
        for one, _ in waiting
        for entry in one.entries
        for origin, seq in (entry.said.dep or {}).items()
    ]
    wanted += [
        (name, origin, chain.seq)
        for hub in world.hubs
        for name, stream in hub.db.streams.items()
        for origin, chain in stream.chains.items()
        if origin.partition(".")[0] != hub.key
    ]
    return any(
        origin.partition(".")[0] in dead and not _reaches(world.country, name, origin, seq)
        for name, origin, seq in wanted
    )


def _reaches(node: Node, name: str, origin: str, seq: int) -> bool:
    stream = node.db.streams.get(name)
    return stream is not None and stream.heads.get(origin, Cursor()).seq >= seq


def come_to_rest(world: World) -> None:
    """Let honest couriers go until nobody has anything new; that must not take for ever."""
    for node in world.nodes():
        node.is_full = False
        node.upgrade()
    for _ in range(4 if world.twins else 0):
        for machine in (*world.twins, *world.living()):
            world.exchange(machine)
    world.twins = []  # somebody noticed the copy, and switches it off when all it has is handed in
    for _ in range(ROUNDS):
        news = [world.exchange(hub) for hub in world.living()]
        if not any(news):
            return
    raise Broken("They don't come to an end.")


def nothing_lost(world: World) -> None:
    """I1: what was acknowledged is at the country, or its person was erased, or its disk died."""
    persons = world.country.db.view.persons
    for what, known in (("event", world.events), ("completion", world.completed)):
        for event, (number, author, origin, seq) in known.items():
            if (
                number in world.asked
                or event in world.gone
                or author.key in world.revoked
                or author.key == world.outlaw
                or number in world.country.db.view.erased
            ):
                continue
            person = persons.get(number)
            stream = world.country.db.streams.get(f"person:{number}")
            chain = None if stream is None else stream.chains.get(origin)
            if chain is None or person is None or seq not in chain.rows:
                raise Broken(f"I1: {what} {event} of p{number} ({origin}:{seq}) is lost")
            body = chain.rows[seq].body[0]
            if body not in (person.events if what == "event" else person.completed):
                raise Broken(f"I1: {what} {event} of p{number} isn't shown")


def everybody_agrees(world: World, living: list[Node]) -> None:
    """I2, I3: a hub shows of its persons what the country shows, and of others nothing."""
    country = world.country
    theirs = country.db.view
    for hub in living:
        view = hub.db.view
        for what in ("courses", "roles", "laws", "erased", "revoked"):
            if getattr(view, what) != getattr(theirs, what):
                raise Broken(f"{hub.name} and the country differ in {what}")
        if (country.db.blobs & view.courses) - hub.db.blobs:
            raise Broken(f"{hub.name} lacks content")
        for number in theirs.persons:
            if country.is_granted(hub.key, number):
                _agrees(world, hub, number)
            else:
                _has_let_go(hub, number)
        for number in view.persons:
            if number not in theirs.persons:
                raise Broken(f"{hub.name} has p{number}, whom the country doesn't know")


def _has_let_go(hub: Node, number: int) -> None:
    """Of a person who was given elsewhere a hub keeps what it wrote itself and what the country said."""
    stream = hub.db.streams.get(f"person:{number}")
    if hub.serves(number) or (stream is not None and stream.keys):
        raise Broken(f"I3: {hub.name} still has p{number}")
    for origin, chain in stream.chains.items() if stream is not None else ():
        if origin.partition(".")[0] not in {hub.key, COUNTRY} and chain.rows:
            raise Broken(f"I3: {hub.name} still keeps what others wrote of p{number}")


def _agrees(world: World, hub: Node, number: int) -> None:
    country = world.country
    ours, theirs = hub.db.view.persons.get(number), country.db.view.persons[number]
    if ours is None:
        raise Broken(f"{hub.name} lacks p{number}")
    if hub.db.awaits:
        raise Broken(f"{hub.name} still waits to hear who was erased")
    for what, value in theirs.state().items():
        if getattr(ours, what) != value:
            raise Broken(
                f"I2: {hub.name} and the country differ in p{number}'s {what}:"
                f" {getattr(ours, what)} and {value}"
            )
    if hub.db.view.custodian(number) != country.db.view.custodian(number):
        raise Broken(f"{hub.name} and the country differ in p{number}'s custody")
    name = f"person:{number}"
    keys = set(country.db.streams[name].keys)
    if not keys or set(hub.db.streams[name].keys) != keys:
        raise Broken(f"{hub.name} lacks a key of p{number}")
    _counts_once(world, hub, number)


def _counts_once(world: World, hub: Node, number: int) -> None:
    """Merged identities count as one, wherever their record is, and everything counts once."""
    view = world.country.db.view
    persons = [view.persons[one] for one in view.same_person(number) if one in view.persons]
    events: set[int] = set().union(*(person.events for person in persons))
    if view.learned(number, world.faults)[0] != len(events):
        raise Broken(f"p{number} is counted wrong at the country")
    if hub.db.view.learned(number, world.faults) != view.learned(number, world.faults) and all(
        world.country.is_granted(hub.key, one)
        for one in view.same_person(number)
        if one in view.persons
    ):
        raise Broken(f"p{number} is counted differently at {hub.name}")


def last_words_hold(world: World) -> None:
    """The edit that counts was made where the person was given last, and is the latest there."""
    country = world.country
    for number, person in country.db.view.persons.items():
        best: dict[str, tuple[tuple[int, int, str], str | int]] = {}
        for chain in country.db.streams[f"person:{number}"].chains.values():
            for entry in chain.rows.values():
                if entry.kind == "person.changed@1":
                    said = (entry.said.epoch, entry.hlc, entry.origin), entry.body[1]
                    field = str(entry.body[0])
                    best[field] = max(best.get(field, said), said)
        for field, (_, value) in best.items():
            if person.fields[field][1] != value:
                raise Broken(f"p{number}'s {field} isn't the last word")


def merged_are_together(world: World) -> None:
    """Whoever has one of two merged identities has both: the whole record."""
    view = world.country.db.view
    if COUNTRY in world.restored:
        return
    for number in view.persons:
        for other in view.same_person(number) & view.persons.keys():
            for hub in world.living():
                if world.country.is_granted(hub.key, number) != world.country.is_granted(
                    hub.key, other
                ):
                    raise Broken(f"p{number} and p{other} are one person, but {hub.name} has one")


def erased_stay_erased(world: World, living: list[Node]) -> None:
    """I5: nothing is left of the erased, and each hub has confirmed it."""
    view = world.country.db.view
    if not world.erased <= view.erased:
        raise Broken("The country forgot an erasure.")
    asked = [world.homes[number] for number in world.asked]
    if not all(any(world.homes[number] is homes for homes in asked) for number in view.erased):
        raise Broken("Somebody was erased whom nobody erased.")
    for node in (world.country, *living):
        for number in view.erased:
            name = f"person:{number}"
            waiting = [one for parked in node.db.parked.values() for one, _ in parked]
            if (
                name in node.db.streams
                or number in node.db.view.persons
                or any(one.stream == name for one in waiting)
            ):
                raise Broken(f"I5: something of p{number} is left at {node.name}")
    for hub in living:
        for number in view.erased:
            if (number, hub.key) not in view.confirmed:
                raise Broken(f"{hub.name} has not confirmed that p{number} was erased")


def quarantine_holds_the_forged(world: World, living: list[Node]) -> None:
    """Nothing honest is set aside; what a revoked hub brings is."""
    for node in (world.country, *living):
        for reason, one in node.db.aside.values():
            if "revoked" not in reason and not any(entry.forged for entry in one.entries):
                raise Broken(
                    f"{node.name} set aside an honest run ({one.stream} {one.run.origin}:"
                    f"{one.run.first}–{one.run.last}): {reason}"
                )
        for waiting in node.db.parked.values():
            if COUNTRY in world.restored:
                break  # what a country said and forgot may depend on what it never sent
            for one, _ in waiting:
                if not any(entry.forged for entry in one.entries):
                    raise Broken(f"{node.name} still waits for what {one.run} depends on")


def rebuilt_is_live(node: Node, chance: random.Random) -> None:
    rows = node.journal()
    chance.shuffle(rows)
    view = node.rebuilt(rows)
    for number in node.db.away:  # what rotted of people who are elsewhere isn't asked for
        if node.db.streams[f"person:{number}"].has_hole():
            view.custody[number] = node.db.view.custody[number]
    rebuilt, live = view.state(), node.db.view.state()
    for what, value in live.items():
        if rebuilt[what] != value:
            raise Broken(f"{node.name}: rebuilt {what} is {rebuilt[what]}, live {value}")


def no_laws(world: World) -> None:
    """I4: what only the country may say is never shown when another said it."""
    for node in world.nodes():
        if node.db.view.laws:
            raise Broken(f"I4: {node.name} believes a law that the country didn't make")


def nothing_grows(world: World, living: list[Node]) -> None:
    """An exchange with nothing new adds nothing."""
    before = [node.db.size() for node in world.nodes()]
    for hub in living:
        if world.exchange(hub):
            raise Broken(f"{hub.name} has something new out of nothing")
    after = [node.db.size() for node in world.nodes()]
    if before != after:
        raise Broken(f"An exchange with nothing new changed the sizes: {before} {after}")
