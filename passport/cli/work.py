"""`passport work`: what a node does by itself, without serving pages."""

from __future__ import annotations

import argparse
import signal
import threading
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from passport.cli.answer import Answer
from passport.node import actions as node


def add(word: str, commands: Any, about: str) -> None:
    """Add the command to the parser."""
    commands.add_parser(word, help=about).set_defaults(run=run)


def run(given: argparse.Namespace) -> Answer:
    """Work until stopped."""
    del given
    node.found()
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    import_string(settings.WORKER)(settings.ROLE, stop)
    return Answer(["Stopped."])
