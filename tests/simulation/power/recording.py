"""Runs a program under the recorder, and reads what it did to its disk."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[3]
SOURCE = Path(__file__).with_name("recorder.c")
SAID = "said"
"""The file in a node's folder that is no part of its disk: what it told the world, line by line."""
UV = ROOT / ".tools" / "uv" / "bin" / "uv"
ZIG = "ziglang==0.17.1"
_built = TemporaryDirectory(prefix="passport-recorder-")
_LINE = struct.Struct("=IiqII")


class What(IntEnum):
    """What a line of the record says; `recorder.c` writes them."""

    OPEN = 1
    CLOSE = 2
    WRITE = 3
    TRUNCATE = 4
    SYNC = 5
    RENAME = 6
    UNLINK = 7
    MKDIR = 8
    RMDIR = 9
    LINK = 10


# What happened to a disk. A file is a number: its name may change, or go.


class Write(NamedTuple):
    """Bytes came into a file."""

    file: int
    offset: int
    content: bytes


class Truncate(NamedTuple):
    """A file got this size."""

    file: int
    size: int


class Sync(NamedTuple):
    """A file's content was flushed."""

    file: int


class Name(NamedTuple):
    """A name (from the node's folder on) came to mean this file, or nothing; a folder is FOLDER."""

    path: str
    file: int | None
    before: str = ""
    """The name that ended with this: a file was renamed."""


class SyncNames(NamedTuple):
    """The names in a folder were flushed."""

    folder: str


class Said(NamedTuple):
    """The node told the world something that it must stand by."""

    what: dict[str, Any]


type Change = Write | Truncate | Sync | Name | SyncNames | Said
FOLDER = -1


@dataclass(frozen=True, slots=True)
class Recording:
    """Everything that happened to the folder of one node, in order."""

    folder: Path
    changes: Sequence[Change]


@cache
def recorder() -> Path:
    """Compile the recorder; once a process."""
    library = Path(_built.name) / "recorder.so"
    done = subprocess.run(
        [*_compiler(), "-O2", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl", "-lpthread"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return library


def _compiler() -> list[str]:
    """Find a C compiler: this machine's, or the one that comes from PyPI as the rest of our tools do."""
    own = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if own is not None:
        return [own]
    uv = str(UV) if UV.exists() else "uv"
    return [uv, "run", "--no-project", "--with", ZIG, "python", "-m", "ziglang", "cc"]


def run_recorded(root: Path, command: Sequence[str]) -> list[Recording]:
    """Run a Python module that works below a folder; each folder right below it is a node of its own.

    The folder must be named as the program will name it, without symbolic links.
    """
    root.mkdir(parents=True)
    record = root.with_name(f"{root.name}.record")
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": "",
            "LD_PRELOAD": str(recorder()),
            "POWER_ROOT": str(root),
            "POWER_RECORD": str(record),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    changes: dict[str, list[Change]] = defaultdict(list)
    for node, change in _Reader(root).changes(record.read_bytes()):
        changes[node].append(change)
    record.unlink()
    return [Recording(root / node, all_of_it) for node, all_of_it in changes.items()]


@dataclass(slots=True)
class _Line:
    what: What
    file: int
    number: int
    first: bytes
    second: bytes


class _Reader:
    """Turns lines, which speak of open files, into changes, which speak of files."""

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self.folders = {self.root}
        self.files: dict[str, int] = {}
        """By name, as the running program saw it."""
        self.open: dict[int, tuple[str, int]] = {}
        """By number: the name under which it was opened, and the file."""
        self.count = 0

    def changes(self, record: bytes) -> Iterator[tuple[str, Change]]:
        """Read a record; each change with the node (a folder right below the root) that it is of."""
        for line in _lines(record):
            for path, change in self._read(line):
                node, _, below = os.path.relpath(path, self.root).partition("/")
                if node == ".":
                    continue  # the folder of all nodes is flushed too: it is none of them
                if below == SAID:
                    if isinstance(change, Write):
                        yield node, Said(json.loads(change.content))
                elif isinstance(change, SyncNames):
                    yield node, SyncNames(below)
                elif isinstance(change, Name):
                    if below:  # a node's own folder is always there
                        before = change.before and os.path.relpath(
                            change.before, Path(self.root, node)
                        )
                        yield node, Name(below, change.file, before)
                else:
                    yield node, change

    def _read(self, line: _Line) -> Iterator[tuple[str, Change]]:
        match line.what:
            case What.OPEN:
                yield from self._opened(line)
            case What.CLOSE:
                self.open.pop(line.file, None)
            case What.WRITE | What.TRUNCATE | What.SYNC:
                yield self._content(line)
            case _:
                yield from self._named(line)

    def _opened(self, line: _Line) -> Iterator[tuple[str, Change]]:
        path = os.path.normpath(line.first.decode())
        if path in self.folders:
            self.open[line.file] = path, FOLDER
            return
        known = self.files.get(path)
        if known is None:
            known = self.files[path] = self.count = self.count + 1
            yield path, Name(path, known)
        elif line.number & os.O_TRUNC:
            yield path, Truncate(known, 0)
        self.open[line.file] = path, known

    def _content(self, line: _Line) -> tuple[str, Change]:
        path, file = self.open[line.file]
        if line.what is What.WRITE:
            return path, Write(file, line.number, line.first)
        if line.what is What.TRUNCATE:
            return path, Truncate(file, line.number)
        return path, SyncNames(path) if file == FOLDER else Sync(file)

    def _named(self, line: _Line) -> Iterator[tuple[str, Change]]:
        path = os.path.normpath(line.first.decode())
        match line.what:
            case What.MKDIR:
                self.folders.add(path)
                yield path, Name(path, FOLDER)
            case What.RMDIR:
                self.folders.discard(path)
                yield path, Name(path, None)
            case What.UNLINK:
                self.files.pop(path, None)
                yield path, Name(path, None)
            case What.RENAME | What.LINK:
                yield self._renamed(path, os.path.normpath(line.second.decode()), line.what)

    def _renamed(self, path: str, to: str, what: What) -> tuple[str, Change]:
        before = path if what is What.RENAME else ""
        if path in self.folders:
            self.folders = {moved(folder, path, to) for folder in self.folders}
            self.files = {moved(name, path, to): file for name, file in self.files.items()}
            return to, Name(to, FOLDER, before)
        file = self.files[to] = self.files[path]
        if before:
            del self.files[path]
        return to, Name(to, file, before)


def moved(path: str, folder: str, to: str) -> str:
    """Return what a path is called after a folder was renamed."""
    return to + path[len(folder) :] if f"{path}/".startswith(f"{folder}/") else path


def _lines(record: bytes) -> Iterator[_Line]:
    at = 0
    while at < len(record):
        what, file, number, first, second = _LINE.unpack_from(record, at)
        at += _LINE.size
        middle, end = at + first, at + first + second
        yield _Line(What(what), file, number, record[at:middle], record[middle:end])
        at = end
