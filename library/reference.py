"""The lists the catalogue begins with: BPS's subjects, provinces by domain code, and usual abbreviations.

Filled in after every migrate; rows that exist are never changed, so that what an administrator edited stays. Regencies
and cities come with the offices that run a PST, with a harvest of the WebAPI, or by hand.
"""

from __future__ import annotations

from typing import Any

from library.models import Abbreviation, Region, Subject
from services.offices.models import Office

SUBJECTS = {  # as the BPS WebAPI numbers them (docs: domain.md §10)
    "1": ("Sosial dan Kependudukan", ["sosial", "kependudukan"]),
    "2": ("Ekonomi dan Perdagangan", ["ekonomi", "perdagangan"]),
    "3": ("Pertanian dan Pertambangan", ["pertanian", "pertambangan"]),
    "0": ("Lainnya", []),
}
PROVINCES = {
    "11": ("Aceh", ["nanggroe aceh darussalam", "nad"]),
    "12": ("Sumatera Utara", ["sumut"]),
    "13": ("Sumatera Barat", ["sumbar"]),
    "14": ("Riau", []),
    "15": ("Jambi", []),
    "16": ("Sumatera Selatan", ["sumsel"]),
    "17": ("Bengkulu", []),
    "18": ("Lampung", []),
    "19": ("Kepulauan Bangka Belitung", ["babel", "bangka belitung"]),
    "21": ("Kepulauan Riau", ["kepri"]),
    "31": ("DKI Jakarta", ["jakarta"]),
    "32": ("Jawa Barat", ["jabar"]),
    "33": ("Jawa Tengah", ["jateng"]),
    "34": ("DI Yogyakarta", ["yogyakarta", "diy", "yogya"]),
    "35": ("Jawa Timur", ["jatim"]),
    "36": ("Banten", []),
    "51": ("Bali", []),
    "52": ("Nusa Tenggara Barat", ["ntb"]),
    "53": ("Nusa Tenggara Timur", ["ntt"]),
    "61": ("Kalimantan Barat", ["kalbar"]),
    "62": ("Kalimantan Tengah", ["kalteng"]),
    "63": ("Kalimantan Selatan", ["kalsel"]),
    "64": ("Kalimantan Timur", ["kaltim"]),
    "65": ("Kalimantan Utara", ["kaltara"]),
    "71": ("Sulawesi Utara", ["sulut"]),
    "72": ("Sulawesi Tengah", ["sulteng"]),
    "73": ("Sulawesi Selatan", ["sulsel"]),
    "74": ("Sulawesi Tenggara", ["sultra"]),
    "75": ("Gorontalo", []),
    "76": ("Sulawesi Barat", ["sulbar"]),
    "81": ("Maluku", []),
    "82": ("Maluku Utara", ["malut"]),
    "91": ("Papua Barat", []),
    "92": ("Papua Barat Daya", []),
    "94": ("Papua", []),
    "95": ("Papua Selatan", []),
    "96": ("Papua Tengah", []),
    "97": ("Papua Pegunungan", []),
}
ABBREVIATIONS = {
    "AHH": "angka harapan hidup",
    "APK": "angka partisipasi kasar",
    "APM": "angka partisipasi murni",
    "APS": "angka partisipasi sekolah",
    "DDA": "dalam angka",
    "IDG": "indeks pemberdayaan gender",
    "IHK": "indeks harga konsumen",
    "IKG": "indeks ketimpangan gender",
    "Inkesra": "indikator kesejahteraan rakyat",
    "IPG": "indeks pembangunan gender",
    "IPM": "indeks pembangunan manusia",
    "KBJI": "klasifikasi baku jenis pekerjaan indonesia",
    "KBLI": "klasifikasi baku lapangan usaha indonesia",
    "KCDA": "kecamatan dalam angka",
    "KSA": "kerangka sampel area",
    "NTP": "nilai tukar petani",
    "PDB": "produk domestik bruto",
    "PDRB": "produk domestik regional bruto",
    "PMTB": "pembentukan modal tetap bruto",
    "Podes": "potensi desa",
    "PPLS": "pendataan program perlindungan sosial",
    "Sakernas": "survei angkatan kerja nasional",
    "SDGs": "tujuan pembangunan berkelanjutan",
    "SP": "sensus penduduk",
    "ST": "sensus pertanian",
    "SE": "sensus ekonomi",
    "Susenas": "survei sosial ekonomi nasional",
    "TPAK": "tingkat partisipasi angkatan kerja",
    "TPK": "tingkat penghunian kamar",
    "TPT": "tingkat pengangguran terbuka",
}


def fill(**_kwargs: Any) -> None:
    """What is missing is added; nothing that is there changes."""
    Subject.objects.bulk_create(
        [Subject(code=code, name=name, aliases=aliases) for code, (name, aliases) in SUBJECTS.items()],
        ignore_conflicts=True,
    )
    Abbreviation.objects.bulk_create(
        [Abbreviation(short=short, meaning=meaning) for short, meaning in ABBREVIATIONS.items()],
        ignore_conflicts=True,
    )
    country, _new = Region.objects.get_or_create(code="0000", defaults={"name": "Indonesia"})
    Region.objects.bulk_create(
        [
            Region(code=f"{code}00", name=name, aliases=aliases, parent=country)
            for code, (name, aliases) in PROVINCES.items()
        ],
        ignore_conflicts=True,
    )


def region_of(office: Office) -> Region:
    """The region an office is for, made at the first need: its code is its domain."""
    parent = Region.objects.filter(code=f"{office.code[:2]}00").exclude(code=office.code).first()
    region, _new = Region.objects.get_or_create(
        code=office.code, defaults={"name": office.area, "parent": parent}
    )
    return region
