"""Where built files are: `manifest.json` gives the hashed name of each, written by the build.

Built files carry a hash of their content in their name, so they may be cached for good.
"""

import json
from functools import cache
from pathlib import Path

from django.conf import settings

BUILT = Path(__file__).resolve().parent.parent / "static" / "built"


@cache
def manifest() -> dict[str, str]:
    """Plain name to hashed name: `{"kit.css": "kit-4X2K7A.css"}`; empty before the first build."""
    path = BUILT / "manifest.json"
    if not path.exists():
        return {}
    names: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return names


def static(name: str) -> str:
    """The address of a built file, by the name it has in the sources."""
    return f"{settings.STATIC_URL}built/{manifest().get(name, name)}"
