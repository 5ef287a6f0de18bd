"""The documentation can't lie about settings."""

from __future__ import annotations

import json
import re
from pathlib import Path

from passport.settings import SETTINGS_READ

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "settings.md").read_text()


def test_every_setting_is_documented_with_its_default() -> None:
    documented = dict(re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", PAGE, re.MULTILINE))
    assert documented == {name: json.dumps(value) for name, value in SETTINGS_READ.items()}


def test_every_variable_of_the_environment_is_documented() -> None:
    source = (Path(__file__).resolve().parents[2] / "passport" / "settings.py").read_text()
    for name in re.findall(r'os\.environ\.get\("(\w+)"', source):
        assert f"`{name}`" in PAGE
