"""The desk's pages of softcopies for a visitor, and the supervisor's list of what left the house."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import timedelta

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from library.models import CopyLink, MarkedCopy
from library.workflows import excerpts
from services.audit.models import AuditEntry
from services.codes import new_key
from tests.library.digital import support
from tests.library.digital.handing_support import (
    SITE,
    counted,
    desk_of,
    officer,
    softcopy,
    texts,
    visitor,
)
from tests.library.support import copy_of


@pytest.fixture
def lender(offices):
    return offices["1906"]


def page_of(received, digital) -> str:
    return reverse("library:handing", args=[received.pk, digital.pk])


def make(received, digital, pages, **more) -> MarkedCopy:
    given = {
        "handed": "desk",
        "submission": new_key(),
        "site": SITE,
        "by": officer(received.visit.office),
        **more,
    }
    return excerpts.excerpt(received, digital, pages, **given)


def test_a_softcopy_is_found_by_barcode_or_title(lender):
    received, digital = visitor(lender), counted(lender, 50)
    other = counted(lender, 9, "Statistik Desa 2025")
    copy_of(digital.publication, lender, barcode="B-77")
    desk = desk_of(lender)
    address = reverse("library:handing_choose", args=[received.pk])
    assert address in desk.get(reverse("library:use", args=[received.pk])).content.decode()
    assert desk.get(address, {"q": "b-77"})["Location"] == page_of(received, digital)
    both = desk.get(address, {"q": "statistik"}).content.decode()
    assert page_of(received, digital) in both
    assert page_of(received, other) in both
    type(other.publication).objects.filter(pk=other.publication_id).update(
        embargo_until=timezone.now() + timedelta(days=1)
    )
    assert page_of(received, other) not in desk.get(address, {"q": "statistik desa"}).content.decode()
    assert "Tidak ada softcopy" in desk.get(address, {"q": "xyzzy"}).content.decode()


def test_another_office_s_visit_and_an_embargo_are_404(lender, offices):
    received, digital = visitor(lender), softcopy(lender, 20)
    row = make(received, digital, [1])
    elsewhere, here = desk_of(offices["7411"]), desk_of(lender)
    file = reverse("library:handing_file", args=[received.pk, row.pk])
    link = reverse("library:handing_link", args=[received.pk, digital.pk, "baca"])
    assert here.get(file).status_code == here.get(page_of(received, digital)).status_code == 200
    assert elsewhere.get(file).status_code == elsewhere.get(page_of(received, digital)).status_code == 404
    assert elsewhere.post(link).status_code == elsewhere.post(page_of(received, digital)).status_code == 404
    other = visitor(lender, name="Orang Lain", email="x@example.test")
    assert here.get(reverse("library:handing_file", args=[other.pk, row.pk])).status_code == 404
    type(digital.publication).objects.update(embargo_until=timezone.now() + timedelta(days=1))
    assert here.get(page_of(received, digital)).status_code == 404
    assert here.post(link).status_code == here.post(page_of(received, digital)).status_code == 404
    assert not CopyLink.objects.exists()


@pytest.mark.parametrize(
    ("code", "download", "excerpt"),
    [("7411", True, False), ("6571", True, False), ("1373", True, False), ("1906", False, True)],
)
def test_what_is_offered_is_what_the_standard_promises(offices, code, download, excerpt):
    office = offices[code]
    page = desk_of(office).get(page_of(visitor(office), counted(office, 187))).content.decode()
    assert ("Kirim tautan unduh" in page) == download
    assert ("softcopy tidak diunduh" in page) != download
    assert "Kirim tautan baca" in page
    assert ("Buat salinan" in page) == excerpt
    assert ("tidak menyebut salinan sebagian" in page) != excerpt
    assert ("tanpa tanda air" in page) == (code == "1373")
    assert ("37 dari 187" in page) == excerpt


def test_ranges_and_ticks_together_make_the_excerpt(lender):
    received, digital = visitor(lender), softcopy(lender, 20)
    desk = desk_of(lender)
    data = {"submission": "s", "pages": "hal 3 s/d 4", "tick": ["4", "9"], "handed": "print"}
    answer = desk.post(page_of(received, digital), data, follow=True)
    row = MarkedCopy.objects.get()
    assert (row.pages, row.handed) == ([3, 4, 9], "print")
    page = answer.content.decode()
    assert f"Salinan {row.serial} dibuat" in page
    assert "3–4, 9" in page
    assert "Tersisa <strong>1 halaman" in page
    desk.post(page_of(received, digital), data)
    assert MarkedCopy.objects.count() == 1
    saved = desk.get(reverse("library:handing_file", args=[received.pk, row.pk]))
    content = b"".join(saved.streaming_content)
    assert hashlib.sha256(content).hexdigest() == row.sha256
    assert saved["Content-Disposition"].startswith("attachment")
    assert len(texts(content)) == 3
    shown = desk.get(reverse("library:handing_file", args=[received.pk, row.pk]) + "?cetak")
    assert shown["Content-Disposition"].startswith("inline")
    assert shown["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"pages": "1, abc"}, "“abc” bukan nomor halaman"),
        ({"pages": "1-99"}, "Halaman “1-99” tidak ada"),
        ({"pages": ""}, "Pilih halaman yang diminta"),
        ({"pages": "1-9"}, "Batas 4 halaman: 9 halaman baru diminta, tersisa 4."),
        ({"pages": "1", "handed": "carrier pigeon"}, "carrier pigeon"),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_nothing_typed_is_lost(lender, data, said):
    received, digital = visitor(lender), counted(lender, 20)
    answer = desk_of(lender).post(page_of(received, digital), {"handed": "desk", "tick": [], **data})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert f'value="{data["pages"]}"' in page or not data["pages"]
    assert not MarkedCopy.objects.exists()


def test_a_frontliner_cannot_write_a_supervisor_s_reason(lender):
    received, digital = visitor(lender), softcopy(lender, 20)
    data = {"pages": "1-6", "handed": "desk", "reason": "Untuk skripsi tentang bab ini"}
    frontliner, boss = desk_of(lender), desk_of(lender, "supervisor")
    assert 'name="reason"' not in frontliner.get(page_of(received, digital)).content.decode()
    assert frontliner.post(page_of(received, digital), data).status_code == 422
    assert boss.post(page_of(received, digital), data).status_code == 302
    row = MarkedCopy.objects.get()
    assert row.reason == data["reason"]
    assert "izin atasan" in frontliner.get(page_of(received, digital)).content.decode()
    allowed = AuditEntry.objects.get(action="softcopy.excerpt")
    assert allowed.detail["over_cap"] is True


def test_who_looks_at_the_visitor_is_noted(lender):
    received, digital = visitor(lender), counted(lender, 20)
    desk_of(lender).get(page_of(received, digital))
    read = AuditEntry.objects.get(action="read", detail__why="softcopy")
    assert read.target_id == received.visit.visitor_id


def test_the_panel_s_list_is_the_office_s_own_and_filtered(lender, offices):
    first = make(visitor(lender), softcopy(lender, 20), [1])
    second = make(
        visitor(lender, name="Rina", email="r@example.test"), softcopy(lender, 10, "Buku Lain 2025"), [2]
    )
    boss, other = desk_of(lender, "supervisor"), desk_of(offices["7411"], "supervisor")
    page = boss.get("/panel/salinan/").content.decode()
    assert page.index(second.serial) < page.index(first.serial)
    assert "sitti@example.test" in page
    assert AuditEntry.objects.filter(action="read", detail__why="marked copies").count() == 2
    assert first.serial not in boss.get("/panel/salinan/", {"q": "lain"}).content.decode()
    assert first.serial not in boss.get("/panel/salinan/", {"jenis": "download"}).content.decode()
    assert first.serial in boss.get("/panel/salinan/", {"jenis": "nonsense"}).content.decode()
    assert first.serial not in other.get("/panel/salinan/").content.decode()


def test_a_copy_that_was_saved_anew_is_known_by_the_number_inside(lender, offices, tmp_path):
    row = make(visitor(lender), softcopy(lender, 20), [1])
    saved = tmp_path / "again.pdf"
    with pikepdf.open(io.BytesIO(row.file.read())) as pdf:
        pdf.pages.append(pdf.pages[0])
        pdf.save(saved)
    boss = desk_of(lender, "supervisor")
    page = boss.post("/panel/salinan/", {"berkas": support.upload(saved.read_bytes())}).content.decode()
    assert "Sitti Rahma" in page
    assert "tetapi berkasnya sudah diubah" in page
    whole = boss.post(
        "/panel/salinan/", {"berkas": support.upload(row.file.storage.open(row.file.name).read())}
    )
    assert "tetapi berkasnya sudah diubah" not in whole.content.decode()
    theirs = desk_of(offices["7411"], "supervisor").post(
        "/panel/salinan/", {"berkas": support.upload(saved.read_bytes())}
    )
    assert "Sitti Rahma" not in theirs.content.decode()
    for content in (b"%PDF-1.7 rusak", b"no pdf", support.pdf(1)):
        answer = boss.post("/panel/salinan/", {"berkas": support.upload(content)})
        assert answer.status_code == 422
        assert "Tidak ada nomor seri PST" in answer.content.decode()
    assert "Pilih berkas PDF" in boss.post("/panel/salinan/").content.decode()


def test_a_copy_found_in_the_wild(lender, offices):
    row = make(visitor(lender), softcopy(lender, 20), [1])
    boss, other = desk_of(lender, "supervisor"), desk_of(offices["7411"], "supervisor")
    for typed in (row.serial.lower(), row.sha256.upper(), f" {row.sha256} "):
        mine = boss.get("/panel/salinan/", {"cari": typed}).content.decode()
        assert "Sitti Rahma" in mine
        assert "sitti@example.test" in mine
        theirs = other.get("/panel/salinan/", {"cari": typed}).content.decode()
        assert lender.name in theirs
        assert lender.email in theirs
        assert "Sitti" not in theirs
        assert "Profil Kemiskinan" not in theirs
    assert AuditEntry.objects.filter(action="read", detail__why="serial found").count() == 3
    assert AuditEntry.objects.filter(action="softcopy.sought", office=offices["7411"]).count() == 3
    assert "Tidak ada salinan dengan nomor" in boss.get("/panel/salinan/", {"cari": "PST-1"}).content.decode()


def test_the_file_of_the_list_is_an_export_that_is_noted(lender):
    row = make(visitor(lender, name="=cmd()"), softcopy(lender, 20), [1, 2, 3])
    boss = desk_of(lender, "supervisor")
    answer = boss.get("/panel/salinan/unduh.csv")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[1][0] == row.serial
    assert lines[1][6] == "'=cmd()"
    assert lines[1][5] == "1–3"
    noted = AuditEntry.objects.get(action="export.marked_copies")
    assert noted.detail["rows"] == 1


def test_the_office_s_own_books_come_first(lender, offices):
    received = visitor(lender)
    for n in range(3):
        counted(offices["7411"], 9, f"Statistik Daerah Kolaka {n}")
    mine = counted(lender, 9, "Statistik Daerah Belitung Timur")
    page = desk_of(lender).get(
        reverse("library:handing_choose", args=[received.pk]), {"q": "statistik daerah"}
    )
    assert page.context["found"][0].pk == mine.pk
    assert len(page.context["found"]) == 4


def test_the_library_s_field_finds_what_is_only_a_softcopy(lender):
    digital = counted(lender, 9, "Statistik Daerah Belitung Timur")
    page = desk_of(lender).post(reverse("library:shelf"), {"typed": "statistik daerah"}).content.decode()
    assert "Hanya softcopy" in page
    assert reverse("library:publication_edit", args=[digital.publication_id]) in page
    assert "Tambah publikasi" not in page
    copy_of(digital.publication, lender)
    page = desk_of(lender).post(reverse("library:shelf"), {"typed": "statistik daerah"}).content.decode()
    assert "Hanya softcopy" not in page
