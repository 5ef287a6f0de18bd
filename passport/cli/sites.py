"""`passport site …`: schools and centres, and their classes."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from passport.cli.answer import Answer
from passport.kernel.actor import Actor
from passport.kernel.errors import NotFound
from passport.people import actions, queries


def add(word: str, commands: Any, about: str) -> None:
    """Add the commands to the parser."""
    site = commands.add_parser(word, help=about).add_subparsers(
        title="commands", metavar="COMMAND", required=True
    )
    adding = site.add_parser("add", help="add a school or centre, and its classes")
    adding.add_argument("name")
    adding.add_argument("--code", default="", help="a short code; made from the name without one")
    adding.add_argument("--group", action="append", default=[], metavar="NAME", help="a class")
    adding.set_defaults(run=run_add)


def run_add(given: argparse.Namespace) -> Answer:
    """Add a site."""
    by = Actor.machine()
    site = actions.add_site(by=by, name=given.name, code=given.code)
    groups = [actions.add_group(by=by, site=site.id, name=name) for name in given.group]
    lines = [f"{site.name} has the code {site.code}."]
    lines += [f"Its class {group.name} is there." for group in groups]
    return Answer(
        lines, {"id": site.id.hex, "code": site.code, "groups": {g.name: g.id.hex for g in groups}}
    )


def site_ids(by: Actor, codes: Iterable[str]) -> list[UUID]:
    """Find sites by their codes. Raises `NotFound`."""
    return [site_id(by, code) for code in codes]


def site_id(by: Actor, code: str | None) -> UUID:
    """Find a site by its code. Raises `NotFound`."""
    for row in queries.sites_page(by, search=code or "").rows:
        if row.code.casefold() == (code or "").casefold():
            return row.id
    raise NotFound("There is no site with the code %(code)s.", code=code or "–")


def group_id(by: Actor, site: UUID, name: str | None) -> UUID:
    """Find a class by its name; the first one without. Raises `NotFound`."""
    groups = [group for group in queries.groups_of(by) if group.site == site]
    for group in groups:
        if name is None or group.name.casefold() == name.casefold():
            return group.id
    raise NotFound("There is no class %(name)s at this site.", name=name or "–")
