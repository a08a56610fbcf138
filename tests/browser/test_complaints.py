"""A complaint from the first word to the last: complainant, supervisor, handler, province; each screen looked at by axe."""

from __future__ import annotations

import os
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from complaints import clocks, rounds
from complaints.models import Complaint
from complaints.workflows import lodging
from services.accounts.models import Membership, Role, User
from services.audit.actors import VISITOR
from services.offices.calendar import seed_national_days
from tests.browser.conftest import connected
from tests.browser.test_accessibility import DESK, PAGE, TABLET, auditor, screens
from tests.complaints.support import fresh

__all__ = ["auditor", "screens"]  # fixtures

SHOTS = os.environ.get("PST_SHOTS", "")  # a directory for pictures to look at


@pytest.fixture
def look(auditor):
    def look(page: Page, name: str, sizes) -> None:
        auditor.look(page, name, sizes)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{re.sub(r'[^a-z0-9]+', '-', name)}.png", full_page=True)

    return look


@pytest.fixture(autouse=True)
def calendar(db):
    seed_national_days([timezone.now().year, timezone.now().year + 1])


def receipt(page: Page) -> tuple[str, str]:
    expect(page.locator("[data-complaint-number]")).to_be_visible()
    return tuple(page.locator(f"[data-complaint-{w}]").inner_text() for w in ("number", "secret"))


def open_status(phone: Page, code: str, number: str, secret: str) -> None:
    phone.goto(f"/{code}/pengaduan/status/")
    phone.get_by_label("Nomor pengaduan").fill(number)
    phone.get_by_label("Kode rahasia").fill(secret)
    phone.get_by_role("button", name="Lihat status").tap()
    expect(phone.get_by_role("heading", name=number)).to_be_visible()


def test_from_the_tablet_to_the_judgement(screens, offices, look):
    office = offices["7411"]
    kiosk = screens.kiosk(office)
    kiosk.get_by_role("link", name="Sampaikan pengaduan").tap()
    expect(kiosk.get_by_label("Apa yang ingin Anda sampaikan?")).to_be_visible()
    look(kiosk, "tablet form", TABLET)
    kiosk.get_by_label("Apa yang ingin Anda sampaikan?").fill("Kipas di ruang baca mati sejak Senin.")
    kiosk.get_by_text("Tanpa nama:").tap()  # everything but the words by a tap
    expect(kiosk.locator("#id_name")).to_be_hidden()
    expect(kiosk.get_by_text("Nama dan kontak tidak disimpan")).to_be_visible()
    look(kiosk, "tablet form without a name", TABLET)
    kiosk.get_by_role("button", name="Kirim pengaduan").tap()
    number, secret = receipt(kiosk)
    expect(kiosk.locator("[data-clock-rule]")).to_contain_text("Paling lambat")
    look(kiosk, "tablet receipt", TABLET)
    kiosk.get_by_role("link", name="Selesai").tap()

    chief, handler = screens.desk(office, counter=None, role="supervisor"), screens.desk(office, counter=None)
    officer = User.objects.filter(memberships__role=Role.FRONTLINER).latest("pk")  # who sits at that desk
    complaint = Complaint.objects.get()
    handler.goto("/meja/pengaduan/")
    expect(handler.get_by_text("1 pengaduan lain")).to_be_visible()
    look(handler, "list of a frontliner", DESK)
    connected(handler)
    chief.goto("/meja/pengaduan/")
    look(chief, "list", DESK)
    chief.get_by_role("link", name=number).click()
    connected(chief)
    look(chief, "complaint", DESK)
    chief.get_by_text("Kelola", exact=True).click()
    chief.get_by_label("Unsur pelayanan").select_option("U8")
    chief.get_by_role("button", name="Simpan penggolongan").click()
    expect(chief.get_by_text("Penggolongan disimpan.")).to_be_visible()
    chief.get_by_text("Kelola", exact=True).click()
    chief.get_by_label("Ditangani oleh").select_option(str(officer.pk))
    look(chief, "complaint, managed", DESK)
    chief.get_by_role("button", name="Tugaskan").click()
    expect(chief.get_by_text("Ditugaskan kepada")).to_be_visible()

    handler.get_by_role("link", name=number).click()  # it appeared by itself
    handler.get_by_label("Jawaban, kabar, pertanyaan, atau catatan").fill("Kipas yang mana?")
    handler.get_by_role("button", name="Minta dilengkapi").click()
    expect(handler.locator("#talk").get_by_text("Menunggu pelapor sampai")).to_be_visible()
    connected(handler)

    phone = screens.phone()
    open_status(phone, office.code, number, secret)
    expect(phone.get_by_text("Giliran Anda")).to_be_visible()
    look(phone, "status, to be completed", PAGE)
    assert secret not in phone.url
    phone.locator("#id_body").fill("Yang di dekat jendela.")
    phone.get_by_role("button", name="Kirim balasan").tap()
    expect(phone.get_by_text("Balasan Anda terkirim.")).to_be_visible()
    expect(handler.locator("#talk").get_by_text("Yang di dekat jendela.")).to_be_visible()
    handler.reload()
    handler.get_by_label("Jawaban, kabar, pertanyaan, atau catatan").fill("Kipas sudah diganti.")
    handler.get_by_role("button", name="Kirim jawaban").click()
    expect(handler.get_by_text("Jawaban dikirim.")).to_be_visible()
    look(handler, "complaint, answered", DESK)

    open_status(phone, office.code, number, secret)
    expect(phone.get_by_text("Kipas sudah diganti.")).to_be_visible()
    assert officer.name not in phone.content()
    look(phone, "status, answered", PAGE)
    phone.locator(".star").nth(3).tap()
    phone.get_by_role("button", name="Kirim penilaian").tap()
    expect(phone.get_by_text("Penilaian Anda: 4 dari 5")).to_be_visible()
    look(phone, "status, closed", PAGE)
    assert (fresh(complaint).state, fresh(complaint).satisfied) == ("closed", 4)


