"""Softcopies for a demonstration office: short books whose figures are invented, and say so on every page."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from django.utils.formats import number_format

from library.models import DigitalCopy, Publication
from library.models.catalogue import Access
from library.workflows import intake, release
from services import pdf
from services.audit.actors import SYSTEM
from services.offices.models import Office

# Which of the series get a file, and who may read it.
BOOKS = {"Dalam Angka": Access.PUBLIC, "Profil Kemiskinan": Access.REGISTERED}
CHAPTERS = [
    ("Geografi dan Iklim", "Curah hujan, suhu, dan kelembapan menurut bulan", "Bulan", "mm"),
    ("Pemerintahan", "Pegawai negeri sipil menurut dinas", "Dinas", "orang"),
    ("Penduduk dan Ketenagakerjaan", "Penduduk, rumah tangga, dan pencari kerja menurut kecamatan", "Kecamatan", "jiwa"),
    ("Sosial dan Kesejahteraan Rakyat", "Sekolah, murid, dan guru; fasilitas kesehatan; penduduk miskin", "Kecamatan", "unit"),
    ("Pertanian", "Luas panen dan produksi padi, jagung, dan kakao", "Kecamatan", "ha"),
    ("Industri dan Energi", "Industri kecil dan pelanggan listrik", "Kecamatan", "unit"),
    ("Perdagangan dan Harga", "Indeks harga konsumen dan garis kemiskinan", "Bulan", "rupiah"),
    ("Pendapatan Regional", "PDRB menurut lapangan usaha dan laju pertumbuhan ekonomi", "Lapangan usaha", "miliar rupiah"),
]  # fmt: skip
ROWS = 18


def furnish(office: Office, say: Callable[[str], object]) -> int:
    """Books of the latest year of each of these series, for the worker to check; returns how many are new. A second
    call adds nothing."""
    new = 0
    for words, access in BOOKS.items():
        rows = Publication.objects.filter(keeper=office, title__contains=words, digital_copies=None)
        publication = rows.order_by("-year").first()
        if publication is None or DigitalCopy.objects.filter(
            publication__keeper=office, publication__title__contains=words
        ):
            continue
        say(f"  {office}: drawing “{publication}”")
        file = ContentFile(_drawn(publication))
        intake.receive(office, file, name=f"{publication}.pdf", by=SYSTEM, publication=publication)
        release.set_access(publication, access=access, embargo_until=None, office=office, by=SYSTEM)
        new += 1
    return new


def _drawn(publication: Publication) -> bytes:
    chance = random.Random(publication.title)  # noqa: S311 (figures of a demonstration, the same each time)
    chapters = [
        {"title": title, "about": about, "column": column, "unit": unit, "rows": _rows(chance, column)}
        for title, about, column, unit in CHAPTERS
    ]
    context: dict[str, Any] = {"publication": publication, "chapters": chapters}
    return pdf.draw(render_to_string("library/demo_book.html", context), "demo-book.css")


def _rows(chance: random.Random, column: str) -> list[tuple[str, list[str]]]:
    figures = [
        [number_format(chance.randint(40, 90_000), force_grouping=True) for _year in range(4)]
        for _row in range(ROWS)
    ]
    return [(f"{column} contoh {n}", row) for n, row in enumerate(figures, start=1)]
