"""A small collection for a demonstration office: the series every BPS office publishes (domain.md §10), with copies.

Titles are the real series' names; numbers are invented and say so ("contoh").
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from library import reference
from library.models import Copy, Frequency, Publication, Region, Series, Subject
from library.search import index
from services.offices.models import Office

CONTOH = "contoh"


@dataclass(frozen=True)
class Title:
    """`{place}` is the office's area. `span`: how many years one edition covers."""

    words: str
    subject: str
    number: str
    about: str
    pages: int
    span: int = 1


TITLES = [
    Title("{place} Dalam Angka", "0", "1102001", "Gambaran umum {place}: geografi, pemerintahan, penduduk, tenaga kerja, pendidikan, kesehatan, pertanian, industri, perdagangan, pariwisata, dan perekonomian, dari catatan instansi dan survei BPS.", 320),
    Title("Statistik Daerah {place}", "0", "1101002", "Ringkasan keadaan {place} dalam tabel dan grafik dengan ulasan singkat bagi pembaca umum.", 64),
    Title("Produk Domestik Regional Bruto {place} Menurut Lapangan Usaha", "2", "9302021", "PDRB {place} atas dasar harga berlaku dan harga konstan 2010 menurut tujuh belas lapangan usaha, laju pertumbuhan ekonomi, dan distribusinya.", 148, 5),
    Title("Produk Domestik Regional Bruto {place} Menurut Pengeluaran", "2", "9302020", "PDRB {place} menurut konsumsi rumah tangga, konsumsi pemerintah, pembentukan modal tetap bruto, ekspor, dan impor.", 112, 5),
    Title("Indikator Kesejahteraan Rakyat {place}", "1", "4102004", "Kependudukan, kesehatan, pendidikan, ketenagakerjaan, taraf dan pola konsumsi, perumahan dan lingkungan di {place}.", 96),
    Title("Statistik Kesejahteraan Rakyat {place}", "1", "4101002", "Hasil Survei Sosial Ekonomi Nasional (Susenas) Maret di {place}: rumah tangga, pendidikan, kesehatan, fertilitas, perumahan, dan teknologi informasi.", 210),
    Title("Profil Kemiskinan {place}", "1", "3205014", "Garis kemiskinan, jumlah dan persentase penduduk miskin, indeks kedalaman dan keparahan kemiskinan di {place}.", 58),
    Title("Indeks Pembangunan Manusia {place}", "1", "4102002", "IPM {place} dan komponennya: umur harapan hidup, harapan lama sekolah, rata-rata lama sekolah, dan pengeluaran per kapita.", 72),
    Title("Profil Ketenagakerjaan {place}", "1", "2303004", "Angkatan kerja, tingkat partisipasi angkatan kerja, tingkat pengangguran terbuka, lapangan pekerjaan, dan upah di {place} dari Sakernas Agustus.", 84),
    Title("Statistik Tanaman Pangan dan Hortikultura {place}", "3", "5101001", "Luas panen dan produksi padi, jagung, sayuran, dan buah-buahan di {place}.", 66),
]  # fmt: skip
ALIASES = {"7411": "koltim", "1906": "beltim"}  # as their web sites abbreviate them
FIRST, LAST = 2019, 2025
PRINTED_FROM = 2021


@transaction.atomic
def furnish(office: Office) -> int:
    """Publications and copies for this office; returns how many are new. A second call adds nothing."""
    region = reference.region_of(office)
    if alias := ALIASES.get(office.code):
        Region.objects.filter(pk=region.pk, aliases=[]).update(aliases=[alias])
    place = f"{'Kota' if office.level == Office.Level.CITY else 'Kabupaten'} {office.area.removeprefix('Kota ').removeprefix('Kabupaten ')}"
    if Publication.objects.filter(keeper=office).exists():
        return 0
    subjects = {subject.code: subject for subject in Subject.objects.all()}
    lists, publications = index.Lists.read(), []
    for title in TITLES:
        words = title.words.format(place=place)
        series, _new = Series.objects.get_or_create(
            title=words, region=region, defaults={"frequency": Frequency.YEARLY}
        )
        for year in range(FIRST, LAST + 1):
            first = year - title.span + 1
            publication = Publication(
                title=f"{words} {first}–{year}" if title.span > 1 else f"{words} {year}",
                series=series, year=first, year_end=year if title.span > 1 else None, region=region,
                subject=subjects.get(title.subject), abstract=title.about.format(place=place), pages=title.pages,
                producer=f"BPS {place}", frequency=Frequency.YEARLY, keeper=office,
                catalogue_number=f"{title.number}.{office.code}",
                publication_number=f"{office.code}0.{year % 100:02d}{TITLES.index(title) + 1:02d} ({CONTOH})",
            )  # fmt: skip
            publication.search = index.vector(publication, lists)
            publications.append(publication)
    Publication.objects.bulk_create(publications)
    Copy.objects.bulk_create(
        Copy(
            office=office,
            publication=publication,
            barcode=f"{office.code}{number:05d}",
            shelf=f"R{1 + number % 4}",
        )
        for number, publication in enumerate(publications, start=1)
        if (publication.year_end or publication.year or 0) >= PRINTED_FROM
    )
    index.note_words(publication.pk for publication in publications)
    return len(publications)
