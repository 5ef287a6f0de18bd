"""Questions about this machine."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from passport.kernel.role import Role
from passport.node.engine.keyring import keyring
from passport.node.models import Direction, ParcelNote, Peer


def role() -> Role:
    """Return what this node may do."""
    value: Role = settings.ROLE
    return value


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
