"""Reading `indicators.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import msgspec

FILE = Path(__file__).parent.parent / "indicators.toml"


class Indicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One figure as the file defines it. `title`, `definition` and `unit` are msgids."""

    id: str
    title: str
    definition: str
    unit: str
    since: str
    of_people: bool


@cache
def indicators() -> tuple[Indicator, ...]:
    """Return all figures, in the order of the file."""
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))["indicator"]
    return msgspec.convert(tables, tuple[Indicator, ...])
