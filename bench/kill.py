"""A hub killed with SIGKILL again and again while learners answer: is every acknowledged answer there, once.

    python -m bench.kill [--rounds 1000] [--seed 1]

`tests/simulation/killing.py` says what is done and what it can't tell.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from bench.ground import arguments
from tests.simulation.killing import SOUND, Killing


def main() -> int:
    """Run the rounds, look, and fail when anything is not as it must be."""
    asked = arguments(__doc__)
    asked.add_argument("--rounds", type=int, default=1000)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-kill-") as folder:
        killing = Killing.of(Path(folder) / "hub", given.seed)
        began = time.perf_counter()
        for number in range(given.rounds):
            killing.round()
            if not given.json and number % 25 == 24:
                taken = sum(len(device.acknowledged) for device in killing.devices)
                print(
                    f"{number + 1} kills, {taken:,} answers, {time.perf_counter() - began:.0f} s",
                    flush=True,
                )
        found = killing.finish()
    sound = all(found[name] == right for name, right in SOUND.items())
    if given.json:
        print(json.dumps({**found, "sound": sound}))
    else:
        for name, value in found.items():
            print(f"{name:20} {value if value != [] else 'none'}")
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
