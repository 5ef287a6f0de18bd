"""The node's secrets at work. They live in one file beside the database, never in it.

A dump of the database therefore names nobody (R104, R149): each person's key is sealed under `box`,
and names are found again only by way of `index`. A node that starts locked has the file and no
secrets, until somebody opens it for this process.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyrage
from django.conf import settings

from passport.kernel.sealing import blind, new_key, seal, unseal
from passport.kernel.signing import new_seed, sign
from passport.node.engine.keyfile import KeyFile, SealedFile, create_key_file, read_key_file
from passport.node.errors import Locked


@dataclass(frozen=True)
class Keyring:
    """The secrets at work."""

    file: KeyFile

    @property
    def public(self) -> bytes:
        return self.file.public

    @property
    def recipient(self) -> str:
        return self.file.recipient

    @property
    def identities(self) -> list[pyrage.x25519.Identity]:
        """The identities that open parcels for this node: the present one, then those before it."""
        texts = (self.file.identity, *(one.identity for one in self.file.former))
        return [pyrage.x25519.Identity.from_str(text) for text in texts]

    @property
    def names(self) -> list[str]:
        """The keys under which this node is known (hex): the present one, then those before it."""
        return [key.hex() for key in (self.public, *(one.public for one in self.file.former))]

    def sign(self, purpose: str, message: bytes, name: str | None = None) -> bytes:
        """Sign with the present key, or with the one that is called `name`."""
        seeds = (self.file.seed, *(one.seed for one in self.file.former))
        return sign(
            dict(zip(self.names, seeds, strict=True))[name or self.names[0]], purpose, message
        )

    def seal(self, secret: bytes, context: bytes) -> bytes:
        """Seal what only this node may open again."""
        return seal(self.file.box, secret, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        return unseal(self.file.box, sealed, context)

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
    create_key_file(path, content)
    return Keyring(content)


_held: dict[Path, Keyring] = {}
"""By the path of the file: this process's memory, and the only place where a locked node's secrets are."""


def keyring() -> Keyring:
    """Return this node's secrets: the one way to them. Raises `Locked` or `KeyMissing`."""
    held = _held.get(settings.KEY_FILE)
    if held is None:
        file = read_key_file(settings.KEY_FILE)
        if isinstance(file, SealedFile):
            raise Locked(
                "This place is locked. Somebody who works here unlocks it with their password."
            )
        held = hold(file)
    return held


def public_parts() -> Keyring | SealedFile:
    """Return what everybody may know of the secrets: `public` and `recipient`, also while locked."""
    held = _held.get(settings.KEY_FILE)
    if held is not None:
        return held
    file = read_key_file(settings.KEY_FILE)
    return file if isinstance(file, SealedFile) else hold(file)


def is_locked() -> bool:
    """Tell whether this process has yet to be given the secrets."""
    return settings.KEY_FILE not in _held and isinstance(public_parts(), SealedFile)


def hold(content: KeyFile) -> Keyring:
    """Keep the secrets for this process."""
    ring = _held[settings.KEY_FILE] = Keyring(content)
    return ring


def forget() -> None:
    """Let go of all secrets: as if this process had just started."""
    _held.clear()


def place_of(path: Path) -> str:
    """Say where the key file lies: a copied file or disk image restored elsewhere has another place."""
    machine = Path("/etc/machine-id")
    where = path.stat()
    name = machine.read_text().strip()[:12] if machine.exists() else "-"
    return f"{name}:{where.st_ino}"
