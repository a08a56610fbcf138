"""Rules about coming in person and about being let in on line: requirements, guest book, locker, account."""

from __future__ import annotations

import re

from .denial import promised
from .evidence import Reading, flag, rule, sentences, told
from .facts import Certainty, DerivedRule, Item
from .steps import BAG_IN, CARD_IN, Visit
from .text import URL, plain, with_scheme

EMAIL_WORD = re.compile(r"\be\s?-?\s?mail\b|\bsurel\b|\bpos-?el\b")
WHATSAPP_WORD = re.compile(r"\bwhats ?app\b|\bnomor wa\b|\bwa\b")
_CARD = re.compile(
    r"\bkartu (?:identitas|tanda (?:penduduk|pengenal)|pengenal)|\bidentitas diri\b|\btanda pengenal\b|\bktp\b"
)
_TYPES = (
    (re.compile(r"\bktp(?:-el| elektronik)?\b|\bkartu tanda penduduk\b"), "KTP"),
    (re.compile(r"\bsim\b|\bsurat izin mengemudi\b"), "SIM"),
    (re.compile(r"\bpas+port?\b|\bpaspor\b"), "Paspor"),
    (re.compile(r"\bkartu pelajar\b"), "Kartu pelajar"),
    (re.compile(r"\bkartu (?:tanda )?mahasiswa\b|\bktm\b"), "Kartu mahasiswa"),
    (re.compile(r"\bkia\b|\bkartu identitas anak\b"), "KIA"),
    (re.compile(r"\bkitas\b|\bkitap\b"), "KITAS/KITAP"),
    (re.compile(r"\bkartu pegawai\b|\bid card\b"), "Kartu pegawai"),
    (re.compile(r"\blain-lain\b|\blainnya\b|\bdll\b|\bdsb\b|\bidentitas lain\b"), "lainnya"),
)
_BOOK = re.compile(r"\bbuku tamu\b")
_PAPER = re.compile(r"\bmanual\b|\bkertas\b|\btertulis\b|\bcetak\b")
_ELECTRONIC = re.compile(
    r"\belektronik\b|\be-?buku tamu\b|\bdigital\b|\baplikasi\b|\btablet\b|\bonline\b|\bqr\b"
)
_OPTIONAL_BAG = re.compile(
    r"\b(?:apabila|jika|bila|kalau|bagi yang|yang)\b[^.;]{0,40}\bmembawa\b[^.;]{0,20}\b(?:tas|ransel|barang)\b"
)
_ALLOWED = re.compile(
    r"(?<!tidak )\b(?:diperkenankan|diperbolehkan|boleh|diizinkan|dibolehkan)\b(?: untuk)? membawa (?P<things>[^.;]{3,200})|\bkecuali (?P<except>[^.;]{3,200})"
)
_LOCKER = re.compile(r"\bloker\b|\btempat penitipan\b|\bpenitipan (?:tas|barang)\b")
_COME = re.compile(
    r"\b(?:datang(?: langsung)?|berkunjung(?: langsung)?|mengunjungi|hadir(?: langsung)?)\b(?: langsung)?(?: ke| di| pada)? (?P<place>.{3,160})",
    re.I,
)
_FLOOR = re.compile(r"\b(?:gedung \w{1,8},? )?lantai \w{1,8}", re.I)
_ASK = re.compile(
    r"\b(?:mengajukan|menyampaikan|mengisi (?:formulir|form))\b[^.;]{0,20}\b(?:permintaan|permohonan)\b"
)
_ACCOUNT = re.compile(
    r"\b(?:akun|account|terdaftar)\b(?: pada| di| dalam)? ?(?P<label>(?:[^.;()]|\.(?=\w)){0,80})"
)
_REGISTER = re.compile(r"\bregistrasi\b|\bmendaftar\b|\bpendaftaran akun\b|\bmembuat akun\b")
_PORTAL = re.compile(r"\bportal\b|\baplikasi\b|\bwebsite\b|\blaman\b|\bsitus\b|\.bps\.go\.id")


