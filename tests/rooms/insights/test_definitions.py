"""One file defines the figures, and nothing else does (R085)."""

from __future__ import annotations

from pathlib import Path

import pytest

from passport.insights import queries
from passport.insights.engine import definitions
from passport.insights.engine.counting import FIGURES
from passport.insights.errors import NoSuchFigure
from tests.world import World


def test_every_figure_is_defined_and_counted_once() -> None:
    defined = [indicator.id for indicator in queries.indicators()]

    assert defined == ["countries", "users", "courses", "trained", "completions"]
    assert ["countries", *FIGURES] == defined  # when the first of the users came


@pytest.mark.parametrize("indicator", queries.indicators(), ids=lambda one: one.id)
def test_a_definition_says_what_is_counted(indicator: queries.Indicator) -> None:
    assert indicator.title
    assert indicator.definition.endswith(".")
    assert indicator.unit
    assert indicator.since


def test_changing_the_file_changes_every_report(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "indicators.toml"
    text = definitions.FILE.read_text(encoding="utf-8")
    other.write_text(text.replace("Trained users", "People in courses"), encoding="utf-8")
    monkeypatch.setattr(definitions, "FILE", other)
    definitions.indicators.cache_clear()
    try:
        headline = queries.headline(world.office.actor)
        annual = queries.annual(world.office.actor, 2026)
    finally:
        definitions.indicators.cache_clear()

    assert headline.figures[3].indicator.title == "People in courses"
    assert annual[3].indicator.title == "People in courses"


def test_an_unknown_figure_is_not_found() -> None:
    with pytest.raises(NoSuchFigure):
        queries.indicator("happiness")
