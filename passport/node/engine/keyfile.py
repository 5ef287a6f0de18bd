"""The key file on disk: open, or sealed so that a stolen disk holds no secret.

A sealed file holds the same secrets under a *file key*, which is wrapped once for each *slot*: a
staff member's password, or a printed code. Whoever knows the secret of one slot opens the file; the
public parts stay readable, so that a locked node can still say who it is.

The file key is derived from the secrets themselves, so that a node that is at work can add a slot
without asking anybody: it gives nothing that its holder does not have already.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import threading
from pathlib import Path
from typing import Final

import msgspec
import pyrage
from argon2.low_level import Type, hash_secret_raw

from passport.kernel import files
from passport.kernel.encoding import canonical, read
from passport.kernel.errors import Damaged
from passport.kernel.sealing import KEY_BYTES, seal, unseal
from passport.kernel.signing import public_key
from passport.node.errors import KeyMissing

SALT_BYTES: Final = 16
MEMORY_KB: Final = 64 * 1024
PASSES: Final = 3
"""Argon2id as RFC 9106 has it for machines with little memory: a disk that was copied is guessed at
without any wait, so this is three times the memory and half again the work of signing in."""
_one_at_a_time: Final = threading.Lock()


class FormerKey(msgspec.Struct, frozen=True):
    """A key that this node had before, until it is retired: parcels for it are still opened."""

    seed: bytes
    identity: str

    @property
    def public(self) -> bytes:
        return public_key(self.seed)


class KeyFile(msgspec.Struct, omit_defaults=True, frozen=True):
    """The secrets of a node."""

    seed: bytes
    """Grows into the Ed25519 key that is this node."""
    identity: str
    """The age identity that parcels for this node are encrypted to."""
    box: bytes
    """Seals the people's keys at rest."""
    index: bytes
    """Makes blind indexes."""
    former: tuple[FormerKey, ...] = ()

    @property
    def public(self) -> bytes:
        return public_key(self.seed)

    @property
    def recipient(self) -> str:
        return str(pyrage.x25519.Identity.from_str(self.identity).to_public())

    @property
    def file_key(self) -> bytes:
        return hmac.digest(self.box, b"passport key file 1", hashlib.sha256)


class Slot(msgspec.Struct, frozen=True):
    """One way to open a sealed key file."""

    holder: str
    """Whose: an opaque id; "" for the printed code."""
    mark: str
    """Which secret of theirs, where they change it: a slot with another mark is out of date."""
    salt: bytes
    memory_kb: int
    passes: int
    wrapped: bytes
    """The file key, sealed under what Argon2id makes of the secret."""


class SealedFile(msgspec.Struct, frozen=True):
    """The secrets sealed."""

    public: bytes
    recipient: str
    sealed: bytes
    """A `KeyFile` in canonical JSON, under the file key."""
    slots: list[Slot]


def stretched(secret: str, salt: bytes, memory_kb: int, passes: int) -> bytes:
    """Make a key of what somebody typed. One at a time: each takes 64 MiB for a moment."""
    with _one_at_a_time:
        return hash_secret_raw(
            secret.encode(),
            salt,
            time_cost=passes,
            memory_cost=memory_kb,
            parallelism=1,
            hash_len=KEY_BYTES,
            type=Type.ID,
        )


# Slots


def new_slot(content: KeyFile, holder: str, mark: str, secret: str) -> Slot:
    """Wrap the file key for one more secret; takes some tenths of a second."""
    salt = secrets.token_bytes(SALT_BYTES)
    key = stretched(secret, salt, MEMORY_KB, PASSES)
    wrapped = seal(key, content.file_key, _place(f"slot {holder}"))
    return Slot(holder, mark, salt, MEMORY_KB, PASSES, wrapped)


def sealed_file(content: KeyFile, slots: list[Slot]) -> SealedFile:
    sealed = seal(content.file_key, canonical(content), _place("secrets"))
    return SealedFile(content.public, content.recipient, sealed, slots)


def opened_with(file: SealedFile, slot: Slot, secret: str) -> KeyFile | None:
    """Open a sealed file by one slot; None where the secret is another. Raises `KeyMissing`."""
    key = stretched(secret, slot.salt, slot.memory_kb, slot.passes)
    try:
        file_key = unseal(key, slot.wrapped, _place(f"slot {slot.holder}"))
    except Damaged:
        return None
    content = read(unseal(file_key, file.sealed, _place("secrets")), KeyFile)
    if content.public != file.public:
        raise KeyMissing("The key file has been changed by somebody.")
    return content


def _place(what: str) -> bytes:
    return f"passport key file 1 {what}".encode()


# Disk


def read_key_file(path: Path) -> KeyFile | SealedFile:
    """Read the file. Raises `KeyMissing`."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise KeyMissing("The key file %(path)s is missing.", path=path) from None
    try:
        return read(content, SealedFile) if b'"slots"' in content else read(content, KeyFile)
    except Damaged:
        raise KeyMissing("The key file %(path)s can't be read.", path=path) from None


def create_key_file(path: Path, content: KeyFile) -> None:
    """Write the file where there is none; it is whole and on disk, readable to its owner only, on return.

    Raises `FileExistsError`.
    """
    files.make_folder(path.parent, mode=0o700)
    with files.writing(path, anew=False) as file:
        file.write(canonical(content))


def exchange_key_file(path: Path, content: KeyFile | SealedFile) -> None:
    """Put new content in the file's place, whole or not at all, and write over what was there.

    On flash the old bytes may outlive this all the same (`docs/at-rest.md`).
    """
    fresh = _fresh(path)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(canonical(content))
        file.flush()
        os.fsync(file.fileno())
    with path.open("r+b") as before:
        fresh.replace(path)
        files.flush_folder(path.parent)
        size = before.seek(0, os.SEEK_END)
        before.seek(0)
        before.write(secrets.token_bytes(size))
        before.flush()
        os.fsync(before.fileno())


def drop_half_written(path: Path) -> None:
    """Remove what a power cut may have left beside the file; the file itself is always whole."""
    _fresh(path).unlink(missing_ok=True)


def _fresh(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")
