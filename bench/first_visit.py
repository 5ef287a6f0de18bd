"""A first visit with an empty cache, in real Chromium: bytes on the wire, requests, what blocks.

    python -m bench.first_visit

The sign-in page and a learner's home (with courses given, begun and on the shelf), each in a browser
that has nothing yet. Counted are compressed bodies and headers as they come over the network, and every
request. Beside them, the same page as it would be without compression.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Response, sync_playwright

from bench.ground import Figure, School, Tablet, answers, arguments, school, serving, show
from tests.support.chromium import FLAGS, chromium_path

KILOBYTES = 60
REQUESTS = 12


async def begin(at: School, port: int) -> str:
    """Sign a learner in and let them begin a course; returns the cookie."""
    tablet = Tablet(port)
    await tablet.sign_in_with_card(at.pupils[0])
    sent = await tablet.send_events(list(itertools.islice(answers(at), 30)))
    assert sent.status == 200, sent.text
    tablet.close()
    return tablet.cookie


class Visit(NamedTuple):
    """What a page took."""

    wire: float
    """kB over the network, headers too."""
    unpacked: float
    """kB of the bodies."""
    requests: int
    blocking: list[str]
    """What the first paint waited for."""


def of_page(name: str, seen: Visit) -> list[Figure]:
    """Say what a page took."""
    assert all(".css" in each for each in seen.blocking), seen.blocking
    return [
        Figure(f"{name}: on the wire", seen.wire, "kB", KILOBYTES),
        Figure(f"{name}: unpacked, without headers", seen.unpacked, "kB"),
        Figure(f"{name}: requests", seen.requests, "", REQUESTS),
        Figure(f"{name}: style sheets that block the first paint", len(seen.blocking), "", 1),
    ]


def visit(browser: Browser, address: str, cookie: str) -> Visit:
    """Open a page in a browser that has nothing yet."""
    context = browser.new_context(viewport={"width": 360, "height": 640})
    if cookie:
        context.add_cookies([{"name": "session", "value": cookie, "url": address}])
    page = context.new_page()
    came: list[Response] = []
    page.on("response", lambda answer: came.append(answer))  # noqa: PLW0108 - it keeps a mark there
    page.goto(address, wait_until="networkidle")
    sizes = [each.request.sizes() for each in came]
    wire = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
    unpacked = sum(len(each.body()) for each in came)
    blocking: list[str] = page.evaluate(
        "performance.getEntriesByType('resource')"
        ".filter(each => each.renderBlockingStatus === 'blocking').map(each => each.name)"
    )
    context.close()
    return Visit(wire / 1000, unpacked / 1000, len(came), blocking)


def main() -> int:
    """Visit both pages."""
    given = arguments(__doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-visit-") as folder:
        at = school(Path(folder) / "hub", pupils=40)
        with serving(at) as server:
            cookie = asyncio.run(begin(at, server.port))
            address = f"http://127.0.0.1:{server.port}"
            with sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=chromium_path(), args=FLAGS)
                figures = of_page("sign-in", visit(browser, f"{address}/sign-in", ""))
                figures += of_page("home", visit(browser, f"{address}/", cookie))
                browser.close()
    return show(figures, as_json=given.json)


if __name__ == "__main__":
    sys.exit(main())
