"""What a search found, as a file for everybody."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pymarc import MARCReader

from library.models import Publication
from library.search import candidates, index
from services.accounts import limits

PAGE = reverse("library:search")


def take(client, form: str = "csv", **query: str) -> bytes:
    answer = client.get(reverse("library:search_file", args=[form]), query)
    assert answer.status_code == 200
    assert "attachment; filename=" in answer["Content-Disposition"]
    assert "pustaka-bps-" in answer["Content-Disposition"]
    return b"".join(answer.streaming_content)


def titles(raw: bytes) -> list[str]:
    return [row["Judul"] for row in csv.DictReader(io.StringIO(raw.decode("utf-8-sig")))]


def shown(client, **query: str) -> list[str]:
    found, number = [], 1
    while True:
        page = client.get(PAGE, {**query, "hal": number}).context["found"]
        found += [p.title for p in page.page]
        if number >= page.pages:
            return found
        number += 1


@pytest.mark.parametrize("query", [
    {"q": "kemiskinan"}, {"q": "dalam angka", "urut": "title"}, {"q": "dalam angka 2023", "tersedia": "on"},
    {"kantor": "7411"}, {"tahun": "2023", "bentuk": "cetak"}, {"wilayah": "6571", "urut": "newest"}, {},
    {"q": "kemiskinn tarakan"},  # corrected
    {"q": "kemiskinan zeppelin"},  # nothing has both words
    {"q": "kemiskinn", "persis": "1"}, {"q": "\0", "tahun": "abc", "hal": "x"},
], ids=str)  # fmt: skip
def test_the_file_has_what_the_pages_show_in_their_order(client, catalogue, query):
    assert titles(take(client, **query)) == shown(client, **query)


def test_the_page_leads_to_the_file_of_the_same_search(client, catalogue):
    page = client.get(PAGE, {"q": "kemiskinan", "urut": "title", "hal": "2"})
    address = dict(page.context["files"])["CSV"]
    assert "hal=" not in address
    assert titles(b"".join(client.get(address).streaming_content)) == shown(
        client, q="kemiskinan", urut="title"
    )
    assert address.replace("&", "&amp;") in page.content.decode()


def test_every_form_has_the_same_records(client, catalogue):
    wanted = titles(take(client, q="kemiskinan"))
    book = load_workbook(io.BytesIO(take(client, "xlsx", q="kemiskinan"))).active
    assert [row[0].value for row in book.iter_rows(min_row=2)] == wanted
    assert book.max_column == 16  # nothing of a copy: barcodes are the office's own
    assert len(list(MARCReader(io.BytesIO(take(client, "mrc", q="kemiskinan"))))) == len(wanted)
    assert take(client, "ris", q="kemiskinan").count(b"TY  - RPRT") == len(wanted)
    assert take(client, "bib", q="kemiskinan").count(b"@techreport{") == len(wanted)
    assert client.get(reverse("library:search_file", args=["exe"])).status_code == 404


def test_nothing_in_it_runs(client, catalogue):
    book = Publication.objects.order_by("pk")[0]
    book.title = "=SUM(A1) zeppelin"
    book.save()
    index.write([book])
    assert titles(take(client, q="zeppelin")) == ["'=SUM(A1) zeppelin"]
    sheet = load_workbook(io.BytesIO(take(client, "xlsx", q="zeppelin"))).active
    assert [cell.data_type for cell in sheet["A"]] == ["s", "s"]


def test_of_very_many_the_newest_and_the_page_says_so(
    client, catalogue, monkeypatch, django_assert_max_num_queries
):
    assert "pustaka terbaru" not in client.get(PAGE).content.decode()
    monkeypatch.setattr(candidates, "RANKED", 30)
    assert "30 pustaka terbaru" in client.get(PAGE).content.decode()
    wanted = shown(client)
    with django_assert_max_num_queries(8):
        assert titles(take(client)) == wanted


def test_so_often_from_one_network(client, catalogue, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "search file", 2)
    for _n in range(2):
        take(client, q="kemiskinan")
    refused = client.get(reverse("library:search_file", args=["csv"]), {"q": "kemiskinan"})
    assert refused.status_code == 429
    assert "Terlalu banyak" in refused.content.decode()
    assert client.get(PAGE, {"q": "kemiskinan"}).status_code == 200
