"""How a package is begun and when it is done: what its reader found out, once, at publishing.

A lesson of a package kind has, by language, one blob with its files (a zip that `sealing` made) and one
with its `Launch`. Parts are what the package itself calls SCOs, assignable units or pages; their ids are the
package's own, so that a learner's place outlives a new edition of it.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Standard(StrEnum):
    """What the files were made for, and so which runtime they find."""

    HTML5 = "html5"
    H5P = "h5p"
    SCORM12 = "scorm12"
    SCORM2004 = "scorm2004"
    CMI5 = "cmi5"
    XAPI = "xapi"
    EPUB = "epub"


class Rule(StrEnum):
    """What makes a part count as done; the node decides it from what the part reported."""

    OPENED = "opened"
    DONE = "done"
    PASSED = "passed"
    EITHER = "either"
    BOTH = "both"


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something in a package that is opened by itself, or a heading over such parts.

    `href` is a name inside the package with what is appended to it ("quiz.html?level=2"), "" for a
    heading; for a unit that lives elsewhere it is an address, and the player says that it isn't here.
    """

    id: str
    title: dict[str, str] = {}
    """By language; "und" where the package doesn't say in which."""
    href: str = ""
    parts: tuple[Part, ...] = ()
    rule: Rule = Rule.DONE
    mastery: float | None = None
    """0 to 1: the score from which the part counts as passed."""
    given: str = ""
    """What the package wants handed to the part as it begins (launch data, launch parameters)."""
    longest: int = 0
    """Seconds after which the package wants the part to end; 0: never."""


class Launch(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a player needs to know of a package."""

    standard: Standard
    parts: tuple[Part, ...]
    """In the package's order. A package with one page has one part."""
    direction: str = ""
    """"rtl" or "ltr" where a book says so; "" else."""
    is_fixed: bool = False
    """A book whose pages are laid out for one size."""


def leaves(parts: tuple[Part, ...]) -> list[Part]:
    """Return the parts that can be opened, in order."""
    found: list[Part] = []
    for part in parts:
        if part.href:
            found.append(part)
        found.extend(leaves(part.parts))
    return found
