"""A catalogue file from the first look to being taken back, in a browser with the real worker: axe-clean."""

from __future__ import annotations

from playwright.sync_api import expect

from library import demo
from library.models import CatalogueSource, Publication
from tests.browser.test_accessibility import DESK, auditor, screens
from tests.processes import worker

__all__ = ["auditor", "screens"]  # fixtures

LONG = "Statistik Kecamatan Tirawuta Dalam Angka dan Potensi Desa dengan Judul yang Panjang Sekali"
TEXT = "Judul;Tahun;Barcode;Rak\n" + "".join(
    f"{LONG} {year};{year};B{year};R1\n" for year in range(1990, 2020)
)


def test_a_file_from_the_first_look_to_being_taken_back(screens, offices, auditor, tmp_path):
    office = offices["7411"]
    demo.furnish(office)
    CatalogueSource.objects.create(
        office=office,
        kind="oai",
        address="https://perpustakaan.contoh.example/oai/alamat-yang-panjang-sekali",
    )
    file = tmp_path / "koleksi.csv"
    file.write_text(TEXT + ";2020;;\n")
    before = Publication.objects.count()
    panel = screens.desk(office, counter=None, role="supervisor")
    panel.goto("/panel/impor/")
    panel.get_by_label("Berkas").set_input_files(file)
    panel.get_by_role("button", name="Lihat isinya").click()
    expect(panel.get_by_role("heading", name="Kolom mana berisi apa?")).to_be_visible()
    auditor.look(panel, "columns", DESK)
    with worker(tmp_path / "worker.log"):
        panel.get_by_role("button", name="Lanjut").click()
        expect(panel.get_by_text("30 baris akan masuk ke katalog")).to_be_visible(timeout=30_000)
        auditor.look(panel, "what would change", DESK)
        assert Publication.objects.count() == before
        panel.get_by_role("link", name="Dilewati 1").click()
        expect(panel.get_by_text("Judul wajib ada.")).to_be_visible()
        panel.get_by_role("button", name="Terapkan semua").click()
        expect(panel.get_by_role("button", name="Ambil kembali seluruh impor")).to_be_visible(timeout=30_000)
        assert Publication.objects.count() == before + 30
        panel.get_by_role("button", name="Ambil kembali seluruh impor").click()
        panel.get_by_role("dialog").get_by_role("button").last.click()
        expect(panel.get_by_text("Diambil kembali", exact=True)).to_be_visible(timeout=30_000)
    assert Publication.objects.count() == before
    panel.goto("/panel/impor/")
    auditor.look(panel, "imports", DESK)
