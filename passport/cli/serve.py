"""`passport serve` and `passport work`: the server, and the worker by itself."""

from __future__ import annotations

import argparse
import errno
import os
import signal
import socket
import threading
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from passport.cli.answer import Answer, Exit
from passport.node import actions as node


def add(word: str, commands: Any, about: str) -> None:
    """Add the commands to the parser."""
    run = run_server if word == "serve" else run_worker
    commands.add_parser(word, help=about).set_defaults(run=run)


def run_server(given: argparse.Namespace) -> Answer:
    """Serve until stopped; Ctrl-C finishes the writes that wait."""
    del given
    node.found()
    host, _, port = settings.LISTEN.rpartition(":")
    busy = _refusal(host, int(port))
    if busy is not None:
        return Answer([busy], None, Exit.REFUSED)
    settings.MEDIA.mkdir(parents=True, exist_ok=True)
    os.environ["PASSPORT_SERVING"] = "1"

    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "passport.wsgi:application",
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        workers=settings.WORKERS,
        blocking_threads=settings.THREADS,
        # Files are served by `web.files`: granian's own path knows no ranges and nothing compressed.
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


def run_worker(given: argparse.Namespace) -> Answer:
    """Work until stopped."""
    del given
    node.found()
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    import_string(settings.WORKER)(settings.ROLE, stop)
    return Answer(["Stopped."])
