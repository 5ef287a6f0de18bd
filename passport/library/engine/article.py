"""Markdown into pages of clean HTML (R192, R193, R207).

CommonMark with tables. Raw HTML is dropped, headings move below the page's own `h1`, pictures and
recordings get their addresses, links to outside go through `/away`. What comes out has passed an
allow-list (nh3), so that no mistake here can become a script on a learner's page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape, unescape
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

import msgspec
import nh3
from django.utils.translation import gettext_noop as _

from passport.kernel.text import Direction, direction, fold
from passport.library.engine.desk import Desk, Placed
from passport.library.engine.media import Form, form_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_ALLOWED: Final[dict[str, set[str]]] = {
    "a": {"href", "class"},
    "audio": {"controls", "preload", "src", "aria-label"},
    "blockquote": {"dir"},
    "br": set(),
    "code": {"dir"},
    "em": set(),
    "figcaption": set(),
    "figure": set(),
    "h2": set(),
    "h3": set(),
    "h4": set(),
    "h5": set(),
    "h6": set(),
    "hr": set(),
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
    "li": set(),
    "ol": {"start"},
    "p": set(),
    "pre": {"dir"},
    "strong": set(),
    "table": set(),
    "tbody": set(),
    "td": {"class"},
    "th": {"class", "scope"},
    "thead": set(),
    "tr": set(),
    "ul": set(),
    "video": {"controls", "preload", "src", "aria-label", "width", "height"},
}
_INLINE: Final = {name: _ALLOWED[name] for name in ("code", "em", "strong")}
_SCHEMES: Final = {"http", "https", "tel", "mailto"}
_DEEPEST: Final = 6
_PLAYED: Final = (Form.IMAGE, Form.AUDIO, Form.VIDEO)
_PRODUCT: Final = re.compile(r"(?<=\d)\*(?=\d)")
"""3*4*5 in a question is a product, and never emphasis."""
_ALIGNED: Final = re.compile(r"text-align:(left|right|center)")
_ALIGNED_CLASS: Final = {"left": "start", "right": "end", "center": "center"}


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """Text in one language, ready for a page: what the blob of an article or transcript holds."""

    language: str
    direction: Direction
    pages: tuple[str, ...]


@cache
def _markdown() -> MarkdownIt:
    """Make the parser when something is published: a hub only reads what came of it."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - 5 MB that a hub can do without

    return MarkdownIt("commonmark", {"html": True}).enable("table")


@dataclass(frozen=True, slots=True)
class _Writing:
    """Where the Markdown is, for findings and for what it refers to."""

    desk: Desk
    name: str


def render(desk: Desk, name: str, source: str, *, language: str, title: str) -> Article:
    """Turn the Markdown of the file `name` into pages; findings go to the desk's report.

    A line that is only `##` ends a page; empty pages are left out. A heading at the very start
    that repeats `title` is left out too, since the page carries it already.
    """
    writing = _Writing(desk, name)
    tokens = _without_title(list(_without_html(writing, _markdown().parse(source))), title)
    _move_headings(tokens)
    pages = [_page(writing, part) for part in _parts(tokens)]
    written = tuple(page for page in pages if page)
    if not written:
        desk.report.error(name, 0, _("This article is empty."))
    return Article(language=language, direction=direction(language), pages=written)


def inline(source: str) -> str:
    """One line of Markdown as HTML with emphasis and code only: prompts and explanations."""
    html = _markdown().renderInline(_PRODUCT.sub(r"\*", source).replace("<", "&lt;"))
    return nh3.clean(html, tags=set(_INLINE), attributes=_INLINE, link_rel=None).strip()


def plain(html: str) -> str:
    """The words of clean HTML, for search."""
    return unescape(nh3.clean(html.replace("<", " <"), tags=set(), link_rel=None))


# Blocks


