"""Makes what git does not hold: browser parts and compiled translations. `make build` runs this.

Cheap when nothing has changed, so that set-up, tests and the inner loop may always call it.
"""

import sys
from pathlib import Path

from tools.browser_parts import BuildError, build_browser_parts
from tools.translations import compile_translations

ROOT = Path(__file__).resolve().parent.parent


def build(root: Path) -> list[str]:
    """Make what is out of date under `root`; returns what was made, in words."""
    made = []
    if build_browser_parts(root):
        made.append("browser parts")
    made += [f"translations ({language})" for language in compile_translations(root)]
    return made


def main() -> int:
    try:
        made = build(ROOT)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    if made:
        print(f"Built: {', '.join(made)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