def test_late_the_province_sees_it_and_answers(screens, offices, look):
    office = offices["7411"]
    phone = screens.phone()
    phone.goto(f"/{office.code}/pengaduan/")
    phone.get_by_text("Permintaan informasi").tap()
    phone.get_by_label("Apa yang ingin Anda sampaikan?").fill("Bagaimana cara meminta data mikro?")
    phone.get_by_text("Rahasia:").tap()
    phone.locator("#id_name").fill("Rina Rahmawati Puspitasari Wulandari " * 2)
    phone.get_by_text("Kapan, di layanan mana, tentang siapa").tap()
    look(phone, "phone form", PAGE)
    phone.get_by_role("button", name="Kirim pengaduan").tap()
    number, secret = receipt(phone)
    look(phone, "phone receipt", PAGE)
    above = screens.desk(office.parent, counter=None, role="supervisor")
    above.goto("/meja/pengaduan/")
    expect(above.get_by_text("Tidak ada yang perlu ditindaklanjuti")).to_be_visible()
    connected(above)
    complaint = Complaint.objects.get()
    past = timezone.now() - timedelta(days=60)
    complaint.created_at = complaint.complete_at = past
    clocks.set_all(complaint, past)
    complaint.save()
    rounds.escalate_late(timezone.now())
    above.get_by_role("link", name=number).click()  # it appeared by itself
    expect(above.get_by_text("Naik ke atasan")).to_be_visible()
    expect(above.get_by_text("Rina")).to_have_count(0)
    above.get_by_role("button", name="Tampilkan identitas").click()
    above.get_by_role("button", name="Tampilkan", exact=True).click()
    expect(above.get_by_text("Rina Rahmawati").first).to_be_visible()
    look(above, "complaint, late, identity shown", DESK)
    above.get_by_label("Jawaban, kabar, pertanyaan, atau catatan").fill("Lewat silastik.bps.go.id.")
    above.get_by_role("button", name="Kirim jawaban").click()
    expect(above.get_by_text("Jawaban dikirim.")).to_be_visible()
    open_status(phone, office.code, number, secret)
    expect(phone.get_by_text("Lewat silastik.bps.go.id.")).to_be_visible()


def test_a_letter_from_the_box_and_what_came_of_it(screens, offices, look):
    office = offices["7411"]
    desk = screens.desk(office, counter=None)
    desk.goto("/meja/pengaduan/")
    look(desk, "empty list", DESK)
    desk.get_by_role("link", name="Catat pengaduan").click()
    desk.get_by_role("radio", name="Kotak saran").check()
    desk.get_by_label("Jenis").select_option("suggestion")
    desk.get_by_label("Isi, seperti disampaikan").fill("Mohon buka hari Sabtu.")
    look(desk, "entry", DESK)
    desk.get_by_role("button", name="Simpan").click()
    number, _secret = receipt(desk)
    expect(desk.get_by_text("Anda tidak melihatnya lagi")).to_be_visible()
    look(desk, "entered", DESK)
    chief = screens.desk(office, counter=None, role="supervisor")
    chief.goto("/meja/pengaduan/")
    chief.get_by_role("link", name=number).click()
    chief.get_by_text("Kelola", exact=True).click()
    chief.get_by_label("Yang disampaikan, tanpa nama").fill("Buka hari Sabtu.")
    chief.get_by_label("Yang kami lakukan").fill("Buka Sabtu pertama tiap bulan.")
    chief.get_by_role("button", name="Simpan dan umumkan").click()
    expect(chief.get_by_text("Diumumkan.")).to_be_visible()
    chief.goto("/panel/pengaduan/")
    look(chief, "rules", DESK)
    chief.get_by_label("tanggapan pertama (hari)").fill("15")
    chief.get_by_role("button", name="Simpan aturan").click()
    expect(chief.get_by_text("lebih lama tidak diperbolehkan").first).to_be_visible()
    phone = screens.phone()
    phone.goto(f"/{office.code}/anda-sampaikan/")
    expect(phone.get_by_text("Buka Sabtu pertama tiap bulan.")).to_be_visible()
    look(phone, "you said", PAGE)


def test_who_is_named_sees_nothing_of_it(screens, offices):
    office = offices["7411"]
    desk = screens.desk(office, counter=None, role="supervisor")
    named = Membership.objects.get(office=office, role=Role.SUPERVISOR).user
    complaint, _secret = lodging.lodge(
        office=office, text="Tidak ramah", channel="online", about=[named], by=VISITOR
    )
    desk.goto("/meja/pengaduan/?lihat=semua")
    expect(desk.get_by_text("Tidak ada pengaduan di sini")).to_be_visible()
    assert desk.goto(f"/meja/pengaduan/{complaint.pk}/").status == 404
