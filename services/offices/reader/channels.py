"""On-site or on-line: from subheadings where the text has them, else from what the sentences say."""

from __future__ import annotations

import re

from .text import EMAIL, key

_ONLINE_WORD = r"(?:online|on-line|on line|daring|(?:tak|tidak) langsung|jarak jauh|non tatap muka|virtual)"
_ONSITE_WORD = r"(?:offline|off-line|off line|luring|on-?site|tatap muka|langsung|kunjungan|walk-in|loket)"
_ONLINE = re.compile(rf"\b{_ONLINE_WORD}\b")
_ONSITE = re.compile(rf"\b{_ONSITE_WORD}\b")
_FILLER = {
    "layanan",
    "pelayanan",
    "pengguna",
    "pengunjung",
    "pemohon",
    "dengan",
    "cara",
    "secara",
    "untuk",
    "bagi",
    "melalui",
    "jalur",
    "via",
    "mekanisme",
    "prosedur",
    "persyaratan",
    "perpustakaan",
    "konsultasi",
    "statistik",
    "pst",
    "bps",
    "unit",
    "sistem",
    "alur",
    "di",
    "pada",
    "yang",
    "permintaan",
    "data",
    "a",
    "b",
    "c",
    "i",
    "ii",
    "iii",
    "datang",
    "dan",
    "khusus",
    "jenis",
    "terpadu",
    "akses",
    "waktu",
    "produk",
    "penyelesaian",
}
_LEAD = re.compile(
    r"\s*(?:\*\*|__)?(?P<bold>[^*_\n]{2,100})(?:\*\*|__)\s{0,3}:?|\s*(?P<plain>[^:.\n]{2,100}):(?!//)"
)
_ENTRY = re.compile(
    r"(?:mengakses|membuka|masuk|mengunjungi|mengajukan|mendaftar|menghubungi|layanan)\b.{0,120}?"
    r"\b(?:melalui|pada|di|lewat|via|ke|menggunakan) (?:unit |halaman |alamat )?"
    r"(?:portal|aplikasi|website|web|laman|situs|whatsapp|wa|e-?mail|surel|https?:|www\.|[\w.]{2,40}\.bps\.go\.id)"
)
_ONLINE_CUES = (
    (
        re.compile(
            r"\b(?:melalui|lewat|via|menggunakan) (?:portal|aplikasi|website|laman|situs|whatsapp|wa|e-?mail|surel)\b"
        ),
        3,
    ),
    (
        re.compile(
            r"\bregistrasi\b|\bmendaftar\b|\blog ?in\b|\bsign ?in\b|\bmasuk ke (?:akun|aplikasi|portal)"
        ),
        3,
    ),
    (re.compile(r"\bsecara (?:online|daring)\b|\bkonsultasi online\b|\b(?:online|daring)\b"), 2),
    (re.compile(r"\bm?eng?unduh|\bdownload|menu unduh|\btransaksi\b"), 2),
    (re.compile(r"\bakun\b"), 3),
    (re.compile(r"\b[\w-]{2,40}(?:\.[\w-]{2,40})?\.(?:go\.id|com)\b|https?:"), 2),
    (re.compile(r"\bsoftcopy\b|\bsearching\b|\bmencari\b"), 1),
)
_ONSITE_CUES = (
    (re.compile(r"\bantri(?:an)?\b|\bantrean\b|\bloket\b"), 3),
    (
        re.compile(
            r"\bbuku tamu\b|\bfront ?lin(?:e|er)\b|\bfront office\b|\bresepsionis\b|\bmeja (?:layanan|pelayanan|pst)"
        ),
        3,
    ),
    (re.compile(r"\bloker\b|\btas\b|\bransel\b|\bdisambut\b|\bpulang\b|\bruang(?:an)?\b"), 3),
    (
        re.compile(
            r"\bdatang\b|\bberkunjung\b|\bmengunjungi (?:unit|kantor|perpustakaan|bps|pst)|\bhadir\b|\blantai\b"
        ),
        3,
    ),
    (re.compile(r"\bkartu (?:identitas|tanda|pengenal|pelajar|mahasiswa)|\bktp\b"), 3),
    (
        re.compile(
            r"\bkepada petugas\b|\bpetugas pst\b|\btercetak\b|\bhardcopy\b|\bscanner\b|\bkomputer pst\b"
        ),
        2,
    ),
)
_FINISH = re.compile(r"\bselesai\b|\bpulang\b|\bmeninggalkan\b")
_AUDIENCE = re.compile(
    r"\b(?:untuk|bagi|khusus)\b[^.;]{0,40}\b(?:(?P<online>online|daring)|(?P<onsite>offline|luring|tatap muka))\b"
    r"|\((?:[^()]{0,30}\b)?(?:(?P<on2>online|daring)|(?P<off2>offline|luring))\)"
)
_CONTACT = re.compile(r"\be\s?-?\s?mail\b|\bsurel\b|\bwhatsapp\b|\bnomor (?:hp|telepon|wa)\b")


