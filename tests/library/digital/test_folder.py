"""PDFs that a scanner or a colleague puts into a folder."""

from __future__ import annotations

import os
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from library.models import DigitalCopy
from library.tasks import take_from_folder
from tests.library.digital import support
from tests.library.support import title

pytestmark = pytest.mark.django_db


@pytest.fixture
def share(tmp_path, settings, office, offices):
    folder = tmp_path / "masuk"
    for code in ("7411", "1906", "0000"):
        (folder / code).mkdir(parents=True)
    settings.INTAKE_FOLDER = str(folder)
    return folder


def put(path, content: bytes, age: float = 120) -> None:
    path.write_bytes(content)
    os.utime(path, (time.time() - age,) * 2)


def test_each_office_gets_what_lies_in_its_folder(share, office, offices):
    book = title(office)
    book.publication_number = "74110.2501"
    book.save()
    put(share / "7411" / "DDA 74110.2501.PDF", support.pdf(2))
    put(share / "1906" / "lain.pdf", support.pdf(3))
    put(share / "0000" / "tidak dilayani.pdf", support.pdf(4))
    put(share / "7411" / "catatan.txt", b"bukan untuk PST")
    take_from_folder(0)
    found = {d.office.code: d for d in DigitalCopy.objects.select_related("office", "publication")}
    assert {code: d.file_name for code, d in found.items()} == {
        "7411": "DDA 74110.2501.PDF",
        "1906": "lain.pdf",
    }
    assert found["7411"].publication == book
    assert found["7411"].origin == "folder"
    assert support.on_disk(share) == [
        "0000/tidak dilayani.pdf", "1906/diterima/lain.pdf", "7411/catatan.txt", "7411/diterima/DDA 74110.2501.PDF",
    ]  # fmt: skip


def test_what_is_refused_says_why_beside_it_and_keeps_none_out(share):
    put(share / "7411" / "a.pdf", b"<html>")
    put(share / "7411" / "b.pdf", support.pdf())
    take_from_folder(0)
    assert "bukan berkas PDF" in (share / "7411" / "ditolak" / "a.pdf.txt").read_text()
    assert DigitalCopy.objects.get().file_name == "b.pdf"
    put(share / "7411" / "a.pdf", b"<html>")
    take_from_folder(0)
    assert support.on_disk(share / "7411" / "ditolak") == ["a (2).pdf", "a (2).pdf.txt", "a.pdf", "a.pdf.txt"]


def test_a_file_that_is_still_being_copied_waits(share):
    put(share / "7411" / "baru.pdf", support.pdf(), age=1)
    take_from_folder(0)
    assert not DigitalCopy.objects.exists()


def test_a_link_out_of_the_folder_is_not_followed(share, tmp_path):
    put(tmp_path / "luar.pdf", support.pdf())
    (share / "7411" / "tautan.pdf").symlink_to(tmp_path / "luar.pdf")
    take_from_folder(0)
    assert not DigitalCopy.objects.exists()


def test_a_folder_that_is_away_stops_nothing(settings, tmp_path):
    settings.INTAKE_FOLDER = str(tmp_path / "tidak ada")
    take_from_folder(0)


def test_the_command_says_what_became_of_each(tmp_path, office):
    (tmp_path / "x").mkdir()
    put(tmp_path / "x" / "a.pdf", support.pdf(), age=0)
    put(tmp_path / "x" / "b.pdf", b"", age=0)
    out, err = StringIO(), StringIO()
    call_command("intake_folder", tmp_path / "x", "--office", "7411", stdout=out, stderr=err)
    assert "1 taken, 1 refused" in out.getvalue()
    assert "b.pdf" in err.getvalue()
    with pytest.raises(CommandError, match="No office 9999"):
        call_command("intake_folder", tmp_path / "x", "--office", "9999")
