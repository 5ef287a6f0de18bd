"""A person's keys as this node holds them: the newest seals, all of them open.

A person has one key, until a hub that held it is lost: then the country gives them a further one.
What was sealed before stays sealed under the key before; entries are never written again.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import batched

from passport.kernel.errors import Damaged
from passport.kernel.sealing import KEY_BYTES, seal, unseal
from passport.node.engine.keyring import keyring
from passport.node.models import Stream


def keys_of(stream: Stream) -> list[bytes]:
    """Return a person's keys, the newest first. Raises `Damaged` where none is here."""
    if stream.sealed_key is None:
        raise Damaged("This node doesn't hold the key of this person.")
    return split(keyring().open(bytes(stream.sealed_key), stream.key.bytes))


def keep(stream: Stream, keys: Sequence[bytes]) -> None:
    """Put keys, the newest first, in a stream's row; who calls saves it."""
    stream.sealed_key = keyring().seal(b"".join(keys), stream.key.bytes)


def split(keychain: bytes) -> list[bytes]:
    """Take a keychain apart, as it is kept and as it travels. Raises `Damaged`."""
    if not keychain or len(keychain) % KEY_BYTES:
        raise Damaged("This is no person's key.")
    return [bytes(key) for key in batched(keychain, KEY_BYTES)]


def seal_under(keys: Sequence[bytes], data: bytes, context: bytes) -> bytes:
    return seal(keys[0], data, context)


def open_under(keys: Sequence[bytes], sealed: bytes, context: bytes) -> bytes:
    """Open what was sealed under any of the keys. Raises `Damaged`."""
    for key in keys[:-1]:
        try:
            return unseal(key, sealed, context)
        except Damaged:
            continue
    return unseal(keys[-1], sealed, context)