def visit_rules(reading: Reading, found: Visit) -> list[DerivedRule]:
    """All rules of this module."""
    return [
        _guest_book(reading),
        *_locker(reading, found),
        *_card(reading),
        told(
            reading,
            "email_onsite",
            EMAIL_WORD,
            ("requirements", "onsite"),
            "Surel diminta saat kunjungan",
            "Surel tidak diminta saat kunjungan",
        ),
        _contact_online(reading),
        _account(reading),
        flag(
            "service_request",
            reading.hits(_ASK, "requirements", "onsite"),
            "Pengguna mengajukan permintaan layanan kepada petugas",
            "Tidak ada permintaan layanan tersendiri",
        ),
        _location(reading),
    ]


def _guest_book(reading: Reading) -> DerivedRule:
    """Electronic, electronic or paper (BT step 3), or not told (requirement row 8)."""
    items = reading.hits(_BOOK, "requirements", "onsite") + reading.hits(_BOOK, "procedure", "onsite")
    spoken = [s for item in items for s in sentences(reading.key(item)) if _BOOK.search(s)]
    electronic, paper = any(map(_ELECTRONIC.search, spoken)), any(map(_PAPER.search, spoken))
    if electronic and paper:
        return rule(
            "guest_book", {"form": "electronic_or_paper"}, items, "Buku tamu lewat aplikasi atau manual"
        )
    if electronic:
        return rule("guest_book", {"form": "electronic"}, items, "Buku tamu elektronik")
    note = "Bentuk buku tamu tidak disebut" if items else "Buku tamu tidak disebut"
    return rule(
        "guest_book", {"form": "unspecified"}, items, note, certainty="inferred" if items else "default"
    )


def _locker(reading: Reading, found: Visit) -> list[DerivedRule]:
    """Locker mode, whether a bag is a condition, and what may be taken inside (requirement rows 16 and 17)."""
    cards = reading.promises(CARD_IN, "procedure", "onsite") if "card_deposit" in found.kinds() else []
    bags = [
        i
        for i in reading.items("procedure", "onsite")
        if promised(BAG_IN, reading.key(i)) or promised(_LOCKER, reading.key(i))
    ]
    without = reading.denials(BAG_IN, "procedure", "onsite") or reading.denials(
        _LOCKER, "procedure", "onsite"
    )
    if cards and bags:
        mode = rule(
            "locker", "card_deposit", [*cards, *bags], "Loker dipakai dengan menitipkan kartu identitas"
        )
    elif bags:
        mode = rule("locker", "free", bags, "Loker dipakai tanpa menitipkan kartu")
    elif without:
        mode = rule("locker", "none", without, "Loker tidak dipakai, menurut naskah")
    else:
        mode = rule("locker", "none", [], "Naskah tidak menyebut loker")
    optional = reading.hits(_OPTIONAL_BAG, "procedure", "onsite")
    allowed = [
        (item, m)
        for item in reading.items("procedure", "onsite")
        if (m := _ALLOWED.search(reading.key(item)))
    ]
    allowed = [
        (item, m)
        for item, m in allowed
        if BAG_IN.search(reading.key(item)) or _LOCKER.search(reading.key(item))
    ]
    things = [thing for _, m in allowed for thing in _listed(m["things"] or m["except"])]
    return [
        mode,
        flag("bag_optional", optional, "Penitipan hanya bila membawa tas", "Penitipan tas tidak bersyarat"),
        rule(
            "allowed_inside",
            things,
            [item for item, _ in allowed],
            "Barang yang boleh dibawa masuk"
            if things
            else "Naskah tidak menyebut barang yang boleh dibawa masuk",
        ),
    ]


def _listed(text: str) -> list[str]:
    parts = re.split(r",\s*(?:dan|serta|atau)?\s+|\s+(?:dan|serta|atau)\s+", text.strip(" .,"))
    return [part.strip(" .,") for part in parts if part.strip(" .,")]


