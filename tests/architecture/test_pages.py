"""What every page promises: no inline script or style, nobody else's origin, both directions."""

import re
from pathlib import Path

from tests.architecture.house import PASSPORT, ROOT

WEB = PASSPORT / "web"

NOT_ALLOWED_IN_PAGES = {
    "a script in the page": r"<script(?![^>]*\bsrc=)",
    "a style in the page": r"<style\b|<[a-z][^<>]*\sstyle\s*=",
    "a handler in the page": r"<[a-z][^<>]*\son[a-z]+\s*=",
    "somebody else's origin": r"<(?:script|link|img|iframe|video|audio|source)\b[^<>]*https?://",
}

# Left and right are other sides in Arabic: `inline-start` and `inline-end` are always right.
SIDES = re.compile(
    r"""(?:^|[;{\s])(
        (?:margin|padding|border)-(?:left|right)(?:-[a-z]+)?
        | (?:left|right)
        | border-(?:top|bottom)-(?:left|right)-radius
    )\s*:
    | (?:text-align|float|clear)\s*:\s*(?:left|right)\b""",
    re.VERBOSE,
)


def _lines(path: Path, pattern: re.Pattern[str]) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return [
        f"{path.relative_to(ROOT)}:{text.count('\n', 0, found.start()) + 1} {found[0].strip()}"
        for found in pattern.finditer(text)
    ]


def test_pages_keep_to_the_content_security_policy() -> None:
    found = [
        f"{line}: {what}"
        for path in sorted(WEB.glob("**/templates/**/*.html"))
        for what, pattern in NOT_ALLOWED_IN_PAGES.items()
        for line in _lines(path, re.compile(pattern, re.IGNORECASE))
    ]

    assert not found


def test_the_style_sheet_knows_no_left_and_right() -> None:
    sheets = sorted(WEB.glob("**/css/*.css"))
    found = [line for path in sheets for line in _lines(path, SIDES)]

    assert not found
