"""`passport course …`: checking and publishing course folders."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from passport.cli.answer import Answer, Exit
from passport.kernel.actor import Actor
from passport.library import actions
from passport.library.actions import Problem
from passport.library.errors import CourseRefused


def add(word: str, commands: Any, about: str) -> None:
    """Add the commands to the parser."""
    course = commands.add_parser(word, help=about).add_subparsers(
        title="commands", metavar="COMMAND", required=True
    )
    check = course.add_parser(
        "check", help="say what is wrong with course folders, by file and line"
    )
    check.add_argument("folders", type=Path, nargs="+")
    check.set_defaults(run=run_check)
    publish = course.add_parser("publish", help="publish course folders (at the country)")
    publish.add_argument("folders", type=Path, nargs="+")
    publish.set_defaults(run=run_publish)


def _said(folder: Path, problems: Iterable[Problem]) -> list[str]:
    lines = []
    for problem in problems:
        where = f"{folder.name}/{problem.file}" + (f":{problem.line}" if problem.line else "")
        said = (
            gettext(problem.message) % problem.params
            if problem.params
            else gettext(problem.message)
        )
        lines.append(f"{where}: {problem.severity.value}: {said}")
    return lines


def run_check(given: argparse.Namespace) -> Answer:
    """Check; exit code 1 when any folder could not be published as it is."""
    lines: list[str] = []
    good = True
    for folder in given.folders:
        report = actions.check(folder)
        good = good and report.publishable
        lines += _said(folder, report.problems)
        lines.append(
            f"{folder.name}: {'can be published' if report.publishable else 'has errors'}."
        )
    return Answer(lines, None, Exit.DONE if good else Exit.REFUSED)


def run_publish(given: argparse.Namespace) -> Answer:
    """Publish each folder; one that has errors stops none of the others."""
    lines: list[str] = []
    data: list[dict[str, Any]] = []
    refused = 0
    for folder in given.folders:
        try:
            done = actions.publish(by=Actor.machine(), folder=folder)
        except CourseRefused as refusal:
            refused += 1
            lines += _said(folder, refusal.problems)
            lines.append(f"{folder.name}: not published.")
            continue
        lines += _said(folder, done.problems)
        said = (
            "has not changed" if done.nothing_changed else f"is published as version {done.number}"
        )
        lines.append(f"{folder.name} {said}.")
        data.append({"folder": str(folder), "course": done.course.hex, "version": done.version.hex})
    exit_code = Exit.DONE if not refused else Exit.IN_PART if data else Exit.REFUSED
    return Answer(lines, data, exit_code)