def _without_html(writing: _Writing, tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "html_block":
            _tell_html(writing, token)
        else:
            yield token


def _tell_html(writing: _Writing, token: Token) -> None:
    if not token.content.lstrip().startswith("<!--"):
        writing.desk.report.warning(
            writing.name, _line(token), _("HTML is left out; write Markdown instead.")
        )


def _without_title(tokens: list[Token], title: str) -> list[Token]:
    if not tokens or tokens[0].type != "heading_open":
        return tokens
    _opening, text, _closing, *rest = tokens
    return rest if fold(text.content).split() == fold(title).split() else tokens


def _is_page_break(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    return (
        token.type == "heading_open"
        and token.tag == "h2"
        and token.level == 0
        and token.markup == "##"
        and not tokens[at + 1].content
    )


def _move_headings(tokens: list[Token]) -> None:
    """Make the highest heading of the article an h2, the next an h3: the page's title is the h1."""
    opens = [
        at
        for at, token in enumerate(tokens)
        if token.type == "heading_open" and not _is_page_break(tokens, at)
    ]
    shift = 2 - min((int(tokens[at].tag[1]) for at in opens), default=2)
    for at in opens:
        tag = f"h{min(int(tokens[at].tag[1]) + shift, _DEEPEST)}"
        tokens[at].tag = tokens[at + 2].tag = tag


def _parts(tokens: list[Token]) -> Iterator[list[Token]]:
    part: list[Token] = []
    at = 0
    while at < len(tokens):
        if tokens[at].type == "heading_open" and _is_page_break(tokens, at):
            yield part
            part = []
            at += 3
        else:
            part.append(tokens[at])
            at += 1
    yield part


def _page(writing: _Writing, tokens: list[Token]) -> str:
    for at, token in enumerate(tokens):
        if token.type == "inline":
            _write_inline(writing, token)
            _raise_figure(tokens, at)
        elif token.type in {"th_open", "td_open"}:
            _align(token)
        elif token.type in {"code_block", "fence"}:
            token.attrs = {}
            token.info = ""
        elif token.type == "blockquote_open":
            token.attrs["dir"] = "auto"
    html = _markdown().renderer.render(tokens, _markdown().options, {})
    html = html.replace("<pre>", '<pre dir="ltr">').replace("<code>", '<code dir="ltr">')
    return nh3.clean(
        html,
        tags=set(_ALLOWED),
        attributes=_ALLOWED,
        link_rel="noopener noreferrer",
        url_schemes=_SCHEMES,
    ).strip()


def _align(token: Token) -> None:
    """Inline styles are refused by our pages' policy, so a column's side becomes a class."""
    aligned = _ALIGNED.search(str(token.attrs.pop("style", "")))
    if aligned:
        token.attrs["class"] = _ALIGNED_CLASS[aligned[1]]
    if token.type == "th_open":
        token.attrs["scope"] = "col"


def _raise_figure(tokens: list[Token], at: int) -> None:
    """A picture or recording that stands alone in its paragraph is a figure."""
    children = tokens[at].children or []
    if (
        len(children) == 1
        and children[0].type == "html_inline"
        and children[0].meta.get("placed")
        and tokens[at - 1].type == "paragraph_open"
        and not tokens[at - 1].hidden
    ):
        tokens[at - 1].tag = tokens[at + 1].tag = "figure"
        if children[0].meta["caption"]:
            children[0].content += f"<figcaption>{escape(children[0].meta['caption'])}</figcaption>"


# Inside a block


def _write_inline(writing: _Writing, token: Token) -> None:
    line = _line(token)
    kept: list[Token] = []
    dropped_links: list[bool] = []
    for child in token.children or []:
        match child.type:
            case "html_inline":
                _tell_html_inline(writing, child, line)
                continue
            case "image":
                _write_media(writing, child, line)
            case "link_open":
                keep = _write_link(writing, child, line)
                dropped_links.append(not keep)
                if not keep:
                    continue
            case "link_close" if dropped_links.pop():
                continue
            case "softbreak" | "hardbreak":
                line += 1
        kept.append(child)
    token.children = [child for child in kept if child.type != "text" or child.content]


def _tell_html_inline(writing: _Writing, child: Token, line: int) -> None:
    if not child.content.startswith("<!--"):
        writing.desk.report.warning(
            writing.name, line, _("HTML is left out; write Markdown instead.")
        )


def _write_media(writing: _Writing, token: Token, line: int) -> None:
    reference = str(token.attrs.get("src", ""))
    alt = "".join(child.content or " " for child in token.children or []).strip()
    caption = str(token.attrs.get("title", ""))
    html = ""
    if urlsplit(reference).scheme or reference.startswith("//"):
        writing.desk.report.error(
            writing.name, line,
            _("“%(reference)s” is not in the folder; put the file beside the text."),
            reference=reference,
        )  # fmt: skip
    elif (placed := writing.desk.media(writing.name, reference, line, *_PLAYED)) is not None:
        if not alt:
            writing.desk.report.warning(
                writing.name, line,
                _("Say what “%(reference)s” shows, for those who can't see or hear it."),
                reference=reference,
            )  # fmt: skip
        html = media_html(placed, alt)
    token.type, token.content, token.children = "html_inline", html, None
    token.meta = {"placed": bool(html), "caption": caption}


def media_html(placed: Placed, alt: str) -> str:
    """The element that shows or plays a file."""
    source = escape(placed.url)
    label = escape(alt)
    size = ""
    if placed.media.width and placed.media.height:
        size = f' width="{placed.media.width}" height="{placed.media.height}"'
    match placed.media.form:
        case Form.AUDIO:
            return f'<audio controls preload="none" src="{source}" aria-label="{label}"></audio>'
        case Form.VIDEO:
            return f'<video controls preload="none" src="{source}" aria-label="{label}"></video>'
        case _:
            return f'<img src="{source}" alt="{label}"{size} loading="lazy" decoding="async">'


def _write_link(writing: _Writing, token: Token, line: int) -> bool:
    """Point a link to where it may go; False when only its text stays."""
    href = str(token.attrs.get("href", ""))
    token.attrs.pop("title", None)
    scheme = urlsplit(href).scheme.lower() if not href.startswith("//") else "https"
    if scheme in {"http", "https"}:
        whole = href if not href.startswith("//") else f"https:{href}"
        token.attrs["href"] = f"/away?to={quote(whole, safe='')}"
        token.attrs["class"] = "away"
        return True
    if scheme in {"tel", "mailto"}:
        return True
    if scheme or not href or href.startswith("#") or form_of(href) is None:
        writing.desk.report.warning(
            writing.name, line, _("The link to “%(href)s” is left out."), href=href
        )
        return False
    placed = writing.desk.media(writing.name, href, line, *Form)
    if placed is None:
        return False
    token.attrs["href"] = placed.url
    return True


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 0
