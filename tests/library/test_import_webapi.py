"""The BPS WebAPI against a local server that answers in its shapes, faults included."""

from __future__ import annotations

import json
import logging
from urllib.parse import urlencode

import pytest

from library import demo
from library.models import CatalogueSource, Import, Publication
from library.workflows import imports as work
from library.workflows import imports_nightly
from services.audit.actors import SYSTEM
from tests.library.import_support import applied, fresh, notes, outcomes, problem, serving, undone

KEY = "k3y-that-nobody-may-see"


class Bureau:
    """The WebAPI of one domain. `spoil(path, query, answer)` may make something else of an answer."""

    def __init__(self, count: int = 23) -> None:
        self.rows = [self.row(n) for n in range(count)]
        self.spoil = None
        self.details: list[str] = []

    def row(self, n: int) -> dict:
        return {
            "pub_id": f"{n:024x}", "title": f"Publikasi Nomor {n} 2023", "abstract": "<p>Isi &amp; lain</p>",
            "issn": "-" if n % 2 else "978-602-438-123-3" if n == 0 else "", "sch_date": None,
            "rl_date": "2023-02-28", "updt_date": None, "cover": "http://x/c.jpg", "pdf": "http://x/p.pdf",
            "size": "13.46 MB",
        }  # fmt: skip

    def __call__(self, path: str, query: dict[str, str]):
        if query.get("key") != KEY:
            return 200, json.dumps({"status": "Error", "message": f"Invalid key {query.get('key')}"}).encode()
        answer = self.list(query) if path.endswith("/list") else self.view(query)
        if self.spoil and (spoilt := self.spoil(path, query, answer)) is not None:
            return spoilt
        return 200, json.dumps(answer).encode()

    def list(self, query: dict[str, str]) -> dict:
        if not self.rows:
            return {"status": "OK", "data-availability": "list-not-available", "data": ""}
        page = int(query["page"])
        rows = self.rows[10 * page - 10 : 10 * page]
        pages = -(-len(self.rows) // 10)
        about = {"page": page, "pages": pages, "per_page": 10, "count": len(rows), "total": len(self.rows)}
        return {"status": "OK", "data-availability": "available", "data": [about, rows]}

    def view(self, query: dict[str, str]) -> dict:
        self.details.append(query["id"])
        row = next(row for row in self.rows if row["pub_id"] == query["id"])
        n = int(row["pub_id"], 16)
        more = {"kat_no": f"11020{n:02d}.7411", "pub_no": f"74110.23{n:02d}"}
        return {"status": "OK", "data-availability": "available", "data": row | more}


@pytest.fixture
def bureau():
    return Bureau()


@pytest.fixture
def source(office, settings, bureau):
    demo.furnish(office)
    Publication.objects.all().update(year=1999)
    settings.BPS_KEY, settings.HARVEST_PAUSE, settings.HARVEST_PRIVATE = KEY, 0, True
    with serving(bureau) as server:
        settings.BPS_URL = f"{server.url}/v1/api/"
        made = CatalogueSource.objects.create(office=office, kind="webapi", address="7411", nightly=True)
        made.server = server
        yield made


def reading(source, by) -> Import:
    batch = work.from_source(source, by=by)
    work.work(batch.pk)
    return fresh(batch)


def test_all_pages_also_the_last(source, bureau, by):
    batch = applied(reading(source, by), by)
    assert (batch.state, batch.counts, batch.total) == ("done", {"new": 23}, 23)
    record = Publication.objects.get(title="Publikasi Nomor 0 2023")
    assert (record.catalogue_number, record.publication_number) == ("1102000.7411", "74110.2300")
    assert (record.isbn, record.abstract, record.year) == ("978-602-438-123-3", "Isi & lain", 2023)
    assert (record.region.code, record.released_on.isoformat(), record.source) == (
        "7411",
        "2023-02-28",
        "webapi",
    )
    assert source.server.agents != {"python-httpx"}
    assert "PST" in source.server.agents.pop()


def test_read_again_only_what_is_new_is_asked_for(source, bureau, by):
    applied(reading(source, by), by)
    bureau.details.clear()
    bureau.rows[3] |= {"updt_date": "2024-01-05", "abstract": "Isi baru"}
    bureau.rows.append(bureau.row(23))
    batch = applied(reading(source, by), by)
    assert bureau.details == [f"{3:024x}", f"{23:024x}"]
    assert batch.counts == {"same": 22, "changed": 1, "new": 1}
    assert Publication.objects.get(title="Publikasi Nomor 3 2023").abstract == "Isi baru"
    undone(batch, by)
    assert Publication.objects.get(title="Publikasi Nomor 3 2023").abstract == "Isi & lain"


def test_a_harvest_goes_on_where_it_was_interrupted(source, bureau, by):
    asked = []

    def dies_on_the_second_page(path, query, answer):
        asked.append(query.get("page"))
        return (403, b"<html>Access denied by firewall</html>") if query.get("page") == "2" else None

    bureau.spoil = dies_on_the_second_page
    batch = reading(source, by)
    assert (batch.state, batch.rows.count()) == ("failed", 10)
    assert "firewall" in problem(batch)
    assert not Publication.objects.filter(source="webapi").exists()
    bureau.spoil = None
    source.server.asked.clear()
    work.go_on(batch, by=by)
    work.work(batch.pk)
    assert (fresh(batch).state, batch.rows.count()) == ("ready", 23)
    assert [query["page"] for _path, query in source.server.asked if "page" in query] == ["2", "3"]


def test_a_busy_server_is_asked_again(source, bureau, by):
    tries = []

    def busy_once(path, query, answer):
        tries.append(path)
        return (503, b"", {"Retry-After": "0"}) if len(tries) == 2 else None

    bureau.spoil = busy_once
    assert reading(source, by).counts == {"new": 23}


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda p, q, a: (200, b"<!DOCTYPE html><html>Just a moment</html>"), "halaman web"),
        (lambda p, q, a: (200, json.dumps({"status": "Error", "message": "too many"}).encode()), "too many"),
        (lambda p, q, a: (200, json.dumps(a).encode()[:-40]), "terpotong"),
        (lambda p, q, a: (200, b"[" * 100_000), "terpotong"),
        (lambda p, q, a: (200, b"[]"), "tidak seperti biasanya"),
        (lambda p, q, a: (200, json.dumps(a | {"data": [{"pages": "x"}, []]}).encode()), "tidak seperti biasanya"),
        (lambda p, q, a: (200, json.dumps(a | {"data": [a["data"][0], [1]]}).encode()), "tidak seperti biasanya"),
        (lambda p, q, a: (200, json.dumps(a | {"data": [a["data"][0], a["data"][1][:4]]}).encode()), "tidak lengkap"),
        (lambda p, q, a: (500, b"oops"), "sibuk"),
        (lambda p, q, a: (404, b"oops"), "404"),
        (lambda p, q, a: (302, b"", {"Location": f"{p}?{urlencode(q)}"}), "mengalihkan"),
    ],
    ids=["html", "error in 200", "cut", "deep", "list", "pages", "rows", "half a page", "500", "404", "circle"],
)  # fmt: skip
def test_other_answers_are_told_and_change_nothing(source, bureau, by, spoil, words):
    bureau.spoil = spoil
    before = Publication.objects.count()
    batch = reading(source, by)
    assert batch.state == "failed"
    assert words in problem(batch)
    assert Publication.objects.count() == before


