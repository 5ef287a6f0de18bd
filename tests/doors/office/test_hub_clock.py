"""The office reads how right a hub's clock is in one sentence, and all that says so (R048, C28)."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from passport.fleet.models import Arrival, ClockNote, Hub
from passport.kernel.clock import moment
from passport.kernel.ids import new_id
from passport.node.models import Peer
from tests.support.clocks import DAY, HOUR, YEAR, date
from tests.world import World, browser

KEY = "ab" * 32
ORIGIN = f"{KEY}.0123456789abcdef"
TRUE = date(2026, 5, 3, 12)
BEHIND = TRUE - 56 * YEAR - DAY

type Known = list[tuple[str, int, int, int]]
"""source, node time, reference, devices"""

SAID: dict[str, tuple[Known, str]] = {
    "nothing": ([], "Nothing is known yet of how right this hub's clock is."),
    "a start": ([("start", TRUE, 0, 0)], "Nothing is known yet of how right this hub's clock is."),
    "right": (
        [("start", TRUE, TRUE, 0), ("country", TRUE, TRUE + 900, 0)],
        "This hub's clock is right, by the country's clock, met on May 3, 2026.",
    ),
    "behind, by devices and a parcel": (
        [("start", BEHIND, 0, 0), ("parcel", BEHIND, TRUE - DAY, 0), ("devices", BEHIND, TRUE, 5)],
        (
            "This hub's clock is 56 years behind. What happened there is counted at corrected times, by "
            "5 visitors' devices and the country's parcel of May 2, 2026."
        ),
    ),
    "behind, by a parcel alone": (
        [("start", BEHIND, 0, 0), ("parcel", BEHIND, TRUE, 0)],
        (
            "This hub's clock is at least 56 years behind. What happened there is counted at corrected "
            "times, by the country's parcel of May 3, 2026."
        ),
    ),
    "goes by a parcel": (
        [("start", TRUE, 0, 0), ("parcel", TRUE, TRUE, 0)],
        "This hub's clock may be behind: it goes by the country's parcel of May 3, 2026.",
    ),
    "ahead": (
        [("start", TRUE + 3 * HOUR, 0, 0), ("country", TRUE + 3 * HOUR, TRUE, 0)],
        (
            "This hub's clock is 3 hours ahead. What happened there is counted at corrected times, by "
            "the country's clock, met on May 3, 2026."
        ),
    ),
}


@pytest.fixture
def hub(world: World) -> str:
    sites = [world.mango.id.hex]
    Hub.objects.create(key=KEY, name="Mango hub", sites=sites, admitted_at=moment(TRUE))
    Peer.objects.create(key=KEY, name="Mango hub", recipient="", incarnations=[ORIGIN[-16:]])
    return f"/office/hubs/{KEY}"


def note(known: Known) -> None:
    for source, node, reference, devices in known:
        ClockNote.objects.create(
            id=new_id(), origin=ORIGIN, boot=1, node=node, wall=0, running=0, source=source,
            reference=reference, devices=devices,
        )  # fmt: skip


def text(answer: object) -> str:
    plain = re.sub(r"<[^>]*>", " ", answer.content.decode())  # type: ignore[attr-defined]
    return " ".join(unescape(plain).split())


@pytest.mark.parametrize("case", SAID, ids=list(SAID))
def test_one_sentence_says_how_right_it_is(hub: str, world: World, case: str) -> None:
    known, said = SAID[case]
    note(known)
    assert said in text(browser(world.office.sign_in()).get(hub))


def test_every_piece_of_evidence_can_be_read(hub: str, olga: Client) -> None:
    note([
        ("start", BEHIND, 0, 0), ("leap", BEHIND + DAY, BEHIND, 0), ("parcel", BEHIND, TRUE, 0),
        ("devices", BEHIND, TRUE, 4), ("country", BEHIND, TRUE, 0),
    ])  # fmt: skip
    Arrival.objects.create(origin=ORIGIN, made=BEHIND, at=TRUE)
    page = text(olga.get(hub))
    for words in (
        "It was started", "went forward", "A parcel of the country", "4 visitors' devices agreed",
        "over the network", "came here at",
    ):  # fmt: skip
        assert words in page, words


def test_what_a_newer_hub_knows_is_passed_over(hub: str, olga: Client) -> None:
    note([("pulsar", TRUE, TRUE, 0)])
    assert "Nothing is known yet" in text(olga.get(hub))


@pytest.mark.parametrize("who", ["amina", "facilitator"])
def test_nobody_else_reads_it(hub: str, world: World, who: str) -> None:
    assert browser(getattr(world, who).sign_in()).get(hub).status_code == 404
