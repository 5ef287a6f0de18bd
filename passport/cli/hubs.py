"""`passport hub …`: enrolling hubs, and the register."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from passport.cli import trust
from passport.cli.answer import Answer, table
from passport.cli.sites import site_ids
from passport.fleet import actions as fleet
from passport.fleet import queries
from passport.kernel.actor import Actor


def add(word: str, commands: Any, about: str) -> None:
    """Add the commands to the parser."""
    hub = commands.add_parser(word, help=about).add_subparsers(
        title="commands", metavar="COMMAND", required=True
    )
    enrol = hub.add_parser("enrol", help="make the enrolment file of a new hub (at the country)")
    enrol.add_argument("name", help="the hub's name")
    enrol.add_argument(
        "--site", action="append", required=True, help="code of a site that it serves"
    )
    enrol.add_argument("--out", type=Path, required=True, metavar="FILE")
    enrol.set_defaults(run=run_enrol)
    join = hub.add_parser("join", help="take an enrolment file (on the hub)")
    join.add_argument("file", type=Path)
    join.set_defaults(run=run_join)
    listing = hub.add_parser(
        "list", help="the hubs of this country, with when they were last heard"
    )
    listing.add_argument("--search", default="")
    listing.add_argument("--page", type=int, default=1)
    listing.set_defaults(run=run_list)
    trust.add(hub)


def run_enrol(given: argparse.Namespace) -> Answer:
    """Write the file; the code in it works once."""
    by = Actor.machine()
    content = fleet.make_enrolment(by=by, name=given.name, sites=site_ids(by, given.site))
    given.out.write_bytes(content)
    return Answer(
        [
            f"{given.out} enrols {given.name}. Its code works once; take it to the hub and run",
            f"  passport hub join {given.out.name}",
        ],
        {"file": str(given.out), "hub": given.name},
    )


def run_join(given: argparse.Namespace) -> Answer:
    """Make this hub a hub of the country whose file it is."""
    peer = fleet.enrol(by=Actor.machine(), file=given.file.read_bytes())
    return Answer(
        [f"This hub belongs to {peer.name} now, and goes there with its first parcel."],
        {"country": peer.name},
    )


def run_list(given: argparse.Namespace) -> Answer:
    """List the register."""
    page = queries.hubs_page(Actor.machine(), search=given.search, page=given.page)
    rows = [
        (
            line.name,
            line.key[:8],
            f"{line.last_heard:%Y-%m-%d %H:%M}" if line.last_heard else "never",
            line.version or "–",
            "revoked" if line.revoked_at else "–",
            str(len(line.holds)),
        )
        for line in page.lines
    ]
    heads = ("hub", "key", "last heard (UTC)", "version", "trust", "courses")
    return Answer(
        [*table(rows, heads), f"{page.total} in all."], [line._asdict() for line in page.lines]
    )
