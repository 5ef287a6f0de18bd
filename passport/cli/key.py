"""`passport key …`: the node's key kept by trustees or on paper, and put back when it is lost."""

from __future__ import annotations

import argparse
import getpass
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from passport.cli import renewing
from passport.cli.answer import Answer, Exit
from passport.cli.share_pages import page_of, share_in
from passport.cli.unlocking import unlock_here
from passport.kernel.actor import Actor
from passport.node import actions

LARGEST = 64 * 1024
"""No backup has more bytes, and no page."""


def add(word: str, commands: Any, about: str) -> None:
    """Add the commands to the parser."""
    key = commands.add_parser(word, help=about).add_subparsers(
        title="commands", metavar="COMMAND", required=True
    )
    split = key.add_parser("split", help="write a backup, and a page for each trustee to print")
    split.add_argument("file", type=Path, help="the backup: keep copies of it anywhere")
    split.add_argument("--shares", type=int, default=5, help="how many trustees")
    split.add_argument("--needed", type=int, default=3, help="how many of them are needed")
    split.add_argument("--pages", type=Path, metavar="FOLDER", help="beside the file without it")
    split.set_defaults(run=run_split)
    backup = key.add_parser("backup", help="write a backup that a printed code opens")
    backup.add_argument("file", type=Path)
    backup.set_defaults(run=run_backup)
    recover = key.add_parser("recover", help="put the key back where there is none")
    recover.add_argument("file", type=Path, help="the backup")
    recover.add_argument("shares", type=Path, nargs="*", help="typed pages; none: you are asked")
    recover.set_defaults(run=run_recover)
    renewing.add(key)


def run_split(given: argparse.Namespace) -> Answer:
    """Write the file and the pages."""
    unlock_here()
    file, words = actions.split_key(by=Actor.machine(), shares=given.shares, needed=given.needed)
    count, name, folder = len(words), actions.found().name, given.pages or given.file.parent
    paths = [folder / f"share-{number}-of-{count}.txt" for number in range(1, count + 1)]
    contents = {given.file: file}
    for number, (path, share) in enumerate(zip(paths, words, strict=True), 1):
        told = page_of(
            share, number=number, shares=count, needed=given.needed, name=name, file=given.file.name
        )
        contents[path] = told.encode()
    refused = _write(contents)
    lines = [
        f"{given.file} is the backup. Keep copies of it in several places.",
        f"{count} pages are in {folder}: print each once, give each to one trustee, destroy these files.",
    ]
    return refused or Answer(lines, {"file": str(given.file), "pages": [*map(str, paths)]})


def run_backup(given: argparse.Namespace) -> Answer:
    """Write the file and show the code."""
    unlock_here()
    file, code = actions.back_up_key(by=Actor.machine())
    refused = _write({given.file: file})
    lines = [
        f"{given.file} is the backup. This code opens it, and nobody can show it again:",
        f"    {code}",
        "Print the code, and keep it apart from the file.",
    ]
    return refused or Answer(lines, {"file": str(given.file), "code": code})


def run_recover(given: argparse.Namespace) -> Answer:
    """Open the backup with pages, or with what is typed."""
    try:
        file, *pages = [_read(path) for path in (given.file, *given.shares)]
    except OSError as problem:
        return _trouble(problem)
    said = [share_in(page.decode(errors="replace")) for page in pages] or list(_typed())
    name = actions.recover_key(by=Actor.machine(), file=file, given=said)
    lines = [f"The key of {name} is back.", "`passport init` and `passport serve` go on with it."]
    return Answer(lines, {"name": name})


def _typed() -> Iterator[str]:
    while line := getpass.getpass("A share, or the code (nothing more: Enter): ").strip():
        yield line


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST)


def _write(contents: dict[Path, bytes]) -> Answer | None:
    """Write new files that only their owner reads; what is there already is never written over."""
    try:
        for path, content in contents.items():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
    except OSError as problem:
        return _trouble(problem)
    return None


def _trouble(problem: OSError) -> Answer:
    return Answer([f"{problem.filename}: {problem.strerror}."], None, Exit.REFUSED)
