"""Words that take back what they stand beside: "tanpa mengambil nomor antrian", "softcopy tidak dapat diunduh".

Only plain denials count. A condition ("jika tidak memiliki email") and a group of people ("yang tidak membawa kartu") leave
the promise as it is for everybody else.
"""

from __future__ import annotations

import re

_MAY = r"dapat|bisa|boleh|diperkenankan|diperbolehkan|diizinkan"
_MUST = r"perlu|harus|wajib|diwajibkan|diharuskan|lagi"
_BREAK = rf"(?:dan|atau|serta|lalu|kemudian|tetapi|namun|melainkan|sehingga|maka|untuk|agar|sebelum|setelah|sesudah|langsung|{_MAY})\b"
_BEFORE = re.compile(
    rf"\b(?:tanpa|(?:tidak|tak|bukan)(?! (?:hanya|saja|sekadar|lebih|kurang)\b))"
    rf"(?: (?:{_MAY}|{_MUST})\b){{0,2}}(?: (?!{_BREAK})[\w/-]+){{0,5}}[ (]*$"
)
_AFTER = re.compile(
    r" (?:[\w/-]+ ){0,2}?(?:tidak|tak) (?:lagi )?(?:(?:diperlukan|dibutuhkan|dipersyaratkan|disyaratkan|wajib|diwajibkan|diharuskan"
    r"|diminta|dipakai|digunakan|diberlakukan|tersedia|disediakan|dilayani|diberikan|ada)\b"
    rf"|(?:{_MUST}|{_MAY}) (?:dibawa|diserahkan|ditunjukkan|dititipkan|diisi|diambil|ditinggalkan|disimpan|diunduh|dipinjam)\b)"
)
_CONDITION = re.compile(
    r"\b(?:jika|apabila|bila|kalau|dalam hal|kecuali|selama)\b|\byang (?:tidak|tak|tanpa|bukan)\b"
)
_WHO_LACKS = re.compile(r"\b(?:pengguna|layanan|pengunjung|tamu|pemohon|orang) tanpa (?!me|ber|harus|perlu)")
_CLAUSE = re.compile(r"[.;:,](?!\w)")


def denied(text: str, match: re.Match[str]) -> bool:
    """Whether the clause around this match (of a lower-case text) says that it does not hold."""
    breaks = [m.end() for m in _CLAUSE.finditer(text, 0, match.start())]
    before = text[breaks[-1] if breaks else 0 : match.start()]
    if _CONDITION.search(before) or _WHO_LACKS.search(before):
        return False
    if _BEFORE.search(before):
        return True
    return _AFTER.match(text, match.end()) is not None


def promised(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first occurrence that nothing takes back."""
    return next((m for m in pattern.finditer(text) if not denied(text, m)), None)
