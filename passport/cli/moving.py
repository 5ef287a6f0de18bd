"""`passport person move`, `erase`, `erasure`: what the country alone decides about a person."""

from __future__ import annotations

import argparse
from typing import Any
from uuid import UUID

from passport.cli.answer import Answer, Exit, confirmed, table
from passport.cli.sites import group_id, site_id
from passport.fleet import queries as fleet
from passport.kernel.actor import Actor
from passport.kernel.errors import NotFound
from passport.node import queries as node
from passport.people import actions, queries
from passport.privacy import actions as privacy
from passport.privacy import queries as erasures


def add(person: Any) -> None:
    """Add the commands to those about people."""
    move = person.add_parser("move", help="move a learner to another site (at the country)")
    move.add_argument("id", help="the person's id, or its last eight digits as `list` shows them")
    move.add_argument("--site", required=True, help="the code of the site")
    move.add_argument("--group", help="the name of a class there")
    move.set_defaults(run=run_move)
    erase = person.add_parser("erase", help="forget a person for good, everywhere (at the country)")
    erase.add_argument("id", help="the person's id, or its last eight digits as `list` shows them")
    erase.set_defaults(run=run_erase)
    erasure = person.add_parser("erasure", help="which nodes have confirmed an erasure")
    erasure.add_argument("id", help="the whole id, as `erase` showed it")
    erasure.set_defaults(run=run_erasure)


def run_move(given: argparse.Namespace) -> Answer:
    """Move, and say what follows; it can be moved back in the same way."""
    by = Actor.machine()
    person, site = queries.person_ending(by, given.id), site_id(by, given.site)
    before = queries.person(by, person).site
    group = group_id(by, site, given.group) if given.group else None
    actions.move_to_site(by=by, person=person, site=site, group=group)
    gets = [hub.name for hub in fleet.hubs_of(site)]
    had = [hub.name for hub in fleet.hubs_of(before) if hub.name not in gets] if before else []
    lines = [f"{queries.site_names()[site]} is the person's site now."]
    lines += [f"{name} gets the whole record with its next parcel." for name in gets]
    lines += [f"{name} lets go of it once it has heard; what is done there counts." for name in had]
    return Answer(lines, {"id": person.hex, "site": site.hex, "gets": gets, "lets_go": had})


def run_erase(given: argparse.Namespace) -> Answer:
    """Ask, because nothing brings a person back, and erase."""
    by = Actor.machine()
    person = queries.person_ending(by, given.id)
    place = node.introduction().name
    asked = (
        f"Erase {person.hex}, registered at {queries.person(by, person).site_name or '–'},"
        " and all that they have learnt? Nothing brings it back."
    )
    if not confirmed(asked, place):
        return Answer(["Nothing was changed."], None, Exit.REFUSED)
    erased = privacy.erase(by=by, person=person)
    lines = [f"{each.hex} is erased." for each in erased]
    return Answer([*lines, *_told(person)], {"erased": [each.hex for each in erased]})


def run_erasure(given: argparse.Namespace) -> Answer:
    """Print the receipt: each node with its state."""
    try:
        person = UUID(hex=given.id)
    except ValueError:
        raise NotFound("Nobody was erased under this id.") from None
    receipt = erasures.receipt(Actor.machine(), person)
    return Answer(
        _told(person),
        {
            "person": person.hex,
            "complete": receipt.is_complete,
            "nodes": [state._asdict() for state in receipt.nodes],
        },
    )


def _told(person: UUID) -> list[str]:
    receipt = erasures.receipt(Actor.machine(), person)
    rows = [(state.name, state.key[:8], _state(state)) for state in receipt.nodes]
    ending = "Every node has confirmed it." if receipt.is_complete else "Not every node yet."
    return [*table(rows, ("node", "key", "state")), ending]


def _state(one: erasures.NodeState) -> str:
    if one.confirmed_at:
        return f"forgotten, {one.confirmed_at:%Y-%m-%d %H:%M} UTC"
    if one.is_revoked:
        return "revoked: its keys end with their lease"
    heard = f"{one.last_heard:%Y-%m-%d}" if one.last_heard else "never"
    return f"hasn't confirmed yet, last heard {heard}"
