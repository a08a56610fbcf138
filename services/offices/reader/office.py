"""The office a standard belongs to, from its page header and, failing that, from its sentences."""

from __future__ import annotations

import re
from collections import Counter

from . import breadcrumb
from .facts import Level, OfficeFacts
from .header import Headers
from .text import EMAIL, PHONE, URL, key, plain, title_case, with_scheme

_SHORT = {"kab": "Kabupaten", "kab.": "Kabupaten", "prov": "Provinsi", "prov.": "Provinsi"}
_OTHER_WORD = (
    r"(?!(?:No|Nomor|SK|Jl|Jln|Jalan|Kompleks|Lantai|Gedung|Telp|Telepon|Website|E-?mail|WhatsApp|Persyaratan|Sistem|Prosedur"
    r"|Waktu|Jangka|Biaya|Tarif|Produk|Pengaduan|Penanganan|Pengguna|Pelayanan|Layanan|Badan|BPS|PST)\b)"
)
_PLACE = rf"{_OTHER_WORD}[A-Z][\w'-]{{1,30}}"
_NAMED = re.compile(
    r"\b(?:BPS|Badan Pusat Statistik|BADAN PUSAT STATISTIK)\s{1,3}(?P<level>Provinsi|Prov\.?|Kabupaten|Kab\.?|Kota|PROVINSI|KABUPATEN|KOTA)"
    rf"\s{{1,3}}(?P<area>{_PLACE}(?: (?:dan )?{_PLACE}){{0,3}})"
)
_NATIONAL = re.compile(r"\b(?:bps|badan pusat statistik) (?:ri|pusat|republik indonesia)\b|\bkepala bps ri\b")
_OFFICE_MAIL = re.compile(r"^bps(\d{4})@", re.I)
_ANY_MAIL = re.compile(r"^\D{1,20}(\d{4})@(?:[\w-]{1,30}\.)?bps\.go\.id", re.I)
_CODE = re.compile(r"(?<!\d)(?!20\d\d)(\d{4})(?!\d)")
_FIELD = re.compile(r"^\s*(?:alamat|website|web|situs|homepage|laman|e-?mail|surel)\s?[:.]\s?", re.I)
_PHONE_LABEL = re.compile(
    r"[\s,;(/-]*(?:telp|telepon|telpon|tel|phone|hp|faks?|fax|wa|whatsapp)\.?\s{0,2}[:.]?\s{0,2}$", re.I
)


def read_office(text: str, headers: Headers) -> OfficeFacts:
    """All facts about the office; what the document does not tell stays empty."""
    flat = "\n".join(plain(line) for line in text.splitlines() if line.strip())
    level, area = _who(flat, headers)
    name = {"province": "BPS Provinsi", "regency": "BPS Kabupaten", "city": "BPS Kota"}.get(level, "BPS")
    name = f"{name} {area}".strip() if level != "national" else "Badan Pusat Statistik"
    crumb = breadcrumb.best(headers.breadcrumbs, headers.unit)
    address, phone = _address_and_phone(headers)
    mails = [found[0].lower().rstrip(".") for found in EMAIL.finditer(flat) if "bps" in found[0].lower()]
    mails.sort(key=lambda mail: not _OFFICE_MAIL.match(mail))
    website = next((_FIELD.sub("", line).strip("<> ") for line in headers.lines.get("website", [])), "")
    return OfficeFacts(
        code=_code(flat, mails),
        name=name,
        level=level,
        area=area,
        province=_province(level, area, crumb, flat),
        address=address,
        phone=phone,
        website=with_scheme(website),
        email=mails[0] if mails else "",
        breadcrumb=crumb,
    )


def _who(flat: str, headers: Headers) -> tuple[Level, str]:
    """Level and area: from the unit line, the breadcrumb's end, or the name most often written out."""
    last = [crumb[-1] for crumb in [breadcrumb.best(headers.breadcrumbs, headers.unit)] if crumb]
    for source in (headers.unit, *headers.lines.get("unit", []), *last):
        found = split_name(source)
        if found:
            return found
    names = Counter(found for match in _NAMED.finditer(flat) if (found := split_name(match[0])))
    if names and not _NATIONAL.search(key(flat)):
        common, count = names.most_common(1)[0]
        return max(
            (n for n in names if n[1].startswith(common[1]) and names[n] * 2 >= count),
            key=lambda n: len(n[1]),
        )
    return "national", ""


def split_name(text: str) -> tuple[Level, str] | None:
    """'PST BPS Kab. Maluku Tengah' → ('regency', 'Maluku Tengah')."""
    match = re.search(
        r"\b(?:BPS|Badan Pusat Statistik)\s(?P<level>Provinsi|Prov\b\.?|Kabupaten|Kab\b\.?|Kota)\s(?P<area>[^/,;:@()]{2,50})$",
        text.strip(" .*#"),
        re.I,
    )
    if not match:
        return None
    word = _SHORT.get(match["level"].lower(), match["level"]).lower()
    level: Level = {"provinsi": "province", "kabupaten": "regency", "kota": "city"}[word]  # type: ignore[assignment]
    return level, title_case(" ".join(match["area"].split()))


def _address_and_phone(headers: Headers) -> tuple[str, str]:
    """The address lines joined; a telephone number at their end is split off."""
    address = ", ".join(_FIELD.sub("", line).strip(" ,") for line in headers.lines.get("address", []))
    phones = [found[0] for line in headers.lines.get("phone", []) if (found := PHONE.search(line))]
    inside = next((m for m in PHONE.finditer(address) if len(re.sub(r"\D", "", m[0])) >= 7), None)
    if inside:
        phones.append(inside[0])
        address = address[: inside.start()]
        while _PHONE_LABEL.search(address) and _PHONE_LABEL.sub("", address) != address:
            address = _PHONE_LABEL.sub("", address)
    return address.strip(" ,;:-("), (phones[0].strip() if phones else "")


def _code(flat: str, mails: list[str]) -> str:
    """The four-digit domain code: from an office mailbox first, else from links of BPS."""
    for mail in mails:
        match = _OFFICE_MAIL.match(mail) or _ANY_MAIL.match(mail)
        if match:
            return match[1]
    codes = Counter(
        code
        for link in URL.finditer(flat)
        if "bps.go.id" in link[0].lower()
        for code in _CODE.findall(link[0])
    )
    return codes.most_common(1)[0][0] if codes else ""


def _province(level: Level, area: str, crumb: tuple[str, ...], flat: str) -> str:
    if level == "province":
        return area
    for segment in crumb:
        found = split_name(segment)
        if found and found[0] == "province":
            return found[1]
    match = re.search(r"\b(?:Provinsi|Prov\.) (?P<area>[A-Z][\w-]{1,30}(?: [A-Z][\w-]{1,30}){0,3})", flat)
    return match["area"] if match and level != "national" else ""
