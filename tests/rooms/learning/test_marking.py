"""The marking of answers: the cases that the browser's marking is held to as well."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from passport.learning.engine.marking import Key, mark

SPEC = json.loads((Path(__file__).parents[2] / "spec" / "marking.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", SPEC["cases"], ids=lambda case: case["name"])
def test_mark(case: dict[str, object]) -> None:
    key = msgspec.convert(case["key"], Key)
    response = msgspec.convert(case["response"], str | list[str] | dict[str, str])
    assert mark(key, response) == case["mark"]


def test_every_kind_has_cases_of_full_and_no_worth() -> None:
    worths: dict[str, set[int]] = {}
    for case in SPEC["cases"]:
        worths.setdefault(case["key"]["kind"], set()).add(case["mark"])
    kinds = {"one", "several", "text", "number", "order", "match", "gaps"}
    assert {kind for kind, marks in worths.items() if {0, 100} <= marks} == kinds


def test_an_unknown_kind_is_worth_nothing() -> None:
    assert mark(Key(kind="essay"), "b") == 0
