"""`passport backup` and `passport restore`: a whole node into a folder, and out of it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from passport.care import actions as care
from passport.cli.answer import Answer, Exit
from passport.cli.progress import Progress
from passport.kernel.actor import Actor
from passport.sync.sentences import size_in_words


def add(word: str, commands: Any, about: str) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(word, help=about)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--keys",
        type=Path,
        metavar="FOLDER",
        help="where people's keys are kept (without it, in a file of their own beside the backups)",
    )
    if word == "backup":
        parser.add_argument(
            "--without-content",
            action="store_true",
            help="leave out the files of courses, which a hub can get from its country again",
        )
        parser.set_defaults(run=run_backup)
    else:
        parser.add_argument(
            "--replace", action="store_true", help="put the database that is here aside"
        )
        parser.add_argument(
            "--knows-all-erasures",
            action="store_true",
            help="keys/erased.jsonl lacks nobody: serve people at once",
        )
        parser.set_defaults(run=run_restore)


def run_backup(given: argparse.Namespace) -> Answer:
    """Write a backup; Ctrl-C leaves nothing of it."""
    progress = Progress()
    try:
        saved = care.back_up(
            by=Actor.machine(),
            into=given.folder,
            keys_into=given.keys,
            with_content=not given.without_content,
            telling=progress,
        )
    except KeyboardInterrupt:
        return Answer([_("Stopped. Nothing is left of this backup.")], None, Exit.REFUSED)
    finally:
        progress.end()
    lines = [
        _("%(entries)s entries and %(files)s files of content, %(size)s, are in %(folder)s.")
        % {
            "entries": number_format(saved.entries, force_grouping=True),
            "files": saved.files,
            "size": size_in_words(saved.bytes),
            "folder": saved.folder,
        },
        _("The node's own key is not in it: keep a copy of keys/ in another place."),
    ]
    if saved.holes:
        lines.append(
            _("Entries that don't hold or are missing: %(number)s. Run `passport doctor --full`.")
            % {"number": saved.holes}
        )
    if saved.damaged:
        lines.append(
            _("Damaged files of content that were left out: %(number)s. Run `passport doctor`.")
            % {"number": saved.damaged}
        )
    data = {
        "folder": str(saved.folder),
        "entries": saved.entries,
        "files": saved.files,
        "bytes": saved.bytes,
        "holes": saved.holes,
        "damaged": saved.damaged,
        "seconds": round(saved.seconds, 2),
    }
    return Answer(lines, data, Exit.IN_PART if saved.holes or saved.damaged else Exit.DONE)


def run_restore(given: argparse.Namespace) -> Answer:
    """Bring back the newest backup; Ctrl-C leaves everything as it was."""
    progress = Progress()
    try:
        restored = care.restore(
            by=Actor.machine(),
            folder=given.folder,
            keys_from=given.keys,
            replace=given.replace,
            knows_all_erasures=given.knows_all_erasures,
            telling=progress,
        )
    except KeyboardInterrupt:
        return Answer([_("Stopped. Nothing was changed.")], None, Exit.REFUSED)
    finally:
        progress.end()
    said = [_(each) % params if params else _(each) for each, params in restored.told()]
    names = ("entries", "files", "lacking", "awaits_erasures")
    data = {name: getattr(restored, name) for name in names}
    data |= {"folder": str(restored.folder), "seconds": round(restored.seconds, 2)}
    is_short = restored.lacking or restored.streams_with_holes
    return Answer(said, data, Exit.IN_PART if is_short else Exit.DONE)
