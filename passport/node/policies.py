"""The order of what is said about one thing, which every node finds alike (merge rule *register*)."""

from __future__ import annotations

from typing import NamedTuple


class Stamp(NamedTuple):
    """Where and when something was said; the larger one is the last word."""

    epoch: int
    """How often the country had given the person's custody when it was said: an edit where somebody
    is now outweighs any that was made where they were, whatever the clocks say there."""
    hlc: int
    origin: str


def is_last_word(said: Stamp, held: Stamp | None) -> bool:
    """Tell whether what was said outweighs what is held; said again, it holds what it won."""
    return held is None or held <= said
