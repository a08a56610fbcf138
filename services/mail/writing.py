"""From a template and its context to a mail: subject, plain text, and the same text as HTML.

A mail is written once, as text. Its paragraphs become the HTML, so that both always say the same:

    Title of the button:            a line that ends with a colon, and an address alone on the next: a button
    https://…
    * Title: https://…              a line with a star: a button among others, its address is not printed
    - item                          lines with a hyphen: a list
    > words                         what somebody wrote: set off
    ---                             a line across

Everything is escaped when the HTML is made; a template never writes HTML itself. No pictures, no scripts, nothing that is
fetched from anywhere: opening a mail tells nobody anything.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe

from services import channels
from services.mail import kinds
from services.offices.models import Office

ADDRESS = re.compile(r"https?://\S+")
CHOICE = re.compile(r"\* (.+): (https?://\S+)")


@dataclass(frozen=True)
class Written:
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Block:
    """A piece of a mail's body. `kind`: paragraph, list, quote, link, choice or rule; of a link or choice the lines are words and address."""

    kind: str
    lines: tuple[str, ...] = ()


def write(kind: str, context: dict[str, Any], *, office: Office | None, language: str) -> Written:
    """In the visitor's language and the office's own time. Templates also get `office`, `site` (without a slash at its
    end) and `replies`: whether an answer to this mail is read."""
    found = kinds.get(kind)
    box = channels.mailbox(office)
    known = {"office": office, "site": settings.SITE, "replies": bool(box and box.imap), **context}
    with translation.override(language), timezone.override(office.zone if office else None):
        subject, _line, body = _rendered(found.template, known).strip().partition("\n")
        subject = " ".join(subject.split())
        text = _rendered("mail/layout.txt", {**known, "body": tidy(body)}).strip() + "\n"
        html = render_to_string(
            "mail/layout.html",
            {**known, "subject": subject, "language": language, "blocks": blocks(body), "sheet": sheet()},
        )
    return Written(subject, text, html)


@cache
def sheet() -> SafeString:
    """The mails' style sheet as an element of their head: nothing of a mail is fetched from anywhere."""
    return mark_safe(f"<style>{_css()}</style>")  # noqa: S308 (a file of ours)


@cache
def sheet_policy() -> str:
    """For a page that shows a mail: this style sheet is allowed and no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(_css().encode()).digest()).decode()}'"


def _css() -> str:
    return (settings.BASE_DIR / "templates" / "mail" / "style.css").read_text(encoding="utf-8")


def _rendered(name: str, context: dict[str, Any]) -> str:
    """As text: nothing is escaped."""
    # The wrapper's own render() would escape; Django's backend is the only one here.
    template = cast(Template, get_template(name).template)  # type: ignore[attr-defined]
    return template.render(Context(context, autoescape=False))


def tidy(body: str) -> str:
    """Lines without blanks at their end, never more than one empty line: what tags in a template leave behind."""
    lines = "\n".join(line.rstrip() for line in body.replace("\r\n", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def blocks(body: str) -> list[Block]:
    """The body in pieces, for the HTML."""
    found: list[Block] = []
    for part in tidy(body).split("\n\n"):
        found += _pieces(part.split("\n"))
    return found


def _pieces(lines: list[str]) -> list[Block]:
    """One paragraph of the text; a list may stand right under its first line."""
    if len(lines) == 2 and lines[0].endswith(":") and ADDRESS.fullmatch(lines[1]):
        return [Block("link", (lines[0][:-1], lines[1]))]
    if lines == ["---"]:
        return [Block("rule")]
    found: list[Block] = []
    for line in filter(None, lines):
        if choice := CHOICE.fullmatch(line):
            found.append(Block("choice", (choice[1], choice[2])))
            continue
        kind, words = _line(line)
        if found and found[-1].kind == kind:
            found[-1] = Block(kind, (*found[-1].lines, words))
        else:
            found.append(Block(kind, (words,)))
    return found


def _line(line: str) -> tuple[str, str]:
    if line.startswith("- "):
        return "list", line[2:]
    if line == ">" or line.startswith("> "):
        return "quote", line[2:]
    return "paragraph", line
