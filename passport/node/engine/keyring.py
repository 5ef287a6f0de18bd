"""The node's secrets. They live in one file beside the database, never in it.

A dump of the database therefore names nobody (R104, R149): each person's key is sealed under `box`,
and names are found again only by way of `index`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import msgspec
import pyrage
from django.conf import settings

from passport.kernel import files
from passport.kernel.encoding import canonical, read
from passport.kernel.sealing import blind, new_key, seal, unseal
from passport.kernel.signing import new_seed, public_key, sign
from passport.node.errors import KeyMissing


class KeyFile(msgspec.Struct):
    """The file's content."""

    seed: bytes
    """Grows into the Ed25519 key that is this node."""
    identity: str
    """The age identity that parcels for this node are encrypted to."""
    box: bytes
    """Seals the people's keys at rest."""
    index: bytes
    """Makes blind indexes."""


@dataclass(frozen=True)
class Keyring:
    """The secrets at work."""

    file: KeyFile

    @property
    def public(self) -> bytes:
        return public_key(self.file.seed)

    @property
    def recipient(self) -> str:
        return str(self.age.to_public())

    @property
    def age(self) -> pyrage.x25519.Identity:
        return pyrage.x25519.Identity.from_str(self.file.identity)

    def sign(self, purpose: str, message: bytes) -> bytes:
        return sign(self.file.seed, purpose, message)

    def seal_person_key(self, person: UUID, key: bytes) -> bytes:
        return seal(self.file.box, key, person.bytes)

    def open_person_key(self, person: UUID, sealed: bytes) -> bytes:
        return unseal(self.file.box, sealed, person.bytes)

    def blind(self, purpose: str, text: str) -> bytes:
        return blind(self.file.index, purpose, text)


def make_key_file(path: Path) -> Keyring:
    """Make the secrets of a new node; the file is on disk, readable to its owner only, on return."""
    content = KeyFile(
        seed=new_seed(),
        identity=str(pyrage.x25519.Identity.generate()),
        box=new_key(),
        index=new_key(),
    )
    with files.writing(path, anew=False) as file:
        file.write(canonical(content))
    return Keyring(content)


@lru_cache(maxsize=16)
def _load(path: Path) -> Keyring:
    try:
        return Keyring(read(path.read_bytes(), KeyFile))
    except FileNotFoundError:
        raise KeyMissing("The key file %(path)s is missing.", path=path) from None


def keyring() -> Keyring:
    """Return this node's secrets."""
    return _load(settings.KEY_FILE)


def place_of(path: Path) -> str:
    """Say where the key file lies: a copied file or disk image restored elsewhere has another place."""
    machine = Path("/etc/machine-id")
    where = path.stat()
    name = machine.read_text().strip()[:12] if machine.exists() else "-"
    return f"{name}:{where.st_ino}"
