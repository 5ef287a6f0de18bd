"""The age keys that peers seal parcels for us to. Each answered parcel brings a new one (R045).

A key is destroyed once a whole parcel sealed to a newer one has come: its sender had our answer
then, and sends everything else again, so nothing is lost with a stick that is found years later,
and nobody can open that stick any more. The identity in the key file opens introductions, which
come before any answer, and is never named to a peer that has had one.
"""

from __future__ import annotations

from functools import lru_cache

import pyrage

from passport.node.engine.keyring import keyring
from passport.node.models import Peer, RecipientKey


def recipient_for(peer: Peer) -> RecipientKey:
    """Return the key that the peer's next parcels are to be sealed to; a new one after each use."""
    newest = RecipientKey.objects.filter(peer=peer).order_by("-turn").first()
    if newest is not None and not newest.is_used:
        return newest
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    return RecipientKey.objects.create(
        peer=peer,
        turn=1 if newest is None else newest.turn + 1,
        public=public,
        secret=keyring().seal(str(identity).encode(), public.encode()),
    )


def identities() -> list[pyrage.x25519.Identity]:
    """Return every identity that opens parcels for this node, those made last first."""
    held = RecipientKey.objects.order_by("-pk").values_list("public", "secret")
    return [_opened(public, bytes(secret)) for public, secret in held] + keyring().identities


@lru_cache(maxsize=2048)
def _opened(public: str, secret: bytes) -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.from_str(keyring().open(secret, public.encode()).decode())


def note_use(peer: Peer, public: str, *, whole: bool) -> None:
    """Remember that a parcel sealed to a key has come, and destroy those that it makes needless."""
    used = RecipientKey.objects.filter(peer=peer, public=public).first()
    if used is None:
        return
    if not used.is_used:
        used.is_used = True
        used.save(update_fields=["is_used"])
    if whole:
        RecipientKey.objects.filter(peer=peer, turn__lt=used.turn).delete()
        _opened.cache_clear()
