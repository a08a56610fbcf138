"""The visitor's own page on the phone: seen, corrected, taken along, ended; every button really sends."""

from __future__ import annotations

from playwright.sync_api import expect

from pst.privacy.models import PrivacyRequest
from services.audit.actors import SYSTEM
from services.guestbook.models import Visitor
from tests.accounts.world import own_link, sign
from tests.browser.test_accessibility import LONG_NAME, PAGE, auditor, screens
from tests.guestbook.support import arrive

__all__ = ["auditor", "screens"]  # fixtures


def test_everything_on_ones_own_page(screens, offices, auditor):
    office = offices["7411"]
    visit = sign(arrive(office), SYSTEM, name=LONG_NAME, email="z@example.test", job="student")
    phone = screens.phone()
    auditor.visit(phone, "/7411/data-saya/", PAGE)
    phone.goto("/7411/data-saya/")
    phone.get_by_label("E-mail yang Anda tulis di buku tamu").fill("siapa@example.test")
    phone.get_by_role("button", name="Kirim tautan").click()
    expect(phone.get_by_role("status").filter(has_text="tautannya sudah dikirim")).to_be_visible()
    auditor.visit(phone, f"/data-saya/{own_link(visit.visitor_id)}/", PAGE)
    phone.get_by_text("Perbaiki", exact=True).click()
    phone.get_by_label("Nama", exact=False).first.fill("")
    phone.get_by_role("button", name="Simpan perbaikan").click()
    expect(phone.locator(".form-errors")).to_be_visible()
    phone.get_by_label("Nama", exact=False).first.fill("Zubaidah")
    phone.get_by_role("button", name="Simpan perbaikan").click()
    expect(phone.get_by_text("Data Anda diperbaiki")).to_be_visible()
    assert Visitor.objects.get().name == "Zubaidah"
    phone.get_by_role("button", name="Buat kode pribadi").click()
    expect(phone.locator(".qr svg").first).to_be_visible()
    with phone.expect_download() as file:
        phone.get_by_role("link", name="Unduh semuanya").click()
    assert file.value.suggested_filename == "data-saya.json"
    phone.get_by_role("button", name="Menghapus data").click()
    phone.get_by_role("dialog").get_by_role("button").last.click()
    expect(phone.get_by_text("sudah diminta")).to_be_visible()
    assert PrivacyRequest.objects.filter(kind="erasure", state="open", channel="own").count() == 1
    phone.get_by_role("button", name="English").click()
    expect(phone.get_by_role("heading", name="My data")).to_be_visible()
    auditor.visit(phone, "/data-saya/kedaluwarsa/", PAGE)
