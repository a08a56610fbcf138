"""What is asked in a sentence finds the code: the words for the lists themselves stand in no row."""

from __future__ import annotations

import pytest
from django.test import Client

from consultation import matching
from consultation.models import Classification

ROWS = (("kbli", "G", "Perdagangan besar dan eceran"), ("kbli", "A", "Pertanian, kehutanan, dan perikanan"),
        ("kbji", "6", "Pekerja terampil pertanian"))  # fmt: skip


@pytest.fixture(autouse=True)
def loaded(db):
    Classification.objects.all().delete()
    for kind, code, title in ROWS:
        Classification.objects.create(kind=kind, code=code, title=title, search=matching.vector((title, "A")))


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("Apa kode KBLI perdagangan?", ["G"]),
        ("kbli pertanian", ["A"]),
        ("KBJI pertanian", ["6"]),
        ("nomor klasifikasi", []),
    ],
)
def test_a_sentence_finds_the_code(typed, codes):
    page = Client().get("/klasifikasi/", {"q": typed})
    assert [row.code for row in page.context["page"]] == codes
