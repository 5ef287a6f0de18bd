"""`passport doctor` and `passport rebuild`: is this node sound, and the way back when it isn't."""

from __future__ import annotations

import argparse
import shutil
from typing import Any

from django.conf import settings

from passport.cli.answer import Answer, Exit
from passport.kernel.actor import Actor
from passport.library import actions as library
from passport.node import queries as node
from passport.sync import actions as sync

SAFE_SQLITE = (3, 51, 3)
LOW_ROOM = 1024**3


def add(word: str, commands: Any, about: str) -> None:
    """Add the commands to the parser."""
    run = run_doctor if word == "doctor" else run_rebuild
    commands.add_parser(word, help=about).set_defaults(run=run)


def run_doctor(given: argparse.Namespace) -> Answer:
    """Check database, journal, content, disk; exit code 3 when something needs doing."""
    del given
    findings = [*_database(), *_journal(), *_content(), *_disk()]
    bad = [said for is_good, said in findings if not is_good]
    lines = [f"{'  ok  ' if is_good else ' HELP '} {said}" for is_good, said in findings]
    data = [{"good": is_good, "said": said} for is_good, said in findings]
    return Answer(lines, data, Exit.IN_PART if bad else Exit.DONE)


def _database() -> list[tuple[bool, str]]:
    state = node.database_state()
    if state.product != "sqlite":
        return [(True, "The database is PostgreSQL.")]
    findings = [
        (True, "The database is sound.")
        if state.damage is None
        else (False, f"The database is damaged: {state.damage}")
    ]
    if state.version < SAFE_SQLITE:
        version = ".".join(map(str, state.version))
        said = f"SQLite {version} is older than 3.51.3: run no second program on this database."
        findings.append((True, said))
    return findings


def _journal() -> list[tuple[bool, str]]:
    broken = node.broken_links()
    if not broken:
        return [(True, "The last entries of every chain hold.")]
    return [(False, f"The journal is damaged at {place}.") for place in broken]


def _content() -> list[tuple[bool, str]]:
    scrubbed = library.scrub(by=Actor.machine())
    if not scrubbed.damaged:
        return [(True, f"All {scrubbed.looked_at} files of content are whole.")]
    number = len(scrubbed.damaged)
    return [(False, f"{number} files of content are damaged; the next parcel brings them again.")]


def _disk() -> list[tuple[bool, str]]:
    free = shutil.disk_usage(settings.DATA).free
    room = f"{free / 1000**3:.1f} GB are free."
    return [
        (free > LOW_ROOM, room if free > LOW_ROOM else f"{room} Please make room on this disk.")
    ]


def run_rebuild(given: argparse.Namespace) -> Answer:
    """Rebuild every projection."""
    del given
    entries = sync.rebuild(by=Actor.machine())
    return Answer([f"Everything was made again from {entries:,} entries."], {"entries": entries})
