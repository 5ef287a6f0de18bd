"""What the tests of the house share: its rooms and doors, and their sources."""

import ast
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASSPORT = ROOT / "passport"

DOORS = ("web", "api", "cli")
OWNERS_OF_TABLES = (
    "node",
    "people",
    "library",
    "records",
    "learning",
    "fleet",
    "insights",
    "privacy",
)
ROOMS = (*OWNERS_OF_TABLES, "sync", "care")
"""The last two keep no tables, and so have only the furniture they use."""


def floors() -> dict[str, int]:
    """Every package that the import contract puts on a floor, and which: the top one is 0."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "floors")
    return {
        name.strip(" ()"): floor for floor, layer in enumerate(layers) for name in layer.split("|")
    }


def furnished(names: Iterable[str]) -> list[str]:
    """Those of the packages that exist."""
    return [name for name in names if (PASSPORT / name / "__init__.py").is_file()]


def sources(*packages: str) -> list[Path]:
    """The Python files of some packages, or of the whole program; migrations are Django's."""
    folders = [PASSPORT / package for package in packages] or [PASSPORT]
    return sorted(
        path
        for folder in folders
        for path in folder.rglob("*.py")
        if "migrations" not in path.parts
    )


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def at(path: Path, node: ast.expr | ast.stmt) -> str:
    """Where something is, as editors understand it."""
    return f"{path.relative_to(ROOT)}:{node.lineno}"
