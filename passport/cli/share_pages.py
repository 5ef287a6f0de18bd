"""The page that a trustee gets, and the words on it read back."""

from __future__ import annotations

from collections.abc import Iterator

_CUT = "- - - - - - - -"
_PAGE = """\
LEARNING PASSPORT · share {number} of {shares}

This is one part of what opens the key of “{name}”. Any {needed} of the {shares} parts, together with the
file {file}, put the key back when it is lost. One part alone opens nothing.

Keep this page where you keep papers that must not be lost. Show it to nobody, unless the
office of “{name}” asks for it and you know who asks. Don't photograph it.

{cut}
{words}
{cut}
"""
_ACROSS = 3


def page_of(share: str, *, number: int, shares: int, needed: int, name: str, file: str) -> str:
    """Write the page of one share."""
    return _PAGE.format(
        number=number, shares=shares, needed=needed, name=name, file=file, cut=_CUT,
        words="\n".join(_lines(share)),
    )  # fmt: skip


def _lines(share: str) -> Iterator[str]:
    words = [f"{number:>2} {word:<10}" for number, word in enumerate(share.split(), 1)]
    for at in range(0, len(words), _ACROSS):
        yield "   ".join(words[at : at + _ACROSS]).rstrip()


def share_in(page: str) -> str:
    """Return the words of a page; of any other text, all of them."""
    _, _, after = page.partition(_CUT)
    words = (after.partition(_CUT)[0] if after else page).split()
    return " ".join(word for word in words if not word.strip(".").isdigit())
