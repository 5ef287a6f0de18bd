"""The `passport` command: finds the node's folder, then opens the command-line door."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    """Run a command and leave with its exit code.

    The folder has to be known before Django reads its settings, so `--home` is looked for here.
    """
    arguments = sys.argv[1:]
    for at, word in enumerate(arguments):
        if word == "--home" and at + 1 < len(arguments):
            os.environ["PASSPORT_HOME"] = arguments[at + 1]
        elif word.startswith("--home="):
            os.environ["PASSPORT_HOME"] = word.removeprefix("--home=")
    os.environ["PASSPORT_HOME"] = str(Path(os.environ.get("PASSPORT_HOME", ".")).resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passport.settings")

    from passport.cli.main import run  # noqa: PLC0415 - only now is the folder known

    sys.exit(run(arguments))


if __name__ == "__main__":
    main()
