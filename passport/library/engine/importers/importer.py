"""What every importer is: it recognises files, and turns them into a course folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from passport.library.engine.importers.draft import Draft
from passport.library.engine.problems import Report
from passport.library.engine.tree import Tree


class Importer(NamedTuple):
    """A format.

    `recognises` looks at names and a few first bytes only. `convert` fills a draft; what has no counterpart here
    goes to the report with its place and isn't silently dropped, and what is broken is an error there.
    """

    name: str
    """As people call it: "Common Cartridge"."""
    recognises: Callable[[Tree], bool]
    convert: Callable[[Tree, Draft, Report], None]
