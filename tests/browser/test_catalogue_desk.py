"""Entering a publication with its copies by keyboard and scanner alone; the desk's library screens are axe-clean."""

from __future__ import annotations

from playwright.sync_api import expect

from library import demo, reference
from library.models import Copy, Publication
from tests.browser.test_accessibility import DESK, auditor, screens

__all__ = ["auditor", "screens"]  # fixtures


def test_a_publication_with_copies_by_keyboard_alone(screens, offices, auditor):
    office = offices["7411"]
    reference.region_of(office)
    page = screens.desk(office)
    page.goto("/meja/pustaka/koleksi/")
    page.keyboard.press("Alt+n")
    expect(page.get_by_role("heading", name="Tambah publikasi")).to_be_visible()
    page.get_by_label("Judul", exact=True).focus()
    typed = [
        "Kolaka Timur Dalam Angka 2024",
        "2024",
        "",
        "koltim tidak ada",
        "Kolaka Timur Dalam Angka",
        "1102001.7411",
    ]
    for words in typed:
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.keyboard.press("Alt+s")
    expect(page.get_by_role("alert")).to_contain_text("Wilayah ini tidak dikenal")
    auditor.look(page, "a mistake in the form", DESK)
    region = page.get_by_label("Wilayah")
    region.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("7411", delay=60)
    expect(page.locator("#id_region_options option").first).to_have_attribute("value", f"7411 {office.area}")
    page.keyboard.press("Enter")  # in a field: saves
    expect(page.get_by_role("heading", name="Kolaka Timur Dalam Angka 2024")).to_be_visible()
    page.get_by_label("Barcode").focus()
    for barcode in ("KT-0001", "KT-0002"):  # as a scanner types them
        page.keyboard.type(barcode)
        page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Rak").focus()
    page.keyboard.type("R1")
    page.keyboard.press("Alt+e")
    expect(page.get_by_text("2 eksemplar ditambahkan")).to_be_visible()
    assert sorted(Copy.objects.values_list("barcode", "shelf")) == [("KT-0001", "R1"), ("KT-0002", "R1")]
    assert Publication.objects.get().region.code == "7411"
    auditor.look(page, "publication with copies", DESK)


def test_the_other_screens(screens, offices, auditor):
    office = offices["7411"]
    demo.furnish(office)
    demo.furnish(offices["6571"])
    book = Publication.objects.filter(keeper=office).first()
    theirs = Publication.objects.filter(keeper=offices["6571"]).first()
    page = screens.desk(office)
    for path in (
        "/meja/pustaka/koleksi/",
        "/meja/pustaka/koleksi/?lihat=tanpa",
        "/meja/pustaka/koleksi/?lihat=semua&q=tarakan",
        f"/meja/pustaka/publikasi/{theirs.pk}/",
        f"/meja/pustaka/eksemplar/{office.copies.first().pk}/",
        f"/meja/pustaka/seri/{book.series_id}/",
        "/meja/pustaka/label/",
    ):
        auditor.visit(page, path, DESK)
    page.goto("/meja/pustaka/label/?rak=R1")
    page.get_by_label("Semua yang ditemukan").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Buat PDF").click()
    assert download.value.suggested_filename == "label-barcode-7411.pdf"
