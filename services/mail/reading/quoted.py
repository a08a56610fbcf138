"""What a person wrote in a mail, and what their program quoted beneath (or above) it.

Indonesian and English programs: Gmail, Outlook on desk, web and phone, Yahoo, Apple Mail, Thunderbird, Samsung. Line by line, each
looked at a bounded number of times, so that no mail takes long. Nothing is ever lost: what is cut off is given back too,
and where cutting would leave nothing, nothing is cut. A forwarded mail is what somebody wants read, so it stays.

PyPI's mail-parser-reply has no Indonesian entry, its patterns take exponential time on some lines, and it takes a list of
items written with hyphens for a signature.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_LINE = 400  # beyond it no line is a separator
SPREAD = 4  # lines an attribution may be broken over

# "On Tue, 3 Mar 2026 at 10:15, Siti <a@b> wrote:", "Pada tanggal 3 Mar 2026 10.15, Siti menulis:", "Siti menulis pada …:"
ATTRIBUTION = re.compile(
    r"(?:on|pada|am|le|el|op)\b.{4,300}\b(?:wrote|writes|menulis|tulis|schrieb|a écrit|escribió|schreef)\s?:\Z"
    r"|.{1,150}<[^<>\s]{3,100}@[^<>\s]{3,100}>,? (?:wrote|menulis)\b.{0,100}:\Z"
    r"|\d{4}[-/.]\d\d?[-/.]\d\d? .{1,60}<[^<>\s]{3,100}@[^<>\s]{3,100}>\s?:\Z",
    re.IGNORECASE,
)
BEGINS = re.compile(r"(?:on|pada|am|le|el|op)\b|\d{4}[-/.]|.{1,150}<", re.IGNORECASE)
HAS_DATE = re.compile(r"\d")
RULE = re.compile(
    r"[-_=*\s]{2,}\s*(?:original message|original appointment|reply message|pesan asli|pesan awal|pesan semula|pesan balasan"
    r"|ursprüngliche nachricht|message d'origine)\s*[-_=*\s]{2,}:?\Z",
    re.IGNORECASE,
)
LINE = re.compile(r"[_\u2500-\u2501-]{10,}\Z")
FORWARDED = re.compile(
    r"(?:[-\s]{2,})?(?:(?:begin )?forwarded message|(?:mulai )?pesan (?:terusan|yang diteruskan)|pesan diteruskan"
    r"|diteruskan oleh|forwarded by)\b.{0,100}\Z",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"\*{0,2}(?P<label>from|sent|date|to|cc|subject|reply-to|dari|dikirim|terkirim|tanggal|kepada|ke|untuk|tembusan|salinan"
    r"|perihal|subjek|judul|hal)\*{0,2}\s?:\*{0,2}(?:\s|\Z)",
    re.IGNORECASE,
)
FROM = {"from", "dari"}
SENT = {"sent", "date", "dikirim", "terkirim", "tanggal"}
OF_PROGRAMS = {"sent", "dikirim", "terkirim"}  # in no letter written by hand
FOOTER = re.compile(
    r"(?:sent from (?:my|yahoo|outlook|mail|samsung|gmail|proton)|get outlook for|dikirim dari|terkirim dari|dapatkan outlook untuk"
    r"|download outlook|unduh outlook|virus-free|bebas virus|sent via)\b.{0,150}\Z",
    re.IGNORECASE,
)
SIGNATURE = "-- "
LONGEST_SIGNATURE = 12  # lines


@dataclass(frozen=True)
class Cut:
    """`own` is what the person wrote; `quoted` all the rest, in its order."""

    own: str
    quoted: str


def cut(text: str) -> Cut:
    lines = text.split("\n")
    at = _separator(lines)
    if at is None:
        found = _without_quote_at_the_end(lines)
    elif at[1]:
        found = _attributed(lines, at[0], at[1])
    else:
        found = lines[: at[0]], lines[at[0] :]
    own, quoted = found
    own, signature = _without_signature(own)
    if not _says_something(own):
        return Cut(text.strip(), "")
    return Cut(_text(own), _text([*signature, *quoted]))


def _text(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")


def _says_something(lines: list[str]) -> bool:
    return any(line.strip() and not _is_quote(line) for line in lines)


def _is_quote(line: str) -> bool:
    return line.lstrip().startswith(">")


def _separator(lines: list[str]) -> tuple[int, int] | None:
    """Where the quotation begins, and how many lines its attribution takes (0: everything after is quoted)."""
    for n, line in enumerate(lines):
        words = line.strip()
        if not words or len(words) > LONGEST_LINE or _is_quote(line):
            continue
        if FORWARDED.match(words):
            return None
        if RULE.match(words) or (LINE.match(words) and _header_block(lines, n + 1, certain=True)):
            return n, 0
        if LABEL.match(words) and _header_block(lines, n):
            return n, 0
        if length := _attribution(lines, n):
            return n, length
    return None


def _attribution(lines: list[str], start: int) -> int:
    """Over how many lines; 0: none."""
    if not BEGINS.match(lines[start].strip()):
        return 0
    joined = ""
    for length, line in enumerate(lines[start : start + SPREAD], start=1):
        words = line.strip()
        if not words or _is_quote(line):
            return 0
        joined = f"{joined} {words}".strip()
        if len(joined) > LONGEST_LINE:
            return 0
        if joined.endswith(":"):
            return length if ATTRIBUTION.match(joined) and HAS_DATE.search(joined) else 0
    return 0


def _header_block(lines: list[str], start: int, *, certain: bool = False) -> bool:
    """From/Dari first, then a date, then more: as Outlook quotes. A letter that says "Dari: … Perihal: …" is none: there
    must be an address, or a label that nobody writes by hand, or a line drawn above (`certain`)."""
    labels: list[str] = []
    address = False
    for line in lines[start : start + 12]:
        words = line.strip()
        found = LABEL.match(words)
        if not words and not labels:
            continue
        if not words:
            break
        if not found and not labels:
            return False
        if found:
            labels.append(found["label"].lower())
        address = address or "@" in words
    if not labels or labels[0] not in FROM or len(set(labels)) < 3 or not SENT & set(labels):
        return False
    return certain or address or bool(OF_PROGRAMS & set(labels))


def _attributed(lines: list[str], at: int, length: int) -> tuple[list[str], list[str]]:
    """After "… wrote:" there are marked lines, and perhaps what the person wrote beneath or between them."""
    before, after = lines[:at], lines[at + length :]
    if not any(_is_quote(line) for line in after[:6]):
        return before, lines[at:]
    runs = _runs(after)
    own = [run for run, quote in runs if not quote]
    if len(own) > 1 or (len(own) == 1 and not _says_something(before) and not runs[0][1]):
        # Written between the quoted lines: only together do they make sense.
        kept = [line for run, _quote in _ended(runs) for line in run]
        return [*before, *kept], [*lines[at : at + length], *_ending(runs)]
    quoted = [line for run, quote in runs if quote for line in run]
    return [*before, *(line for run in own for line in run)], [*lines[at : at + length], *quoted]


def _runs(lines: list[str]) -> list[tuple[list[str], bool]]:
    """Stretches of quoted and of other lines, by turns; empty lines go with what stands before."""
    runs: list[tuple[list[str], bool]] = []
    for line in lines:
        quote = _is_quote(line)
        if runs and (not line.strip() or runs[-1][1] == quote):
            runs[-1][0].append(line)
        elif line.strip():
            runs.append(([line], quote))
    return runs


def _ended(runs: list[tuple[list[str], bool]]) -> list[tuple[list[str], bool]]:
    return runs[:-1] if runs and runs[-1][1] else runs


def _ending(runs: list[tuple[list[str], bool]]) -> list[str]:
    return runs[-1][0] if runs and runs[-1][1] else []


def _without_quote_at_the_end(lines: list[str]) -> tuple[list[str], list[str]]:
    end = len(lines)
    while end and (not lines[end - 1].strip() or _is_quote(lines[end - 1])):
        end -= 1
    return (lines[:end], lines[end:]) if any(map(_is_quote, lines[end:])) else (lines, [])


def _without_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """What stands after the standard's mark ("-- "), and the line that a telephone adds. Names and greetings stay."""
    cut_at = len(lines)
    for n in range(len(lines) - 1, max(-1, len(lines) - LONGEST_SIGNATURE - 2), -1):
        if lines[n] == SIGNATURE:
            cut_at = n
    end = cut_at
    while end and (not lines[end - 1].strip() or FOOTER.match(lines[end - 1].strip()[:LONGEST_LINE])):
        end -= 1
    return lines[:end], [line for line in lines[end:] if line.strip()]
