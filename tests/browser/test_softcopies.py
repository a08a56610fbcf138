"""PDFs brought in at the desk, several at once, checked by the real worker, linked and released: axe-clean."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from library.models import DigitalCopy
from tests.browser.test_accessibility import DESK, auditor, screens
from tests.library.digital.conftest import stored
from tests.library.digital.support import pdf
from tests.library.support import title
from tests.processes import worker

__all__ = ["auditor", "screens", "stored"]  # fixtures
LONG = "Statistik Kecamatan Tirawuta Dalam Angka dan Potensi Desa dengan Judul yang Panjang Sekali 2024"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "berkas"
    made.mkdir()
    (made / "74110.2501 Kolaka Timur Dalam Angka.pdf").write_bytes(pdf(3))
    (made / f"{LONG.lower().replace(' ', '_')}.pdf").write_bytes(pdf(4, LONG))
    (made / "bukan.pdf").write_bytes(b"<html>bukan PDF</html>")
    return made


def test_files_from_the_desk_to_their_publication(screens, stored, offices, auditor, folder, tmp_path):
    office = offices["7411"]
    known = title(office, "Kolaka Timur Dalam Angka 2025")
    known.publication_number = "74110.2501"
    known.save()
    title(office, LONG)
    desk = screens.desk(office, counter=None)
    desk.goto("/meja/pustaka/")
    desk.get_by_role("link", name="Softcopy").click()
    auditor.look(desk, "softcopies, none yet", DESK)
    with worker(tmp_path / "worker.log", PST_VAR_DIR=str(tmp_path)):
        desk.get_by_label("Berkas PDF").set_input_files(sorted(folder.iterdir()))
        desk.get_by_role("button", name="Unggah").click()
        expect(desk.get_by_text("Diterima, sedang diperiksa")).to_have_count(2)
        expect(desk.get_by_text("Ini bukan berkas PDF.")).to_be_visible()
        rows = desk.locator("#softcopies li")
        expect(rows).to_have_count(2)
        expect(desk.locator("[data-softcopy=ready]")).to_have_count(2, timeout=60_000)  # by itself
        auditor.look(desk, "softcopies, some", DESK)
        rows.get_by_role("link", name=LONG.lower().replace(" ", "_")).click()
        auditor.look(desk, "softcopy, which publication?", DESK)
        desk.get_by_role("radio", name=LONG).check()
        desk.get_by_role("radio", name="Seperti yang tercatat").check()
        desk.get_by_role("button", name="Hubungkan").click()
        expect(desk.get_by_role("heading", level=1, name=LONG)).to_be_visible()
    desk.get_by_role("radio", name="Hanya di komputer PST").check()
    desk.get_by_label("Belum boleh diketahui sampai tanggal").fill("2099-01-05")
    desk.get_by_role("button", name="Simpan akses").click()
    expect(desk.get_by_text("Tulis juga pukul berapa dirilis.", exact=True)).to_be_visible()
    expect(desk.get_by_label("Belum boleh diketahui sampai tanggal")).to_have_value("2099-01-05")
    auditor.look(desk, "softcopy, what is missing", DESK)
    desk.get_by_label("Pukul").fill("11:00")
    desk.get_by_role("button", name="Simpan akses").click()
    expect(desk.get_by_text("Akses disimpan.")).to_be_visible()
    found = DigitalCopy.objects.get(publication__title=LONG).publication
    assert (found.access, found.embargo_until.isoformat()) == ("in_house", "2099-01-05T03:00:00+00:00")
    assert DigitalCopy.objects.get(publication=known).state == "ready"
    desk.get_by_text("Tarik softcopy ini").click()
    desk.get_by_role("button", name="Tarik").click()
    expect(desk.locator("#id_why_error, .field-error")).to_have_count(1)


def test_without_the_script_they_go_together(screens, stored, offices, folder):
    desk = screens.desk(offices["7411"], counter=None)
    desk.route("**/upload-many*.js", lambda route: route.abort())
    desk.goto("/meja/pustaka/softcopy/")
    desk.get_by_label("Berkas PDF").set_input_files(sorted(folder.iterdir()))
    desk.get_by_role("button", name="Unggah").click()
    expect(desk.get_by_text("bukan.pdf: Ini bukan berkas PDF.")).to_be_visible()
    expect(desk.locator("#softcopies li")).to_have_count(2)
