"""What kind of thing a browser runs on, and no more (R032)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Device:
    """phone, tablet or computer; and the family of its operating system."""

    kind: str = "computer"
    system: str = "other"


_SYSTEMS: Final = (
    ("iphone", "ios"),
    ("ipad", "ios"),
    ("android", "android"),
    ("cros", "chromeos"),
    ("windows", "windows"),
    ("mac os", "macos"),
    ("kaios", "kaios"),
    ("linux", "linux"),
)


def device_of(user_agent: str) -> Device:
    """Read a browser's own description of itself; versions and models are passed over."""
    text = user_agent[:500].casefold()
    system = next((name for mark, name in _SYSTEMS if mark in text), "other")
    if "ipad" in text or "tablet" in text or (system == "android" and "mobile" not in text):
        return Device("tablet", system)
    if system in {"android", "ios", "kaios"} or "mobile" in text:
        return Device("phone", system)
    return Device("computer", system)
