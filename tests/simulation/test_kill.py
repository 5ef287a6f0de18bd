"""The process is killed while six learners answer; every acknowledged answer is there, once.

A few rounds of the real server with real connections. That nothing is acknowledged before its commit is
looked at in two thousand moments by `test_power.py`; a thousand kills are `python -m bench.kill`.
"""

from __future__ import annotations

from pathlib import Path

from tests.simulation.killing import SOUND, Killing

ROUNDS = 8


def test_what_was_acknowledged_survives_kill_9_exactly_once(
    tmp_path: Path,
) -> None:
    killing = Killing.of(tmp_path / "hub", seed=2_026)
    for _ in range(ROUNDS):
        killing.round()
    found = killing.finish()
    assert {name: found[name] for name in SOUND} == SOUND
    assert found["acknowledged"] > ROUNDS  # else nothing was under way when the plug was pulled
