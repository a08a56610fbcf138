"""Small text helpers: the comparison key of a piece of text, and what links look like."""

from __future__ import annotations

import re
import string
import unicodedata

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_MARKUP = re.compile(r"[*`#~]|(?<!\w)_+|_+(?!\w)|<br\s*/?>", re.I)
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(([^()\s]{1,500})\)")
_ANGLE = re.compile(r"<((?:https?://|mailto:|www\.)?[^<>\s]{3,300}[.@][^<>\s]{2,300})>")
WORD = re.compile(r"\w+")
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
URL = re.compile(
    r"(?<![\w@.-])(?:https?://|www\.)[^\s<>()\[\]|*;,]{3,300}"
    r"|(?<![\w@./-])(?:[a-z0-9-]{1,63}\.){1,5}(?:go\.id|or\.id|co\.id|web\.id|id|com|org|net|gle|ly|me|io)(?![\w-])"
    r"(?:/[^\s<>()\[\]|*;,]{0,300})?",
    re.I,
)
PHONE = re.compile(r"(?<![\w/.@-])(?:\+?62|\(0\d{2,3}\)|\(?0)[\d\s().\-–]{5,22}\d(?![\w@])")


def unlink(text: str) -> str:
    """Show a markdown link or an angle-bracket link as what the reader of a page would see."""
    return _ANGLE.sub(r"\1", _LINK.sub(_shown, text))


def _shown(match: re.Match[str]) -> str:
    label, target = match[1], match[2].removeprefix("mailto:")
    bare = re.sub(r"^https?://", "", target).rstrip("/")
    return label if bare.casefold() in label.casefold() or target in label else f"{label} ({target})"


def plain(text: str) -> str:
    """Text without markdown and invisible characters, in NFC, single-spaced; case kept."""
    text = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    return " ".join(_MARKUP.sub("", unlink(text)).split())


def key(text: str) -> str:
    """The form in which pieces of text are compared."""
    return unicodedata.normalize("NFKC", plain(text)).casefold()


def with_scheme(link: str) -> str:
    """A link that a browser can follow; published schemes are kept."""
    link = link.strip(" <>.,;")
    return link if re.match(r"https?://", link, re.I) or not link else f"https://{link}"


def has_words(text: str) -> bool:
    """Whether there is anything to account for."""
    return WORD.search(text) is not None


def title_case(text: str) -> str:
    """'KOTA TUAL' → 'Kota Tual'; text that is not all capitals stays as it is."""
    if not text.isupper():
        return text
    small = {"dan", "di", "ke", "dari"}
    short = {"DKI", "DI", "BPS", "PST", "RI"}
    words = [
        w if w in short else w.lower() if w.lower() in small else string.capwords(w, "-")
        for w in text.split()
    ]
    return " ".join(words)
