"""`passport init`: make a node out of an empty folder."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

import django

from passport.cli.answer import Answer, Exit
from passport.kernel import files
from passport.kernel.role import Role

TEMPLATE = """\
# What this node is and how it works. docs/settings.md explains every line that may stand here.
role = "{role}"
name = "{name}"
listen = "{listen}"
address = "{address}"
"""


def add(word: str, commands: Any, about: str) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        word,
        help=about,
        description="Make a node. A second run changes nothing that is there, and brings the database up to date.",
    )
    parser.add_argument("--role", choices=["country", "hub"], default="country")
    parser.add_argument("--name", default="Learning Passport", help="as people know this place")
    parser.add_argument("--listen", default="127.0.0.1:8000", metavar="HOST:PORT")
    parser.add_argument(
        "--address", metavar="URL", help="how others reach it (printed on the cards)"
    )
    parser.add_argument(
        "--enrolment", type=Path, metavar="FILE", help="a hub's enrolment file from its country"
    )
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> Answer:
    """Write `passport.toml` if there is none, make keys and tables, take an enrolment file."""
    home = Path(os.environ["PASSPORT_HOME"])
    file = home / "passport.toml"
    try:
        files.make_folder(home / "data")
        files.make_folder(home / "keys", mode=0o700)
        if not file.exists():
            files.write(file, _settings(given).encode(), mode=0o644)
    except OSError as problem:
        return Answer([f"{home} can't be written: {problem.strerror}."], None, Exit.REFUSED)
    return _set_up(given, home)


def _settings(given: argparse.Namespace) -> str:
    address = given.address or f"http://{given.listen}"
    quoted = {
        key: value.replace("\\", "\\\\").replace('"', '\\"')
        for key, value in {
            "role": given.role,
            "name": given.name,
            "listen": given.listen,
            "address": address,
        }.items()
    }
    return TEMPLATE.format(**quoted)


def _set_up(given: argparse.Namespace, home: Path) -> Answer:
    django.setup()
    from django.conf import settings

    from passport.fleet import actions as fleet
    from passport.kernel.actor import Actor
    from passport.node import actions as node

    by = Actor.machine()
    node.upgrade_database(by=by)
    identity = node.set_up(by=by, name=settings.NODE_NAME)
    node.keep_reserve()  # now, while there is room: else the doctor would miss it before the first start
    role: Role = settings.ROLE
    lines = [f"{settings.NODE_NAME} is a {role.name} in {home}."]
    if given.enrolment is not None:
        country = fleet.enrol(by=by, file=given.enrolment.read_bytes())
        lines.append(f"It belongs to {country.name}, and goes there with its first parcel.")
    data = {"role": role.name, "key": bytes(identity.key).hex(), "home": str(home)}
    return Answer(lines, data)
