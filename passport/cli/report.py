"""`passport report …`: the figures, as the office sees them."""

from __future__ import annotations

import argparse
from typing import Any

from django.utils.translation import gettext

from passport.cli.answer import Answer, table
from passport.insights import actions, queries
from passport.kernel.actor import Actor

SEXES = ("female", "male", "other", "not provided")


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
    rows = [
        (gettext(figure.indicator.title), f"{figure.total:,}", f"{figure.this_month:+,}")
        for figure in headline.figures
    ]
    heard, hubs, days = headline.coverage
    return Answer(
        [
            *table(rows, ("figure", "total", "this month")),
            f"{heard} of {hubs} hubs heard from in {days} days.",
        ],
        {figure.indicator.id: figure.total for figure in headline.figures}
        | {"heard": heard, "hubs": hubs, "days": days},
    )


def run_annual(given: argparse.Namespace) -> Answer:
    """Print a year: what was before, what was added and by whom, what is (R125, R126, R129)."""
    by = Actor.machine()
    actions.refresh(by=by)
    lines = queries.annual(by, given.year)
    heads = ("figure", f"before {given.year}", "added", *SEXES, "share female", "total")
    covered = queries.coverage()
    return Answer(
        [
            f"January – December {given.year}",
            *table([_row(line) for line in lines], heads),
            f"{covered.heard} of {covered.hubs} hubs heard from in {covered.days} days.",
        ],
        [
            {"figure": line.indicator.id, "before": line.before, "total": line.total}
            | {"added": line.added._asdict() if line.indicator.of_people else line.added.all}
            for line in lines
        ],
    )


def _row(line: queries.AnnualLine) -> tuple[str, ...]:
    added, share = line.added, line.added.share_female
    told = (
        (added.female, added.male, added.other, added.unsaid)
        if line.indicator.of_people
        else ("", "", "", "")
    )
    return (
        gettext(line.indicator.title),
        f"{line.before:,}",
        f"{added.all:,}",
        *(f"{number:,}" if isinstance(number, int) else number for number in told),
        f"{share:.0f} %" if line.indicator.of_people and share is not None else "",
        f"{line.total:,}",
    )
