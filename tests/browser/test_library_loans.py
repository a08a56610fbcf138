"""A loan, a place in the line, the book's return and its hand-over; scans and rules: axe-clean, with a scanner."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from playwright.sync_api import expect

from library.models import Copy, Hold, LibraryUse, Loan, Publication
from library.search import index
from library.workflows import circulation as work
from library.workflows import holds
from library.workflows.use import note_use
from services.audit.actors import SYSTEM
from services.guestbook import workflows as visits
from tests.accounts.world import own_link, sign
from tests.browser.conftest import scan
from tests.browser.test_accessibility import DESK, LONG_NAME, PAGE, auditor, screens
from tests.guestbook.support import DEVICE, arrive

__all__ = ["auditor", "screens"]  # fixtures
LONG_TITLE = "Produk Domestik Regional Bruto Kabupaten Belitung Timur Menurut Lapangan Usaha 2021–2025"


def book_of(office) -> Copy:
    book = Publication.objects.create(title=LONG_TITLE, year=2025, keeper=office)
    index.write([book])
    return Copy.objects.create(office=office, publication=book, barcode="BT-0001", shelf="R2")


def test_lent_waited_for_brought_back_and_handed_over(screens, offices, auditor):
    office = offices["1906"]
    copy = book_of(office)
    first = sign(arrive(office), SYSTEM, name=LONG_NAME, phone="+6281234567890")
    second = sign(arrive(office), SYSTEM, name="Rina Marlina", phone="+6281234567891")
    desk = screens.desk(office, counter=None)
    desk.goto("/meja/pustaka/")
    scan(desk, "BT-0001")
    desk.get_by_label("Untuk tamu").select_option(str(first.pk))
    desk.get_by_role("button", name="Pinjamkan").click()
    expect(desk.locator("[data-loan=loan]")).to_contain_text("Siti")
    scan(desk, "produk domestik")
    desk.get_by_role("link", name=LONG_TITLE).click()
    auditor.look(desk, "a title at the desk", DESK)
    desk.get_by_role("button", name="Pesan").click()
    expect(desk.get_by_role("alert")).to_contain_text("Pilih peminjam")
    auditor.look(desk, "nobody chosen", DESK, schemes=("light",))
    desk.get_by_label("Pesan untuk tamu").select_option(str(second.pk))
    desk.get_by_role("button", name="Pesan").click()
    expect(desk.get_by_text("Urutan ke-1")).to_be_visible()
    desk.goto("/meja/pustaka/pesanan/")
    auditor.look(desk, "the line", DESK)
    desk.goto("/meja/pustaka/")
    scan(desk, "BT-0001")
    expect(desk.get_by_text("Simpan untuk pemesan sampai")).to_be_visible()
    desk.get_by_role("link", name="Serahkan atau batalkan").click()
    auditor.look(desk, "ready", DESK)
    desk.get_by_role("button", name="Hubungi lewat telepon ••• 891").click()
    expect(desk.get_by_role("link", name="+6281234567891")).to_be_visible()
    auditor.look(desk, "somebody is called", DESK)
    desk.goto("/meja/pustaka/pesanan/")
    desk.get_by_role("button", name="Serahkan").click()
    expect(desk.get_by_text("Dipinjamkan sampai")).to_be_visible()
    assert Hold.objects.get().state == "taken"
    assert Loan.objects.get(state="out").visitor == second.visitor
    Loan.objects.filter(state="out").update(due_on="2026-01-05")
    auditor.visit(desk, "/meja/pustaka/?daftar=terlambat", DESK)
    work.bring_back(copy, by=SYSTEM, damaged=True)
    auditor.visit(desk, "/meja/pustaka/tidak-di-rak/", DESK)


def test_a_scanned_book_and_pages_to_scan_on_the_visit_s_page(screens, offices, auditor):
    office = offices["1373"]
    copy = book_of(office)
    library = office.services.get(slug="library")
    visit = sign(visits.arrive(office=office, service=library, by=DEVICE), SYSTEM, name=LONG_NAME)
    desk = screens.desk(office, counter=None)
    address = reverse("library:use", args=[visit.services.get().pk])
    desk.goto(address)
    scan(desk, "bt-0001")
    expect(desk.get_by_role("region", name="Sudah dicatat")).to_contain_text("BT-0001")
    assert Loan.objects.get().visit == visit
    desk.get_by_text("Minta pindaian", exact=True).click()
    field = desk.get_by_role("combobox")
    field.press_sequentially("produk dom", delay=30)
    expect(desk.get_by_role("option").first).to_be_visible()
    auditor.look(desk, "titles suggested", DESK, schemes=("light",))
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value(LONG_TITLE)
    desk.get_by_label("Halaman yang dipindai").fill("12–15")
    desk.get_by_role("button", name="Catat penggunaan").click()
    expect(desk.get_by_role("region", name="Sudah dicatat")).to_contain_text("12–15")
    assert LibraryUse.objects.filter(publication=copy.publication).count() == 2
    desk.goto("/meja/pustaka/pindaian/")
    desk.get_by_text("Tidak dipindai").click()
    desk.get_by_role("button", name="Tolak").click()
    expect(desk.locator("details[open] .field-invalid")).to_be_visible()
    auditor.look(desk, "a refusal without a reason", DESK)
    desk.get_by_role("button", name="Sudah dipindai").click()
    expect(desk.get_by_text("Tidak ada permintaan.")).to_be_visible()


def test_the_rules_and_a_reader_s_own_page(screens, offices, auditor):
    office = offices["1906"]
    copy = book_of(office)
    visit = sign(arrive(office), SYSTEM, name=LONG_NAME, email="siti@example.test")
    officer = screens.make_user(office)
    lent = work.lend(copy, visit.visitor, by=type(SYSTEM)("officer", user_id=officer.pk))
    Loan.objects.update(due_on=lent.due_on - timedelta(days=3))  # some days ago: renewing adds days
    other = Publication.objects.create(title="Profil Kemiskinan 2025", keeper=office)
    taken = Copy.objects.create(office=office, publication=other, barcode="K1")
    work.read_here(taken, by=SYSTEM)
    holds.ask(other, office, visit.visitor, by=SYSTEM)
    note_use(visit.services.get(), kind="read_digital", publication=other, submission="u", by=SYSTEM)
    phone = screens.phone()
    auditor.visit(phone, reverse("privacy:own_data", args=[own_link(visit.visitor_id)]), PAGE)
    phone.get_by_role("button", name="Perpanjang").click()
    expect(phone.get_by_text("Diperpanjang sampai")).to_be_visible()
    auditor.visit(phone, other.get_absolute_url(), PAGE, schemes=("light",))
    expect(phone.get_by_text("1 orang menunggu")).to_be_visible()
    boss = screens.desk(office, counter=None, role="supervisor")
    auditor.visit(boss, "/panel/peminjaman/", DESK)