def label_channel(text: str) -> str | None:
    """The channel when the text is a bare label ("Layanan Online", "b) Kunjungan langsung:"), else None."""
    if len(text) > 140:
        return None
    bare = key(text).strip(" :.-–()")
    words = re.sub(
        r"[()/:.,–-]", " ", re.sub(_ONLINE, " ", re.sub(_ONSITE, " ", re.sub(_ONLINE, " ", bare)))
    ).split()
    arrives = re.search(r"\b(?:pengguna|pengunjung|pemohon)\b.{0,20}\bdatang\b", bare)
    if arrives or len(words) > 8 or any(word not in _FILLER for word in words):
        return None
    return mentioned(bare)


def mentioned(bare: str) -> str | None:
    """The channel a short phrase names; "tak langsung" is on-line although it contains "langsung"."""
    if _ONLINE.search(bare):
        left = _ONLINE.sub(" ", bare)
        return "both" if re.search(r"\b(?:offline|luring|tatap muka)\b", left) else "online"
    return "onsite" if _ONSITE.search(bare) else None


def lead_channel(body: str) -> tuple[str | None, int]:
    """The channel label that opens an item ("**Layanan online** Pengguna …"), and where the text after it starts."""
    match = _LEAD.match(body)
    if not match:
        return None, 0
    channel = label_channel(match["bold"] or match["plain"])
    return (channel, match.end()) if channel else (None, 0)


def audience(text: str) -> str | None:
    """A sentence that says itself for whom it is ("… bagi pengguna layanan online")."""
    match = _AUDIENCE.search(text)
    if not match:
        return None
    return "online" if match["online"] or match["on2"] else "onsite"


def split_requirements(keys: list[str]) -> list[str]:
    """Channels of a flat list of requirements; a contact asked for again starts the on-line part (KL5, KK5)."""
    scores = [_score(text) for text in keys]
    online = [i for i, score in enumerate(scores) if score > 0]
    if not online:
        return ["onsite"] * len(keys)
    if not any(score < 0 for score in scores):
        return ["online"] * len(keys)
    contacts = [i for i, text in enumerate(keys) if _CONTACT.search(text) and scores[i] >= 0]
    last_onsite = max((i for i, score in enumerate(scores) if score < 0 and i < online[-1]), default=-1)
    start = min((i for i in online if i > last_onsite), default=online[0])
    channels = [
        "online" if score > 0 or (i >= start and score == 0) else "onsite" for i, score in enumerate(scores)
    ]
    between = [i for i in contacts if i < start and i > 0]
    if len(contacts) > 1 and between and contacts.index(between[-1]) > 0:
        for i in range(between[-1], start):
            channels[i] = "online" if scores[i] >= 0 else "onsite"
    elif len(contacts) == 1 and contacts[0] not in online:
        channels[contacts[0]] = "both"
    return channels


def split_procedure(keys: list[str]) -> list[str]:
    """Channels of a flat procedure: the cut that best separates on-site from on-line sentences."""
    scores = [_score(text) for text in keys]
    bonus = [_entry_bonus(keys, i) for i in range(len(keys))] + [0]
    total = sum(scores)
    best, cut, before = float("-inf"), len(keys), 0
    for i in range(len(keys) + 1):
        worth = (total - before) - before + bonus[i]
        if worth >= best:
            best, cut = worth, i
        before += scores[i] if i < len(keys) else 0
    reverse = _reverse_cut(keys, scores)
    if reverse is not None and reverse[0] > best + 4:
        return ["online"] * reverse[1] + ["onsite"] * (len(keys) - reverse[1])
    return ["onsite"] * cut + ["online"] * (len(keys) - cut)


def _reverse_cut(keys: list[str], scores: list[int]) -> tuple[float, int] | None:
    """The best cut when the on-line part is printed first."""
    options = (
        [(float(sum(scores[:i]) - sum(scores[i:])), i) for i in range(1, len(keys))]
        if len(keys) < 200
        else []
    )
    return max(options, default=None)


def _entry_bonus(keys: list[str], index: int) -> int:
    """An on-line part opens by entering a portal, usually right after the on-site part has ended."""
    entry = 2 if _ENTRY.search(keys[index]) else 0
    return entry + (1 if index and _FINISH.search(keys[index - 1]) else 0)


def _score(text: str) -> int:
    """Above zero: reads as on-line; below: as on-site."""
    text = EMAIL.sub(" ", text[:1500])
    online = max((weight for cue, weight in _ONLINE_CUES if cue.search(text)), default=0)
    onsite = max((weight for cue, weight in _ONSITE_CUES if cue.search(text)), default=0)
    return online - onsite
