"""How far a long command is: one line on the terminal, written over and over."""

from __future__ import annotations

import sys
import time

from django.utils.translation import gettext as _

SECONDS = 0.2
WIDTH = 70


class Progress:
    """Shows what is being done, unless nobody looks: output that is piped away stays clean."""

    def __init__(self) -> None:
        self._shown = 0.0
        self._looked_at = sys.stderr.isatty()

    def __call__(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if not self._looked_at or (now - self._shown < SECONDS and done != total):
            return
        self._shown = now
        share = f" {done / total:.0%}" if total > done else ""
        print(f"\r{_(what) + share:<{WIDTH}}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Take the line away."""
        if self._shown:
            print("\r" + " " * WIDTH, end="\r", file=sys.stderr, flush=True)
