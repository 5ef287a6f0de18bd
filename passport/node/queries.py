"""Questions about this machine."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import pyrage
from django.conf import settings

from passport.kernel.role import Role
from passport.node.engine.keyring import keyring
from passport.node.models import Direction, Identity, ParcelNote, Peer


def role() -> Role:
    """Return what this node may do."""
    value: Role = settings.ROLE
    return value


class Introduced(NamedTuple):
    """How this node is known to others."""

    key: str
    """Its Ed25519 public key in hex."""
    recipient: str
    """The age recipient that parcels for it are encrypted to."""
    name: str
    incarnation: str


def introduction() -> Introduced:
    """Say who this node is."""
    identity = Identity.objects.get()
    ring = keyring()
    return Introduced(ring.public.hex(), ring.recipient, identity.name, identity.incarnation)


def age_identity() -> pyrage.x25519.Identity:
    """Return the identity that opens parcels for this node."""
    return keyring().age


def blind_index(purpose: str, text: str) -> bytes:
    """Return the value under which equal texts are found again on this node, and on no other."""
    return keyring().blind(purpose, text)


def country() -> Peer | None:
    """Return the country that this node reports to, once it is enrolled."""
    return Peer.objects.filter(is_country=True).first()


def last_taken(peer: Peer) -> datetime | None:
    """Return when the last parcel of a peer was taken here."""
    note = (
        ParcelNote.objects.filter(peer=peer, direction=Direction.TAKEN).order_by("-at").first()
    )
    return note.at if note else None
