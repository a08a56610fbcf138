"""A new office and a new service set up in browsers only, then a visit served end to end under it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from queueing.models import Ticket
from services.guestbook.models import Visit
from services.offices.models import Office
from tests.browser.conftest import connected
from tests.browser.guest_book import fill_guest_book
from tests.browser.test_journeys import finish, serve, state, take_number
from tests.conftest import PASSWORD, new_user

LINK = re.compile(r"/undangan/[\w-]+/")
OWN_PASSWORD = "kuda-betul-baterai-tujuh"
STANDARD = """BPS Kabupaten Konawe Utara

Standar Pelayanan Rekomendasi Kegiatan Statistik
No. SK: 12 Tahun 2026

Persyaratan
Layanan Kunjungan Langsung
1. Datang ke unit PST BPS Kabupaten Konawe Utara.
2. Mengisi buku tamu elektronik.

Sistem, Mekanisme, dan Prosedur
Layanan Kunjungan Langsung
1. Pengguna layanan mengambil nomor antrian dan menunggu.
2. Pengguna layanan mengisi buku tamu.
3. Petugas memberikan layanan rekomendasi kegiatan statistik.
4. Selesai.

Waktu Penyelesaian
Pengguna layanan dilayani paling lama 5 menit setelah mengisi buku tamu.

Biaya/Tarif
Tidak dipungut biaya.

Produk Pelayanan
Rekomendasi kegiatan statistik.

