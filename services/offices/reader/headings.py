"""Section headings: on their own line, in front of their content, or in the middle of a long line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .text import plain

_OF = r"(?:\s+(?:pelayanan|layanan)(?!\s+statistik\s+terpadu))?"
_TAIL = r"(?:\s*(?:,|/|&|\bdan\b|\bserta\b)\s*(?:dan\s+)?(?:saran|masukan|apresiasi|keluhan|pengaduan|aduan)\b){0,4}"
_PHRASES = {
    "requirements": rf"(?:komponen\s+)?persyaratan{_OF}|syarat(?:-syarat)?{_OF}",
    "procedure": (
        rf"sistem\s*[,/&]?\s*(?:dan\s+)?mekanisme\s*[,/&]?\s*(?:dan\s+)?prosedur{_OF}"
        rf"|(?:sistem|mekanisme)\s*(?:,|/|&|dan)\s*(?:dan\s+)?prosedur{_OF}"
        rf"|alur\s+(?:pelayanan|layanan)|tata\s+cara{_OF}|prosedur{_OF}|mekanisme{_OF}"
    ),
    "time": rf"(?:jangka\s+)?waktu\s+(?:penyelesaian|pelayanan|layanan){_OF}|jangka\s+waktu",
    "fee": (
        rf"biaya\s*(?:/|&|dan|atau|\s)\s*tarif{_OF}|tarif\s*(?:/|&|dan|atau)\s*biaya{_OF}"
        rf"|(?:biaya|tarif){_OF}"
    ),
    "product": r"produk\s+spesifikasi(?:\s+(?:pelayanan|layanan|jasa))?|produk(?:\s*/?\s*(?:pelayanan|layanan|jasa))?",
    "complaints": (
        rf"(?:sarana\s+)?penangan(?:an)?\s+(?:pengaduan|keluhan){_TAIL}{_OF}"
        rf"|(?:sarana|media|saluran|kanal|layanan|mekanisme)\s+pengaduan"
        rf"|pengaduan\s+(?:layanan|pelayanan)|pengaduan{_TAIL}|(?:saran|masukan)\s*(?:,|dan|/|&)\s*(?:saran|masukan|pengaduan){_TAIL}"
    ),
    "other": (
        r"(?:dasar|landasan)\s+hukum|sarana\s*(?:,|dan|/)\s*(?:dan\s+)?prasarana(?:\s*,?\s*(?:dan|/|dan/atau)\s*fasilitas)?"
        r"|kompetensi\s+pelaksana|pengawasan\s+internal|jumlah\s+pelaksana|jaminan\s+(?:pelayanan|keamanan)[^\n:]{0,60}"
        r"|evaluasi\s+kinerja[^\n:]{0,30}|maklumat\s+(?:pelayanan|layanan)|jam\s+(?:pelayanan|layanan|operasional|buka)"
        r"|waktu\s+operasional|motto(?:\s+(?:pelayanan|layanan))?|visi(?:\s+dan\s+misi)?"
    ),
}
_ANY = "|".join(f"(?P<{name}>{phrase})" for name, phrase in _PHRASES.items())
_PREFIX = r"[\s#>*_|\-–•]{0,12}(?:(?:\(?\d{1,2}|[IVXivx]{1,5}|[A-Za-z])[.)]{1,2}[\s*_]{1,6})?[\s*_]{0,6}"
_AT_START = re.compile(rf"{_PREFIX}(?P<phrase>{_ANY})(?!\w)", re.I)
_INSIDE = re.compile(rf"(?<![\w/])(?P<phrase>{_ANY})(?!\w)", re.I)
_LONE = re.compile(
    r"^(?:persyaratan|syarat|prosedur|mekanisme|biaya|tarif|produk|pengaduan|visi|motto)\b[^\n]?$", re.I
)
_COLON = re.compile(r"[\s*_]{0,6}[:：]")
_MARKER = re.compile(r"[\s*_]{0,6}(?:[-–•]\s{0,3})?\(?(?:\d{1,2}|[a-zA-Z])[.)]|[\s*_]{0,6}[-–•]\s")
_CAPITAL = re.compile(r"[\s*_]{1,6}[A-Z0-9(<\[]")
_NOISE = re.compile(r"[\s*_:.#|\-–]{0,20}$")
_NUMBER_BEFORE = re.compile(r"(?:\(?\d{1,2}|[IVX]{1,5}|[A-Z])[.)]{1,2}[\s*_]{1,6}$")
_QUALIFIERS = {
    "pelayanan",
    "layanan",
    "perpustakaan",
    "konsultasi",
    "statistik",
    "pst",
    "bps",
    "online",
    "on-line",
    "offline",
    "luring",
    "daring",
    "langsung",
    "tak",
    "tidak",
    "kunjungan",
    "tatap",
    "muka",
    "dengan",
    "cara",
    "secara",
    "untuk",
    "bagi",
    "melalui",
    "dan",
    "pengguna",
    "terpadu",
    "rekomendasi",
    "kegiatan",
}


@dataclass(frozen=True)
class Heading:
    """A recognised heading: where its text starts and ends, and which section it opens."""

    section: str
    start: int
    end: int
    strong: bool


def whole_heading(raw: str) -> str | None:
    """The section when the line is nothing but a heading ("II. SISTEM, MEKANISME, DAN PROSEDUR")."""
    if len(raw) > 200:
        return None
    match = _AT_START.match(raw)
    if not match:
        return None
    rest = plain(raw[match.end() :]).strip(" :.-–()/").casefold()
    words = re.split(r"[\s/()]+", rest) if rest else []
    if len(words) <= 6 and all(word in _QUALIFIERS for word in words):
        return _section(match)
    return None


def cut_headings(raw: str) -> list[str]:
    """Cut a line before and after every heading in it; most lines come back whole."""
    if whole_heading(raw):
        return [raw]
    found = list(_run_in(raw))
    pieces, last = [], 0
    for heading in found:
        pieces += [raw[last : heading.start], raw[heading.start : heading.end]]
        last = heading.end
    pieces.append(raw[last:])
    return [piece for piece in pieces if piece.strip()] if found else [raw]


def _run_in(raw: str) -> Iterator[Heading]:
    candidates = [_candidate(raw, match) for match in _INSIDE.finditer(raw)]
    sure = {c.section for c in candidates if _capitalised(raw, c) and (c.strong or _COLON.match(raw, c.end))}
    one_line = len(sure - {"other"}) >= 3
    ends_heading = -1
    opened: set[str] = set()
    for index, heading in enumerate(candidates):
        following = candidates[index + 1].start if index + 1 < len(candidates) else -1
        # In a document on one line "Pengaduan:" opens its section once; later ones label a channel.
        whole = one_line and heading.section not in opened
        if _opens(raw, heading, one_line=whole, after=ends_heading, following=following):
            opened.add(heading.section)
            start, end = _widen(raw, heading)
            ends_heading = end
            yield Heading(heading.section, start, end, heading.strong)


def _candidate(raw: str, match: re.Match[str]) -> Heading:
    phrase = match["phrase"]
    return Heading(_section(match), match.start(), match.end(), not _LONE.match(phrase.strip()))


def _section(match: re.Match[str]) -> str:
    return next(name for name in _PHRASES if match[name] is not None)


def _capitalised(raw: str, heading: Heading) -> bool:
    words = re.findall(r"[A-Za-z]+", raw[heading.start : heading.end])
    return all(word[0].isupper() for word in words if word.lower() not in {"dan", "atau", "serta"})


def _opens(raw: str, heading: Heading, *, one_line: bool, after: int, following: int) -> bool:
    """Whether this occurrence of a heading's words is a heading and not part of a sentence."""
    before = raw[max(0, heading.start - 20) : heading.start]
    at_start = (
        not _NUMBER_BEFORE.sub("", raw[: heading.start][-30:]).strip(" \t#>*_|-–•") and heading.start < 30
    )
    fresh = at_start or (after >= 0 and not raw[after : heading.start].strip(" *_:"))
    colon = bool(_COLON.match(raw, heading.end))
    marker = bool(_MARKER.match(raw, heading.end))
    closes = not raw[heading.end :].strip(" *_:.\t\r")[:1]
    chained = following >= 0 and not raw[heading.end : following].strip(" *_:")
    if not _capitalised(raw, heading) and not (at_start and (colon or marker)):
        return False
    if fresh:
        capital = bool(_CAPITAL.match(raw, heading.end))
        return colon or marker or closes or chained or (heading.strong and capital)
    ended = before.rstrip(" *_\t")[-1:] in ".;:)!"
    if one_line and (heading.strong or colon or (marker and heading.section != "complaints")):
        return True
    if _NUMBER_BEFORE.search(before):
        return heading.strong and (colon or marker)
    return ended and (colon or marker or chained or (heading.strong and closes))


def _widen(raw: str, heading: Heading) -> tuple[int, int]:
    """Take the number in front and the colon and asterisks behind along with the heading."""
    window = max(0, heading.start - 20)
    front = re.search(
        r"(?:[#*_>]{1,6}\s*)?(?:(?<!\S)(?:\d{1,2}|[IVX]{1,5}|[A-Z])[.)]{1,2}\s+)?[*_]{0,3}$",
        raw[window : heading.start],
    )
    start = window + front.start() if front else heading.start
    behind = re.compile(r"[*_]{0,3}\s{0,3}[:：]?[*_]{0,3}").match(raw, heading.end)
    return start, behind.end() if behind else heading.end
