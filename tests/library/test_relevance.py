"""What people type and what they mean: the expected publication stands among the first five.

Written from the domain (BPS's series, subjects, abbreviations, regions), not from the code. `pytest -s` prints how many
of the questions are answered.
"""

from __future__ import annotations

import re
from random import Random

import pytest

from library.models import Publication
from library.search import engine
from library.search.engine import Filters

KOLTIM, BELTIM, TARAKAN, SAWAHLUNTO = "Kolaka Timur", "Belitung Timur", "Tarakan", "Sawahlunto"
IPM, MISKIN, DDA = "Indeks Pembangunan Manusia", "Profil Kemiskinan", "Dalam Angka"
LU, KELUAR = "Menurut Lapangan Usaha", "Menurut Pengeluaran"
KERJA, PANGAN = "Profil Ketenagakerjaan", "Tanaman Pangan"
INKESRA, KESRA, DAERAH = "Indikator Kesejahteraan", "Statistik Kesejahteraan", "Statistik Daerah"

# (what is typed, what must all stand in one of the first five titles)
QUESTIONS: list[tuple[str, tuple[str, ...]]] = [
    # one word
    ("kemiskinan", (MISKIN,)), ("ketenagakerjaan", (KERJA,)), ("hortikultura", (PANGAN,)), ("pdrb", ("Bruto",)),
    ("ipm", (IPM,)), ("dda", (DDA,)), ("susenas", (KESRA,)), ("sakernas", (KERJA,)), ("tarakan", (TARAKAN,)),
    ("padi", (PANGAN,)), ("pengangguran", (KERJA,)), ("upah", (KERJA,)), ("pengeluaran", (KELUAR,)),
    # two to four words in any order
    ("manusia pembangunan indeks", (IPM,)), ("angka dalam", (DDA,)), ("angka tarakan dalam kota", (DDA, TARAKAN)),
    ("usaha lapangan pdrb", (LU,)), ("kesejahteraan rakyat indikator", (INKESRA,)),
    ("rakyat kesejahteraan statistik", (KESRA,)), ("tanaman pangan hortikultura statistik", (PANGAN,)),
    ("garis kemiskinan", (MISKIN,)), ("tingkat pengangguran terbuka", (KERJA,)), ("luas panen", (PANGAN,)),
    ("harapan lama sekolah", (IPM,)), ("konsumsi rumah tangga", (KELUAR,)), ("daerah statistik", (DAERAH,)),
    # region and year
    ("ipm belitung timur 2023", (IPM, BELTIM, "2023")), ("dda koltim 2024", (DDA, KOLTIM, "2024")),
    ("kemiskinan sawahlunto 2022", (MISKIN, SAWAHLUNTO, "2022")), ("tarakan 2021 ketenagakerjaan", (KERJA, TARAKAN, "2021")),
    ("2025 sawahlunto dalam angka", (DDA, SAWAHLUNTO, "2025")), ("pdrb kolaka timur 2020", (KOLTIM, "Bruto")),
    ("kab belitung timur ipm", (IPM, BELTIM)), ("kota tarakan kemiskinan", (MISKIN, TARAKAN)),
    ("statistik daerah beltim 2020", (DAERAH, BELTIM, "2020")), ("pdrb pengeluaran tarakan 2020-2024", (KELUAR, TARAKAN, "2020–2024")),
    ("kabupaten kolaka timur dalam angka 2019", (DDA, KOLTIM, "2019")), ("inkesra", (INKESRA,)),
    # stems
    ("miskin", (MISKIN,)), ("termiskin koltim", (KOLTIM,)), ("tani", (PANGAN,)), ("tenaga kerja", (KERJA,)), ("pekerja tarakan", (KERJA, TARAKAN)),
    ("rumah sawahlunto", (SAWAHLUNTO,)), ("perumahan", ("Kesejahteraan Rakyat",)), ("menganggur", (KERJA,)), ("membangun manusia", (IPM,)),
    ("sejahtera rakyat", ("Kesejahteraan Rakyat",)), ("penduduk miskin", (MISKIN,)),
    ("sekolah", (IPM,)), ("mengkonsumsi", (KELUAR,)), ("usaha", (LU,)),
    # typing errors
    ("kemiksinan", (MISKIN,)), ("ketenagakerjan", (KERJA,)), ("pdbr", ("Bruto",)), ("indeks pembangunan mansia", (IPM,)),
    ("hortikulutra", (PANGAN,)), ("kesejahteran rakyat", ("Kesejahteraan Rakyat",)), ("kemiskinn belitung timur", (MISKIN, BELTIM)),
    ("statistk daerah tarakan", (DAERAH, TARAKAN)), ("pegeluaran sawahlunto", (KELUAR, SAWAHLUNTO)), ("susnas", (KESRA,)),
    ("lapanganusaha", (LU,)), ("dalamangka tarakan", (DDA, TARAKAN)),
    # numbers
    ("1102001.7411", (DDA, KOLTIM)), ("1102001 7411", (DDA, KOLTIM)), ("4102002.1906", (IPM, BELTIM)), ("katalog 3205014.6571", (MISKIN, TARAKAN)),
]  # fmt: skip


def fits(title: str, words: tuple[str, ...]) -> bool:
    return all(word in title for word in words)


@pytest.mark.django_db
def test_the_expected_publication_is_among_the_first_five(catalogue):
    missed = []
    for typed, words in QUESTIONS:
        first = engine.search(typed, Filters()).page[:5]
        if not any(fits(p.title, words) for p in first):
            missed.append((typed, words, [p.title for p in first]))
    print(f"\nrelevance: {len(QUESTIONS) - len(missed)} of {len(QUESTIONS)} in the first five")
    assert len(QUESTIONS) >= 60
    assert not missed, missed


@pytest.mark.django_db
def test_words_of_a_title_always_find_it(catalogue):
    """One to five words of any title, in any order, never nothing; and all of them find that title."""
    chance = Random(7)
    for publication in chance.sample(list(Publication.objects.order_by("pk")), 60):
        words = re.findall(r"[^\s–]+", publication.title)
        some = chance.sample(words, min(len(words), chance.randint(1, 5)))
        found = engine.search(" ".join(some), Filters())
        assert found.count > 0, some
        assert not found.near, some
        whole = engine.search(publication.title, Filters())
        assert publication in whole.page[:5]
