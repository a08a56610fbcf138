"""Search → nothing → ask → thread on a phone: axe-clean, nothing scrolls sideways, nothing typed is lost."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from consultation import files
from consultation.models import Attachment, Classification, Consultation, KnowledgeAnswer, Suggested
from consultation.workflows import knowledge, thread
from library import demo
from services.audit.actors import SYSTEM
from services.guestbook.models import Visitor
from tests.browser.test_accessibility import DESK, LONG_NAME, PAGE, auditor, screens
from tests.consultation import file_samples as samples
from tests.consultation.conftest import stored
from tests.consultation.support import seen

__all__ = ["auditor", "screens", "stored"]  # fixtures


def published(office, question: str, answer: str) -> KnowledgeAnswer:
    made = knowledge.write_new(office, question=question, answer=answer, tags=["penduduk"], by=SYSTEM)
    KnowledgeAnswer.objects.filter(pk=made.pk).update(state="published", published_at=timezone.now())
    return made


@pytest.fixture
def known(offices) -> KnowledgeAnswer:
    demo.furnish(offices["7411"])
    Classification.objects.create(kind="kbli", edition="2020", code="X0111", title="Contoh pertanian jagung")
    return published(
        offices["7411"], "Apakah ada data penduduk miskin per desa?", "Ada, dari Regsosek 2022. " * 20
    )


def test_from_a_search_that_found_nothing_to_the_thread(screens, offices, known, auditor, stored):
    phone = screens.phone()
    phone.goto("/cari/?q=xyzzyqwert&kantor=7411")
    phone.get_by_role("link", name="Tanya konsultan").click()
    auditor.look(phone, "the question", PAGE)
    phone.get_by_label("Pertanyaan Anda").fill("Berapa penduduk miskin per desa di Kolaka Timur?")
    expect(phone.get_by_role("link", name=known.question)).to_be_visible()
    expect(
        phone.get_by_role("button", name="Ini sudah menjawab").nth(1)
    ).to_be_visible()  # the catalogue's came too
    auditor.look(phone, "suggestions", PAGE)
    phone.get_by_role("button", name="Lanjutkan bertanya").click()
    expect(phone.get_by_label("Kantor yang menjawab")).to_have_value("7411")
    auditor.look(phone, "everything else", PAGE)
    phone.get_by_text("Tambah data lain").click()
    phone.get_by_label("Data apa").first.fill("penduduk miskin")
    phone.get_by_label("Nama", exact=True).fill(LONG_NAME)
    phone.locator("#id_phone").fill("12")
    phone.get_by_label("Nama dan kontak Anda disimpan").check()
    phone.get_by_label("Berkas").set_input_files(
        {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": samples.PDF + b" " * 4_000_000}
    )
    phone.get_by_role("button", name="Kirim pertanyaan").click()
    expect(phone.get_by_role("heading", name="Periksa isian berikut")).to_be_visible()
    auditor.look(phone, "something is missing", PAGE)
    expect(phone.get_by_label("Data apa").first).to_have_value("penduduk miskin")
    phone.locator("#id_phone").fill("")
    phone.get_by_label("E-mail").fill("siti@example.test")
    phone.get_by_label("Nama dan kontak Anda disimpan").check()
    phone.get_by_label("Berkas").set_input_files(
        {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": samples.PDF + b" " * 4_000_000}
    )
    phone.get_by_role("button", name="Kirim pertanyaan").click()
    expect(phone.get_by_text("Dijawab paling lambat")).to_be_visible()
    asked = Consultation.objects.get()
    assert (asked.office.code, asked.sought, asked.visitor.name) == ("7411", "xyzzyqwert", LONG_NAME)
    files.check(Attachment.objects.get().pk)
    thread.answer(asked, "Ada di tabel 4.2.", by=SYSTEM, seen=seen(asked))
    phone.reload()
    expect(phone.get_by_text("Ada di tabel 4.2.")).to_be_visible()
    expect(phone.get_by_role("link", name="surat.pdf")).to_be_visible()
    auditor.look(phone, "answered", PAGE)
    phone.get_by_text("Sangat baik").click()
    phone.get_by_role("button", name="Kirim penilaian").click()
    expect(phone.get_by_text("Penilaian Anda: 5 dari 5")).to_be_visible()
    phone.get_by_label("Balasan Anda").fill("Terima kasih. Tahun 2023 juga ada?")
    phone.get_by_role("button", name="Kirim balasan").click()
    expect(phone.get_by_text("Sudah kami terima")).to_be_visible()
    asked.refresh_from_db()
    assert (asked.state, asked.rating.stars) == ("reopened", 5)


def test_enough_is_counted_and_thanked_for(screens, offices, known, auditor):
    phone = screens.phone()
    phone.goto("/konsultasi/tanya/?q=penduduk+miskin+desa")
    phone.get_by_role("button", name="Ini sudah menjawab").first.click()
    auditor.look(phone, "thanks", PAGE)
    assert Suggested.objects.get().enough == 1


def test_everything_works_without_a_script(screens, offices, known):
    page = screens.phone(java_script_enabled=False)
    page.goto("/konsultasi/tanya/?q=penduduk+miskin+desa")
    expect(page.get_by_role("link", name=known.question)).to_be_visible()
    page.get_by_role("button", name="Lanjutkan bertanya").click()
    page.get_by_label("Kantor yang menjawab").select_option("7411")
    page.get_by_text("Tambah data lain").click()
    page.locator("#id_wanted_2_topic").fill("luas")
    page.get_by_label("Nama", exact=True).fill("Siti")
    page.get_by_label("E-mail").fill("siti@example.test")
    page.get_by_label("Nama dan kontak Anda disimpan").check()
    page.get_by_role("button", name="Kirim pertanyaan").click()
    expect(page.get_by_text("Dijawab paling lambat")).to_be_visible()
    assert [row.topic for row in Consultation.objects.get().wanted.all()] == ["luas"]


def test_public_answers_and_codes(screens, offices, known, auditor):
    phone = screens.phone()
    for path in (
        "/tanya-jawab/", "/tanya-jawab/?q=xyzzy", knowledge.knowledge.address(known), "/klasifikasi/?q=jagung", "/",
        "/klasifikasi/?q=xyzzy",
    ):  # fmt: skip
        auditor.visit(phone, path, PAGE)


def test_writing_an_answer_for_everybody(screens, offices, auditor):
    office = offices["7411"]
    visitor = Visitor.objects.create(office=office, name=LONG_NAME, email="siti@example.test")
    from tests.consultation.support import ask

    asked = ask(office, timezone.now(), visitor=visitor, question=f"Berapa PDRB? {LONG_NAME}")
    thread.answer(asked, "Rp 4 triliun.", by=SYSTEM, seen=seen(asked))
    desk = screens.desk(office)
    desk.goto(f"/meja/tanya-jawab/dari/{asked.pk}/")
    auditor.look(desk, "a draft with a name in it", DESK)
    desk.get_by_role("button", name="Simpan rancangan").click()
    expect(desk.get_by_role("heading", name="Periksa isian berikut")).to_be_visible()
    desk.get_by_label("Pertanyaan").fill("Berapa PDRB Kolaka Timur 2024?")
    desk.get_by_role("button", name="Simpan rancangan").click()
    desk.get_by_role("button", name="Minta diperiksa").click()
    expect(desk.get_by_text("Menunggu petugas lain")).to_be_visible()
    second = screens.desk(office, counter=None)
    second.goto(f"/meja/tanya-jawab/{KnowledgeAnswer.objects.get().pk}/")
    auditor.look(second, "to be reviewed", DESK)
    second.get_by_role("button", name="Sudah diperiksa, terbitkan").click()
    expect(second.get_by_text("Terbit").first).to_be_visible()
    auditor.visit(second, "/meja/tanya-jawab/", DESK)
    assert KnowledgeAnswer.objects.get().state == "published"
