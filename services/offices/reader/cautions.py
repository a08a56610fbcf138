"""Warnings for the supervisor: what the published text leaves open or contradicts. None of them blocks."""

from __future__ import annotations

import re

from .clocks import promise
from .durations import WORDS, number
from .evidence import cite
from .facts import SECTION_NAMES, Item, OfficeFacts
from .text import key

_EMAIL = re.compile(r"\be\s?-?\s?mail\b|\bsurel\b", re.I)
_CARD = re.compile(r"\bkartu (?:identitas|tanda penduduk|pengenal)|\bidentitas diri\b|\bktp\b", re.I)
_HANDOVER = re.compile(
    r"\b(?:menyerahkan|menitipkan|meninggalkan|menukar\w*)\b[^.;]{0,60}\b(?:kartu|identitas|ktp)\b", re.I
)
_CARD_BACK = re.compile(
    r"\b(?:mengambil|menerima|dikembalikan|mengembalikan|pengembalian)\b[^.;]{0,80}\b(?:kartu (?:identitas|tanda)|identitas|ktp)\b",
    re.I,
)
_BOTH = re.compile(rf"(?<![\w.,])(?P<figure>\d{{1,3}})(?![\w.,]) ?\((?P<word>{WORDS})\)")
_PERSON = re.compile(r"\(\s?[A-Z][a-z']{2,}[^()]{0,80}\)|\b(?:a\.n\.|u\.p\.|Bapak|Ibu|Sdr\.?) [A-Z]")


def cautions(
    items: tuple[Item, ...], kind: str, office: OfficeFacts, decree: str, *, titled: bool
) -> list[str]:
    """All warnings about a parsed standard, in the order a supervisor would check them."""
    found = [] if decree else ["Nomor SK belum tercantum di naskah; lengkapi bila sudah ada."]
    if not titled:
        found.append("Judul layanan tidak tercantum di naskah; disimpulkan dari isinya.")
    if not office.code:
        found.append("Kode wilayah kantor tidak ditemukan di naskah (alamat surel bpsNNNN@bps.go.id).")
    present = {item.section for item in items}
    found += [
        f"Bagian {name} tidak ditemukan di naskah."
        for section, name in SECTION_NAMES.items()
        if section not in present
    ]
    requirements = [item for item in items if item.section == "requirements"]
    steps = [item for item in items if item.section == "procedure"]
    found += _email_twice(requirements) + _card(requirements, steps) + _service_mix(steps, kind)
    found += _visit_in_days(items) + _figure_and_word(items)
    found += [
        f"Kontak “{item.text[:80]}” menyebut nama petugas; periksa berkala apakah masih berlaku."
        for item in items
        if item.section == "complaints" and _PERSON.search(item.text)
    ]
    return found


def _email_twice(requirements: list[Item]) -> list[str]:
    asking = [item for item in requirements if _EMAIL.search(item.text)]
    if len(asking) < 2:
        return []
    labels = " dan ".join(item.label or str(item.position) for item in asking)
    return [f"Alamat surel diminta lebih dari sekali (persyaratan {labels}); cukup diisi satu kali."]


def _card(requirements: list[Item], steps: list[Item]) -> list[str]:
    onsite = [item for item in steps if item.channel != "online"]
    if any(_HANDOVER.search(item.text) for item in onsite):
        if any(_CARD_BACK.search(item.text) for item in onsite):
            return []
        return [
            "Kartu identitas diserahkan, tetapi pengembaliannya tidak disebut; aplikasi tetap menagihnya."
        ]
    if any(_CARD.search(item.text) for item in requirements) and not any(
        _CARD.search(i.text) for i in onsite
    ):
        return ["Kartu identitas disyaratkan, tetapi tidak ada langkah yang memakainya; cukup diperlihatkan."]
    return []


def _service_mix(steps: list[Item], kind: str) -> list[str]:
    first = next((item for item in steps if item.channel != "online"), None)
    if kind == "library" and first and re.search(r"layanan konsultasi", first.text, re.I):
        return [
            f"Prosedur layanan perpustakaan menyebut “konsultasi” (langkah {first.label or first.position})."
        ]
    return []


def _figure_and_word(items: tuple[Item, ...]) -> list[str]:
    """ "5 (sepuluh) menit": two numbers for one promise. Brackets that hold anything but number words are no number."""
    return [
        f"Angka dan kata berbeda: “{match[0]}” ({cite([item])})."
        for item in items
        for match in _BOTH.finditer(key(item.text))
        if number(match["figure"]) != number(match["word"])
    ]


def _visit_in_days(items: tuple[Item, ...]) -> list[str]:
    """A promise for visits in working days: no countdown at the counter can run for it."""
    if not any(item.section == "procedure" and item.channel == "onsite" for item in items):
        return []
    times = [item for item in items if item.section == "time" and item.channel != "online"]
    promised = [(item, found) for item in times if (found := promise(key(item.text)))]
    days = [item for item, found in promised if found.minutes is None]
    if not days or len(days) < len(promised):
        return []
    return [
        f"Waktu layanan kunjungan langsung tertulis dalam hari kerja ({cite(days)}); hitung mundur di loket hanya "
        "memakai menit, jadi janji ini tidak dihitung otomatis. Periksa saat mengonfirmasi."
    ]
