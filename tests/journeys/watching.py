"""What must hold on every page, whoever opens it and in whichever language."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WHAT = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FIND = f"""async () => {{
  const found = await axe.run(document, {{
    runOnly: {json.dumps(WHAT)}, resultTypes: ["violations"], preload: false,
  }});
  return found.violations.map((each) => `${{each.id}}: ${{each.nodes[0].html.slice(0, 160)}}`);
}}"""
LOOK = """() => ({
  lang: document.documentElement.lang,
  dir: document.documentElement.dir,
  headings: document.querySelectorAll("h1").length,
  wide: document.documentElement.scrollWidth,
  screen: document.documentElement.clientWidth,
})"""
STARTED = """() => !document.querySelector("[data-player]")
  || document.querySelector("[data-plain][hidden], [data-steps] li, [data-finished=yes]")"""
"""Whether the player of a lesson, where there is one, has taken over from the plain page."""
FROM_RIGHT = {"ar"}
CSP = {
    "default-src": {"'self'"},
    "img-src": {"'self'", "data:"},
    "object-src": {"'none'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
    "form-action": {"'self'"},
}


class Watch:
    """Looks at every page that a browser opens on one node, and gathers what is wrong."""

    def __init__(self, context: BrowserContext, origin: str, language: str) -> None:
        self.context = context
        self.origin = origin
        self.language = language
        self.found: dict[str, list[str]] = {}
        self.heard: list[str] = []
        self.last = "before the first page"
        self.page: Page = context.new_page()
        self.page.on("request", self._asked)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.heard.append(f"script: {error.message}"))

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:", "blob:")):
            self.heard.append(f"asked elsewhere: {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        # A page that says "not found" is told of by Chromium as well.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.heard.append(f"console: {message.text}")

    def open(self, path: str, status: tuple[int, ...] = (200,)) -> Page:
        """Open a page, wait until it has come to rest, and look at it."""
        # what was heard after the last look belongs to the page before
        self.look_back()
        answer = self.page.goto(self.origin + path, wait_until="load")
        self.page.wait_for_function(STARTED)
        wrong = self._of(answer, status)
        self.look(path, wrong)
        return self.page

    def look(self, what: str, wrong: list[str] | None = None) -> None:
        """Look at the page as it is now."""
        self.last = what
        wrong = [*(wrong or []), *self._seen()]
        if wrong:
            self.found.setdefault(what, []).extend(wrong)
        self.look_back()

    def look_back(self) -> None:
        """Put what the browser told on the account of the page that was looked at last."""
        if self.heard:
            self.found.setdefault(self.last, []).extend(self.heard)
            self.heard.clear()

    def _of(self, answer: Response | None, status: tuple[int, ...]) -> list[str]:
        if answer is None or answer.status not in status:
            return [f"answered {answer and answer.status}"]
        said = answer.headers.get("content-security-policy", "")
        told = {words[0]: set(words[1:]) for part in said.split(";") if (words := part.split())}
        return [] if told == CSP else [f"its policy is {said!r}"]

    def _seen(self) -> list[str]:
        wrong = []
        self.page.wait_for_load_state()
        seen = self.page.evaluate(LOOK)
        if seen["lang"] != self.language:
            wrong.append(f"lang is {seen['lang']}")
        if seen["dir"] != ("rtl" if self.language in FROM_RIGHT else "ltr"):
            wrong.append(f"dir is {seen['dir']}")
        if seen["headings"] != 1:
            wrong.append(f"{seen['headings']} h1")
        if seen["wide"] > seen["screen"]:
            wrong.append(f"{seen['wide']} pixels wide")
        for cookie in self.context.cookies():
            told = cookie["name"], cookie["httpOnly"], cookie["sameSite"]
            if told != ("session", True, "Lax"):
                wrong.append(f"cookie {told}")
        if not self.page.evaluate("typeof axe === 'object'"):
            # By the debugger: the page's own policy lets no such script in, and stays as it is.
            self.page.evaluate(f"() => {{ {AXE.read_text(encoding='utf-8')} }}")
        return wrong + list(self.page.evaluate(FIND))
