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
            _("%(number)s entries don't hold or are missing. Run `passport doctor --full`.")
            % {"number": saved.holes}
        )
    if saved.damaged:
        lines.append(
            _("%(number)s files of content are damaged and were left out. Run `passport doctor`.")
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
            telling=progress,
        )
    except KeyboardInterrupt:
        return Answer([_("Stopped. Nothing was changed.")], None, Exit.REFUSED)
    finally:
        progress.end()
    return Answer(
        _told(restored),
        {
            "folder": str(restored.folder),
            "entries": restored.entries,
            "files": restored.files,
            "lacking": restored.lacking,
            "awaits_erasures": restored.awaits_erasures,
            "seconds": round(restored.seconds, 2),
        },
        Exit.IN_PART if restored.lacking or restored.streams_with_holes else Exit.DONE,
    )


def _told(restored: care.Restored) -> list[str]:
    return [_(said) % params if params else _(said) for said, params in restored.told()]
