"""Answering at the desk: found in the list, a colleague writing at the same time, a reload, a publication, by keyboard."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from consultation import demo
from consultation.models import Consultation, Message
from consultation.workflows import thread
from library.models import Publication
from library.search import index
from services.audit.actors import VISITOR
from tests.browser.conftest import connected
from tests.browser.test_accessibility import auditor, screens
from tests.consultation.support import ask, fresh

__all__ = ["auditor", "screens"]  # fixtures

SIZES = [(1366, 768), (1440, 900), (820, 1180), (390, 844)]  # desk, tablet, phone


def test_from_the_list_to_the_answer(screens, offices, make_user):
    office = offices["7411"]
    book = Publication.objects.create(title="Kolaka Timur Dalam Angka 2024", year=2024, keeper=office)
    index.write([book])
    desk = screens.desk(office, counter=None)
    desk.goto("/meja/")
    desk.get_by_role("link", name="Konsultasi").click()
    expect(desk.get_by_text("Tidak ada yang menunggu jawaban")).to_be_visible()
    connected(desk)
    asked = ask(
        office, timezone.now() - timedelta(hours=1), subject="PDRB Kolaka Timur"
    )  # it appears by itself
    desk.get_by_role("link", name="PDRB Kolaka Timur").click()
    expect(desk.get_by_text("3 hari kerja sejak diajukan")).to_be_visible()
    connected(desk)

    colleague = screens.desk(office, counter=None)
    colleague.goto(f"/meja/konsultasi/utas/{asked.number}/")
    connected(colleague)
    field = desk.locator("#id_body")
    desk.keyboard.press("Alt+t")
    expect(field).to_be_focused()
    desk.keyboard.type("PDRB ada di")
    expect(desk.get_by_text("Tulisan tersimpan sementara")).to_be_visible()
    expect(colleague.get_by_text("sedang menulis jawaban")).to_be_visible()

    desk.reload()
    expect(field).to_have_value("PDRB ada di")
    thread.visitor_wrote(asked, "Tahun 2024 saja.", channel="portal", by=VISITOR)
    expect(desk.locator("#talk").get_by_text("Tahun 2024 saja.")).to_be_visible()
    desk.get_by_text("Lampirkan berkas atau pustaka").click()
    desk.get_by_role("combobox", name="Pustaka dari katalog").press_sequentially("kolaka timur", delay=40)
    desk.get_by_role("option", name="Kolaka Timur Dalam Angka 2024").click()
    desk.keyboard.press("Alt+k")
    expect(desk.get_by_text("Ada yang baru ketika Anda menulis")).to_be_visible()
    expect(field).to_have_value("PDRB ada di")
    desk.keyboard.press("Alt+k")
    expect(desk.get_by_text("Jawaban dikirim.")).to_be_visible()
    said = asked.messages.get(kind=Message.Kind.OFFICER)
    assert said.body == "PDRB ada di"
    assert said.attachments.get().publication == book.pk
    expect(colleague.locator("#talk").get_by_text("PDRB ada di")).to_be_visible()
    expect(desk.get_by_text("Ditutup otomatis")).to_be_visible()

    desk.get_by_text("Riwayat dan jejak batas waktu").click()
    expect(desk.get_by_text("Pertanyaan diterima")).to_be_visible()
    desk.get_by_text("Kelola", exact=True).click()
    desk.get_by_label("Tag").fill("PDRB")
    desk.get_by_role("button", name="Simpan", exact=True).click()
    expect(desk.get_by_role("link", name="#PDRB")).to_be_visible()
    assert fresh(asked).tags == ["PDRB"]


def test_every_screen_in_every_size(screens, offices, auditor, make_user):
    office = offices["7411"]
    make_user(office)
    demo.furnish(office)
    desk = screens.desk(office, counter=None, role="supervisor")
    talks = {c.state: c for c in Consultation.objects.filter(office=office).order_by("-pk")}
    here = f"/meja/konsultasi/utas/{talks['assigned'].number}/"
    paths = [
        "/meja/konsultasi/", "/meja/konsultasi/?lihat=semua", "/meja/konsultasi/?lihat=dialihkan",
        f"/meja/konsultasi/utas/{talks['waiting'].number}/", f"/meja/konsultasi/utas/{talks['closed'].number}/", here,
        f"{here}?siap=1", f"{here}kelola/", f"{here}riwayat/", f"{here}gabung/", f"{here}pisah/", f"{here}alihkan/",
        "/meja/konsultasi/catat/", "/meja/konsultasi/siap-pakai/",
    ]  # fmt: skip
    for path in paths:
        auditor.visit(desk, path, SIZES)


def test_a_call_is_noted_and_somebody_recognised(screens, offices, make_user):
    office = offices["7411"]
    make_user(office)
    demo.furnish(office)
    desk = screens.desk(office, counter=None)
    desk.goto("/meja/konsultasi/")
    desk.keyboard.press("Alt+n")
    desk.get_by_label("Telepon, e-mail, atau nama").fill("081200000002")
    desk.get_by_role("button", name="Cari").click()
    desk.get_by_role("link", name="Orang ini").click()
    expect(desk.get_by_text("La Ode Hasan (contoh)")).to_be_visible()
    desk.get_by_label("Pertanyaan").fill("Inflasi bulan lalu?")
    desk.get_by_label("Jawaban yang sudah diberikan").fill("Dua koma satu persen.")
    desk.get_by_text("Sudah selesai: tutup").click()
    desk.keyboard.press("Alt+s")
    expect(desk.get_by_text("Dicatat sebagai")).to_be_visible()
    made = Consultation.objects.filter(office=office).order_by("-pk").first()
    assert (made.state, made.visitor.email) == ("closed", "laode.hasan@example.test")
