"""`passport doctor` and `passport rebuild`: is this node sound, and the way back when it isn't."""

from __future__ import annotations

import argparse
from typing import Any

from django.utils.translation import gettext as _

from passport.care import actions as care
from passport.cli.answer import Answer, Exit
from passport.cli.progress import Progress
from passport.kernel.actor import Actor
from passport.sync import actions as sync


def add(word: str, commands: Any, about: str) -> None:
    """Add the commands to the parser."""
    if word == "rebuild":
        commands.add_parser(word, help=about).set_defaults(run=run_rebuild)
        return
    doctor = commands.add_parser(word, help=about)
    doctor.add_argument(
        "--mend", action="store_true", help="put right what can be (stop the server first)"
    )
    doctor.add_argument(
        "--full", action="store_true", help="read every entry of the journal, not the last ones"
    )
    doctor.set_defaults(run=run_doctor)


def run_doctor(given: argparse.Namespace) -> Answer:
    """Look at database, journal, content, disk; exit code 3 when something still needs doing."""
    progress = Progress()
    try:
        found = care.examine(
            by=Actor.machine(), mend=given.mend, fully=given.full, telling=progress
        )
    finally:
        progress.end()
    said = [(one.is_well, _(one.said) % one.params if one.params else _(one.said)) for one in found]
    lines = [f"{'  ok  ' if is_well else ' HELP '} {words}" for is_well, words in said]
    data = [{"good": is_well, "said": words} for is_well, words in said]
    all_is_well = all(is_well for is_well, _words in said)
    return Answer(lines, data, Exit.DONE if all_is_well else Exit.IN_PART)


def run_rebuild(given: argparse.Namespace) -> Answer:
    """Rebuild every projection."""
    del given
    entries = sync.rebuild(by=Actor.machine())
    return Answer([f"Everything was made again from {entries:,} entries."], {"entries": entries})
