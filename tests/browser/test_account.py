"""A visitor's account on a phone, from two screens of registration through real mail to the end; every page with axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from services.accounts.models import User
from services.audit.actors import SYSTEM
from tests.account.support import MAIL, NAME, SECRET, code_in
from tests.accounts.world import sign
from tests.browser.test_accessibility import PAGE, auditor, screens
from tests.guestbook.support import arrive

__all__ = ["auditor", "screens"]  # fixtures
BAD_PHONE = {"width": 320, "height": 568}


@pytest.mark.usefixtures("offices")
def test_registering_using_and_closing(screens, offices, auditor, mailbox):
    office = offices["7411"]
    sign(arrive(office), SYSTEM, name=NAME, email=MAIL)
    phone = screens.phone(viewport=BAD_PHONE)
    for page in ("/akun/masuk/", "/akun/daftar/", "/akun/masuk/kode/", "/akun/lupa/"):
        auditor.visit(phone, page, PAGE)
    phone.goto("/")
    phone.get_by_role("link", name="Masuk").click()
    phone.get_by_role("link", name="Daftar").click()
    phone.get_by_label("Nama lengkap").fill(NAME)
    phone.get_by_label("E-mail").fill(MAIL)
    expect(phone.get_by_label("Saya setuju")).not_to_be_checked()
    phone.get_by_label("Saya setuju").check()
    phone.get_by_role("button", name="Lanjut").click()
    expect(phone.get_by_role("heading", name="Ketik kode")).to_be_visible()
    auditor.visit(phone, "/akun/kode/", PAGE)
    phone.get_by_label("Kode").fill(code_in(mailbox.wait(1)))
    phone.get_by_role("button", name="Lanjut").click()
    expect(phone.get_by_role("heading", name="Akun saya")).to_be_visible()
    expect(phone.get_by_text(office.name).first).to_be_visible()  # one person, not two
    for page in (
        "/akun/", "/akun/profil/", "/akun/keamanan/", "/akun/keamanan/langkah-kedua/", "/akun/tutup/",
        "/akun/keamanan/kata-sandi/baru/", "/akun/keamanan/e-mail/", f"/akun/data/{office.code}/",
        "/akun/keamanan/langkah-kedua/mulai/",
    ):  # fmt: skip
        auditor.visit(phone, page, PAGE)
    phone.goto("/akun/keamanan/")
    phone.get_by_role("link", name="Buat kata sandi").click()
    phone.get_by_label("Kata sandi", exact=True).fill(SECRET)
    phone.get_by_label("Kata sandi sekali lagi").fill(SECRET)
    phone.get_by_role("button", name="Simpan").click()
    expect(phone.get_by_text("Kata sandi disimpan")).to_be_visible()
    phone.get_by_role("button", name="Keluar").click()
    phone.goto("/akun/masuk/")
    phone.get_by_label("E-mail").fill(MAIL)
    phone.get_by_label("Kata sandi").fill(SECRET)
    phone.get_by_role("button", name="Masuk").click()
    expect(phone.get_by_role("heading", name="Akun saya")).to_be_visible()
    phone.get_by_role("link", name="Tutup akun").click()
    phone.get_by_label("Biarkan").check()
    phone.get_by_role("button", name="Tutup akun").click()
    phone.get_by_role("dialog").get_by_role("button").last.click()
    expect(phone.get_by_role("heading", name="Pastikan ini Anda")).to_be_visible()
    phone.get_by_label("Kata sandi").fill(SECRET)
    phone.get_by_role("button", name="Lanjut").click()
    expect(phone.get_by_role("heading", name="Akun ditutup")).to_be_visible()
    assert not User.objects.filter(email=MAIL).exists()
