"""Print the documents (PDF) of the demo library from documents/<course>.<name>.toml.

    python -m demo.make.documents [course.name …]

Needs `chromium` and the DejaVu fonts (Debian: fonts-dejavu-core). Each page is a picture of the
course and a few lines, in the shape of a phone's screen, so that it can be read there without
zooming; two fit side by side on a sheet of A4.
"""

import importlib
import subprocess
import sys
import tempfile
import tomllib
from html import escape
from pathlib import Path
from typing import Any

from demo.make.draw import LIBRARY, MAKE, MODULES

STYLE = """
@page { size: 105mm 160mm; margin: 0 }
* { box-sizing: border-box }
body { margin: 0; font: 12.5pt/1.4 "DejaVu Sans", sans-serif; color: #2b2a33 }
section { width: 105mm; height: 160mm; padding: 12mm 9mm 8mm; background: #fff8ec;
  break-after: page; position: relative; overflow: hidden }
section:last-child { break-after: auto }
section::before { content: ""; position: absolute; inset: 0 0 auto 0; height: 4mm;
  background: var(--band) }
img { display: block; width: 84mm; height: 63mm; border-radius: 4mm; margin: 0 auto 5mm }
h1, h2 { font-size: 16pt; line-height: 1.25; margin: 0 0 3mm }
h1 { font-size: 19pt }
ol, ul { margin: 0; padding-inline-start: 6mm }
li { margin-block-end: 1.5mm }
p { margin: 0 }
ol:lang(ar) { list-style: arabic-indic }
.blank li { list-style: none; border-block-end: .4mm dashed #c4a877; padding-block-end: 6mm }
.blank ol, .blank ul { padding: 0 }
footer { position: absolute; inset-block-end: 3mm; inset-inline-end: 9mm; font-size: 8pt;
  color: #6f6a63 }
body:lang(ar) { font-size: 13pt; line-height: 1.6 }
"""
BANDS = ["#3d8fcf", "#e8604c", "#4f9d69", "#f5a524"]


def page(content: dict[str, Any], language: str, number: int) -> str:
    """One page as HTML."""
    digits = str(number)
    if language == "ar":
        digits = digits.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    heading = "h1" if number == 1 else "h2"
    tag = "ol" if content.get("steps") else "ul"
    lines = content["lines"][language]
    body = "".join(f"<li>{escape(text)}</li>" for text in lines)
    words = f"<{tag}>{body}</{tag}>" if len(lines) > 1 else f"<p>{escape(lines[0])}</p>"
    blank = ' class="blank"' if content.get("blank") else ""
    title = escape(content["title"][language])
    return (
        f'<section style="--band:{BANDS[(number - 1) % 4]}"><img src="{content["picture"]}" alt="">'
        f"<div{blank}><{heading}>{title}</{heading}>{words}</div><footer>{digits}</footer></section>"
    )


def main(wanted: list[str]) -> None:
    """Print the documents named, or all, in every language."""
    for source in sorted((MAKE / "documents").glob("*.toml")):
        if wanted and source.stem not in wanted:
            continue
        course, name = source.stem.split(".")
        pages = tomllib.loads(source.read_text(encoding="utf-8"))["page"]
        folder = LIBRARY / course
        module = importlib.import_module(f"demo.make.pictures.{MODULES[course]}")
        pictures = module.draw() | module.sheets()
        for language in pages[0]["title"]:
            way = "rtl" if language == "ar" else "ltr"
            sheets = "".join(page(content, language, i) for i, content in enumerate(pages, 1))
            title = escape(pages[0]["title"][language])
            html = (
                f'<!doctype html><html lang="{language}" dir="{way}"><meta charset="utf-8">'
                f"<title>{title}</title><style>{STYLE}</style><body>{sheets}"
            )
            out = folder / f"{name}.{language}.pdf"
            with tempfile.TemporaryDirectory() as tmp:
                for content in pages:
                    (Path(tmp) / content["picture"]).write_text(
                        pictures[content["picture"]], encoding="utf-8"
                    )
                written = Path(tmp) / "page.html"
                written.write_text(html, encoding="utf-8")
                browser = [
                    "chromium",
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--no-pdf-header-footer",
                    "--export-tagged-pdf",
                ]
                subprocess.run(
                    [*browser, f"--print-to-pdf={out}", f"file://{written}"],
                    check=True,
                    capture_output=True,
                )
            sys.stdout.write(f"{course}/{out.name}: {out.stat().st_size // 1024} KB\n")


if __name__ == "__main__":
    main(sys.argv[1:])
