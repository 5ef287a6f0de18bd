"""Licences that authors name often, by SPDX identifier, with where they can be read (R058)."""

from __future__ import annotations

from typing import Final

_CC: Final = "https://creativecommons.org"
KNOWN: Final[dict[str, str]] = {
    **{
        f"CC-{kind.upper()}-{number}": f"{_CC}/licenses/{kind}/{number}/"
        for kind in ("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd")
        for number in ("2.0", "2.5", "3.0", "4.0")
    },
    "CC0-1.0": f"{_CC}/publicdomain/zero/1.0/",
    "CC-PDM-1.0": f"{_CC}/publicdomain/mark/1.0/",
    "MIT": "https://opensource.org/license/mit",
    "Apache-2.0": "https://www.apache.org/licenses/LICENSE-2.0",
    "GFDL-1.3-or-later": "https://www.gnu.org/licenses/fdl-1.3.html",
    "OGL-UK-3.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}


def address_of(licence: str) -> str:
    """Where the licence can be read; "" when it is not one that is known here."""
    return KNOWN.get(licence, "")
