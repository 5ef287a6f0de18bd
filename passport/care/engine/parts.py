r"""The bytes of a backup, version 1.

A backup is a folder: numbered parts, and `manifest.json`, which names each part with its SHA-256 and is
signed by the node. The folder gets its name when all that is on the disk. A part is JSON Lines in one
zstd frame; a line that is an object says what the arrays after it are:

    {"table":"node.Peer","columns":["id","key",…]}                then a row a line
    {"chain":["<stream>","<origin>"],"first":1,"prev":"…"}        then [hlc, kind, body] or […, dep]
    {"hole":["<stream>","<origin>"],"first":7,"last":8}           what was missing when it was made
    {"content":["sha256","extension","size"]}                     the files of content that belong to it

Nothing in here reads a database. Reading is bounded: by the sizes below, whatever a file says of itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import file_digest
from io import BytesIO
from pathlib import Path
from typing import Final

import msgspec
import zstandard

from passport.care.errors import BackupDamaged, TooNew
from passport.kernel import files
from passport.kernel.clock import moment
from passport.kernel.encoding import canonical, digest, read
from passport.kernel.errors import Damaged
from passport.kernel.signing import verifies
from passport.node.policies import check_room

VERSION: Final = 1
PURPOSE: Final = "passport backup 1"
MANIFEST: Final = "manifest.json"
PART_BYTES: Final = 8 * 1024 * 1024
"""A part is closed once it holds so much, unpacked."""
LARGEST: Final = 64 * 1024 * 1024
"""No part is read that is larger, packed or unpacked."""
MANIFEST_BYTES: Final = 16 * 1024 * 1024
_FOLDER: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{6}-[0-9a-f]{8}")
_DATE: Final = "%Y-%m-%d-%H%M%S"
_NAME: Final = re.compile(r"[0-9]{6}\.part")


class Part(msgspec.Struct):
    """One part, as the manifest names it."""

    name: str
    size: int
    digest: bytes


class Manifest(msgspec.Struct):
    """What a backup says of itself."""

    backup: int
    node: str
    """The key in hex of the node whose backup it is."""
    made: int
    """Milliseconds since 1970 by its clock."""
    program: str
    entries: int
    people: int
    holes: int
    files: int
    """Of content, with their bytes."""
    bytes: int
    parts: list[Part]


class Signed(msgspec.Struct):
    """The file `manifest.json`."""

    manifest: msgspec.Raw
    signature: bytes


class Header(msgspec.Struct, omit_defaults=True):
    """A line that says what the lines after it are."""

    table: str | None = None
    columns: list[str] = []
    chain: tuple[str, str] | None = None
    first: int = 0
    prev: bytes = b""
    hole: tuple[str, str] | None = None
    last: int = 0
    content: list[str] | None = None


# Folders


def folder_name(made: int, key: str) -> str:
    """Name a backup by when it was made, in ms since 1970, and the node whose it is."""
    return f"{moment(made):{_DATE}}-{key[:8]}"


def backups_in(folder: Path, key: str = "") -> Iterator[tuple[int, Path]]:
    """Find the backups in a folder, with when each was made; with `key` those of one node."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if is_backup(path) and path.name.endswith(key[:8]):
            yield int(_moment_of(path.name).timestamp() * 1000), path


def is_backup(path: Path) -> bool:
    """Tell whether a folder is a backup, by its name: it has it only when it is whole."""
    try:
        return _FOLDER.fullmatch(path.resolve().name) is not None and bool(
            _moment_of(path.resolve().name)
        )
    except ValueError:
        return False


def _moment_of(name: str) -> datetime:
    return datetime.strptime(name.rpartition("-")[0], _DATE).replace(tzinfo=UTC)


# Writing


class Writer:
    """Writes lines into parts of bounded size, each on the disk before the next."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts: list[Part] = []
        self._lines: list[bytes] = []
        self._size = 0
        self._under: object = None

    def put(self, line: bytes, under: object, header: Callable[[], Header]) -> None:
        """Add a line; it goes below a header of its own unless the one before was `under` the same."""
        if self._size > PART_BYTES:
            self.close()
        if self._under != under:
            self.say(header())
            self._under = under
        self._lines.append(line)
        self._size += len(line) + 1

    def say(self, header: Header) -> None:
        """Add a line that stands by itself."""
        line = canonical(header)
        self._lines.append(line)
        self._size += len(line) + 1
        self._under = None

    def close(self) -> None:
        """Write what is there as a part."""
        if not self._lines:
            return
        packed = zstandard.ZstdCompressor(level=3).compress(b"\n".join(self._lines))
        part = Part(f"{len(self.parts) + 1:06}.part", len(packed), digest(packed))
        check_room(self.folder, len(packed))
        files.write(self.folder / part.name, packed)
        self.parts.append(part)
        self._lines, self._size, self._under = [], 0, None


# Reading


def read_manifest(folder: Path, key: bytes) -> Manifest:
    """Read what a backup says of itself, if the node with this key said it. Raises `BackupDamaged`."""
    try:
        with (folder / MANIFEST).open("rb") as file:
            content = file.read(MANIFEST_BYTES + 1)
        if len(content) > MANIFEST_BYTES:
            raise BackupDamaged("The list of this backup is larger than any may be.")
        signed = read(content, Signed)
        if not verifies(key, PURPOSE, bytes(signed.manifest), signed.signature):
            raise BackupDamaged("This backup was changed, or is another node's. It was not used.")
        if read(signed.manifest, dict[str, object]).get("backup") != VERSION:
            raise TooNew(
                "This backup was made by a newer version. Please update this machine first."
            )
        return read(signed.manifest, Manifest)
    except (OSError, Damaged) as problem:
        if isinstance(problem, BackupDamaged):
            raise
        raise BackupDamaged("This backup can't be read. It was not used.") from problem


def check(folder: Path, parts: list[Part], tell: Callable[[int, int], None]) -> None:
    """Compare every part with what was signed. Raises `BackupDamaged`."""
    for number, part in enumerate(parts, 1):
        path = folder / part.name
        try:
            fits = _NAME.fullmatch(part.name) and path.stat().st_size == part.size <= LARGEST
            with path.open("rb") as file:
                if not fits or file_digest(file, "sha256").digest() != part.digest:
                    raise _damaged(part)
        except OSError as problem:
            raise _damaged(part) from problem
        tell(number, len(parts))


def lines_of(folder: Path, part: Part) -> Iterator[bytes]:
    """Read the lines of a part that was checked. Raises `BackupDamaged`."""
    try:
        with (folder / part.name).open("rb") as file:
            packed = file.read(LARGEST + 1)
        if digest(packed) != part.digest:
            raise _damaged(part)
        size = zstandard.frame_content_size(packed)
        if not 0 <= size <= LARGEST:
            raise _damaged(part)
        content = zstandard.ZstdDecompressor().decompress(packed, max_output_size=LARGEST)
    except (OSError, zstandard.ZstdError) as problem:
        raise _damaged(part) from problem
    return (line.rstrip(b"\n") for line in BytesIO(content))


def _damaged(part: Part) -> BackupDamaged:
    return BackupDamaged(
        "Part %(name)s of this backup is damaged. It was not used.", name=part.name
    )
