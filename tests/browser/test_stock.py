"""Taking stock with a scanner: a stream of barcodes with the network away in the middle, on the desk's screen and a
phone; the report and the statistics, axe-clean."""

from __future__ import annotations

from playwright.sync_api import expect

from library import demo
from library.models import Copy, Publication, PublicationUse, SearchTally, StockScan, StockTake
from library.workflows import statistics
from tests.browser.conftest import scan
from tests.browser.test_accessibility import DESK, auditor, screens

__all__ = ["auditor", "screens"]  # fixtures

PHONE = {"width": 390, "height": 844}


def test_a_stream_of_barcodes_with_the_network_away(screens, offices, auditor):
    office = offices["7411"]
    demo.furnish(office)
    Publication.objects.filter(title__contains="2021").update(title="Statistik " + "kesejahteraan " * 30)
    copies = list(Copy.objects.filter(office=office).order_by("pk")[:31])
    Copy.objects.filter(pk__in=[copy.pk for copy in copies]).update(shelf="R1")
    Copy.objects.filter(office=office).exclude(pk__in=[copy.pk for copy in copies]).update(shelf="R2")
    desk = screens.desk(office, counter=None)
    desk.goto("/meja/pustaka/")
    desk.get_by_role("link", name="Pemeriksaan koleksi").click()
    auditor.look(desk, "before stock-taking", DESK)
    desk.get_by_label("R1 (31)").check()
    desk.get_by_role("button", name="Mulai pemeriksaan").click()
    scan(desk, copies[0].barcode)
    verdict = desk.locator("[data-stock-result]")
    expect(verdict).to_contain_text("Ditemukan")
    expect(verdict).to_contain_text(copies[0].barcode)
    for number, copy in enumerate(copies[1:30], start=1):
        desk.context.set_offline(8 < number < 20)
        desk.keyboard.type(copy.barcode)
        desk.keyboard.press("Enter")
        if number == 19:
            expect(desk.locator("[data-stock-pending]")).to_contain_text("disimpan di perangkat ini")
            auditor.look(desk, "scanning without a network", DESK)
    scan(desk, "TIDAK-ADA")
    expect(desk.get_by_role("heading", name="30 dari 31 buku")).to_be_visible(timeout=20_000)
    expect(desk.locator("[data-stock-pending]")).to_be_hidden()
    expect(verdict).to_contain_text("Barcode tidak dikenal")
    assert StockScan.objects.count() == 31
    assert {len(row.keys) for row in StockScan.objects.all()} == {1}
    auditor.look(desk, "scanning", DESK)
    desk.get_by_role("link", name="Lihat selisih dan selesaikan").click()
    expect(desk.locator("[data-group=missing]")).to_contain_text(copies[30].barcode)
    expect(desk.locator("[data-group=unknown]")).to_contain_text("TIDAK-ADA")
    auditor.look(desk, "differences", DESK)
    desk.get_by_label(f"Catat hilang: {copies[30].barcode}").check()
    desk.get_by_role("button", name="Selesaikan pemeriksaan").click()
    desk.locator("#confirm-yes").click()
    expect(desk.get_by_text("Pemeriksaan selesai.")).to_be_visible()
    assert Copy.objects.get(pk=copies[30].pk).state == "lost"
    auditor.look(desk, "finished", DESK)


def test_a_closed_page_loses_nothing_and_many_are_pasted(screens, offices):
    office = offices["7411"]
    demo.furnish(office)
    barcodes = list(Copy.objects.filter(office=office).order_by("pk").values_list("barcode", flat=True)[:30])
    desk = screens.desk(office, counter=None)
    desk.goto("/meja/pustaka/opname/")
    desk.get_by_role("button", name="Mulai pemeriksaan").click()
    expect(desk.locator("[data-scanner]")).to_be_visible()
    desk.set_viewport_size(PHONE)
    desk.context.set_offline(True)
    for barcode in barcodes[:3]:
        desk.keyboard.type(barcode)
        desk.keyboard.press("Enter")
    expect(desk.locator("[data-stock-pending]")).to_contain_text("3")
    assert not StockScan.objects.exists()
    address = desk.url
    desk.goto("about:blank")
    desk.context.set_offline(False)
    desk.goto(address)
    expect(desk.get_by_text("3 dari 50 buku", exact=True)).to_be_visible(timeout=15_000)
    desk.get_by_text("Tempel atau ketik banyak").click()
    desk.get_by_label("Satu barcode per baris").fill("\n".join(barcodes))
    desk.get_by_role("button", name="Catat semua").click()
    expect(desk.get_by_role("heading", name="30 dari 50 buku")).to_be_visible(timeout=15_000)
    assert {len(row.keys) for row in StockScan.objects.all()} == {1, 2}
    assert StockTake.objects.get().is_open


def test_statistics(screens, offices, auditor):
    office = offices["7411"]
    demo.furnish(office)
    Publication.objects.filter(title__contains="2024").update(title="Statistik" + "kesejahteraan" * 20)
    desk = screens.desk(office, counter=None)
    for page in ("", "dicari/", "tidak-dipakai/"):
        auditor.visit(desk, f"/meja/pustaka/statistik/{page}", DESK, schemes=("light",))
    pks = list(Publication.objects.values_list("pk", flat=True)[:30])
    for kind in PublicationUse.Kind.values:
        statistics.count(kind, pks, office)
    Copy.objects.update(added_on="2020-01-01")
    day = office.today()
    SearchTally.objects.create(day=day, office=office, text="hargacabai" * 20, found=False, times=12)
    SearchTally.objects.create(day=day, office=office, text="kemiskinan", found=True, times=3)
    for page in ("", "dicari/", "tidak-dipakai/"):
        auditor.visit(desk, f"/meja/pustaka/statistik/{page}", DESK)
