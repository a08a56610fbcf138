"""Complaints by the other channels, from lodging to closed: the account, what officers write down, what came as a consultation."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from complaints import files, rounds
from complaints.models import Complaint
from consultation.workflows import opening
from services.accounts.models import Role, User
from services.audit.actors import VISITOR
from services.mail.models import Outgoing
from tests.account.support import MAIL, make_account, signed_in
from tests.browser.test_accessibility import DESK, PAGE, auditor, screens
from tests.browser.test_complaints import calendar, look, open_status, receipt
from tests.complaints.support import fresh
from tests.consultation.conftest import stored

__all__ = ["auditor", "calendar", "look", "screens", "stored"]  # fixtures
COMPOSE = "Jawaban, kabar, pertanyaan, atau catatan"
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture(autouse=True)
def _in_the_test_s_folder(stored):
    """Before the server starts."""


def answer(desk: Page, words: str, button: str = "Kirim jawaban", told: str = "Jawaban dikirim.") -> None:
    desk.get_by_label(COMPOSE).fill(words)
    desk.get_by_role("button", name=button).click()
    expect(desk.get_by_text(told)).to_be_visible()


def manage(desk: Page) -> None:
    desk.get_by_text("Kelola", exact=True).click()
    expect(desk.get_by_label("Unsur pelayanan")).to_be_visible()


def test_from_the_account_reopened_mended_and_closed_by_silence(screens, offices, look):
    office, user = offices["7411"], make_account()
    phone = screens.phone()
    session = signed_in(user).cookies[django_settings.SESSION_COOKIE_NAME].value
    phone.context.add_cookies(
        [{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": screens.server.url}]
    )
    phone.goto(f"/{office.code}/pengaduan/")
    phone.get_by_label("Apa yang ingin Anda sampaikan?").fill("Kursi tunggu rusak.")
    phone.get_by_label("Berkas").set_input_files(
        {"name": "kursi.png", "mimeType": "image/png", "buffer": PICTURE}
    )
    phone.get_by_role("button", name="Kirim pengaduan").tap()
    number, _secret = receipt(phone)
    made = Complaint.objects.get()
    assert (made.channel, made.identity.account) == ("portal", user)
    files.SHELF.check(made.attachments.get().pk)

    chief = screens.desk(office, counter=None, role="supervisor")
    badge = chief.get_by_role("link", name=re.compile("^Pengaduan")).locator(".badge")
    expect(badge).to_have_text("1")
    chief.goto("/meja/pengaduan/")
    chief.get_by_role("link", name=number).click()
    expect(chief.get_by_role("link", name="kursi.png")).to_be_visible()
    expect(chief.locator("[data-way='email']")).to_be_visible()
    answer(chief, "Kursinya sudah diganti.")
    chief.goto("/meja/pengaduan/")
    expect(badge).to_have_count(0)

    phone.goto(f"/akun/pengaduan/{number}/")
    expect(phone.get_by_text("Kursinya sudah diganti.")).to_be_visible()
    look(phone, "status in the account", PAGE)
    phone.locator("#id_body").fill("Yang di pojok masih rusak.")
    phone.get_by_role("button", name="Kirim balasan").tap()
    expect(phone.get_by_text("Balasan Anda terkirim.")).to_be_visible()
    assert fresh(made).state == "handled"  # opened again

    chief.get_by_role("link", name=number).click()
    manage(chief)
    chief.get_by_text("Rencanakan tindakan perbaikan").click()
    chief.get_by_label("Tindakan perbaikan").fill("Ganti semua kursi tunggu")
    chief.get_by_label("Penanggung jawab").select_option(index=0)
    chief.get_by_label("Tenggat").fill(f"{office.today() + timedelta(days=7):%Y-%m-%d}")
    chief.get_by_role("button", name="Catat tindakan").click()
    expect(chief.get_by_text("Tindakan perbaikan dicatat.")).to_be_visible()
    manage(chief)
    chief.get_by_label("Bukti", exact=True).fill("Nota pembelian 12/2026")
    chief.get_by_label("Berkas bukti").set_input_files(
        {"name": "nota.png", "mimeType": "image/png", "buffer": PICTURE}
    )
    chief.get_by_role("button", name="Nyatakan selesai").click()
    expect(chief.get_by_text("Nota pembelian 12/2026")).to_be_visible()
    answer(chief, "Semua kursi sudah diganti.")

    later = fresh(made).awaited_until + timedelta(minutes=1)
    assert rounds.close_silent(later) == 1
    phone.goto(f"/akun/pengaduan/{number}/")
    expect(phone.get_by_text("Ditutup karena waktunya habis")).to_be_visible()
    assert "nota" not in phone.content().lower()  # the proof is the office's own
    phone.locator(".star").nth(4).tap()
    phone.get_by_role("button", name="Kirim penilaian").tap()
    expect(phone.get_by_text("Penilaian Anda: 5 dari 5")).to_be_visible()


# Channel, its own fields, the way an answer goes, and what the officer is shown of it.
WRITTEN_DOWN = [
    ("call", {"Telepon/WhatsApp": "0812 1111 0001"}, "hand", "0812 1111 0001"),
    ("whatsapp", {"Telepon/WhatsApp": "0812 1111 0002"}, "hand", "0812 1111 0002"),
    ("email", {"E-mail": "tono@rumah.test"}, "email", "lewat e-mail"),
    ("social", {"Kontak lain": "https://instagram.test/tono"}, "hand", "Instagram: https://instagram.test/tono"),
    ("lapor", {"Nomor rujukan": "LAPOR-7712345"}, "hand", "LAPOR-7712345"),
]  # fmt: skip


def write_down(desk: Page, channel: str, fields: dict[str, str]) -> str:
    desk.goto("/meja/pengaduan/catat/")
    desk.locator(f"input[name=channel][value={channel}]").check()
    desk.get_by_label("Isi, seperti disampaikan").fill(f"AC mati ({channel})")
    if channel == "social":
        desk.get_by_role("button", name="Simpan").click()
        expect(desk.get_by_text("Pilih media sosialnya.").first).to_be_visible()  # nothing typed is lost
        desk.locator("select[name=platform]").select_option("Instagram")
    for label, words in fields.items():
        desk.get_by_label(label).and_(desk.locator("input:not([type=radio])")).fill(words)
    desk.get_by_role("button", name="Simpan").click()
    return receipt(desk)[0]


def test_what_officers_write_down_is_answered_where_it_came_from(screens, offices, look):
    office = offices["7411"]
    desk = screens.desk(office, counter=None)
    numbers = [write_down(desk, channel, fields) for channel, fields, _way, _where in WRITTEN_DOWN]
    claim = re.search(r"/7411/pengaduan/kode/[-\w:]+/", Outgoing.objects.get(kind="complaint_receipt").text)
    assert claim
    chief = screens.desk(office, counter=None, role="supervisor")
    chief.goto("/meja/pengaduan/")
    chief.get_by_role("link", name=numbers[1]).click()
    manage(chief)
    chief.get_by_text("Kaitkan dengan pengaduan yang sama").click()
    chief.get_by_label("Nomor pengaduan yang sama").fill(numbers[0])
    chief.get_by_role("button", name="Kaitkan", exact=True).click()
    expect(chief.get_by_text("Dikaitkan; satu jawaban untuk keduanya.")).to_be_visible()
    for number, (channel, _fields, way, where) in zip(numbers, WRITTEN_DOWN, strict=True):
        chief.goto("/meja/pengaduan/?lihat=semua")
        chief.get_by_role("link", name=number).click()
        shown = chief.locator(f"[data-way='{way}']")
        expect(shown).to_contain_text(where)
        if channel != "whatsapp":  # that one has the first one's answer already
            answer(chief, "AC sudah diperbaiki.")
        if way == "hand":
            waiting = chief.get_by_text("Belum disampaikan kepada pelapor")
            expect(waiting).to_be_visible()
            look(chief, f"to be told, {channel}", DESK[:1] if channel != "call" else DESK)
            chief.get_by_role("button", name="Sudah disampaikan").click()
            expect(waiting).to_have_count(0)
            expect(chief.get_by_text("Disampaikan petugas")).to_be_visible()
        chief.get_by_label(COMPOSE).fill("Pelapor menyatakan puas.")
        chief.get_by_role("button", name="Tutup dengan alasan ini").click()
        chief.get_by_role("button", name="Ya, tutup").click()
        expect(chief.get_by_text("Pengaduan ditutup.")).to_be_visible()
    assert set(Complaint.objects.values_list("state", flat=True)) == {"closed"}
    assert Complaint.objects.get(number=numbers[1]).duplicate_of.number == numbers[0]
    phone = screens.phone()
    phone.goto(claim[0])
    look(phone, "fetching the secret", PAGE)
    phone.get_by_role("button", name="Tampilkan kode").tap()
    number, secret = receipt(phone)
    assert number == numbers[2]
    phone.reload()  # sent again, it tells nothing
    expect(phone.get_by_role("heading", name="Tautan ini tidak berlaku lagi")).to_be_visible()
    look(phone, "fetched already", PAGE)
    open_status(phone, office.code, number, secret)
    expect(phone.get_by_text("AC sudah diperbaiki.")).to_be_visible()


def test_what_came_as_a_consultation_by_mail(screens, offices, look):
    office = offices["7411"]
    person = office.visitors.create(name="Rina Rahmawati", email=MAIL, created_at=timezone.now())
    asked = opening.submit(
        office=office,
        channel="email",
        subject="PDRB",
        question="Saya dibentak di loket.",
        visitor=person,
        by=VISITOR,
    )
    desk = screens.desk(office, counter=None)
    officer = User.objects.filter(memberships__role=Role.FRONTLINER).latest("pk")
    desk.goto(f"/meja/konsultasi/utas/{asked.number}/")
    desk.get_by_role("link", name="Serahkan sebagai pengaduan").click()
    expect(desk.get_by_label("Isi pengaduan")).to_have_value("Saya dibentak di loket.")
    desk.get_by_role("checkbox", name=officer.name).check()
    desk.get_by_text("Rahasia:").click()
    look(desk, "handing over a message", DESK)
    desk.get_by_role("button", name="Serahkan", exact=True).click()
    expect(desk.get_by_text("Diserahkan sebagai pengaduan.")).to_be_visible()
    made = Complaint.objects.get()
    desk.goto("/meja/pengaduan/?lihat=semua")
    expect(desk.get_by_text("Tidak ada pengaduan di sini")).to_be_visible()
    assert made.number not in desk.content()

    chief = screens.desk(office, counter=None, role="supervisor")
    chief.goto(f"/meja/pengaduan/{made.pk}/")
    expect(chief.get_by_text(MAIL)).to_have_count(0)
    answer(chief, "Kami minta maaf; petugas sudah kami tegur.")
    expect(chief.get_by_text("Dikirim lewat E-mail", exact=True)).to_be_visible()
    phone = screens.phone()
    mail = Outgoing.objects.get(kind="complaint_receipt")
    assert mail.to == MAIL
    phone.goto(re.search(r"/7411/pengaduan/kode/[-\w:]+/", mail.text)[0])
    phone.get_by_role("button", name="Tampilkan kode").tap()
    number, secret = receipt(phone)
    open_status(phone, office.code, number, secret)
    phone.locator(".star").nth(3).tap()
    phone.get_by_role("button", name="Kirim penilaian").tap()
    expect(phone.get_by_text("Penilaian Anda: 4 dari 5")).to_be_visible()
    assert (fresh(made).state, fresh(made).satisfied) == ("closed", 4)
