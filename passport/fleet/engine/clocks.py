"""Noting what a hub finds out of its own clock, and reading what is known of the clocks of others."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, Max, Q

from passport.fleet.engine.timeline import Evidence, Source, Timeline
from passport.fleet.facts import ClockNoted, project_clock_noted
from passport.fleet.models import Arrival, ClockNote, Hub
from passport.fleet.policies import worth_noting
from passport.kernel import clock
from passport.kernel.actor import Actor
from passport.kernel.clock import NEAR_MS
from passport.kernel.ids import new_id
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.actions import Note
from passport.node.models import Boot, Stream

# At a hub


def note(by: Actor, *found: Evidence) -> None:
    """Note what says more of this hub's clock than what was noted since its start or leap.

    A hub that isn't admitted yet has nobody to tell, and begins once it is.
    """
    boot = Boot.objects.first()
    hub = Hub.objects.filter(key=node_queries.introduction().key).first()
    if boot is None or hub is None or not hub.sites:
        return
    rows = ClockNote.objects.filter(origin=_ours(), boot=boot.number)
    known = [evidence_of(row) for row in rows]
    news = []
    for each in (_opened(boot), *found):
        if each.node >= boot.began and worth_noting(known, each):
            news.append(each)
            known.append(each)
    if news:
        _write(by=by, site=UUID(hub.sites[0]), boot=boot, news=news)


def _opened(boot: Boot) -> Evidence:
    if boot.before is None:
        return Evidence(Source.START, boot.began, boot.wall)
    return Evidence(Source.LEAP, boot.began, boot.before)


@node.writes
def _write(*, by: Actor, site: UUID, boot: Boot, news: list[Evidence]) -> None:
    bodies = [
        ClockNoted(
            id=new_id(),
            boot=boot.number,
            node=each.node,
            wall=boot.wall if each.source is Source.START else clock.machine.wall_ms(),
            running=boot.running,
            source=each.source,
            reference=each.reference,
            devices=each.devices,
            trip=each.trip,
        )
        for each in news
    ]
    stream = Stream.of_site(site)
    notes = [Note(stream, "clock.noted@1", body) for body in bodies]
    for fact in node.note_all(by=by, notes=notes):
        project_clock_noted(fact)


def heard_of_country() -> int:
    """Return the latest that the country's clock has shown here; 0: it was never met."""
    told = ClockNote.objects.filter(
        origin=_ours(), source__in=[Source.COUNTRY, Source.PARCEL]
    ).aggregate(latest=Max("reference"))
    return told["latest"] or 0


def _ours() -> str:
    ours = node_queries.introduction()
    return f"{ours.key}.{ours.incarnation}"


# At the country


def evidence_of(row: ClockNote) -> Evidence:
    return Evidence(Source(row.source), row.node, row.reference, row.boot, row.devices, row.trip)


def timelines(origins: Iterable[str]) -> dict[str, Timeline]:
    """Return what is known of some clocks, by origin."""
    held: dict[str, list[Evidence]] = {origin: [] for origin in origins}
    known = [source.value for source in Source]  # a newer hub may have further ones
    for row in ClockNote.objects.filter(origin__in=held, source__in=known):
        held[row.origin].append(evidence_of(row))
    for arrival in Arrival.objects.filter(origin__in=held):
        held[arrival.origin].append(Evidence(Source.ARRIVAL, arrival.made, arrival.at))
    now = clock.now_ms()
    return {origin: Timeline(evidence, now) for origin, evidence in held.items()}


def off() -> list[str]:
    """Return the origins whose clock was found to be wrong at some time."""
    told = Q(source__in=[Source.COUNTRY, Source.DEVICES])
    behind = Q(reference__gt=F("node") + NEAR_MS)
    ahead = Q(reference__lt=F("node") - NEAR_MS)
    notes = ClockNote.objects.filter((told & (behind | ahead)) | (Q(source=Source.PARCEL) & behind))
    arrivals = Arrival.objects.filter(at__lt=F("made") - NEAR_MS)
    found = {*notes.values_list("origin", flat=True).distinct()}
    return sorted(found | {*arrivals.values_list("origin", flat=True).distinct()})
