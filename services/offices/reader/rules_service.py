"""Rules about the service itself: the library, consultation, ratings, fee and products."""

from __future__ import annotations

import re

from .channels import lead_channel
from .denial import promised
from .durations import NUMBER, number
from .evidence import Reading, flag, rule, sentences, told
from .facts import Certainty, DerivedRule, Item
from .rules_visit import EMAIL_WORD, WHATSAPP_WORD

_SEARCH = re.compile(r"\bmencari\b|\bsearching\b|\bpencarian\b|\bmenelusuri\b|\bpenelusuran\b")
_DIGITAL = r"(?:soft ?copy|pdf|digital|online|elektronik|e-?book|pustaka|publikasi)"
_READ = re.compile(rf"\b(?:membaca|baca)\b[^.;]{{0,60}}\b{_DIGITAL}\b")
_READ_PRINT = re.compile(
    r"\b(?:membaca|mengakses|baca|menggunakan|memanfaatkan)\b[^.;]{0,80}\b(?:hard ?copy|tercetak|cetak|buku)\b|\bperpustakaan tercetak\b"
)
_DOWNLOAD = re.compile(r"unduh|\bdownload")
_MARK = re.compile(r"water ?mark|\btanda air\b")
_SCAN = re.compile(r"\bscan\w*|\bpindai|\bmemindai")
_LEND = re.compile(r"\b(?:meminjam|peminjaman|dipinjam\w*|meminjamkan)\b")
_FORBID = re.compile(r"\b(?:tidak (?:diperkenankan|diperbolehkan|boleh|diizinkan|dapat|bisa)|dilarang)\b")
_REMOVE = re.compile(r"\b(?:keluar|membawa pulang|dibawa pulang)\b")
_PERMIT = re.compile(r"\b(?:se)?izin\b|\bpersetujuan\b|\bseijin\b")
_COPY = re.compile(
    r"\b(?:menyalin|disalin|salinan|menggandakan|meng?copy|copy|memfoto ?copy|memfotokopi|menduplikasi|penyalinan)\b"
)
_PERCENT = re.compile(rf"(?P<number>{NUMBER})\s?(?:\([^()]{{1,30}}\)\s?)?(?:%|persen\b)")
_EXCERPT = re.compile(r"salin|yalin|copy|kopi|kutip|ganda|unduh|cetak")
_RATE = re.compile(
    r"\bpenilaian\b|\brating\b|\bmenilai\b|\bsurve[iy]\b|\bkepuasan\b|\bkuesioner\b|\bbintang\b"
)
_COMPLAIN = re.compile(r"\bpengaduan\b|\bkeluhan\b|\baduan\b")
_NOT_FOUND = re.compile(
    r"\b(?:jika|apabila|bila|kalau|dalam hal)\b[^.;]{0,80}\btidak (?:di|me|ter|dapat di|dapat me|bisa di|bisa me)?(?:temukan|nemukan|peroleh|mperoleh|sedia|ada|dapatkan)"
)
_ASK_ON = re.compile(r"\bkonsultasi\b|\bpermintaan\b|\bmenghubungi\b|\bbertanya\b|\btransaksi\b")
_PORTAL = re.compile(
    r"\bportal\b|\baplikasi\b|\bwebsite\b|\bsitus\b|\blaman\b|\bsecara (?:online|daring)\b|\.bps\.go\.id"
)
_FREE = re.compile(
    r"\btidak (?:di|ada )?(?:pungut|kenakan|bayar|biaya|pungutan)\w*|\bgratis\b|\btanpa (?:biaya|pungutan|tarif)\b|\bcuma-?cuma\b"
    r"|\brp\.? ?0(?:[,.]0{1,3}|,-)?(?![\d.])|\bnol rupiah\b|\bbebas biaya\b"
)
_PRICED = re.compile(r"\brp\.? ?[1-9]|\bkecuali\b|\bsesuai (?:tarif|ketentuan|pp|peraturan)\b|\bpnbp\b")