def test_the_same_page_for_ever(source, bureau, by):
    first = bureau.list({"page": "1"})
    bureau.spoil = lambda path, query, answer: (200, json.dumps(first).encode()) if "page" in query else None
    batch = reading(source, by)
    assert (batch.state, batch.rows.count()) == ("failed", 10)
    assert "halaman 2 tetapi memberi halaman 1" in problem(batch)

    def honest_about_the_number(path, query, answer):
        if "page" in query:
            first["data"][0]["page"] = int(query["page"])
            return 200, json.dumps(first).encode()
        return None

    bureau.spoil = honest_about_the_number
    assert "halaman yang sama" in problem(reading(source, by))


def test_one_record_whose_details_are_broken_is_left_out(source, bureau, by):
    wrong = f"{5:024x}"
    bureau.spoil = lambda path, query, answer: (
        (200, json.dumps({"status": "Error", "message": "not found"}).encode())
        if query.get("id") == wrong
        else None
    )
    batch = applied(reading(source, by), by)
    assert batch.counts == {"new": 22, "faulty": 1}
    assert "WebAPI menolak: not found" in [why for _name, why in notes(batch)]


def test_signs_that_no_database_takes_leave_out_one_record(source, bureau, by):
    bureau.rows[3]["pub_id"] = "\ud800\0x"
    bureau.rows[4]["title"] = "Judul \ud800 2020"

    def odd(path, query, answer):
        if path.endswith("/view") and query["id"] == bureau.rows[5]["pub_id"]:
            return 200, json.dumps({"status": "Error", "message": "no\0 \ud83d"}).encode()
        return None

    bureau.spoil = odd
    batch = reading(source, by)
    assert batch.state == "ready", problem(batch)
    assert outcomes(batch).count("faulty") == 3
    assert outcomes(batch).count("new") == 20


@pytest.mark.parametrize("said", [None, "banyak", -5, 10**30, "9" * 5000, [], True])
def test_numbers_of_pages_that_are_none(source, bureau, by, said):
    def odd(path, query, answer):
        if path.endswith("/list"):
            answer["data"][0] |= {"total": said}
        return

    bureau.spoil = odd
    batch = reading(source, by)
    assert (batch.state, batch.rows.count()) == ("ready", 23)


def test_nothing_there(source, bureau, by):
    bureau.rows = []
    batch = reading(source, by)
    assert (batch.state, outcomes(batch)) == ("ready", [])


def test_the_key_is_never_logged_or_told(source, bureau, by, settings, caplog):
    caplog.set_level(logging.DEBUG)
    reading(source, by)
    bureau.spoil = lambda path, query, answer: (500, b"")
    reading(source, by)
    settings.BPS_KEY = "another-k3y"
    assert "another-k3y" not in problem(reading(source, by))
    said = caplog.text + "".join(Import.objects.values_list("problem", flat=True))
    assert KEY not in said
    assert "another-k3y" not in said
    settings.BPS_KEY = ""
    assert "PST_BPS_KEY" in problem(reading(source, by))


def test_every_night_each_office_by_itself(source, bureau, by):
    CatalogueSource.objects.update(automatic=True)
    assert imports_nightly.read_nightly() == 1
    batch = Import.objects.get()
    work.work(batch.pk)
    work.work(batch.pk)
    assert fresh(batch).state == "done"
    CatalogueSource.objects.update(automatic=False)
    assert imports_nightly.read_nightly() == 1
    work.work(Import.objects.first().pk)
    assert Import.objects.first().state == "ready"
    assert imports_nightly.read_nightly() == 0  # somebody is to look first
    assert Import.objects.first().steps.first().actor == SYSTEM.kind
