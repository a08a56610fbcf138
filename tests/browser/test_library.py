"""The catalogue on the phone and the library's desk with a scanner: axe-clean, by keyboard, nothing scrolls sideways."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from library import demo
from library.models import Copy, Loan, Publication
from library.workflows import circulation as work
from services.audit.actors import SYSTEM
from services.guestbook.models import Visitor
from tests.accounts.world import sign
from tests.browser.conftest import scan
from tests.browser.test_accessibility import DESK, LONG_NAME, PAGE, auditor, screens
from tests.guestbook.support import arrive

__all__ = ["auditor", "screens"]  # fixtures


def test_searching_on_the_phone(screens, offices, auditor):
    demo.furnish(offices["6571"])
    Publication.objects.filter(title__contains="Kemiskinan").update(abstract="kemiskinan " * 60)
    phone = screens.phone()
    for path in (
        "/cari/",
        "/cari/?q=kemiksinan+tarakan",
        "/cari/?q=xyzzyqwert",
        "/cari/tanya/?q=harga+cabai",
    ):
        auditor.visit(phone, path, PAGE)
    auditor.visit(
        phone,
        Publication.objects.get(title__contains="Kemiskinan Kota Tarakan 2023").get_absolute_url(),
        PAGE,
    )


def test_suggestions_by_keyboard_and_without_a_mouse(screens, offices, auditor):
    demo.furnish(offices["6571"])
    page = screens.phone(is_mobile=False)
    page.goto("/cari/")
    field = page.get_by_role("combobox")
    field.press_sequentially("prof kem", delay=30)
    expect(page.get_by_role("option").first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    auditor.look(page, "suggestions open", PAGE, schemes=("light",))
    field.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"q=prof(\+|%20)kem"))
    page.go_back()
    expect(page.get_by_role("combobox")).to_be_visible()


def test_a_scanner_at_the_library_s_desk(screens, offices, auditor):
    office = offices["7411"]
    demo.furnish(office)
    copies = list(Copy.objects.filter(office=office).order_by("pk")[:3])
    visit = sign(arrive(office), SYSTEM, name=LONG_NAME)
    Visitor.objects.update(phone="+6281234567890")
    desk = screens.desk(office)
    desk.get_by_role("link", name="Pustaka").click()
    scan(desk, copies[0].barcode)
    expect(desk.get_by_role("heading", name=str(copies[0].publication), exact=True)).to_be_visible()
    auditor.look(desk, "one copy", DESK)
    desk.get_by_label("Untuk tamu").select_option(str(visit.pk))
    desk.get_by_role("button", name="Izin keluar hari ini").click()
    expect(desk.locator("[data-loan=permission]")).to_contain_text("Siti")
    auditor.look(desk, "a book out", DESK)
    scan(desk, copies[0].barcode)
    expect(desk.get_by_text("Semua buku ada di rak.")).to_be_visible()
    assert Loan.objects.get().state == "returned"
    work.read_here(copies[1], by=SYSTEM)
    scan(desk, "dalam angka")
    expect(desk.get_by_role("link", name=f"{copies[2]} · Di rak")).to_be_visible()
    auditor.look(desk, "titles found", DESK)
