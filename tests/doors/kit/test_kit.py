"""The kit: words in the right language, numbers as people write them, pictures that are there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.http import QueryDict
from django.template import engines
from django.utils import translation

from passport.kernel.clock import moment, now_ms
from passport.people.policies import AVATARS as MOST_AVATARS
from passport.people.policies import CODE_PICTURES
from passport.web.kit import formats, pictures, plot
from passport.web.kit.names import query

KIT = Path(__file__).resolve().parents[3] / "passport" / "web" / "kit"


def made(source: str, **values: object) -> str:
    return engines["jinja2"].from_string(source).render(values)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Whatever language an earlier test's visitor left active."""
    with translation.override("en"):
        yield


# Templates


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("fr", "ltr")])
def test_a_template_knows_its_language(language: str, direction: str) -> None:
    with translation.override(language):
        assert made("{{ language }} {{ direction }}") == f"{language} {direction}"


def test_a_message_is_translated_when_it_is_compiled_in_each_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        translation, "gettext", lambda text: f"{translation.get_language()}: {text}"
    )

    with translation.override("ar"):
        assert made('{{ _("Hello <b>") }}') == "ar: Hello <b>"
        assert made("{% trans %}Hello{% endtrans %}") == "ar: Hello"
    with translation.override("fr"):
        assert made('{{ _("Hello <b>") }}') == "fr: Hello <b>"


def test_values_in_a_message_are_escaped() -> None:
    said = made('{{ _("Hello, %(name)s! 100 %%", name=name) }}', name="<script>")

    assert said == "Hello, &lt;script&gt;! 100 %"


def test_a_query_keeps_what_it_does_not_change() -> None:
    assert query(QueryDict("q=a&page=3"), page=None, order="-name") == "?q=a&order=-name"


# Numbers and times


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "12,345"), ("ar", "12,345"), ("fr", "12\u202f345"), ("es", "12.345")],
)
def test_numbers(language: str, written: str) -> None:
    with translation.override(language):
        assert formats.number(12345) == written


@pytest.mark.parametrize(
    ("past", "said"),
    [
        ({"seconds": 20}, "just now"),
        ({"minutes": 1, "seconds": 5}, "1 minute ago"),
        ({"hours": 5}, "5 hours ago"),
        ({"days": 2}, "2 days ago"),
    ],
)
def test_how_long_ago(past: dict[str, int], said: str) -> None:
    assert formats.ago(moment(now_ms()) - dt.timedelta(**past)) == said


def test_none_is_told_and_not_counted() -> None:
    assert formats.ago(None) == "never"
    assert formats.day(None) == "–"
    assert formats.percent(None) == "–"


@pytest.mark.parametrize(
    ("octets", "said"), [(0, "0.0 kB"), (12_300, "12 kB"), (2_500_000, "2.5 MB"), (3e9, "3.0 GB")]
)
def test_sizes(octets: int, said: str) -> None:
    assert formats.size(octets) == said


# Plots


def test_a_plot_stays_inside_its_frame_and_begins_where_reading_does() -> None:
    points = [("a", 1.0), ("b", 730.0), ("c", 0.0)]
    for language in ("en", "ar"):
        with translation.override(language):
            drawing = plot.draw("bars", points)
        assert all(mark.x >= drawing.inset for mark in drawing.marks)
        assert all(mark.x + mark.width <= drawing.width for mark in drawing.marks)
        assert all(0 <= mark.y <= drawing.height for mark in drawing.marks)
        first, last = drawing.marks[0], drawing.marks[-1]
        assert (first.x < last.x) is (language == "en")


def test_a_plot_of_nothing_is_drawn_too() -> None:
    assert plot.draw("line", []).marks == []


# Pictures


def test_every_picture_that_a_person_may_have_is_drawn_and_named() -> None:
    assert len(pictures.AVATARS) == MOST_AVATARS
    assert len(pictures.CODES) == CODE_PICTURES
    for sprite, keys in (("avatars.svg", pictures.AVATARS), ("codes.svg", pictures.CODES)):
        drawn = re.findall(r'<symbol id="(\w+)"', (KIT / "pictures" / sprite).read_text())
        assert drawn == list(keys)


def test_every_icon_that_a_template_asks_for_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="(\w+)"', (KIT / "pictures" / "icons.svg").read_text()))
    asked = {
        name
        for path in KIT.parent.glob("**/templates/**/*.html")
        for name in re.findall(r'icon\("(\w+)"', path.read_text(encoding="utf-8"))
    }

    assert asked
    assert not asked - drawn


# Colours


def light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def tokens(block: str) -> dict[str, str]:
    sheet = (KIT / "css" / "tokens.css").read_text()
    body = sheet[sheet.index(block + " {") :]
    found = re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b", body[: body.index("}")])
    return {
        name: value if len(value) == 7 else "#" + "".join(2 * digit for digit in value[1:])
        for name, value in found
    }


@pytest.mark.parametrize(
    ("words", "ground", "least"),
    [
        ("ink", "paper", 7),
        ("ink", "card", 7),
        ("soft", "paper", 4.5),
        ("soft", "card", 4.5),
        ("brand", "card", 4.5),
        ("brand", "brand-tint", 4.5),
        ("good", "good-tint", 4.5),
        ("bad", "bad-tint", 4.5),
        ("warn", "warn-tint", 4.5),
        ("edge", "card", 3),
    ],
)
def test_words_stand_out_from_their_ground(words: str, ground: str, least: float) -> None:
    colours = tokens(":root")

    assert contrast(colours[words], colours[ground]) >= least


@pytest.mark.parametrize("colour", pictures.COURSE_COLOURS)
def test_a_course_colour_can_be_read(colour: str) -> None:
    shades = tokens(f".c-{colour}")

    assert contrast(shades["deep"], shades["tint"]) >= 4.5
    assert contrast(shades["deep"], "#ffffff") >= 4.5
    assert contrast(tokens(":root")["ink"], shades["tint"]) >= 7
