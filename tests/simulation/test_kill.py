"""The plug is pulled twenty times while six learners answer; every acknowledged answer is there, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.killing import SOUND, Killing

ROUNDS = 20


def test_what_was_acknowledged_survives_kill_9_exactly_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A hub is on SQLite, whatever database the suite runs on.
    monkeypatch.delenv("DATABASE_URL", raising=False)
    killing = Killing.of(tmp_path / "hub", seed=2_026)
    for _ in range(ROUNDS):
        killing.round()
    found = killing.finish()
    assert {name: found[name] for name in SOUND} == SOUND
    assert found["acknowledged"] > ROUNDS  # else nothing was under way when the plug was pulled
