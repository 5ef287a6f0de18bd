"""Chromium for the journeys, and the fixtures that open pages in it.

The browser is the one on the PATH, else Debian's package where apt may be used, else Playwright's
own download. `page` is a phone of 360 × 640 unless a test asks `open_page` for something else.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

FLAGS = (
    "--no-sandbox",  # tests run as root in containers
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # a journey's network is the node under test and nothing else
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

PHONE = {"width": 360, "height": 640}

# Journeys look at what a person sees, so nothing moves and nothing depends on the tester's clock.
SURROUNDINGS = {"locale": "en", "timezone_id": "UTC", "reduced_motion": "reduce"}

type OpenPage = Callable[..., Page]

PATIENCE_MS = 20_000
"""A live page asks every five seconds, and the machine may be busy; waiting costs only what fails."""
expect.set_options(timeout=PATIENCE_MS)


class ChromiumUnavailableError(Exception):
    """No browser could be found or fetched; the sentence says what was tried."""


@cache
def chromium_path() -> str:
    """The browser's program, installed first where that is possible."""
    if found := _on_path():
        return found
    if _install_debian_package() and (found := _on_path()):
        return found
    if found := _download_of_playwright():
        return found
    raise ChromiumUnavailableError(
        "The journeys need Chromium: none is on the PATH, apt could not install one, and "
        "Playwright could not download one."
    )


def _on_path() -> str | None:
    for name in NAMES:
        path = shutil.which(name)
        # a wrapper may stand there for a package that is not installed: only one that runs counts
        if path and _runs([path, "--version"]):
            return path
    return None


def _install_debian_package() -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    install = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return _runs(install, environment) or (
        _runs(["apt-get", "update"], environment) and _runs(install, environment)
    )


def _download_of_playwright() -> str | None:
    if not _runs([sys.executable, "-m", "playwright", "install", "chromium"]):
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def _runs(command: list[str], environment: dict[str, str] | None = None) -> bool:
    try:
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environment,
            timeout=600,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    # Playwright's sync API runs an event loop in this thread. Django would refuse to touch the
    # database beside one; here it is safe, for nothing else uses that loop.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        yield driver
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    browser = playwright_driver.chromium.launch(
        executable_path=chromium_path(), args=list(FLAGS), headless=True
    )
    yield browser
    browser.close()


@pytest.fixture
def open_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Make a separate person's browser: own cookies, own storage. Takes what Playwright takes."""
    opened: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(**{"viewport": PHONE, **SURROUNDINGS, **options})
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def open_page(open_context: Callable[..., BrowserContext]) -> Iterator[OpenPage]:
    """Open a page of its own; the test fails if a script on it did."""
    faults: list[str] = []

    def make(**options: Any) -> Page:
        page = open_context(**options).new_page()
        page.on("pageerror", lambda error: faults.append(_sentence(error)))
        return page

    yield make
    assert not faults, f"scripts on the page failed: {faults}"


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


def _sentence(error: Error) -> str:
    return f"{error.name}: {error.message}"
