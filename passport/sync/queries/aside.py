"""What was set aside: sent by a peer that may not say it, kept, and without effect."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from passport.fleet.policies import check_may_list_hubs
from passport.kernel.actor import Actor
from passport.kernel.errors import Damaged
from passport.node.models import Peer, Quarantined, StreamKind
from passport.sync.engine.wire import unpack
from passport.sync.queries.parcels import PAGE

SHOWN_LETTERS = 160


class AsideLine(NamedTuple):
    """Something that was set aside."""

    id: int
    peer: str
    """The name of the node that sent it."""
    key: str
    """That node's key in hex."""
    at: datetime
    stream: StreamKind | None
    about: UUID | None
    """The site or the person of the stream."""
    places: str
    """Which entries, by their numbers: `3–5`."""
    reason: str
    """An English constant (`sentences.why_set_aside`)."""
    size: int
    beginning: str
    """How it begins, for support; in hex where it is sealed, or about a person."""


class AsidePage(NamedTuple):
    """A page of the list, and how many there are in all."""

    lines: list[AsideLine]
    total: int


def set_aside(by: Actor, *, key: str = "", page: int = 1) -> AsidePage:
    """List what was set aside, of one node or of all, the latest first, fifty a page."""
    check_may_list_hubs(by)
    rows = Quarantined.objects.order_by("-at", "-pk")
    if key:
        rows = rows.filter(peer__key=key)
    shown = rows.select_related("peer")[(page - 1) * PAGE : page * PAGE]
    return AsidePage([_line(row, row.peer) for row in shown], rows.count())


def _line(row: Quarantined, peer: Peer) -> AsideLine:
    wire, _, places = row.what.partition(" ")
    kind, _, key = wire.partition(":")
    return AsideLine(
        id=row.pk,
        peer=peer.name,
        key=peer.key,
        at=row.at,
        stream=StreamKind(kind) if kind in StreamKind else None,
        about=UUID(key) if key else None,
        places=places,
        reason=row.reason,
        size=len(row.content),
        beginning=_beginning(kind, bytes(row.content)),
    )


def _beginning(kind: str, content: bytes) -> str:
    try:
        text = "" if kind == StreamKind.PERSON else unpack(content).decode(errors="replace")
    except Damaged:
        text = ""
    return (text or content[: SHOWN_LETTERS // 2].hex())[:SHOWN_LETTERS]
