"""The key file kept by others: sealed in a backup file, whose secret is split among trustees or printed.

The shares are SLIP-39 mnemonics: words that a person can keep, with a checksum that finds a slip of
the pen. They open the backup file and nothing else, so neither shares nor file give anything alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final

import msgspec
from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics

from passport.kernel.codes import LONG, new_code, shown_code, typed_code
from passport.kernel.encoding import canonical, read
from passport.kernel.errors import Damaged
from passport.kernel.sealing import new_key, seal, unseal
from passport.node.engine.keyfile import MEMORY_KB, PASSES, SALT_BYTES, KeyFile, stretched
from passport.node.errors import NotRecovered

FEWEST: Final = 2
MOST: Final = 16
"""SLIP-39 knows no more shares of one secret."""
VERSION: Final = 1
MOST_MEMORY_KB: Final = 4 * 64 * 1024
MOST_PASSES: Final = 100
"""A file from outside asks for no more work than this."""


class Backup(msgspec.Struct, omit_defaults=True):
    """The file. Who holds it alone holds nothing."""

    backup: int
    """The version of this form: 1."""
    node: str
    """The key of the node whose secrets these are, in hex."""
    name: str
    made: int
    """Milliseconds since 1970; for people."""
    life: int
    """Which incarnation the node was in: peers believe none that they take for an earlier one."""
    sealed: bytes
    """A `KeyFile` in canonical JSON, under the secret that is split, or under one made of the code."""
    needed: int = 0
    """How many shares open it; 0: a printed code does."""
    salt: bytes = b""
    memory_kb: int = 0
    passes: int = 0
    """How a code becomes a key (Argon2id)."""


def split(
    content: KeyFile, *, name: str, made: int, life: int, shares: int, needed: int
) -> tuple[Backup, list[str]]:
    """Seal the secrets under a fresh secret, and split that; returns the backup and the shares."""
    if not FEWEST <= needed <= shares <= MOST:
        raise NotRecovered(
            "There can be %(fewest)s to %(most)s shares, and at least %(fewest)s must be needed.",
            fewest=FEWEST,
            most=MOST,
        )
    key = new_key()
    words = generate_mnemonics(1, [(needed, shares)], key)[0]
    return _backup(content, key, name, made, life, needed=needed), words


def with_code(content: KeyFile, *, name: str, made: int, life: int) -> tuple[Backup, str]:
    """Seal the secrets under a code to print; returns the backup and the code."""
    code, salt = new_code(LONG), secrets.token_bytes(SALT_BYTES)
    key = stretched(code, salt, MEMORY_KB, PASSES)
    backup = _backup(content, key, name, made, life)
    backup.salt, backup.memory_kb, backup.passes = salt, MEMORY_KB, PASSES
    return backup, shown_code(code)


def read_backup(file: bytes) -> Backup:
    try:
        backup = read(file, Backup)
    except Damaged:
        raise NotRecovered("This file is not a backup of a key.") from None
    if backup.backup > VERSION:
        raise NotRecovered("This backup was made by a newer version. Please update first.")
    fits = backup.needed or (
        len(backup.salt) == SALT_BYTES
        and 0 < backup.memory_kb <= MOST_MEMORY_KB
        and 0 < backup.passes <= MOST_PASSES
    )
    if not fits:
        raise NotRecovered("This file is not a backup of a key.")
    return backup


def recovered(backup: Backup, given: Sequence[str]) -> KeyFile:
    """Open a backup with its code or with shares. Raises `NotRecovered`, and says what is wrong."""
    key = _joined(backup, given) if backup.needed else _of_code(backup, given)
    try:
        content = read(unseal(key, backup.sealed, _place(backup.node)), KeyFile)
    except Damaged:
        raise NotRecovered("This doesn't open this backup; it may belong to another one.") from None
    if content.public.hex() != backup.node:
        raise NotRecovered("This backup has been changed.")
    return content


def _backup(
    content: KeyFile, key: bytes, name: str, made: int, life: int, *, needed: int = 0
) -> Backup:
    node = content.public.hex()
    sealed = seal(key, canonical(content), _place(node))
    return Backup(VERSION, node, name, made, life, sealed, needed)


def _of_code(backup: Backup, given: Sequence[str]) -> bytes:
    code = typed_code("".join(given), LONG)
    if code is None:
        raise NotRecovered("The code of this backup has %(length)s characters.", length=LONG)
    return stretched(code, backup.salt, backup.memory_kb, backup.passes)


def _joined(backup: Backup, given: Sequence[str]) -> bytes:
    shares = {share.index: each for each, share in zip(given, map(_share, given), strict=True)}
    if len(shares) < backup.needed:
        raise NotRecovered(
            "%(needed)s different shares are needed, and %(given)s were given.",
            needed=backup.needed,
            given=len(shares),
        )
    try:
        key: bytes = combine_mnemonics(list(shares.values())[: backup.needed])
    except MnemonicError:
        raise NotRecovered("These shares don't belong together.") from None
    return key


def _share(words: str) -> Share:
    try:
        return Share.from_mnemonic(words)
    except MnemonicError as problem:
        start = " ".join(words.split()[:3])
        if "mnemonic word" in str(problem):
            wrong = str(problem).rpartition("word ")[2].strip(".'\"")
            raise NotRecovered(
                "“%(word)s” in the share that begins with “%(start)s” is none of the words that shares"
                " are made of.",
                word=wrong,
                start=start,
            ) from None
        raise NotRecovered(
            "The share that begins with “%(start)s” has a wrong, missing or exchanged word.",
            start=start,
        ) from None


def _place(node: str) -> bytes:
    return f"passport key backup 1 {node}".encode()
