"""Runs tools/build.py whenever the package is built or installed, editable or not."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PassportBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling finds the class by its base; the name of the plugin is `custom`."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        if self.target_name != "wheel":
            return  # a source distribution carries the sources; its wheel is built from them
        sys.path.insert(0, self.root)
        from tools.build import build  # noqa: PLC0415 - importable only from here on

        for made in build(Path(self.root)):
            self.app.display_info(f"built {made}")