def _card(reading: Reading) -> list[DerivedRule]:
    items = reading.promises(_CARD, "requirements", "onsite")
    text = " ".join(reading.key(item) for item in items)
    # "identitas lain" and the generic word must not hide the order in which the office lists the cards
    found = sorted((m.start(), name) for pattern, name in _TYPES if (m := pattern.search(text)))
    names = [name for _, name in found]
    note = "Jenis kartu identitas yang diterima" if names else "Jenis kartu identitas tidak dirinci"
    return [
        flag(
            "identity_card",
            items,
            "Kartu identitas yang berlaku disyaratkan",
            "Kartu identitas tidak disyaratkan",
            reading.denials(_CARD, "requirements", "onsite"),
        ),
        rule("identity_card_types", names, items if names else [], note),
    ]


def _contact_online(reading: Reading) -> DerivedRule:
    """One contact rule for all on-line requirements; several of them are alternatives (requirement row 10)."""
    mails = reading.promises(EMAIL_WORD, "requirements", "online")
    phones = reading.promises(WHATSAPP_WORD, "requirements", "online")
    if mails and phones:
        either = bool(set(map(id, mails)) & set(map(id, phones)))
        certainty: Certainty = "stated" if either else "inferred"
        return rule(
            "contact_online",
            "email_or_whatsapp",
            [*mails, *phones],
            "Kontak online: surel atau WhatsApp",
            certainty=certainty,
        )
    if mails:
        return rule("contact_online", "email", mails, "Kontak online: surel")
    if phones:
        return rule("contact_online", "whatsapp", phones, "Kontak online: WhatsApp")
    return rule("contact_online", "none", [], "Naskah tidak meminta kontak untuk layanan online")


def _account(reading: Reading) -> DerivedRule:
    """Label and link of the account; the link may stand in the procedure only (TR6, SW7)."""
    items = reading.promises(_ACCOUNT, "requirements", "online")
    entries = reading.hits(_PORTAL, "procedure", "online")
    used = list(items)
    match = _ACCOUNT.search(" ".join(plain(items[0].text).split())) if items else None
    label = re.split(r",| (?:bagi|untuk|yang) ", match["label"])[0].strip() if match else ""
    url, source = _link(items), None
    for entry in entries:
        if not url and _link([entry]) and (not label or label.casefold() in reading.key(entry) or not items):
            url, source = _link([entry]), entry
    if not url:
        source = next((entry for entry in entries if _link([entry])), None)
        url = _link([source]) if source else ""
    if not items:
        used = reading.hits(_REGISTER, "procedure", "online")
    if not used:
        return rule(
            "account_online", {"required": False, "label": "", "url": ""}, [], "Naskah tidak meminta akun"
        )
    value = {"required": True, "label": label or "aplikasi pelayanan", "url": url}
    note = "Layanan online memerlukan akun"
    return rule(
        "account_online",
        value,
        [*used, *([source] if source else [])],
        note,
        certainty="stated" if items else "inferred",
    )


def _link(items: list[Item]) -> str:
    """The first web address of the items, as published (a markdown link's own target first)."""
    for item in items:
        target = re.search(r"\]\((https?://[^()\s]{3,300})\)", item.source)
        found = URL.search(item.text)
        if found or target:
            return with_scheme(target[1] if target else found[0].rstrip(")"))  # type: ignore[index]
    return ""


def _location(reading: Reading) -> DerivedRule:
    """Where to come: a floor, a named room, or the PST unit (requirement row 5)."""
    office = reading.parsed.office.name
    for section in ("requirements", "procedure"):
        for item in reading.items(section, "onsite"):
            match = _COME.search(plain(item.text))
            if not match:
                continue
            floor = _FLOOR.search(match["place"])
            place = floor[0].strip(" .") if floor else _place(match["place"])
            if not place:
                continue
            return rule(
                "location",
                place,
                [item],
                f"Tempat layanan: {place}",
                certainty="stated" if section == "requirements" else "inferred",
            )
    place = f"unit Pelayanan Statistik Terpadu (PST) {office}"
    return rule("location", place, [], "Tempat layanan tidak disebut; dianggap unit PST kantor ini")


def _place(text: str) -> str:
    place = re.split(r"[,;]|\.\s|\b(?:untuk|dengan|dan|lalu|kemudian|pada jam|yang)\b", text)[0].strip(" .")
    return re.sub(r"^Unit\b", "unit", place)
