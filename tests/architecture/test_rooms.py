"""Every room has the same furniture, so that whoever knows one knows all."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.house import (
    OWNERS_OF_TABLES,
    PASSPORT,
    ROOMS,
    at,
    furnished,
    sources,
    tree,
)

FURNITURE = ("models", "actions", "queries", "policies", "errors", "migrations")

LONGEST_README = 40

type Function = ast.FunctionDef | ast.AsyncFunctionDef


@pytest.mark.parametrize("name", furnished(ROOMS))
def test_a_short_readme_says_what_it_is(name: str) -> None:
    readme = PASSPORT / name / "README.md"

    assert readme.is_file(), "What it owns, its words, its promises: twenty lines"
    assert len(readme.read_text(encoding="utf-8").splitlines()) <= LONGEST_README


@pytest.mark.parametrize("name", furnished(OWNERS_OF_TABLES))
def test_a_room_with_tables_has_the_furniture(name: str) -> None:
    room = PASSPORT / name
    missing = [
        piece
        for piece in FURNITURE
        if not (room / f"{piece}.py").is_file() and not (room / piece / "__init__.py").is_file()
    ]

    assert not missing


@pytest.mark.parametrize("name", furnished(OWNERS_OF_TABLES))
def test_actions_name_all_their_arguments_and_first_who_acts(name: str) -> None:
    wrong = [
        f"{at(path, action)} {action.name}"
        for path, action in _actions(name)
        if action.args.posonlyargs
        or action.args.args
        or not action.args.kwonlyargs
        or action.args.kwonlyargs[0].arg != "by"
    ]

    assert not wrong, "def verb(*, by: Actor, …)"


def _actions(room: str) -> Iterator[tuple[Path, Function]]:
    """The functions that `@writes` makes actions, wherever `actions` keeps them."""
    for path in sources(room):
        if "actions" not in (path.stem, path.parent.name):
            continue
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _is_action(node):
                yield path, node


def _is_action(function: Function) -> bool:
    return any(
        isinstance(decorator, ast.Name) and decorator.id == "writes"
        for decorator in function.decorator_list
    )
