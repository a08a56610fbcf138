"""An HTML mail as plain text: paragraphs, lists, tables in lines, quotations marked with ">" as in a plain mail.

First nh3 makes well-formed HTML of it, without scripts, styles, comments and forms; only that is read. HTML of a mail is never
stored to be shown.
"""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import nh3

LONGEST = 500_000  # characters looked at
BLOCKS = {
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "tr", "pre", "hr", "dl", "dt", "dd", "center",
    "section", "article", "header", "footer",
}  # fmt: skip
APART = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "hr"}
TAGS = BLOCKS | {"a", "img", "br", "li", "td", "th", "blockquote"}
UNREAD = {"script", "style", "title", "head", "template", "noscript", "object", "svg", "math"}
DEEPEST = 20  # quotations within quotations
# A tree this deep is none that a mail program made; building it takes minutes.
DEEPEST_TREE = 250
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
ALONE = {
    "area",
    "base",
    "br",
    "col",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "li",
    "p",
    "td",
    "th",
    "tr",
    "dd",
    "dt",
    "option",
}


def html_to_text(html: str) -> str:
    html = html[:LONGEST]
    if _depth(html) > DEEPEST_TREE:
        return _without_tags(html)
    clean = nh3.clean(
        html, tags=TAGS, clean_content_tags=UNREAD, attributes={"a": {"href"}, "img": {"alt"}},
        url_schemes={"http", "https", "mailto"}, link_rel=None, strip_comments=True,
    )  # fmt: skip
    reader = _Reader()
    reader.feed(clean)
    reader.close()
    return reader.text()


def _depth(html: str) -> int:
    """How deep the tree may be; what closes by itself does not count."""
    depth = deepest = 0
    for closing, name in TAG.findall(html):
        if name.lower() not in ALONE:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _without_tags(html: str) -> str:
    html = re.sub(r"(?i)<(script|style|title)\b", "<!", html)
    text = unescape(re.sub(r"<[^<>]*>", "\n", html))
    return re.sub(r"\s*\n\s*", "\n", text).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes = 0
        self.pre = 0
        self.link: tuple[str, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._end_line(always=True)
        elif tag == "blockquote":
            self._end_line()
            self.quotes += 1
        elif tag == "li":
            self._end_line()
            self.line.append("- ")
        elif tag in ("td", "th"):
            if "".join(self.line).strip():
                self.line.append("\t")
        elif tag == "a":
            self.link = (given.get("href", ""), len(self.line))
        elif tag == "img":
            self.line.append(given.get("alt", "")[:100])
        elif tag in BLOCKS:
            self._block(tag)
            self.pre += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            self._end_line()
            self.quotes = max(0, self.quotes - 1)
        elif tag == "a" and self.link:
            self._end_link(*self.link)
            self.link = None
        elif tag == "li":
            self._end_line()
        elif tag in BLOCKS:
            self._block(tag)
            self.pre = max(0, self.pre - (tag == "pre"))

    def handle_data(self, data: str) -> None:
        if self.pre:
            first, *rest = data.split("\n")
            self.line.append(first)
            for piece in rest:
                self._end_line(always=True)
                self.line.append(piece)
        else:
            self.line.append(re.sub(r"[ \t\n\r\u00a0]+", " ", data))

    def _end_link(self, href: str, since: int) -> None:
        """The address beside its words, where they say something else."""
        words = "".join(self.line[since:]).strip()
        shown = href.removeprefix("mailto:")
        if href.startswith(("http", "mailto")) and shown.rstrip("/") not in (
            words.rstrip("/"),
            f"http://{words}",
        ):
            self.line.append(f" <{shown}>" if words else shown)

    def _block(self, tag: str) -> None:
        self._end_line()
        if tag in APART and self.lines and self.lines[-1].strip("> "):
            self.lines.append(self._mark().rstrip())

    def _end_line(self, *, always: bool = False) -> None:
        words = "".join(self.line)
        words = (
            words.rstrip() if self.pre else re.sub(r" *\t *", "\t", re.sub(r" {2,}", " ", words)).strip(" \t")
        )
        if words or always:
            self.lines.append(f"{self._mark()}{words}".rstrip())
        self.line = []

    def _mark(self) -> str:
        return ">" * min(self.quotes, DEEPEST) + " " if self.quotes else ""

    def text(self) -> str:
        self._end_line()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip("\n")
