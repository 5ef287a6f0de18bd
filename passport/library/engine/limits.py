"""How much a course may hold, so that a bad or hostile folder stops early. Threats T6 and T7."""

from __future__ import annotations

from typing import Final

import msgspec

MIB: Final = 1024 * 1024


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Caps in bytes unless the name says otherwise."""

    files: int = 20_000
    total: int = 16 * 1024 * MIB
    file: int = 512 * MIB
    text: int = 1 * MIB
    """A TOML, Markdown or caption file."""
    drawing: int = 2 * MIB
    """An SVG picture."""
    ratio: int = 200
    """Inflated to packed, of one file in a zip, once it has passed a mebibyte."""
    pixels: int = 24_000_000
    """Width times height of one picture."""
    lessons: int = 500
    questions: int = 500
    heavy_picture: int = 1 * MIB
    """A picture above this is published with a warning: it is slow on a phone."""


USUAL: Final = Limits()
