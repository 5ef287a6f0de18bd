"""`passport hub revoke`, `hub quarantine`: a hub that is trusted no more, and what was set aside."""

from __future__ import annotations

import argparse
from typing import Any

from passport.cli.answer import Answer, Exit, confirmed, table
from passport.fleet import actions as fleet
from passport.fleet import queries
from passport.kernel.actor import Actor
from passport.sync import queries as sync
from passport.sync import sentences


def add(hub: Any) -> None:
    """Add the commands to those about hubs."""
    revoke = hub.add_parser("revoke", help="trust a hub no more: it was lost or stolen")
    revoke.add_argument("name", help="the hub's name, or the beginning of its key")
    revoke.add_argument("--why", required=True, help="every hub of the country hears of it")
    revoke.add_argument("--yes", action="store_true", help="don't ask")
    revoke.set_defaults(run=run_revoke)
    aside = hub.add_parser("quarantine", help="what hubs sent and may not say: it has no effect")
    aside.add_argument("name", nargs="?", help="of one hub")
    aside.add_argument("--page", type=int, default=1)
    aside.set_defaults(run=run_quarantine)


def run_revoke(given: argparse.Namespace) -> Answer:
    """Ask, because it can't be taken back, and revoke."""
    by = Actor.machine()
    hub = queries.hub_named(by, given.name)
    asked = f"Revoke {hub.name} ({hub.key[:8]})? It can't be taken back."
    if not (given.yes or confirmed(asked, hub.name)):
        return Answer(["Nothing was changed."], None, Exit.REFUSED)
    fleet.revoke(by=by, key=hub.key, why=given.why)
    lines = [
        f"{hub.name} is revoked. What it sends is set aside, and it gets nothing any more.",
        "Other hubs hear of it with their next parcels.",
    ]
    return Answer(lines, {"hub": hub.name, "key": hub.key})


def run_quarantine(given: argparse.Namespace) -> Answer:
    """List what was set aside."""
    by = Actor.machine()
    key = queries.hub_named(by, given.name).key if given.name else ""
    page = sync.set_aside(by, key=key, page=given.page)
    rows = [
        (
            f"{line.at:%Y-%m-%d %H:%M}",
            line.peer,
            f"{sentences.stream_in_words(line.stream)} {line.places}",
            sentences.why_set_aside(line.reason),
        )
        for line in page.lines
    ]
    heads = ("when (UTC)", "from", "about", "why")
    return Answer(
        [*table(rows, heads), f"{page.total} in all."], [line._asdict() for line in page.lines]
    )