def service_rules(reading: Reading) -> list[DerivedRule]:
    """All rules of this module."""
    return [
        *_library(reading),
        *_lending(reading),
        *_ratings(reading),
        *_consultation(reading),
        _fee(reading),
        _products(reading),
    ]


def _library(reading: Reading) -> list[DerivedRule]:
    """Search, reading, download and watermark (requirement rows 19 and 29 to 31)."""
    online, onsite = ("procedure", "online"), ("procedure", "onsite")
    reads = "Membaca softcopy secara online", "Tidak ada langkah membaca online"
    scans = "Softcopy dapat diperoleh dengan pemindai", "Tidak ada layanan pindai"
    prints = "Pustaka tercetak dibaca di tempat", "Tidak ada pustaka tercetak"
    return [
        told(reading, "search_online", _SEARCH, online, "Pencarian online", "Tidak ada pencarian online"),
        told(reading, "read_online", _READ, online, *reads),
        told(
            reading,
            "download",
            _DOWNLOAD,
            ("procedure", None),
            "Pustaka dapat diunduh",
            "Unduhan dimatikan",
        ),
        _watermark(reading, reading.promises(_DOWNLOAD, "procedure")),
        told(reading, "scan_request", _SCAN, onsite, *scans),
        told(reading, "read_hardcopy", _READ_PRINT, onsite, *prints),
    ]


def _watermark(reading: Reading, downloads: list[Item]) -> DerivedRule:
    steps = reading.promises(_MARK, "procedure")
    products = reading.promises(_MARK, "product")
    if steps:
        return rule("watermark", True, [*steps, *products], "Softcopy diberi tanda air")
    if products:
        note = "Produk menjanjikan softcopy bertanda air" + (
            "" if downloads else ", walaupun tidak ada langkah mengunduh"
        )
        return rule("watermark", True, products, note, certainty="inferred")
    without = reading.denials(_MARK, "procedure") + reading.denials(_MARK, "product")
    if without:
        return rule("watermark", False, without, "Softcopy tanpa tanda air")
    return rule("watermark", False, [], "Naskah tidak menyebut tanda air")


def _lending(reading: Reading) -> list[DerivedRule]:
    """Loans, taking books outside, copying and the cap on it (BT5, BT6; requirement rows 20 and 21)."""
    spoken = [
        (item, s) for item in reading.items("procedure", "onsite") for s in sentences(reading.key(item))
    ]
    spoken += [
        (item, s) for item in reading.items("requirements", "onsite") for s in sentences(reading.key(item))
    ]
    lend = [item for item, s in spoken if promised(_LEND, s) and not _FORBID.search(s)]
    no_lending = [item for item, s in spoken if _LEND.search(s)]
    remove = [item for item, s in spoken if _REMOVE.search(s) and _PERMIT.search(s)]
    forbid = [item for item, s in spoken if _COPY.search(s) and _FORBID.search(s)]
    share = [(item, m) for item, s in spoken if _EXCERPT.search(s) and (m := _PERCENT.search(s))]
    percent = round(number(share[0][1]["number"])) if share else None
    note = (
        f"Petugas menyalin paling banyak {percent}% dari satu publikasi"
        if share
        else "Naskah tidak menyebut batas salinan"
    )
    return [
        flag("lending", lend, "Buku dapat dipinjam sesuai prosedur", "Tidak ada peminjaman", no_lending),
        flag(
            "removal_permission",
            remove,
            "Buku hanya keluar ruangan dengan izin petugas",
            "Izin keluar tidak diatur",
        ),
        flag(
            "self_copying_forbidden",
            forbid,
            "Pengguna tidak menyalin sendiri",
            "Larangan menyalin tidak diatur",
        ),
        rule(
            "excerpt_percent",
            percent if percent is None or percent <= 100 else None,
            [item for item, _ in share[:1]],
            note,
        ),
    ]


