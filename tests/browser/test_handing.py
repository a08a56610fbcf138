"""An excerpt at the desk up to the cap and, by a supervisor's word, beyond; a download on the visitor's phone; its number
verified. Axe-clean, nothing scrolls sideways."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from library.models import MarkedCopy
from tests.browser.test_accessibility import DESK, LONG_NAME, PAGE, auditor, screens
from tests.library.digital.conftest import stored
from tests.library.digital.handing_support import described, softcopy, texts, visitor
from tests.mail_server import links_in, work_off

__all__ = ["auditor", "screens", "stored"]  # fixtures
TITLE = "Produk Domestik Regional Bruto Kabupaten Belitung Timur Menurut Lapangan Usaha 2021–2025"


@pytest.fixture(autouse=True)
def _in_the_test_s_folder(stored):
    """Before the server starts."""


def test_an_excerpt_at_the_desk(screens, offices, auditor, tmp_path):
    office = offices["1906"]
    digital = softcopy(office, 20, TITLE)
    received = visitor(office, name=LONG_NAME)
    desk = screens.desk(office, counter=None)
    desk.goto(reverse("library:use", args=[received.pk]))
    desk.get_by_role("link", name="Softcopy untuk tamu ini").click()
    auditor.look(desk, "looking for a softcopy", DESK, schemes=("light",))
    desk.get_by_role("combobox").fill("produk domestik")
    desk.get_by_role("button", name="Cari", exact=True).click()
    expect(desk.get_by_role("heading", name=TITLE)).to_be_visible()
    field, total = (
        desk.get_by_label("Halaman", exact=True).and_(desk.get_by_role("textbox")),
        desk.locator("[data-total]"),
    )
    pictures = desk.locator(".tick img")
    for number in (0, 1, 7, 19):
        pictures.nth(number).scroll_into_view_if_needed()
        expect(pictures.nth(number)).not_to_have_js_property("naturalWidth", 0)
    expect(pictures).to_have_count(20)
    field.fill("hal 2 s/d 3")
    expect(desk.get_by_role("checkbox", name="3", exact=True)).to_be_checked()
    desk.get_by_role("checkbox", name="7", exact=True).check()
    expect(field).to_have_value("2–3, 7")
    expect(total).to_contain_text("Dipilih 3 halaman, 3 di antaranya baru. Tersisa 1")
    auditor.look(desk, "pages chosen", DESK)
    desk.get_by_text("Unduh di meja ini").click()
    desk.get_by_role("button", name="Buat salinan").click()
    handed = desk.get_by_role("region", name="Diserahkan dalam kunjungan ini")
    expect(handed).to_contain_text("2–3, 7")
    auditor.look(desk, "handed over", DESK)
    row = MarkedCopy.objects.get()
    with desk.expect_download() as saved:
        handed.get_by_role("link", name=f"Unduh berkas {row.serial}").click()
    content = Path(saved.value.path()).read_bytes()
    assert hashlib.sha256(content).hexdigest() == row.sha256
    assert len(texts(content)) == 3
    field.fill("7-9")
    expect(total).to_contain_text("2 di antaranya baru: 1 melebihi batas")
    desk.get_by_role("button", name="Buat salinan").click()
    expect(desk.get_by_role("alert")).to_contain_text("Batas 4 halaman: 2 halaman baru diminta, tersisa 1")
    expect(field).to_have_value("7-9")
    auditor.look(desk, "the cap is reached", DESK)
    boss = screens.desk(office, counter=None, role="supervisor")
    boss.goto(reverse("library:handing", args=[received.pk, digital.pk]))
    boss.get_by_label("Halaman", exact=True).and_(boss.get_by_role("textbox")).fill("7-9")
    boss.get_by_label("Alasan atasan").fill("Tabel bersambung di halaman 9, untuk skripsi")
    boss.get_by_text("Cetak", exact=True).click()
    boss.get_by_role("button", name="Buat salinan").click()
    expect(boss.get_by_text("Melebihi batas, diizinkan atasan")).to_be_visible()
    auditor.visit(boss, "/panel/salinan/", DESK)
    boss.get_by_label("Nomor seri atau SHA-256").fill(row.serial.lower())
    boss.get_by_role("button", name="Cari salinan").click()
    expect(boss.locator("[data-found]")).to_contain_text("sitti@example.test")
    auditor.look(boss, "a serial found", DESK)


def test_a_download_on_the_visitor_s_phone(screens, offices, auditor, mailbox, tmp_path):
    office = offices["7411"]
    softcopy(office, 6, TITLE)
    received = visitor(office, name=LONG_NAME)
    desk = screens.desk(office, counter=None)
    desk.goto(reverse("library:handing_choose", args=[received.pk]) + "?q=produk+domestik")
    auditor.look(desk, "links only", DESK, schemes=("light",))
    desk.get_by_role("button", name="Kirim tautan unduh").click()
    expect(desk.get_by_text("Tautan dikirim ke e-mail tamu.")).to_be_visible()
    assert work_off() >= 1
    path = links_in(mailbox.messages[-1])[0]
    phone = screens.phone()
    auditor.visit(phone, path, PAGE)
    expect(phone.get_by_role("heading", name="Ketentuan pemakaian")).to_be_visible()
    with phone.expect_download() as saved:
        phone.get_by_role("button", name="Setuju dan unduh").click()
    row = MarkedCopy.objects.get()
    assert saved.value.suggested_filename.endswith(f"{row.serial}.pdf")
    got = Path(saved.value.path())
    assert hashlib.sha256(got.read_bytes()).hexdigest() == row.sha256
    assert described(got.read_bytes(), tmp_path / "got.pdf")[0] == row.serial
    assert all(row.serial in text.replace("\n", "").replace("\r", "") for text in texts(got))
    phone.goto(path)
    expect(phone.get_by_role("button", name="Unduh salinan saya")).to_be_visible()
    auditor.visit(phone, "/periksa/", PAGE, schemes=("light",))
    phone.get_by_label("Nomor seri").fill(row.serial.lower().replace("-", " "))
    phone.get_by_role("button", name="Periksa").click()
    expect(phone.get_by_text("Nomor ini asli")).to_be_visible()
    auditor.look(phone, "genuine", PAGE)
    phone.get_by_label("Atau pilih berkasnya").set_input_files(got)
    expect(phone.get_by_role("status").filter(has_text="Sama persis")).to_be_visible()
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(got.read_bytes() + b" ")
    phone.get_by_label("Atau pilih berkasnya").set_input_files(changed)
    expect(phone.get_by_role("status").filter(has_text="Berbeda")).to_be_visible()
    auditor.visit(phone, "/periksa/PST-7411-26-AAAAA-AAAAAA/", PAGE, schemes=("light",))
    auditor.visit(phone, path[:-3] + "x/", PAGE, schemes=("light",))
