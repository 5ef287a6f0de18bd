"""`passport serve`: starts the process that serves, and stays only to stop it.

Django lives in that process alone. This one reads the settings and no more: measured, loading the
rooms here as well would cost a hub 35 MB for nothing.
"""

from __future__ import annotations

import argparse
import errno
import os
import socket
from typing import Any

from django.conf import settings

from passport.cli.answer import Answer, Exit


def add(word: str, commands: Any, about: str) -> None:
    """Add the command to the parser."""
    commands.add_parser(word, help=about).set_defaults(run=run)


def run(given: argparse.Namespace) -> Answer:
    """Serve until stopped; Ctrl-C finishes the writes that wait."""
    del given
    if not settings.KEY_FILE.exists():
        return Answer(
            ["There is no node in this folder yet. `passport init` makes one."],
            None,
            Exit.NOT_SET_UP,
        )
    host, _, port = settings.LISTEN.rpartition(":")
    busy = _refusal(host, int(port))
    if busy is not None:
        return Answer([busy], None, Exit.REFUSED)
    settings.MEDIA.mkdir(parents=True, exist_ok=True)
    os.environ["PASSPORT_SERVING"] = "1"
    # Of 64 threads glibc lets up to sixteen keep freed memory to themselves: 20 MB, measured.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")

    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "passport.wsgi:application",
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        workers=settings.WORKERS,
        blocking_threads=settings.THREADS,
        log_enabled=False,
        websockets=False,
    ).serve()
    return Answer(["Stopped."])


def _refusal(host: str, port: int) -> str | None:
    """Say why the address can't be used, before anything is started."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE:
                return f"Port {port} is in use. Stop what uses it, or change `listen` in passport.toml."
            return f"{host}:{port} can't be used: {problem.strerror}."
    return None
