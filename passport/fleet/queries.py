"""Questions about hubs."""

from __future__ import annotations

from datetime import datetime
from itertools import batched
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from passport.fleet.engine import clocks
from passport.fleet.engine.timeline import Corrected, Evidence, Quality, Source, Timeline
from passport.fleet.models import Hub, Revocation
from passport.fleet.policies import check_may_list_hubs
from passport.kernel.actor import Actor
from passport.kernel.errors import NotFound
from passport.node.models import Peer
from passport.node.queries import IDS_AT_ONCE

__all__ = [
    "PAGE",
    "Corrected",
    "Evidence",
    "HubClock",
    "HubLine",
    "HubsPage",
    "Quality",
    "Source",
    "Timeline",
    "corrected",
    "every_hub",
    "heard_since",
    "hub",
    "hub_clock",
    "hub_named",
    "hubs_of",
    "hubs_page",
    "is_revoked",
    "sites_of",
    "untold_erasures",
    "wrong_clocks",
]

PAGE = 50


class HubLine(NamedTuple):
    """One hub in the office's list."""

    key: str
    name: str
    sites: list[UUID]
    admitted_at: datetime
    last_heard: datetime | None
    version: str
    holds: list[str]
    """The course versions that it said it holds whole (hex ids)."""
    revoked_at: datetime | None = None
    """When the country ended its trust; `why` says for what reason."""
    why: str = ""

    @property
    def still_sends(self) -> bool:
        """Tell whether a parcel of it came after it was revoked: somebody has the machine."""
        return bool(self.revoked_at and self.last_heard and self.last_heard > self.revoked_at)


class HubsPage(NamedTuple):
    """A page of the list, and how many there are in all."""

    lines: list[HubLine]
    total: int


def hubs_page(by: Actor, *, search: str = "", page: int = 1) -> HubsPage:
    """List hubs by name, fifty a page, for those who may see them."""
    check_may_list_hubs(by)
    hubs = Hub.objects.order_by("name", "key")
    if search.strip():
        hubs = hubs.filter(Q(name__icontains=search.strip()) | Q(key__startswith=search.strip()))
    total = hubs.count()
    shown = list(hubs[(page - 1) * PAGE : page * PAGE])
    return HubsPage(_lines(shown), total)


def _lines(hubs: list[Hub]) -> list[HubLine]:
    keys = [hub.key for hub in hubs]
    peers = {peer.key: peer for peer in Peer.objects.filter(key__in=keys)}
    ended = Revocation.objects.in_bulk(keys)
    return [_line(hub, peers.get(hub.key), ended.get(hub.key)) for hub in hubs]


def _line(hub: Hub, peer: Peer | None, ended: Revocation | None) -> HubLine:
    return HubLine(
        key=hub.key,
        name=hub.name,
        sites=[UUID(site) for site in hub.sites],
        admitted_at=hub.admitted_at,
        last_heard=peer.last_heard if peer else None,
        version=peer.version if peer else "",
        holds=peer.holds if peer else [],
        revoked_at=ended.at if ended else None,
        why=ended.why if ended else "",
    )


def every_hub() -> list[HubLine]:
    """Return all hubs by name: for what must be told of each of them."""
    return [
        line
        for part in batched(Hub.objects.order_by("name", "key"), IDS_AT_ONCE)
        for line in _lines(list(part))
    ]


def hub_named(by: Actor, name: str) -> HubLine:
    """Find a hub by its name or the beginning of its key, for those who may see them.

    Raises `NotFound`.
    """
    check_may_list_hubs(by)
    found = Hub.objects.filter(Q(name__iexact=name) | Q(key__startswith=name.lower()))[:2]
    if not name or len(found) != 1:
        raise NotFound(
            "No single hub is called %(name)s. The list of hubs shows their names.", name=name
        )
    return _lines(list(found))[0]


def hubs_of(site: UUID) -> list[HubLine]:
    """Return the hubs that serve a site and are trusted, by name."""
    return [hub for hub in every_hub() if site in hub.sites and hub.revoked_at is None]


def is_revoked(key: str) -> bool:
    """Tell whether the country has revoked this hub."""
    return Revocation.objects.filter(pk=key).exists()


def untold_erasures() -> list[str]:
    """Name the hubs that have yet to tell a restored country whom it had erased."""
    revoked = Revocation.objects.values("pk")
    silent = Peer.objects.filter(is_country=False, told_erased=False).exclude(key__in=revoked)
    return list(silent.order_by("name", "key").values_list("name", flat=True))


def hub(by: Actor, key: str) -> HubLine:
    """Return one hub, for those who may see them. Raises `NotFound`."""
    check_may_list_hubs(by)
    found = Hub.objects.filter(key=key).first()
    if found is None:
        raise NotFound("There is no such hub.")
    return _lines([found])[0]


class HubClock(NamedTuple):
    """How right a hub's clock is, as far as is known."""

    last: Corrected | None
    """The latest that is known of it; None: nothing is known."""
    behind: int
    """By how many ms it is behind; negative: ahead."""
    evidence: list[Evidence]
    """All that is known of it, the latest first."""


def hub_clock(by: Actor, key: str) -> HubClock:
    """Return how right the clock of a hub is, for those who may see hubs."""
    check_may_list_hubs(by)
    peer = Peer.objects.filter(key=key).first()
    if peer is None or not peer.incarnations:
        return HubClock(None, 0, [])
    origin = f"{key}.{peer.incarnations[-1]}"
    known = clocks.timelines([origin])[origin]
    evidence = known.evidence[::-1]
    if not evidence:
        return HubClock(None, 0, [])
    last = known.at(evidence[0].node)
    return HubClock(last, last.ms - evidence[0].node, evidence)


def sites_of(key: str) -> list[UUID]:
    """Return the sites that a hub serves, as the country admitted it."""
    hub = Hub.objects.filter(key=key).first()
    return [UUID(site) for site in hub.sites] if hub else []


def heard_since(since: datetime) -> tuple[int, int]:
    """Return how many hubs were heard from since then, and how many there are: the coverage of figures."""
    keys = Hub.objects.values("key")
    return Peer.objects.filter(key__in=keys, last_heard__gte=since).count(), Hub.objects.count()


def corrected(origin: str, node_ms: int) -> Corrected:
    """Return when something happened that a hub noted at `node_ms` by its own clock, and what says so."""
    return clocks.timelines([origin])[origin].at(node_ms)


def wrong_clocks() -> dict[str, Timeline]:
    """Return what is known of the clocks that were found wrong at some time, by origin; two queries of few rows."""
    return clocks.timelines(clocks.off())
