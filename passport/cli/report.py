"""`passport report …`: the figures, as the office sees them."""

from __future__ import annotations

import argparse
from typing import Any

from django.utils.translation import gettext

from passport.cli.answer import Answer, table
from passport.insights import actions, queries
from passport.kernel.actor import Actor


def add(word: str, commands: Any, about: str) -> None:
    """Add the commands to the parser."""
    report = commands.add_parser(word, help=about).add_subparsers(
        title="commands", metavar="COMMAND", required=True
    )
    headline = report.add_parser("headline", help="the five headline figures, with their coverage")
    headline.set_defaults(run=run_headline)
    annual = report.add_parser("annual", help="the figures of one year: totals and what was added")
    annual.add_argument("--year", type=int, required=True)
    annual.set_defaults(run=run_annual)


def run_headline(given: argparse.Namespace) -> Answer:
    """Print the five figures and how much of the country they cover."""
    del given
    by = Actor.machine()
    actions.refresh(by=by)
    headline = queries.headline(by)
    rows = [(gettext(figure.indicator.title), f"{figure.total:,}") for figure in headline.figures]
    heard, hubs = headline.coverage.heard, headline.coverage.hubs
    return Answer(
        [*table(rows, ("figure", "value")), f"{heard} of {hubs} hubs heard from in 30 days."],
        {figure.indicator.id: figure.total for figure in headline.figures}
        | {"heard": heard, "hubs": hubs},
    )


def run_annual(given: argparse.Namespace) -> Answer:
    """Print a year."""
    by = Actor.machine()
    actions.refresh(by=by)
    lines = queries.annual(by, given.year)
    rows = [
        (gettext(line.indicator.title), f"{line.total:,}", f"{line.added.all:,}") for line in lines
    ]
    heads = ("figure", f"at the end of {given.year}", f"added in {given.year}")
    return Answer(
        table(rows, heads),
        [
            {"figure": line.indicator.id, "total": line.total, "added": line.added._asdict()}
            for line in lines
        ],
    )
