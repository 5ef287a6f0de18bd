"""Carrying by stick: what is saved here, what is safe in the country, and nothing in between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from passport.people import actions as people
from tests.rooms.learning.device import Device
from tests.rooms.learning.shelf import Shelf, publish
from tests.simulation.nodes import Node, enrol
from tests.world import World, browser, forget, machine, make_learner, make_staff


class Two:
    """A country and its hub, each with its own database, keys and role."""

    def __init__(self, folder: Path) -> None:
        self.country = Node(folder / "country", "Country", is_country=True)
        self.hub = Node(folder / "hub", "Mango School", is_country=False)
        with self.country:
            self.site = people.add_site(by=machine(), name="Mango School")
            self.group = people.add_group(by=machine(), site=self.site.id, name="Sunbirds")
            self.amina = make_learner(self.group, "Amina", "Diallo", "female")
            self.fatou = make_staff("Fatou", "Ndiaye", "facilitator", self.site.id)
            self.olga = make_staff("Olga", "Petit", "office")
            self.shelf: Shelf = publish(folder / "course")
        enrol(self.country, self.hub, [self.site.id])

    def learn(self) -> None:
        with self.hub:
            Device(self.amina.actor, self.shelf).finish_all()

    def carry(self, *files: Any) -> str:
        """Open the page of the hub, or take files there."""
        with self.hub:
            client = browser(self.fatou.sign_in())
            if files:
                return client.post("/carry/take", {"parcels": list(files)}).text
            return client.get("/carry").text

    def saved(self) -> bytes:
        with self.hub:
            answer = browser(self.fatou.sign_in()).post("/carry/make")
            assert answer["Content-Disposition"].startswith("attachment")
            return b"".join(answer)

    def hand_in(self, *files: Any) -> tuple[str, list[bytes]]:
        with self.country:
            client = browser(self.olga.sign_in())
            page = client.post("/office/parcels", {"parcels": list(files)}).text
            names = re.findall(r'href="(/office/parcels/[^"]+)"', page)
            back = [b"".join(client.get(name)) for name in names]
        return re.sub(r"<[^>]+>|\s+", " ", page), back


@pytest.fixture
def two(node: None, tmp_path: Path, settings: Any) -> Iterator[Two]:
    forget()
    settings.ROOT_URLCONF = "tests.doors.facilitator.both_roles"
    nodes = Two(tmp_path)
    yield nodes
    nodes.hub.close()
    nodes.country.close()


def parcel(content: bytes, name: str = "a.parcel") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_the_round_trip(two: Two) -> None:
    assert "Everything is safe in the country." in two.carry()
    two.learn()
    before = two.carry()
    said, back = two.hand_in(parcel(two.saved()))
    during = two.carry()
    after = two.carry(*(parcel(one) for one in back))

    assert "Saved here, not yet safe in the country" in before
    assert "from 1 learner" in before
    assert re.search(r"Mango School: \d+ new answers from 1 learner; nothing lost", said)
    assert "confirmed yet" in during  # no receipt, no promise (C3)
    assert "Everything is safe" not in during
    assert "Everything is safe in the country." in after
    assert "now safe in the country" in after


def test_the_same_parcel_twice_and_a_stranger_beside_it(two: Two) -> None:
    two.learn()
    content = two.saved()
    two.hand_in(parcel(content))
    said, back = two.hand_in(parcel(content), parcel(b"holiday.jpg", "holiday.parcel"))

    assert "Mango School: nothing new; nothing lost" in said
    assert "holiday.parcel: This file is not a parcel." in said
    assert back


@pytest.mark.parametrize("damage", ["cut", "changed", "empty"])
def test_a_damaged_parcel_is_refused_or_used_as_far_as_it_is_whole(two: Two, damage: str) -> None:
    two.learn()
    content = two.saved()
    middle = len(content) // 2
    damaged = {
        "cut": content[:middle],
        "changed": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        "empty": b"",
    }[damage]
    said, _ = two.hand_in(parcel(damaged))
    again, _ = two.hand_in(parcel(content))

    assert "Traceback" not in said
    assert re.search("damaged|cut|not a parcel|changed|whole", said)
    assert re.search(r"new answers|nothing new", again)


def test_a_parcel_for_somebody_else(two: Two) -> None:
    content = two.saved()
    assert "1 file for another place is kept here and carried on" in two.carry(parcel(content))


def test_no_file_is_no_error(two: Two) -> None:
    with two.hub:
        client = browser(two.fatou.sign_in())
        assert client.post("/carry/take").status_code == 302
    with two.country:
        client = browser(two.olga.sign_in())
        assert "There was no file." in client.post("/office/parcels").text


def test_a_country_has_nothing_to_carry(world: World, fatou: Client) -> None:
    assert "This is the country" in fatou.get("/carry").text
    assert fatou.post("/carry/make").status_code == 400
