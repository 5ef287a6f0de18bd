"""`passport person …`: learners and those who work here."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any

from passport.cli import moving
from passport.cli.answer import Answer, table
from passport.cli.sites import group_id, site_id
from passport.kernel.actor import Actor
from passport.kernel.permissions import RoleName
from passport.people import actions, queries


def add(word: str, commands: Any, about: str) -> None:
    """Add the commands to the parser."""
    person = commands.add_parser(word, help=about).add_subparsers(
        title="commands", metavar="COMMAND", required=True
    )
    person_add = person.add_parser("add", help="register a learner, or somebody who works here")
    person_add.add_argument("given", help="first name")
    person_add.add_argument("family", nargs="?", default="")
    person_add.add_argument("--role", choices=[role.value for role in RoleName], default="learner")
    person_add.add_argument("--site", help="the code of a site (learners and facilitators)")
    person_add.add_argument("--group", help="the name of a class (learners)")
    person_add.add_argument("--sex", choices=["female", "male", "other"])
    person_add.add_argument("--username", help="to sign in with (staff)")
    person_add.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input"
    )
    person_add.set_defaults(run=run_person_add)
    listing = person.add_parser("list", help="everybody, names masked")
    listing.add_argument(
        "--search", default="", help="a word of a name, a user name, a phone number"
    )
    listing.add_argument("--page", type=int, default=1)
    listing.set_defaults(run=run_list)
    moving.add(person)


def run_person_add(given: argparse.Namespace) -> Answer:
    """Register a learner with a card, or staff with a password."""
    by = Actor.machine()
    if given.role != RoleName.LEARNER:
        return _add_staff(by, given)
    site = site_id(by, given.site)
    made = actions.register_learner(
        by=by,
        site=site,
        group=group_id(by, site, given.group),
        given=given.given,
        family=given.family,
        sex=given.sex,
    )
    return Answer(
        [f"{made.given} is registered. The card's code is {made.card}."],
        {"id": made.person.hex, "card": made.card, "picture_code": made.picture_code},
    )


def _add_staff(by: Actor, given: argparse.Namespace) -> Answer:
    person = actions.add_staff(
        by=by,
        given=given.given,
        family=given.family,
        username=given.username or given.given.lower(),
        password=_password(given),
        role=given.role,
        site=site_id(by, given.site) if given.site else None,
        sex=given.sex,
    )
    username = given.username or given.given.lower()
    return Answer(
        [f"{given.given} signs in as {username}."], {"id": person.id.hex, "username": username}
    )


def _password(given: argparse.Namespace) -> str:
    if given.password_stdin:
        return sys.stdin.readline().rstrip("\n")
    return getpass.getpass("Password for the new account: ")


def run_list(given: argparse.Namespace) -> Answer:
    """List people; nobody's name is opened on a terminal."""
    page = queries.people_page(Actor.machine(), search=given.search, page=given.page)
    rows = [
        (
            person.name,
            person.id.hex[-8:],
            person.site_name or "–",
            ", ".join(person.roles) or "learner",
            f"{person.registered_at:%Y-%m-%d}" if person.registered_at else "–",
        )
        for person in page.rows
    ]
    heads = ("name", "id", "site", "role", "registered")
    return Answer([*table(rows, heads), f"{page.total} in all."], list(page.rows))
