"""The threat model names tests that there are, and says so plainly where there is none."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
PAGE = (TESTS.parent / "docs" / "threats.md").read_text()
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", PAGE)))
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith(("| attack", "|---"))
]


@cache
def functions_of(file: str) -> set[str]:
    path = TESTS / file
    tree = ast.parse(path.read_text()) if path.is_file() else ast.Module([], [])
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("file", "test"), NAMED, ids="::".join)
def test_every_test_that_is_named_is_there(file: str, test: str) -> None:
    assert test.startswith("test_")
    assert test in functions_of(file)


def test_every_row_has_an_answer_that_is_shown_or_says_that_there_is_none() -> None:
    assert len(ROWS) > 50
    for attack, answer, *shown in ROWS:
        assert len(shown) == 1, attack
        assert "::" in shown[0] or (shown[0] == "—" and "**None**" in answer), attack


def test_what_looks_like_a_test_is_one_that_is_looked_up() -> None:
    assert PAGE.count("::test_") == len(re.findall(r"`[\w/]+\.py::\w+`", PAGE))
