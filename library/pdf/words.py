"""Text as PDFs hold it, made fit for people, databases and JSON."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from pikepdf import String

# Controls but line feed, surrogates, private use, what is no character, and marks that only steer the direction.
UNWANTED = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufff9-\uffff"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2069\U000f0000-\U0010ffff]"
)
# PDFium says U+0002 (older ones U+FFFE) for a hyphen at a line's end; others stay as they are drawn.
BROKEN = re.compile("(\\w)[\u0002\ufffe\u00ad]\\s*\n?\\s*(\\w)")
DRAWN = re.compile("([^\\W\\d_])[-\u2010]\n([^\\W\\d_]+)")
SPACES = re.compile("[ \u00a0\u2000-\u200a\u3000]+")


def tidy(value: Any, most: int) -> str:
    """One line of at most so many letters; nothing for what is no text."""
    if not isinstance(value, String | str):
        return ""
    text = unicodedata.normalize("NFC", UNWANTED.sub(" ", str(value)))
    return " ".join(text.split())[:most].strip()


def running(text: str, most: int) -> str:
    """A page's text: lines kept, words that a line's end broke whole again, ligatures as letters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = BROKEN.sub(r"\1\2", text)
    text = DRAWN.sub(_joined, text)
    text = unicodedata.normalize("NFC", _ligatures(UNWANTED.sub(" ", text)))
    lines = [SPACES.sub(" ", line).strip() for line in text.split("\n")]
    return "\n".join(line for line in lines if line)[:most]


def _joined(found: re.Match[str]) -> str:
    """ "perta-/nian" is one word; "rata-/rata" and "Jawa-/Bali" keep their hyphen, and so does whatever cannot be told
    apart: a word said twice, or a capital after it."""
    before = re.search(r"[^\W\d_]+$", found.string[: found.end(1)])
    first, second = before[0] if before else found[1], found[2]
    if second[0].isupper() or first.casefold() == second.casefold()[: len(first)]:
        return f"{found[1]}-{second}"
    return f"{found[1]}{second}"


def _ligatures(text: str) -> str:
    return re.sub("[\ufb00-\ufb06]", lambda found: unicodedata.normalize("NFKC", found[0]), text)


def little(text: str, least: int) -> bool:
    """Fewer letters and digits than that."""
    return sum(1 for c in text[: 50 * least] if c.isalnum()) < least
