"""A person's keys as this node holds them: the newest seals, all of them open.

A person has one key, until a hub that held it is lost: then the country gives them a further one.
What was sealed before stays sealed under the key before; entries are never written again.

A hub that lets go of keys wraps them for its country: sealed to the age recipient in the country's
key file, which no hub can open. A country restored from an older backup gets them back that way.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import batched

import pyrage
from django.db.models import QuerySet

from passport.kernel.errors import Damaged
from passport.kernel.sealing import KEY_BYTES, is_recipient, seal, unseal
from passport.node.engine.keyring import keyring
from passport.node.models import Peer, Stream

_AT_ONCE = 500
_NOT_THEIRS = "This was sealed for somebody else, or has been changed."


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


def let_go(streams: QuerySet[Stream]) -> int:
    """Destroy the keys of persons on this hub, but for what the country alone opens; returns how many."""
    country = Peer.objects.filter(is_country=True).first()
    recipient = "" if country is None else country.base
    held = list(streams.filter(sealed_key__isnull=False))
    for part in batched(held, _AT_ONCE):
        for stream in part:
            if is_recipient(recipient):
                stream.wrapped_key = _wrap(stream, recipient)
            stream.sealed_key = None
        Stream.objects.bulk_update(part, ["sealed_key", "wrapped_key"])
    return len(held)


def _wrap(stream: Stream, recipient: str) -> bytes:
    keychain = b"".join(keys_of(stream))
    return pyrage.encrypt(_place(stream) + keychain, [pyrage.x25519.Recipient.from_str(recipient)])


def unwrap(stream: Stream, wrapped: bytes) -> bytes:
    """Return the keychain that a hub wrapped for this country. Raises `Damaged`.

    It names its stream: else a hub could pass off the keys of one person as those of another whom
    it is granted, and have them handed back to it.
    """
    try:
        opened = bytes(pyrage.decrypt(wrapped, keyring().identities))
    except pyrage.DecryptError as problem:
        raise Damaged(_NOT_THEIRS) from problem
    place = _place(stream)
    if not opened.startswith(place):
        raise Damaged(_NOT_THEIRS)
    return opened.removeprefix(place)


def _place(stream: Stream) -> bytes:
    return f"{stream.wire}\0".encode()
