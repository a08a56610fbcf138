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
# PDFium says U+0002 (older ones U+FFFE) for a hyphen at a line's end, and most often leaves the line's end out.
# Only from a word's beginning and only so far, or a page without gaps would be read again from each letter.
HYPHEN = re.compile("(?<!\\w)(\\w{1,60})(?:[\u0002\ufffe]\\s*|[-\u2010]\n)(\\w+)")
SOFT = re.compile("\u00ad\\s*")
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
    text = HYPHEN.sub(_joined, SOFT.sub("", text))
    text = unicodedata.normalize("NFC", _ligatures(UNWANTED.sub(" ", text)))
    lines = [SPACES.sub(" ", line).strip() for line in text.split("\n")]
    return "\n".join(line for line in lines if line)[:most]


def _joined(found: re.Match[str]) -> str:
    """ "perta-/nian" is one word; "rata-/rata" and "Jawa-/Bali" keep their hyphen, "2019-/2025" too: a word said twice, a
    capital, a number."""
    first, second = found[1], found[2]
    twice = first.casefold() == second.casefold()[: len(first)]
    keeps = second[0].isupper() or twice or first[-1].isdigit() or second[0].isdigit()
    return f"{first}-{second}" if keeps else f"{first}{second}"


def _ligatures(text: str) -> str:
    return re.sub("[\ufb00-\ufb06]", lambda found: unicodedata.normalize("NFKC", found[0]), text)


def little(text: str, least: int) -> bool:
    """Fewer letters and digits than that."""
    return sum(1 for c in text[: 50 * least] if c.isalnum()) < least
