"""Draw every picture of the demo library, or those of the courses named.

    python -m demo.make.draw [course …]

Needs nothing but Python. The pictures land beside the lessons in demo/library/<course>/.
"""

import importlib
import sys
from pathlib import Path

MAKE = Path(__file__).resolve().parent
LIBRARY = MAKE.parent / "library"
MODULES = {
    "letters": "letters",
    "counting": "counting",
    "kite": "kite",
    "water": "water",
    "safe-online": "online",
    "tablet": "tablet",
    "first-job": "job",
    "running-a-class": "hub",
}


def main(courses: list[str]) -> None:
    """Write the SVG files of the courses named, or of all."""
    for course in courses or list(MODULES):
        pictures = importlib.import_module(f"demo.make.pictures.{MODULES[course]}").draw()
        folder = LIBRARY / course
        folder.mkdir(parents=True, exist_ok=True)
        for name, svg in pictures.items():
            (folder / name).write_text(svg, encoding="utf-8")
        sizes = [len(svg) for svg in pictures.values()]
        sys.stdout.write(f"{course}: {len(sizes)} pictures, largest {max(sizes)} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1:])
