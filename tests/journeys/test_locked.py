"""A hub that starts locked, on a small screen, by keyboard, without scripts, in four languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import nodes
from tests.journeys.nodes import Node
from tests.journeys.screens import NARROW, OpenPage, fits

CODE_LINE = "The code: "


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[tuple[Node, str]]:
    """Make a node, lock it, and serve it: it starts locked."""
    listen = f"127.0.0.1:{nodes.free_port()}"
    nodes.run(tmp_path, "passport", "init", "--listen", listen)
    said = nodes.run(tmp_path, "passport", "lock", "on")
    code = next(
        line.removeprefix(CODE_LINE) for line in said.splitlines() if line.startswith(CODE_LINE)
    )
    node = Node("locked", tmp_path, f"http://{listen}")
    with nodes.served([node], first="/health"):
        yield node, code


@pytest.fixture
def old_phone(open_page: OpenPage) -> Page:
    return open_page(java_script_enabled=False, viewport=NARROW)


def test_it_is_unlocked_by_keyboard_and_stays_so(old_phone: Page, locked: tuple[Node, str]) -> None:
    node, code = locked
    old_phone.goto(node.at("/sign-in/password"))
    for own_name in ("العربية", "Français", "Español", "English"):
        old_phone.get_by_role("button", name=own_name).click()
        expect(old_phone.locator("input[type=password]")).to_be_visible()
        fits(old_phone)
    old_phone.locator("input[type=password]").focus()
    old_phone.keyboard.type("guess")
    old_phone.keyboard.press("Enter")
    expect(old_phone.get_by_role("alert")).to_be_visible()
    fits(old_phone)
    old_phone.locator("input[type=password]").focus()
    old_phone.keyboard.type(code)
    old_phone.keyboard.press("Enter")
    expect(old_phone.locator("input[name=username]")).to_be_visible()
    old_phone.goto(node.at("/health"))
    expect(old_phone.locator("body")).to_contain_text('"locked": false')


def test_a_command_beside_it_needs_the_password_too(locked: tuple[Node, str]) -> None:
    node, code = locked
    asked = nodes.begin(node.home, "passport", "person", "list")
    _, said = asked.communicate(timeout=nodes.PATIENCE)
    assert asked.returncode == 1
    assert "PASSPORT_UNLOCK" in said
    told = nodes.finish(nodes.begin(node.home, "passport", "person", "list", PASSPORT_UNLOCK=code))
    assert "0 in all" in told
