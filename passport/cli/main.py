"""Reads the command line, runs one command, prints what it says."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

import django
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext

from passport import __version__
from passport.cli.answer import Answer, Exit, database_trouble, show
from passport.cli.unlocking import unlock_here
from passport.kernel.errors import PassportError
from passport.node.errors import DatabaseRefused

EPILOG = """\
exit codes: 0 done · 1 refused, nothing changed · 2 not understood · 3 done in part · 4 no node here yet

A node is a folder: --home FOLDER, else $PASSPORT_HOME, else the current one.
"""

DOORS = {
    "init": ("init", "make a node in this folder: settings, keys, database"),
    "serve": ("serve", "serve this node's pages until Ctrl-C"),
    "work": ("work", "do a node's own work (exchange, figures) without serving pages"),
    "course": ("courses", "check and publish course folders"),
    "site": ("sites", "add sites and their classes"),
    "person": ("people", "add and list people"),
    "hub": ("hubs", "enrol hubs, list them"),
    "parcel": ("parcels", "make, take or look at parcels"),
    "lock": ("lock", "let this node start locked until somebody who works here unlocks it"),
    "key": ("key", "keep the node's key with trustees or on paper, and get it back"),
    "report": ("report", "the figures of this deployment"),
    "doctor": ("health", "look whether this node is sound, and mend it"),
    "backup": ("backups", "write a backup of this node into a folder, while it runs"),
    "restore": ("backups", "bring back the newest backup in a folder (stop the server first)"),
    "rebuild": ("health", "make every table again from the journal (stop the server first)"),
}
"""Each command: the module that holds it, and what it does."""

WITHOUT_DJANGO = {"init", "serve"}
"""The first writes the settings that all others read; the second leaves the rooms to its child."""
WITHOUT_SECRETS = {*WITHOUT_DJANGO, "lock", "key", "doctor"}
"""What runs on a node that is locked; the two in the middle ask for a password where they need it."""

Run = Callable[[argparse.Namespace], Answer]


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code. A refusal is a sentence, never a traceback."""
    try:
        return _run(arguments)
    except ImproperlyConfigured as problem:
        print(problem, file=sys.stderr)
        return Exit.REFUSED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except KeyboardInterrupt:
        return Exit.DONE


def _run(arguments: Sequence[str]) -> int:
    given = _parser(arguments).parse_args(arguments)
    if "run" not in given:
        _parser([]).print_help()
        return Exit.USAGE
    command: Run = given.run
    if given.command not in WITHOUT_DJANGO:
        from passport.node.actions import resume_time

        resume_time()
    try:
        if given.word not in WITHOUT_SECRETS:
            unlock_here()
        answer = command(given)
    except PassportError as refusal:
        answer = Answer([_sentence(refusal)], {"refused": _sentence(refusal)}, Exit.REFUSED)
    except FileNotFoundError as missing:
        answer = Answer([f"There is no {missing.filename}."], None, Exit.REFUSED)
    except DatabaseRefused as problem:
        answer = database_trouble(problem)
    show(answer, as_json=given.json)
    return answer.exit


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """Build the parser; of the doors behind the commands only the one that is asked for is opened."""
    parser = argparse.ArgumentParser(
        prog="passport",
        description="Learning Passport: run a node, and look after what it holds.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"passport {__version__}")
    parser.add_argument("--home", metavar="FOLDER", help="the node's folder")
    parser.add_argument("--json", action="store_true", help="answer with JSON, for scripts")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    asked = next((word for word in arguments if word in DOORS), None)
    for word, (module, about) in DOORS.items():
        if word != asked:
            commands.add_parser(word, help=about)
            continue
        if word not in WITHOUT_DJANGO:
            django.setup()
        door = import_module(f"passport.cli.{module}")
        door.add(word, commands, about)
        parser.set_defaults(word=word)
    return parser


def _sentence(refusal: PassportError) -> str:
    said = gettext(refusal.message)
    return said % refusal.params if refusal.params else said
