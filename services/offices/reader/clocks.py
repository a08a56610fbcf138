"""The promised times: what starts a clock and how long it runs (requirement rows 36 to 39)."""

from __future__ import annotations

import re

from .durations import Duration, durations
from .evidence import Reading, rule
from .facts import DerivedRule, Item

_SINCE = r"\b(?:setelah|sesudah|sejak|dihitung dari|terhitung|dari saat|begitu|usai)\b"
_STARTS_ONSITE = (
    (
        "previous_finished",
        re.compile(
            r"\b(?:antrian|antrean|pengguna|orang|pengunjung)[^.;]{0,30} sebelumnya\b[^.;]{0,40}|sebelumnya selesai"
        ),
    ),
    ("guest_book", re.compile(rf"{_SINCE}[^.;]{{0,60}}buku tamu")),
    ("ticket", re.compile(rf"{_SINCE}[^.;]{{0,60}}(?:nomor|no\.?|tiket|mengambil|ambil)[^.;]{{0,20}}antr")),
    ("arrival", re.compile(rf"{_SINCE}[^.;]{{0,60}}\b(?:datang|kedatangan|tiba|hadir|berkunjung)\b")),
)
_STARTS_ONLINE = (
    ("registration", re.compile(rf"{_SINCE}[^.;]{{0,60}}\b(?:registrasi|mendaftar|pendaftaran|terdaftar)\b")),
    ("login", re.compile(rf"{_SINCE}[^.;]{{0,60}}\b(?:log ?in|masuk|sign ?in)\b")),
)
_SUBMITTED = (
    "submitted",
    re.compile(rf"{_SINCE}[^.;]{{0,40}}\b(?:permintaan|permohonan|pengajuan|berkas|dokumen|persyaratan)\b"),
)
_AT_ONCE = re.compile(
    r"\b(?:dapat|bisa|akan) (?:dengan )?(?:langsung|segera|seketika)\b|\blangsung dapat\b|\bsaat itu juga\b|\breal ?time\b"
)
_CLOSING = re.compile(
    r"\bditutup\b|\bmenutup\b|\btidak (?:ada )?(?:me(?:respon|respons|mberi(?:kan)? (?:respon|tanggapan)|nanggapi|njawab)|respon|tanggapan|balasan)"
)
_NAMES = {
    "guest_book": "pengisian buku tamu",
    "previous_finished": "pengguna sebelumnya selesai",
    "ticket": "pengambilan nomor antrian",
    "arrival": "kedatangan",
    "registration": "registrasi",
    "login": "login",
    "submitted": "permintaan diajukan",
}


def clock_rules(reading: Reading) -> list[DerivedRule]:
    """The rules "clock_onsite", "clock_online" and "auto_close_working_days"."""
    return [_onsite(reading), _online(reading), _auto_close(reading)]


def _onsite(reading: Reading) -> DerivedRule:
    days: list[tuple[Item, int]] = []
    for item in reading.items("time", "onsite"):
        text = reading.key(item)
        promised = promise(text)
        if promised is None:
            continue
        if promised.minutes is None:
            days += [(item, promised.days)] if promised.days is not None else []
            continue
        start = _start(text, _STARTS_ONSITE)
        value = {"start": start or "guest_book", "minutes": promised.minutes}
        if start:
            note = f"Dilayani paling lama {promised.minutes} menit sejak {_NAMES[start]}"
            return rule("clock_onsite", value, [item], note)
        note = f"Tertulis {promised.minutes} menit tanpa titik mulai; dihitung sejak pengisian buku tamu"
        return rule("clock_onsite", value, [item], note, certainty="inferred")
    if days:
        return _onsite_days(reading, *days[0])
    return rule("clock_onsite", None, [], "Naskah tidak menyebut batas waktu layanan kunjungan langsung")


def _onsite_days(reading: Reading, item: Item, days: int) -> DerivedRule:
    """A visit that is settled within working days: a promise, although no countdown runs at the counter."""
    visited = any(step.channel == "onsite" for step in reading.items("procedure"))
    if item.channel == "both" and not visited:
        note = "Waktu tertulis dalam hari, dan prosedur tidak memuat kunjungan langsung"
        return rule("clock_onsite", None, [item], note, certainty="inferred")
    start = _start(reading.key(item), (*_STARTS_ONSITE, _SUBMITTED))
    value = {"start": start or "guest_book", "minutes": None, "working_days": days}
    note = f"Selesai paling lama {days} hari kerja sejak {_NAMES[start or 'guest_book']}"
    note += "" if start else " (titik mulai tidak tertulis)"
    note += "; hitung mundur di loket hanya memakai menit"
    return rule("clock_onsite", value, [item], note, certainty="stated" if start else "inferred")


def _online(reading: Reading) -> DerivedRule:
    for item in reading.items("time", "online"):
        text = reading.key(item)
        promised, start = promise(text), _start(text, _STARTS_ONLINE)
        begins = _NAMES[start or "submitted"]
        if item.channel == "both" and not start and not (promised and promised.days):
            continue
        if promised:
            value = {
                "start": start or "submitted",
                "minutes": promised.minutes,
                "working_days": promised.days,
            }
            amount = (
                f"{promised.days} hari kerja" if promised.days is not None else f"{promised.minutes} menit"
            )
            note = f"Layanan online paling lama {amount} sejak {begins}"
            return rule("clock_online", value, [item], note)
        if start or _AT_ONCE.search(text):
            value = {"start": start or "submitted", "minutes": 0, "working_days": None}
            note = f"Layanan online langsung tersedia setelah {begins}"
            return rule("clock_online", value, [item], note)
    return rule("clock_online", None, [], "Naskah tidak menyebut batas waktu layanan online")


def promise(text: str) -> Duration | None:
    """The duration of the service itself, not the one after which a silent request is closed (KK)."""
    found = durations(text)
    closing = _CLOSING.search(text)
    closes = _closing_duration(text, found) if closing else None
    return next((d for d in found if d != closes), None)


def _closing_duration(text: str, found: list[Duration]) -> Duration | None:
    """The duration that belongs to the automatic closing: behind its words, else right before them."""
    closing = _CLOSING.search(text)
    if not closing or not found:
        return None
    behind = [d for d in found if d.start > closing.start()]
    if behind:
        return behind[0]
    near = [
        d
        for d in found
        if re.search(r"\b(?:jika|apabila|bila|dalam|selama)\b", text[max(0, d.start - 40) : d.start])
    ]
    return near[-1] if near else None


def _start(text: str, starts: tuple[tuple[str, re.Pattern[str]], ...]) -> str:
    return next((name for name, pattern in starts if pattern.search(text)), "")


def _auto_close(reading: Reading) -> DerivedRule:
    for section in ("time", "procedure"):
        for item in reading.hits(_CLOSING, section):
            text = reading.key(item)
            closing = _closing_duration(text, durations(text))
            if closing and closing.days:
                note = f"Permintaan ditutup otomatis bila pengguna tidak merespons selama {closing.days} hari kerja"
                return rule("auto_close_working_days", closing.days, [item], note)
    return rule("auto_close_working_days", None, [], "Naskah tidak menyebut penutupan otomatis")
