"""A supervisor changes a promise: warned where rule and words part, reviewed by another, in force, and old visits keep theirs."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from services.audit.actors import SYSTEM
from services.guestbook import workflows as visits
from services.offices.models import Standard
from services.offices.standards import drafts
from tests.browser.test_accessibility import DESK, auditor, screens

__all__ = ["auditor", "screens"]


def autosaved(page: Page) -> None:
    expect(page.locator("[data-standard-state]")).to_contain_text("Tersimpan otomatis")


def test_a_promise_changes_from_five_to_ten_minutes(screens, offices, auditor):
    office = offices["7411"]
    library = office.services.get(slug="library")
    before = visits.arrive(office=office, service=library, by=SYSTEM).services.get()
    desk = screens.desk(office, role="supervisor")
    desk.get_by_role("link", name="Panel").first.click()
    desk.get_by_role("link", name="Standar pelayanan", exact=True).first.click()
    desk.get_by_role("link", name="Rancangan baru").click()
    desk.get_by_role("button", name="Buat rancangan").click()
    draft = Standard.objects.get(status="draft")
    desk.get_by_role("link", name="Ubah", exact=True).click()
    desk.get_by_label("Maklumat pelayanan").fill("Kami sanggup melayani sesuai standar ini.")
    desk.get_by_role("button", name="Simpan").click()
    desk.get_by_role("link", name="Waktu Penyelesaian").first.click()
    # The rule alone: it is stored as it is typed, and the page says that the words promise something else.
    promise = desk.get_by_role("group", name="Janji waktu, kunjungan").get_by_label("Paling lama")
    promise.fill("10")
    autosaved(desk)
    warning = desk.locator("#against")
    expect(warning).to_contain_text("5 menit")
    expect(warning).to_contain_text("10 menit")
    words = desk.get_by_label("Isi butir").first
    words.fill(words.input_value().replace("5 (lima)", "10 (sepuluh)"))
    expect(warning).to_contain_text("Teks dan aturan sejalan.")
    # The order by keyboard: the page saves what was typed and comes back with the item one place further down.
    words.press("Alt+ArrowDown")
    expect(desk.get_by_label("Isi butir").nth(1)).to_have_value(re.compile(r"10 \(sepuluh\) menit"))
    for path in ("", "ubah/", "ubah/time/", "ubah/procedure/", "ubah/complaints/", "beda/", "pratinjau/"):
        auditor.visit(desk, f"/panel/standar/{draft.pk}/{path}", DESK)
    auditor.visit(desk, "/panel/standar/", DESK)
    auditor.visit(desk, "/panel/standar/baru/", DESK)
    desk.goto(f"/panel/standar/{draft.pk}/")
    reviewer = screens.desk(office, counter=None, role="supervisor")
    desk.get_by_role("button", name="Minta pemeriksaan").click()
    expect(desk.get_by_text("Pemeriksaan diminta.")).to_be_visible()
    reviewer.goto(f"/panel/standar/{draft.pk}/")
    reviewer.get_by_role("link", name="Periksa dan terbitkan").click()
    expect(reviewer.get_by_text("Teks dan aturan sejalan.")).to_be_visible()
    reviewer.get_by_label("Nomor SK").fill("12 Tahun 2026")
    reviewer.get_by_role("button", name="Terbitkan").click()
    reviewer.get_by_role("button", name="Ya, lanjutkan").click()
    expect(reviewer.get_by_text("Diterbitkan dan berlaku sekarang.")).to_be_visible()
    phone = screens.phone()
    phone.goto("/7411/standar/library/")
    for text in ("10 (sepuluh) menit", "12 Tahun 2026", "Kami sanggup melayani"):
        expect(phone.get_by_text(text).first).to_be_visible()
    poster = phone.request.get("/7411/standar/library/poster.pdf")
    assert "10 menit" in pdf_text(poster.body())
    after = visits.arrive(office=office, service=office.services.get(pk=library.pk), by=SYSTEM).services.get()
    before.refresh_from_db()
    assert (before.clock_minutes, after.clock_minutes) == (5, 10)


def pdf_text(data: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


def test_whose_log_in_ends_while_writing_finds_the_words_again(screens, offices):
    office = offices["7411"]
    draft = drafts.from_version(office.services.get(slug="library").standard, by=SYSTEM)
    desk = screens.desk(office, counter=None, role="supervisor")
    here = f"/panel/standar/{draft.pk}/ubah/legal_basis/"
    desk.goto(here)
    desk.get_by_label("Butir baru").fill("UU 25/2009 tentang Pelayanan Publik")
    kept = desk.context.cookies()
    desk.context.clear_cookies(name="pst_session")
    desk.get_by_role("button", name="Simpan", exact=True).click()
    expect(desk).to_have_url(re.compile(rf"/masuk/\?next={re.escape(here)}$"))
    desk.context.add_cookies(kept)
    desk.goto(here)
    expect(desk.get_by_label("Butir baru")).to_have_value("UU 25/2009 tentang Pelayanan Publik")
    expect(desk.locator("[data-standard-state]")).to_contain_text("dikembalikan")
    desk.get_by_role("button", name="Simpan", exact=True).click()
    expect(desk.get_by_label("Isi butir")).to_have_value("UU 25/2009 tentang Pelayanan Publik")
    expect(desk.get_by_label("Butir baru")).to_have_value("")
