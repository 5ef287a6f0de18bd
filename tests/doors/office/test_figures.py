"""The dashboard: five figures, what each means, what they cover."""

from __future__ import annotations

import html
import re

from django.test import Client

from passport.insights.queries import indicators
from tests.rooms.learning.device import Device
from tests.rooms.learning.shelf import Shelf
from tests.world import World


def words(page: str) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", page)


def test_five_figures_with_their_definitions(olga: Client) -> None:
    page = html.unescape(olga.get("/office").text)

    for indicator in indicators():
        assert indicator.title in page
        assert indicator.definition in page
    assert page.count("figure-tile") == 5


def test_the_figures_are_those_of_now_once_counted(
    world: World, olga: Client, shelf: Shelf
) -> None:
    olga.get("/office")
    Device(world.amina.actor, shelf).finish_all()
    page = olga.post("/office/count", follow=True).text

    values = re.findall(r'class="value">([^<]+)<', page)
    assert values == ["1", "7", "1", "1", "1"]


def test_not_provided_stands_in_every_table_by_sex(olga: Client) -> None:
    for address in ("/office", "/office/figures/users"):
        assert "Not provided" in words(olga.get(address).text)


def test_a_figure_of_one_site(world: World, olga: Client) -> None:
    page = words(olga.get(f"/office/figures/users?site={world.baobab.id}").text)

    assert "Baobab School" in page
    assert "Mango School" not in page


def test_a_figure_that_is_not_about_people_is_not_told_by_sex(olga: Client) -> None:
    assert "Female" not in olga.get("/office/figures/courses").text
