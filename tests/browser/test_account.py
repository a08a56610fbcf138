"""A visitor's account on a phone, from two screens of registration through real mail to the end; every page with axe."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import expect

from library.models import MarkedCopy
from services.accounts.models import User
from services.audit.actors import SYSTEM
from tests.account.support import MAIL, NAME, SECRET, code_in, make_account
from tests.accounts.world import sign
from tests.browser.test_accessibility import PAGE, auditor, screens
from tests.guestbook.support import arrive
from tests.library.digital.conftest import stored
from tests.library.digital.handing_support import flat, softcopy, texts

__all__ = ["auditor", "screens", "stored"]  # fixtures
TITLE = "Produk Domestik Regional Bruto Kabupaten Kolaka Timur Menurut Lapangan Usaha 2021–2025"
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


@pytest.mark.usefixtures("stored")
def test_a_download_on_the_phone(screens, offices, auditor):
    """From the publication's page through the account's door to a copy in their name."""
    kolaka, tarakan = offices["7411"], offices["6571"]
    digital = softcopy(kolaka, 6, TITLE)
    make_account()
    phone = screens.phone()
    auditor.visit(phone, digital.publication.get_absolute_url(), PAGE, schemes=("light",))
    phone.get_by_role("link", name="Masuk ke akun Anda, atau daftar").click()
    phone.get_by_label("E-mail").fill(MAIL)
    phone.get_by_label("Kata sandi").fill(SECRET)
    phone.get_by_role("button", name="Masuk").click()
    expect(phone.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(phone.get_by_text("Berlaku standar pelayanan")).to_contain_text(
        kolaka.name
    )  # the one whose softcopy it is
    auditor.visit(phone, f"/unduh/{digital.publication_id}/", PAGE)
    phone.get_by_label("Kantor lain").select_option(tarakan.code)
    expect(phone.get_by_text("Berlaku standar pelayanan")).to_contain_text(tarakan.name)
    expect(phone.get_by_role("heading", name="Ketentuan pemakaian")).to_be_visible()
    with phone.expect_download() as saved:
        phone.get_by_role("button", name="Setuju dan unduh").click()
    row = MarkedCopy.objects.get()
    assert row.office == tarakan
    assert saved.value.suggested_filename.endswith(f"{row.serial}.pdf")
    got = Path(saved.value.path()).read_bytes()
    assert hashlib.sha256(got).hexdigest() == row.sha256
    assert all(flat(NAME) in flat(text) and MAIL in flat(text) for text in texts(got))
    phone.get_by_role("link", name="Unduhan saya").click()
    expect(phone.get_by_role("link", name=row.serial)).to_be_visible()
    auditor.visit(phone, "/akun/unduhan/", PAGE)
    phone.get_by_role("link", name=TITLE).click()
    phone.get_by_role("link", name="Unduh", exact=True).click()
    expect(phone.get_by_text("Berlaku standar pelayanan")).to_contain_text(tarakan.name)  # the last one
    expect(phone.get_by_role("button", name="Unduh salinan saya")).to_be_visible()