def _ratings(reading: Reading) -> list[DerivedRule]:
    """Rating and complaint are two actions; an office may offer only the first (requirement rows 23 and 34)."""
    rules = []
    for channel, name in (("onsite", "kunjungan langsung"), ("online", "layanan online")):
        rate = reading.hits(_RATE, "procedure", channel)
        complain = reading.hits(_COMPLAIN, "procedure", channel)
        value = {"rating": bool(rate), "complaint": bool(complain)}
        used = [*rate, *complain]
        note = f"Penilaian pada akhir {name}" if used else f"Naskah tidak menyebut penilaian untuk {name}"
        rules.append(rule(f"rating_{channel}", value, used, note))
    return rules


def _consultation(reading: Reading) -> list[DerivedRule]:
    missing = [i for i in reading.hits(_NOT_FOUND, "procedure", "online") if _ASK_ON.search(reading.key(i))]
    asking = reading.hits(re.compile(r"\bkonsultasi\b"), "procedure", "online")
    asking = [item for item in asking if not _RATE.search(reading.key(item))]
    found: list[tuple[int, int, str]] = []
    used: list[Item] = []
    for item in asking:
        places = [(m.start(), name) for name, p in _CHANNELS if (m := p.search(reading.key(item)))]
        found += [(item.position, place, name) for place, name in places]
        used += [item] if places else []
    channels = list(dict.fromkeys(name for _, _, name in sorted(found)))
    note = (
        "Konsultasi online lewat saluran yang disebut prosedur"
        if used
        else "Saluran konsultasi online tidak disebut"
    )
    certainty: Certainty | None = (
        None if reading.parsed.service_kind == "consultation" or not used else "inferred"
    )
    return [
        flag(
            "ask_when_not_found",
            missing,
            "Bila tidak ditemukan, pengguna dapat meminta konsultasi",
            "Tidak ada tawaran konsultasi saat pencarian gagal",
        ),
        rule("consultation_channels", channels, used, note, certainty=certainty),
    ]


_CHANNELS = (("portal", _PORTAL), ("whatsapp", WHATSAPP_WORD), ("email", EMAIL_WORD))


def _fee(reading: Reading) -> DerivedRule:
    items = reading.items("fee")
    text = "; ".join(item.text for item in items)
    free = any(_FREE.search(reading.key(item)) for item in items)
    priced = any(_PRICED.search(reading.key(item)) for item in items)
    if free and not priced:
        return rule("fee", {"free": True, "text": text}, items, "Layanan tidak dipungut biaya")
    if items:
        note = (
            "Bagian biaya tidak menyatakan bahwa semua layanan gratis; periksa"
            if not free
            else "Ada pengecualian biaya; periksa"
        )
        return rule("fee", {"free": False, "text": text}, items, note, certainty="inferred")
    return rule("fee", {"free": True, "text": ""}, [], "Biaya tidak disebut; layanan PST dianggap gratis")


def _products(reading: Reading) -> DerivedRule:
    """Products per channel; the label in front ("Layanan … (online):") is not part of the product (TR)."""
    value = {
        channel: [_named(item) for item in _leaves(reading, channel)] for channel in ("onsite", "online")
    }
    items = reading.items("product")
    note = "Produk layanan sesuai naskah" if items else "Produk layanan tidak disebut"
    return rule("products", value, items, note)


def _leaves(reading: Reading, channel: str) -> list[Item]:
    """Items without children; an introduction ending in a colon is no product."""
    items = reading.items("product", channel)
    parents = {item.parent for item in items}
    return [item for item in items if not (item.position in parents and item.text.rstrip().endswith(":"))]


def _named(item: Item) -> str:
    _, end = lead_channel(item.text)
    text = item.text[end:].strip(" .;,") if end else item.text.strip(" .;,")
    return text or item.text