Pengaduan Layanan
1. E-mail: bps7415@bps.go.id
"""
SERVICE = "Rekomendasi Kegiatan Statistik"


def log_in(page: Page, email: str, password: str) -> None:
    page.goto("/masuk/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Kata sandi").fill(password)
    page.get_by_role("button", name="Masuk").click()


def come_in_by_the_mail(page: Page, mailbox, email: str) -> None:
    """The invitation's link, one's own password, and in."""
    mail = next(m for m in reversed(mailbox.messages) if m["To"] == email)
    page.goto(LINK.search(mail.get_body(("plain",)).get_content())[0])
    page.get_by_label("Kata sandi", exact=True).fill(OWN_PASSWORD)
    page.get_by_label("Kata sandi sekali lagi").fill(OWN_PASSWORD)
    page.get_by_role("button", name="Simpan kata sandi dan terima").click()
    expect(page.get_by_text("Selamat datang.")).to_be_visible()
    log_in(page, email, OWN_PASSWORD)


def onward(page: Page, title: str) -> None:
    page.get_by_role("link", name=f"Lanjut: {title}").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def open_office(admin: Page) -> None:
    expect(admin.get_by_role("heading", name="Kantor", exact=True)).to_be_visible()
    admin.get_by_label("Kode wilayah").fill("7415")
    admin.get_by_label("Wilayah", exact=True).fill("Konawe Utara")
    admin.get_by_label("Nama atasan").fill("Siti Rahma")
    admin.get_by_label("E-mail atasan").fill("siti@bps.test")
    admin.get_by_role("button", name="Buka kantor dan undang atasannya").click()
    expect(admin.get_by_text("BPS Kabupaten Konawe Utara dibuka")).to_be_visible()


def set_up_service(page: Page) -> None:
    page.get_by_role("link", name="Tambah: Layanan lain").click()
    page.get_by_label("Nama layanan").fill(SERVICE)
    page.get_by_label("Huruf antrian").fill("r")
    page.get_by_role("button", name="Simpan").click()
    page.get_by_label("Teks standar pelayanan").fill(STANDARD)
    page.get_by_role("button", name="Baca teks ini").click()
    expect(page.get_by_text("5 menit setelah buku tamu diisi")).to_be_visible()
    page.get_by_role("button", name="Benar, berlakukan").click()
    expect(page.get_by_text("Standar berlaku", exact=True)).to_be_visible()


def pair_tablet(page: Page, tablet: Page) -> None:
    tablet.goto("/perangkat/")
    tablet.get_by_role("button", name="Tablet pengunjung").click()
    code = tablet.locator("[data-pairing-code]").get_attribute("data-pairing-code")
    page.get_by_role("link", name="Buka Perangkat").click()
    page.get_by_label("Kode pada layar perangkat").fill(code)
    page.get_by_label("Nama perangkat").fill("Tablet pintu")
    page.get_by_role("button", name="Hubungkan").click()
    expect(tablet.get_by_role("heading", name="Selamat datang")).to_be_visible()


def walk(page: Page, tablet: Page, mailbox) -> None:
    """The first day, left once and continued."""
    page.goto("/panel/atur/mulai/")
    onward(page, "Data kantor")
    for label, text in (("Alamat", "Jl. Poros 1"), ("Telepon", "(0408) 1"), ("E-mail", "bps7415@bps.go.id")):
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Simpan").click()
    onward(page, "Jam layanan")
    saturday = page.get_by_role("group", name="Sabtu")
    saturday.get_by_label("Buka").fill("08:00")
    saturday.get_by_label("Tutup").fill("12:00")
    page.get_by_role("button", name="Simpan jam layanan").click()
    onward(page, "Layanan dan standarnya")
    set_up_service(page)
    page.goto("/panel/atur/mulai/")  # left, and come back to
    expect(
        page.get_by_role("heading", name="5 dari 8 langkah selesai")
    ).to_be_visible()  # no lockers, staff may wait
    onward(page, "Loket")
    page.get_by_role("link", name="Tambah loket").click()
    page.get_by_role("button", name="Simpan").click()
    onward(page, "Loker")
    onward(page, "Petugas")
    page.get_by_label("Nama lengkap").fill("Rina Wulandari")
    page.get_by_label("E-mail kantor").fill("rina@bps.test")
    page.get_by_role("button", name="Kirim undangan").click()
    expect(page.get_by_text("Undangan dikirim ke rina@bps.test")).to_be_visible()
    onward(page, "Tablet, TV, printer")
    pair_tablet(page, tablet)
    page.goto("/panel/atur/mulai/")
    onward(page, "Tiket uji")
    slip = page.request.get(page.get_by_role("link", name="R000").get_attribute("href"))
    assert slip.body().startswith(b"%PDF")
    page.get_by_role("button", name="Ya, tiketnya benar").click()
    expect(page.get_by_text("Kantor siap menerima tamu").first).to_be_visible()


def test_a_new_office_and_a_new_service_in_the_browser_then_a_visit(screens, mailbox, settings):
    settings.MAIL_IS_SENT = True
    admin, boss, officer = (screens._context().new_page() for _n in range(3))
    tablet = screens._context(viewport={"width": 1280, "height": 800}, has_touch=True).new_page()
    log_in(admin, new_user(is_staff=True, is_superuser=True).email, PASSWORD)
    open_office(admin)
    come_in_by_the_mail(boss, mailbox, "siti@bps.test")
    walk(boss, tablet, mailbox)
    office = Office.objects.get(code="7415")
    assert not Ticket.objects.filter(office=office).exists()  # the test ticket was nobody's

    come_in_by_the_mail(officer, mailbox, "rina@bps.test")
    officer.wait_for_url("**/meja/")
    officer.get_by_role("button", name="Loket 1").first.click()
    connected(officer)
    tablet.goto("/kios/")
    number = take_number(tablet, SERVICE)
    assert number == "R001"
    officer.get_by_role("button", name="Panggil berikutnya").click()
    officer.get_by_role("button", name="Sudah datang").click()
    tablet.goto("/kios/")
    tablet.get_by_role("link", name="Isi buku tamu").click()
    tablet.get_by_role("link", name=number).click()
    fill_guest_book(tablet, "Wahyu Lestari")
    state(officer, "service", "current")
    serve(officer)
    finish(officer)
    visit = Visit.objects.get(office=office)
    received = visit.services.get()
    assert (visit.end_reason, received.clock_result, received.standard.decree_number) == (
        "finished",
        "kept",
        "12 Tahun 2026",
    )
