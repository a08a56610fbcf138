"""Files of a message: told by their content, kept to nobody's eyes before they were checked, gone when refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from consultation import files
from consultation.models import Attachment
from services import virus
from services.audit.actors import VISITOR
from services.files import kinds
from tests.consultation import file_samples as samples
from tests.consultation.support import ask
from tests.library.digital.test_virus import scanner

TAKEN = {
    "pdf": samples.PDF,
    "pdf after some bytes": b"\xef\xbb\xbf\n" + samples.PDF,
    "jpg": samples.picture("JPEG"), "png": samples.picture("PNG"), "webp": samples.picture("WEBP"),
    "gif": samples.picture("GIF"), "xlsx": samples.xlsx(), "docx": samples.docx(), "ods": samples.ods(),
    "doc": samples.old_office("WordDocument"), "xls": samples.old_office("Workbook"),
    "txt": b"Berapa jumlah penduduk Kolaka Timur?\n",
    "txt of Windows": "Rp 1.000 – “sekian”".encode("cp1252"),
    "txt in UTF-16": "Angka".encode("utf-16"),
}  # fmt: skip
REFUSED = {
    "archive": samples.packed_of({"data.csv": "a,b"}),
    "an archive that says it is a document": samples.packed_of(
        {"[Content_Types].xml": "<Types/>", "word/document.xml": ""}
    ),
    "macro": samples.docx({"word/vbaProject.bin": b"x"}),
    "macro in an old one": samples.old_office("Workbook") + "_VBA_PROJECT".encode("utf-16-le"),
    "password": samples.OLE + "EncryptedPackage".encode("utf-16-le"),
    "damaged": b"PK\x03\x04" + b"\0" * 200,
    "html": b"<html><script>alert(1)</script>", "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "program": b"MZ\x90\0\x03" + b"\0" * 300, "elf": b"\x7fELF\x02\x01" + b"\0" * 300,
    "script": b"#!/bin/sh\nrm -rf /\n", "rtf": b"{\\rtf1 x}", "blank": b" \n\t ",
    "half a picture": samples.picture("PNG")[:40], "noise": bytes(range(256)) * 9,
}  # fmt: skip


@pytest.fixture
def asked(office, stored):
    return ask(office, "2026-03-02 09:00")


def on_disk(stored) -> int:
    return sum(1 for path in stored.rglob("*") if path.is_file())


def take(asked, content=samples.PDF, name="surat.pdf", **more) -> Attachment:
    return files.take(asked, None, samples.file(content), name=name, by=VISITOR, **more)


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_taken_is_told_by_its_content(name):
    found = kinds.of(samples.file(TAKEN[name]), "apa-saja.exe")
    assert found.ending == name.split()[0]


@pytest.mark.parametrize("name", REFUSED)
def test_whatever_else_it_is_called_it_is_not_taken(name):
    for called in ("laporan.pdf", "gambar.png", "data.xlsx"):
        with pytest.raises(files.FileRefused) as refused:
            files.look(samples.file(REFUSED[name]), called)
        assert str(refused.value)
        if name.split()[0] in ("macro", "password", "damaged", "archive"):
            assert refused.value.code == name.split()[0]


def test_a_table_as_text_is_told_from_other_text_by_its_name_alone():
    assert kinds.of(samples.file(b"tahun;jumlah\n2024;7"), "data.CSV").content_type == "text/csv"


def test_an_empty_file_and_one_too_large_are_refused(settings):
    settings.ATTACHMENT_MOST_BYTES = 1_000
    for content, code in ((b"", "empty"), (samples.PDF + b" " * 1_000, "too_large")):
        with pytest.raises(files.FileRefused) as refused:
            files.look(samples.file(content))
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("sent", "ending", "kept"),
    [
        ("..\\..\\etc/passwd", "txt", "passwd.txt"),
        ("laporan akhir.PDF", "pdf", "laporan akhir.pdf"),
        ("foto.jpeg", "jpg", "foto.jpg"),
        ("gambar.png", "pdf", "gambar.png.pdf"),
        ("a\u202efdp.exe\r\nX: y", "pdf", "afdp.exeX y.pdf"),
        ("...", "pdf", "berkas.pdf"),
        ("", "", "berkas"),
        ("x" * 400 + ".pdf", "pdf", "x" * 120 + ".pdf"),
    ],
)
def test_a_name_is_only_a_name(sent, ending, kept):
    assert files.clean_name(sent, ending) == kept


class TestChecked:
    def test_it_is_opened_to_nobody_before_it_was_checked(self, asked):
        found = take(asked)
        assert (found.state, found.content_type, found.size) == (
            "checking",
            "application/pdf",
            len(samples.PDF),
        )
        with pytest.raises(Http404):
            files.response(found)
        job = ProcrastinateJob.objects.get(task_name=files.TASK, args={"pk": found.pk})
        files.check(job.args["pk"])
        found.refresh_from_db()
        assert found.state == "ready"
        answer = files.response(found)
        assert b"".join(answer) == samples.PDF
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_a_picture_is_shown_in_its_place(self, asked):
        found = take(asked, samples.picture("PNG"), "foto.png")
        files.check(found.pk)
        found.refresh_from_db()
        assert files.response(found)["Content-Disposition"].startswith("inline")

    def test_a_virus_is_refused_and_not_kept(
        self, asked, stored, settings, django_capture_on_commit_callbacks
    ):
        found = take(asked, samples.PDF + samples.EICAR)
        with scanner(settings), django_capture_on_commit_callbacks(execute=True):
            files.check(found.pk)
        found.refresh_from_db()
        assert (found.state, found.refused, found.file.name, on_disk(stored)) == ("refused", "virus", "", 0)
        assert "virus" in found.refused_words
        with pytest.raises(Http404):
            files.response(found)

    def test_while_the_scanner_is_away_it_waits_and_is_taken_up_again(self, asked, settings):
        found = take(asked)
        settings.CLAMD = "unix:/nonexistent/clamd.ctl"
        with pytest.raises(virus.ScannerAway):
            files.check(found.pk)
        found.refresh_from_db()
        assert found.state == "checking"
        ProcrastinateJob.objects.all().delete()
        assert files.take_up() == 1
        with scanner(settings):
            files.check(found.pk)
        assert files.take_up() == 0

    def test_a_file_that_is_gone_is_refused_in_words(self, asked):
        found = take(asked)
        default_storage.delete(found.file.name)
        files.check(found.pk)
        found.refresh_from_db()
        assert (found.state, found.refused) == ("refused", "gone")


def test_what_came_by_another_channel_is_noted_when_it_is_refused(asked):
    message = asked.messages.get()
    came = [
        ("a.pdf", samples.file(samples.PDF)),
        ("b.zip", samples.file(REFUSED["archive"])),
        ("c", samples.file(b"")),
    ]
    found = files.take_what_came(asked, message, came, by=VISITOR)
    assert [(a.name, a.state, a.refused) for a in found] == [
        ("a.pdf", "checking", ""), ("b.zip", "refused", "archive"), ("c", "refused", "empty"),
    ]  # fmt: skip


def test_a_stored_file_whose_row_was_taken_back_goes_in_the_night(asked, stored):
    kept = take(asked)
    with transaction.atomic():
        take(asked, samples.picture("PNG"))
        transaction.set_rollback(True)
    assert on_disk(stored) == 2
    assert files.forget_orphans() == 0  # its transaction might still be going on
    assert files.forget_orphans(timezone.now() + timedelta(days=3)) == 1
    assert default_storage.exists(kept.file.name)
