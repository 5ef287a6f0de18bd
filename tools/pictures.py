"""Takes the pictures of the product that the README shows, or every screen for looking at.

    python -m tools.pictures                 docs/pictures/*.png, small
    python -m tools.pictures --look FOLDER   screens at 320 and 1280 pixels, in English and Arabic

A country and two hubs are made in a temporary folder, with the people and courses of the demo and a
past that is always the same; nothing of this machine is in the pictures.
"""

import argparse
import base64
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.journeys.nodes import Node, deployment
from tests.journeys.screens import answer, quiz, sign_in
from tests.support.chromium import FLAGS, SURROUNDINGS, chromium_path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
PDFJS = ROOT / "node_modules" / "pdfjs-dist" / "build"
COLOURS = 256
PHONE, DESK = {"width": 360, "height": 720}, {"width": 1280, "height": 800}
SMALL_PHONE = {"width": 320, "height": 640}
BLUE, LAYLA = "Blue class", "ليلى"
"""The class at the hub, and a girl in it who learns in Arabic."""
DRAW_PDF = """async (encoded) => {
  const pdfjs = await import("/pdf.min.mjs");
  pdfjs.GlobalWorkerOptions.workerSrc = "/pdf.worker.min.mjs";
  const data = Uint8Array.from(atob(encoded), (each) => each.charCodeAt(0));
  const page = await (await pdfjs.getDocument({ data }).promise).getPage(1);
  const viewport = page.getViewport({ scale: 1.4 });
  const canvas = document.body.appendChild(document.createElement("canvas"));
  [canvas.width, canvas.height] = [viewport.width, viewport.height];
  await page.render({ canvas, viewport }).promise;
}"""

type Open = Callable[..., Page]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--look", type=Path, metavar="FOLDER")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="passport-pictures-") as beside,
        deployment(Path(beside), "long") as nodes,
        opened() as browser,
    ):

        def open_page(**options: object) -> Page:
            return browser.new_context(**{**SURROUNDINGS, **options}).new_page()  # type: ignore[arg-type]

        if given.look:
            look(open_page, nodes, given.look)
        else:
            take(open_page, nodes)
    return 0


@contextmanager
def opened() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        yield browser
        browser.close()


# The six of the README


def take(open_page: Open, nodes: dict[str, Node]) -> None:
    PICTURES.mkdir(exist_ok=True)
    mango, country = nodes["mango"], nodes["country"]

    page = open_page(viewport=PHONE, device_scale_factor=2)
    page.goto(mango.at("/sign-in"), wait_until="networkidle")
    keep(page, "sign-in-by-picture")
    page.goto(mango.card("Amina"), wait_until="networkidle")
    keep(page, "learner-home")

    page = open_page(viewport=PHONE, device_scale_factor=2, locale="ar")
    page.goto(mango.card("عمر"))
    to_question(page, mango, "birds")
    keep(page, "question-in-arabic")

    come_in(open_page, mango)
    page = open_page(viewport=DESK)
    sign_in(page, mango, "grace")
    page.goto(mango.at(f"/class/{mango.group(BLUE)}"), wait_until="networkidle")
    keep(page, "class-at-a-glance")
    cards = page.request.get(mango.at(f"/class/{mango.group(BLUE)}/cards.pdf")).body()
    draw_pdf(page, cards)
    keep(page, "printed-cards", "canvas")

    page = open_page(viewport=DESK)
    sign_in(page, country, "admin", "/office")
    page.goto(country.at("/office?figure=users"), wait_until="networkidle")
    keep(page, "office-figures")


def come_in(open_page: Open, mango: Node) -> None:
    """Let some children of the class be here, so that the facilitator sees them."""
    for given, slug, lesson in (
        ("Amina", "counting", "eleven-to-fifteen"),
        ("Yusuf", "counting", "how-many"),
        ("Fatou", "water", "wash-hands"),
        ("عمر", "counting", "how-many"),
    ):
        page = open_page(viewport=PHONE)
        page.goto(mango.card(given))
        page.goto(mango.lesson(slug, lesson))
        page.locator("[data-saved] [data-when=sent]").wait_for()


def to_question(page: Page, mango: Node, wanted: str) -> None:
    """Answer until a certain question is in view."""
    asked = quiz("counting", "how-many")
    page.goto(mango.lesson("counting", "how-many"), wait_until="networkidle")
    while (
        page.locator("[data-question]:not([hidden])").get_attribute("data-question") != wanted
        and page.locator("[data-check]").is_visible()
    ):
        answer(page, asked)
        page.locator("[data-check]").click()
        page.locator("[data-on]").click()
    page.wait_for_load_state("networkidle")
    page.evaluate("scrollTo(0, 0)")


def draw_pdf(page: Page, content: bytes) -> None:
    """Draw the first page of a PDF with pdf.js, in a page that nobody serves."""

    def serve(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        if name:
            route.fulfill(path=PDFJS / name, content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html><title>PDF</title>", content_type="text/html")

    page.route("http://pdf.invalid/**", serve)
    page.goto("http://pdf.invalid/")
    page.evaluate(DRAW_PDF, base64.b64encode(content).decode())


def keep(page: Page, name: str, part: str = "") -> None:
    """Save what is on the screen, or a part of the page, with few colours."""
    shot = page.locator(part).screenshot() if part else page.screenshot()
    picture = Image.open(BytesIO(shot)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    path = PICTURES / f"{name}.png"
    picture.save(path, optimize=True)
    sys.stdout.write(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1000} KB\n")


# Every screen, for looking at


def look(open_page: Open, nodes: dict[str, Node], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    mango, country = nodes["mango"], nodes["country"]
    come_in(open_page, mango)
    layla = mango.learner(LAYLA)
    for locale in ("en", "ar"):
        for size in (SMALL_PHONE, DESK):
            page = open_page(viewport=size, locale=locale)

            def see(node: Node, path: str, name: str) -> None:
                page.goto(node.at(path), wait_until="networkidle")  # noqa: B023 - used at once
                wide = size["width"]  # noqa: B023
                page.screenshot(path=folder / f"{name}-{wide}-{locale}.png", full_page=True)  # noqa: B023

            see(mango, "/sign-in", "sign-in")
            see(mango, f"/sign-in/as/{layla['person']}", "picture-code")
            see(mango, f"/c/{layla['card']}", "home")
            see(mango, mango.course("counting").removeprefix(mango.address), "course")
            see(mango, f"/lessons/{mango.lesson_id('water', 'why-water')}", "lesson")
            see(mango, f"/lessons/{mango.lesson_id('counting', 'how-many')}", "quiz")
            see(mango, "/learnt", "learnt")
            sign_in(page, mango, "grace")
            see(mango, f"/class/{mango.group(BLUE)}", "class")
            see(mango, f"/learners/{layla['person']}", "learner")
            see(mango, "/carry", "carry")
            sign_in(page, country, "admin", "/office")
            for path in ("office", "office/figures/users", "office/people", "office/hubs",
                         "office/courses", "office/parcels", "office/sites"):  # fmt: skip
                see(country, f"/{path}", path.replace("/", "-"))


if __name__ == "__main__":
    sys.exit(main())
