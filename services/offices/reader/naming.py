"""What the service is called: from the title, or from the contents when the document has none (BT, TR)."""

from __future__ import annotations

import re
from typing import Literal

from .facts import OfficeFacts
from .items import Draft
from .lines import Chunk
from .polish import Polisher
from .text import key, title_case

Kind = Literal["library", "consultation", "other"]
_KINDS: dict[Kind, re.Pattern[str]] = {
    "library": re.compile(r"\bperpustakaan\b|\bpustaka\b|\bpublikasi\b"),
    "consultation": re.compile(r"\bkonsultasi\b|\bdikonsultasikan\b"),
}
_OTHER = re.compile(r"\b(?:rekomendasi|penjualan|data mikro|metadata|magang|kunjungan edukasi|sewa)\b")
_PHRASES = {"library": "Pelayanan Perpustakaan", "consultation": "Pelayanan Konsultasi Statistik"}


def title_source(lines: list[Chunk]) -> str:
    """The title as printed, several lines joined."""
    return "\n".join(chunk.raw.strip() for chunk in lines)


def service_kind(lines: list[Chunk], drafts: list[Draft]) -> Kind:
    """The kind of service; the title decides, else what the sentences speak of most."""
    title = key(" ".join(chunk.raw for chunk in lines))
    if _OTHER.search(title):
        return "other"
    for kind, pattern in _KINDS.items():
        if pattern.search(title):
            return kind
    texts = [d.own_key for d in drafts if d.section in {"requirements", "procedure", "time", "product"}]
    counts = {kind: sum(bool(pattern.search(text)) for text in texts) for kind, pattern in _KINDS.items()}
    best = max(counts, key=lambda kind: counts[kind])
    return best if counts[best] >= 2 or (counts[best] and len(texts) < 12) else "other"


def display_title(lines: list[Chunk], kind: Kind, office: OfficeFacts, polisher: Polisher) -> str:
    """'Pelayanan Perpustakaan BPS Kota Tual': the service and the office, however the heading was set."""
    if kind in _PHRASES:
        phrase = _PHRASES[kind]
        for chunk in lines:
            polisher.prose(chunk.raw, chunk.line)
        return f"{phrase} {office.name}"
    written = " ".join(polisher.prose(chunk.raw, chunk.line) for chunk in lines).lstrip("# ").strip(" :")
    written = re.sub(r"^standar\s+(?=(?:pelayanan|layanan)\b)", "", title_case(written), flags=re.I)
    if not written or key(written) in {"pelayanan", "layanan", "pelayanan publik"}:
        return f"Pelayanan Statistik Terpadu {office.name}"
    if not re.match(r"(?:pelayanan|layanan)\b", key(written)):
        written = f"Pelayanan {written}"
    return written if re.search(r"\b(?:bps|badan pusat)\b", key(written)) else f"{written} {office.name}"
