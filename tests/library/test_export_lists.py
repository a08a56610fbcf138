"""The collection as a file, and back: what one office writes another reads."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pymarc import MARCReader

from library import demo
from library.models import Copy, Publication
from tests.library.import_support import load, outcomes


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }


@pytest.fixture
def collection(office):
    demo.furnish(office)
    first = Publication.objects.filter(keeper=office, copies__isnull=False).order_by("pk")[0]
    first.title = "+ Tambahan & <b>"
    first.save()
    return office


def take(desk, form: str, **query: str) -> bytes:
    answer = desk.get(reverse("library:collection_file", args=[form]), query)
    assert answer.status_code == 200
    assert "koleksi-7411-" in answer["Content-Disposition"]
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize(("form", "name"), [("csv", "k.csv"), ("xlsx", "k.xlsx"), ("mrc", "k.mrc")])
def test_read_again_it_is_the_same(desk, collection, by, form, name):
    batch = load(collection, by, take(desk, form), name)
    count = Copy.objects.filter(office=collection).count()
    assert count > 40
    assert batch.rows.count() == count
    assert set(outcomes(batch)) == {"same"}, [
        (r.data, r.notes, r.before) for r in batch.rows.exclude(outcome="same")
    ][:3]


def test_only_what_the_list_shows(desk, collection):
    rows = list(csv.reader(io.StringIO(take(desk, "csv", q="Kemiskinan 2023").decode("utf-8-sig"))))
    assert rows[0][:3] == ["Judul", "Judul seri", "Tahun"]
    assert [row[0] for row in rows[1:]] == ["Profil Kemiskinan Kabupaten Kolaka Timur 2023"]
    assert len(take(desk, "csv", lihat="tanpa").splitlines()) > 10


def test_nothing_in_it_runs(desk, collection):
    assert "'+ Tambahan & <b>" in take(desk, "csv").decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(take(desk, "xlsx"))).active
    assert all(cell.data_type in ("s", "n") for row in sheet.iter_rows() for cell in row)


def test_copies_of_one_record_stay_together_in_marc(desk, collection):
    Copy.objects.create(
        office=collection,
        publication=Publication.objects.get(title__startswith="+"),
        barcode="ZZ1",
        shelf="R9",
    )
    records = list(MARCReader(io.BytesIO(take(desk, "mrc")), to_unicode=True))
    [mine] = [r for r in records if r["245"]["a"].startswith("+")]
    assert [f["p"] for f in mine.get_fields("952")][-1] == "ZZ1"
    assert take(desk, "ris").decode().count("TY  - RPRT") == len(records)
    assert take(desk, "bib").decode().count("@techreport{") == len(records)


def test_another_form_is_not_found(desk, collection):
    assert desk.get(reverse("library:collection_file", args=["exe"])).status_code == 404
