"""The board that says before children go home whose work has come."""

from __future__ import annotations

import json
import re
from uuid import uuid4

import pytest
from django.test import Client

from passport.people.models import Held
from tests.world import World, browser

DEVICE = uuid4().hex


def says(client: Client, held: str) -> int:
    answer = client.post(
        "/events",
        json.dumps({"events": []}),
        content_type="application/json",
        headers={"Device-Holds": held},
    )
    return answer.status_code


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>|[\u2066-\u2069]", "", page).split())


def test_a_device_tells_and_the_board_says_so(world: World, fatou: Client) -> None:
    amina = browser(
        world.amina.sign_in(), **{"User-Agent": "Mozilla/5.0 (Linux; Android 12; SM-T500) Safari"}
    )
    there = f"/class/{world.sunbirds.id}/ready"
    assert says(amina, f"{DEVICE} {world.amina.person.hex}=3") == 200
    page = plain(fatou.get(there).text)
    assert "3 steps not sent yet" in page
    assert "Ask Amina Diallo to open" in page
    assert "1 of 2 is ready" in page  # Bilal wasn't here
    assert says(amina, f"{DEVICE} {world.amina.person.hex}=0") == 200
    board = plain(fatou.get(f"{there}/board").text)
    assert "All sent" in board
    assert "2 of 2 are ready" in board


def test_signing_out_tells_as_well(world: World) -> None:
    client = browser(world.amina.sign_in())
    client.post("/sign-out", {"held": f"{DEVICE} {world.amina.person.hex}=2"})
    assert Held.objects.get().unsent == 2
    assert not Held.objects.get().is_open


@pytest.mark.parametrize(
    "held", ["", "x", f"{DEVICE} x=1", f"{DEVICE} {uuid4().hex}=many", f"{DEVICE} =", "a" * 5000]
)
def test_what_can_not_be_read_is_passed_over(world: World, held: str) -> None:
    assert says(browser(world.amina.sign_in()), held) == 200
    assert not Held.objects.exists()


def test_nobody_signed_in_tells_nothing(world: World) -> None:
    assert says(browser(), f"{DEVICE} {world.amina.person.hex}=3") == 401
    assert not Held.objects.exists()


def test_the_board_costs_nothing_while_nothing_changes(world: World, fatou: Client) -> None:
    there = f"/class/{world.sunbirds.id}/ready/board"
    etag = fatou.get(there)["ETag"]
    assert fatou.get(there, headers={"If-None-Match": etag}).status_code == 304
