"""What a hub with real keys may try on real nodes: each lie is to be set aside, and to change nothing.

A lie is a run of one entry behind what the liar truly wrote. It travels in a parcel that is else an honest one, and
never enters the liar's own journal, so that what it does honestly goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from passport.kernel.chain import ROOT
from passport.kernel.encoding import canonical, digest
from passport.kernel.ids import new_id
from passport.node.models import Head, Origin, Stream, StreamKind
from passport.sync.engine import wire
from tests.simulation.nodes import Node
from tests.sync import forging

COUNTRYS = "0" * 16
"""An incarnation that the country never had."""


class Told(NamedTuple):
    """What a lie is about: somebody whom the liar has, somebody whom it hasn't, and a site of its own."""

    ours: UUID
    stranger: UUID | None
    site: UUID


class Lie(NamedTuple):
    """An entry that no honest hub writes."""

    stream: str
    kind: str
    body: object
    as_: str = ""
    """In whose name: a node's key; empty for the liar's own."""


type Liar = Callable[[Told, Node], Lie | None]


def an_administrator(told: Told, country: Node) -> Lie:
    del country
    body = {"id": new_id(), "person": told.ours, "role": "administrator", "site": None}
    return Lie(f"site:{told.site.hex}", "role.granted@1", body)


def a_course(told: Told, country: Node) -> Lie:
    del told, country
    return Lie("country", "course.published@1", {"id": new_id()})


def an_erasure(told: Told, country: Node) -> Lie:
    """In the country's own name, with a signature that isn't one."""
    body = {"person": told.ours, "at": 1, "signature": bytes(64)}
    return Lie("country", "person.erased@1", body, country.key)


def a_custody(told: Told, country: Node) -> Lie:
    del country
    body = {"id": new_id(), "person": told.ours, "epoch": 99, "site": told.site}
    return Lie(f"person:{told.ours.hex}", "custody.given@1", body)


def a_custody_of_a_stranger(told: Told, country: Node) -> Lie | None:
    """In the stream of its own site, where it may write."""
    del country
    if told.stranger is None:
        return None
    body = {"id": new_id(), "person": told.stranger, "epoch": 99, "site": told.site}
    return Lie(f"site:{told.site.hex}", "custody.given@1", body)


def a_merger(told: Told, country: Node) -> Lie | None:
    del country
    if told.stranger is None:
        return None
    body = {"id": new_id(), "person": told.stranger, "into": told.ours, "at": 1}
    return Lie(f"person:{told.ours.hex}", "identity.merged@1", body)


def an_epoch(told: Told, country: Node) -> Lie:
    """It may edit; but not under a custody that nobody gave."""
    del country
    body = {"fields": ["sex"], "sex": "other", "under": 99}
    return Lie(f"person:{told.ours.hex}", "person.changed@1", body)


def a_strangers_record(told: Told, country: Node) -> Lie | None:
    del country
    if told.stranger is None:
        return None
    body = {"fields": ["sex"], "sex": "other"}
    return Lie(f"person:{told.stranger.hex}", "person.changed@1", body)


def a_registration(told: Told, country: Node) -> Lie | None:
    """A stranger, once more, for a site of its own."""
    del country
    if told.stranger is None:
        return None
    return Lie(f"person:{told.stranger.hex}", "person.registered@1", {"site": told.site})


def the_countrys_word(told: Told, country: Node) -> Lie:
    body = {"fields": ["sex"], "sex": "other"}
    return Lie(f"person:{told.ours.hex}", "person.changed@1", body, country.key)


def a_revocation(told: Told, country: Node) -> Lie:
    del told
    body = {"key": country.key, "at": 1, "why": "A lie"}
    return Lie("country", "hub.revoked@1", body)


LIES: tuple[Liar, ...] = (
    an_administrator,
    a_course,
    an_erasure,
    a_custody,
    a_custody_of_a_stranger,
    a_merger,
    an_epoch,
    a_strangers_record,
    a_registration,
    the_countrys_word,
    a_revocation,
)


class Forged(NamedTuple):
    """A parcel with a lie in it."""

    files: list[bytes]
    head: bytes
    """The hash of the forged entry: no journal may ever hold it."""
    mark: bytes
    """Under which it is found where things are set aside."""


def forge(liar: Node, country: Node, lie: Lie) -> Forged:
    """Put a lie behind what the last file of an honest parcel says. Raises `PassportError`."""
    files = liar.parcel_for(country)
    opened = forging.opened_at(country, files[-1])
    with liar:
        origin, after = _place(liar, lie)
    line, payload = forging.one_entry(origin, lie.stream, lie.kind, lie.body, after=after)
    payloads, at = forging.payloads_of(opened), len(opened.runs)
    opened.manifest.runs.append(line)
    payloads.insert(at, payload)
    files[-1] = forging.signed_by(liar, country, opened.manifest, payloads)
    return Forged(files, line.head, mark_of(line))


def mark_of(line: wire.RunLine) -> bytes:
    """Return the digest under which a run is set aside once, however often it comes."""
    return digest(canonical([line.stream, line.origin, line.first, line.last, line.head.hex()]))


def _place(liar: Node, lie: Lie) -> tuple[str, tuple[int, bytes]]:
    """Return who is to have written it, and the entry before."""
    stream = _stream(lie.stream)
    key = lie.as_ or liar.key
    heads = Head.objects.filter(stream=stream, origin__wire__startswith=f"{key}.")
    if not lie.as_:
        heads = heads.filter(origin=Origin.objects.filter(ours=True).latest("pk"))
    head = heads.select_related("origin").order_by("pk").last()
    if head is not None:
        return head.origin.wire, (head.seq, bytes(head.hash))
    ours = Origin.objects.filter(ours=True).latest("pk").wire
    return f"{key}.{COUNTRYS}" if lie.as_ else ours, (0, ROOT)


def _stream(name: str) -> Stream | None:
    kind, _, key = name.partition(":")
    if kind == StreamKind.COUNTRY:
        return Stream.country()
    return Stream.objects.filter(kind=kind, key=UUID(key)).first()
