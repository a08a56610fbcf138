"""What people are told about files, and the texts that are taken from them."""

from __future__ import annotations

import pytest
from django.utils import translation

from library.digital.words import NOTES, REFUSED, noted, said
from library.pdf import examine, faults
from library.pdf.words import little, running, tidy

VALUES = {
    "too_large": {"megabytes": 301, "most": 300},
    "too_many_pages": {"pages": 60_000, "most": 5_000},
    "duplicate": {"name": "Muna 2025"},
    "virus": {"name": "Eicar-Test"},
    "page_size": {"page": 3, "width": 1.0, "height": 2.5},
}


@pytest.mark.parametrize("code", faults.CODES)
def test_every_refusal_has_a_sentence_with_its_figures(code):
    sentence = said(code, VALUES.get(code, {}))
    assert "%(" not in sentence
    assert sentence.endswith(".")
    assert all(str(value) in sentence for value in VALUES.get(code, {}).values() if value != 5_000)
    assert len({said(other, VALUES.get(other, {})) for other in faults.CODES}) == len(faults.CODES)


def test_no_sentence_without_a_code():
    assert set(REFUSED) == set(faults.CODES)
    assert set(NOTES) == set(examine.NOTES)


def test_a_code_nobody_knows_and_figures_that_are_missing():
    assert said("new", {}) == said("damaged", {}) == said("page_size", {})
    assert noted("new") == "new"
    assert noted("scripts") == "Skrip di dalamnya dibuang."


def test_words_are_translated_when_they_are_asked_for():
    with translation.override("id"):
        assert said("empty", {}).startswith("Berkas ini kosong")


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("satu\r\n\r\n  dua\t tiga ", "satu\ndua tiga"),
        ("perta-\nnian", "pertanian"), ("perta\u0002\r\nnian", "pertanian"), ("perta\u0002nian", "pertanian"),
        ("rata-\nrata", "rata-rata"), ("rata\u0002ratanya", "rata-ratanya"), ("Jawa-\nBali", "Jawa-Bali"),
        ("2019\u00022025", "2019-2025"), ("kerja-sama", "kerja-sama"), ("so\u00adal so\u00ad\nal", "soal soal"),
        ("\ufb01lm e\u0301 10\u00a0000", "film é 10 000"), ("a\u0000b\ud800c\u202ed\ue123e\ufffdf", "a b c d e f"),
    ],
)  # fmt: skip
def test_running_text(given, text):
    assert running(given, 1_000) == text


def test_a_page_without_gaps():
    """As one finds in broken fonts; reading it again from each letter would take hours."""
    assert len(running("x" * 2_000_000, 200_000)) == 200_000


def test_one_line():
    assert tidy(" Muna\nDalam\u0007 Angka ", 10) == "Muna Dalam"
    assert tidy(7, 10) == tidy(None, 10) == ""


def test_little_text():
    assert little("- 17 -\n. , …", 8)
    assert not little("Tabel 3.1.2 Penduduk", 8)
