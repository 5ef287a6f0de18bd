"""Markdown into pages: what a reader sees, and what never reaches them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from passport.library.engine import article
from passport.library.engine.article import Article
from passport.library.engine.desk import Desk
from passport.library.engine.limits import USUAL
from passport.library.engine.problems import Report
from passport.library.engine.tree import Tree


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    Image.new("RGB", (40, 30)).save(tmp_path / "a.png")
    (tmp_path / "a.mp3").write_bytes(b"ID3" + bytes(200))
    files = {"a.png": tmp_path / "a.png", "sounds/a.mp3": tmp_path / "a.mp3"}
    return Desk(Tree(files), Report(), USUAL)


def rendered(desk: Desk, source: str, language: str = "en", title: str = "Title") -> Article:
    return article.render(desk, "text.md", source, language=language, title=title)


PAGES = [
    ("one", 1),
    ("one\n\n##\n\ntwo", 2),
    ("##\none\n##\n##\n##\ntwo\n##\n", 2),
    ("# title\n\n##\none", 1),  # the heading repeats the title, which the page carries
    ("# Another\n\n##\none", 2),
    ("one\n\n## ##\n\ntwo", 2),
    ("one\n\n## Two\n\nthree", 1),
    ("- ##\n- one", 1),
    ("```\n##\n```\n", 1),
]


@pytest.mark.parametrize(("source", "pages"), PAGES)
def test_a_line_of_two_signs_turns_the_page(desk: Desk, source: str, pages: int) -> None:
    assert len(rendered(desk, source).pages) == pages


def test_an_empty_article_is_told(desk: Desk) -> None:
    assert rendered(desk, "# Title\n\n##\n").pages == ()
    assert [each.sentence for each in desk.report.problems] == ["This article is empty."]


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("# Top\n\n## Next", "<h2>Top</h2>\n<h3>Next</h3>"),
        ("### Deep\n\n#### Next", "<h2>Deep</h2>\n<h3>Next</h3>"),
        ("*so* **much**", "<p><em>so</em> <strong>much</strong></p>"),
        ("1. one\n2. two", "<ol>\n<li>one</li>\n<li>two</li>\n</ol>"),
        ("<b>bold</b> text", "<p>bold text</p>"),
        ("<script>alert(1)</script>", ""),
        ("one<!-- two -->", "<p>one</p>"),
        ("`<b>`", '<p><code dir="ltr">&lt;b&gt;</code></p>'),
        (
            "![an apple](a.png)",
            (
                '<figure><img src="{png}" alt="an apple" width="40" height="30" loading="lazy"'
                ' decoding="async"></figure>'
            ),
        ),
        (
            '![an apple](a.png "Red & ripe")',
            (
                '<figure><img src="{png}" alt="an apple" width="40" height="30" loading="lazy"'
                ' decoding="async"><figcaption>Red &amp; ripe</figcaption></figure>'
            ),
        ),
        (
            "![listen](sounds/a.mp3)",
            (
                '<figure><audio controls="" preload="none" src="{mp3}" aria-label="listen"></audio>'
                "</figure>"
            ),
        ),
        (
            "[out](https://example.org/a?b=1&c=2)",
            (
                '<p><a href="/away?to=https%3A%2F%2Fexample.org%2Fa%3Fb%3D1%26c%3D2" class="away"'
                ' rel="noopener noreferrer">out</a></p>'
            ),
        ),
        (
            "[out](//example.org)",
            (
                '<p><a href="/away?to=https%3A%2F%2Fexample.org" class="away"'
                ' rel="noopener noreferrer">out</a></p>'
            ),
        ),
        ("[call](tel:116111)", '<p><a href="tel:116111" rel="noopener noreferrer">call</a></p>'),
        ("[x](other.md)", "<p>x</p>"),
        ("[x](ftp://a/b)", "<p>x</p>"),
        ("| a |\n|--:|\n| 1 |", '<th class="end" scope="col">a</th>'),
    ],
)
def test_markdown_becomes_clean_html(desk: Desk, source: str, html: str) -> None:
    page = "".join(rendered(desk, source).pages)
    addresses = {
        placed.media.extension: placed.url for placed in desk._looked_at.values() if placed
    }

    wanted = html.replace("{png}", addresses.get("png", "")).replace(
        "{mp3}", addresses.get("mp3", "")
    )
    assert wanted in page
    assert html or not page


@pytest.mark.parametrize(
    ("language", "way"), [("en", "ltr"), ("ar", "rtl"), ("prs", "rtl"), ("ha-ne", "ltr")]
)
def test_an_article_knows_its_language_and_direction(desk: Desk, language: str, way: str) -> None:
    made = rendered(desk, "text", language)

    assert (made.language, made.direction) == (language, way)


SCRIPTS = [
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](data:text/html,<script>alert(1)</script>)",
    "[a](vbscript:alert)",
    "![a](javascript:alert(1))",
    '![a" onerror="alert(1)](a.png)',
    '![a](a.png "x\\" onload=\\"alert(1)")',
    '[a](https://x/"onclick="alert(1))',
    "<a href='javascript:alert(1)'>a</a>",
    "<https://x/<script>>",
    "<div style='background:url(javascript:alert(1))'>a</div>",
    "| <script>alert(1)</script> |\n|-|\n| <iframe src=//x> |",
    "<scr<script>ipt>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "```<script>\nalert(1)\n```",
]


@pytest.mark.parametrize("source", SCRIPTS)
def test_no_script_survives(desk: Desk, source: str) -> None:
    assert_harmless("".join(rendered(desk, source).pages))
    assert_harmless(article.inline(source))


@given(st.text(st.sampled_from("<>/\"'=()[]!#*`|-:&; \nahrefsrconscript"), max_size=60))
def test_nothing_anybody_writes_becomes_a_script(source: str) -> None:
    desk = Desk(Tree({}), Report(), USUAL)

    assert_harmless("".join(rendered(desk, source).pages))
    assert_harmless(article.inline(source))


def assert_harmless(html: str) -> None:
    import re

    for tag in re.findall(r"<[^>]*>", html):
        name = re.match(r"</?([a-z0-9]+)", tag)
        assert name, html
        assert name[1] in article._ALLOWED, html
        outside_quotes = re.sub(r'"[^"]*"', '""', tag)
        assert not re.search(r"\s(on\w+|style|srcdoc)\s*=", outside_quotes, re.IGNORECASE), html
        for address in re.findall(r'(?:href|src)="([^"]*)"', tag):
            assert address.startswith(("/away?to=", "/media/", "tel:", "mailto:")), html


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("How *many*?", "How <em>many</em>?"),
        ("3*4*5 = ?", "3*4*5 = ?"),
        ("2 < 3 & 4 > 3", "2 &lt; 3 &amp; 4 &gt; 3"),
        ("![x](a.png) [y](https://x.org)", "y"),
    ],
)
def test_a_prompt_is_one_line_of_clean_html(written: str, html: str) -> None:
    assert article.inline(written) == html
