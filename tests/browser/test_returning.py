"""At the desk: somebody recognised and signed in seconds, and a form that survives a closed tab."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from queueing.workflows import desk as work
from queueing.workflows.issue import issue
from services.audit.actors import SYSTEM
from services.guestbook.models import Visitor
from tests.browser.conftest import connected
from tests.browser.guest_book import CHOICES


def called(office):
    ticket = issue(office=office, service=office.services.get(slug="library"), submission="r", by=SYSTEM)
    work.call_next(office.counters.get(number=1), by=SYSTEM)
    return ticket.received.visit


def test_a_weekly_regular_is_recognised_and_signed_in_a_few_clicks(screens, offices):
    office = offices["7411"]
    Visitor.objects.create(
        office=office, name="Wahyu Lestari", email="wahyu@example.test", phone="+6281234567890", gender="female",
        birth_year=1998, education="bachelor", job="student", institution_category="education",
    )  # fmt: skip
    visit = called(office)
    desk = screens.desk(office)
    desk.goto(f"/meja/kunjungan/{visit.pk}/buku-tamu/")
    connected(desk)
    clicks = 0
    desk.get_by_label("Telepon, e-mail, atau nama").fill("081234567890")
    desk.keyboard.press("Enter")
    for place, text in (
        (desk.locator("#recognised"), "Benar, tamu ini"),
        (desk, "Ya, saya setuju"),
        (desk, CHOICES["use_of_data"]),
        (desk.locator('[data-screen="card_type"]'), "KTP"),
        (desk, "Simpan buku tamu"),
    ):
        place.get_by_text(text, exact=not text.startswith("Benar")).click()
        clicks += 1
    expect(desk.locator("#visit-title")).to_have_text("Wahyu Lestari")
    print(f"\nreturning visitor at the desk: {clicks} clicks, 12 keys and Enter")
    assert clicks <= 5
    assert Visitor.objects.count() == 1


def test_a_closed_tab_loses_nothing(screens, offices):
    office = offices["7411"]
    visit = called(office)
    desk = screens.desk(office)
    desk.goto(f"/meja/kunjungan/{visit.pk}/buku-tamu/")
    connected(desk)
    desk.get_by_text("Ya, saya setuju").click()
    desk.get_by_label("Nama lengkap").fill("Sitti Aminah")
    desk.get_by_label("Tahun lahir").fill("1998")
    expect(desk.locator("[data-draft-state]")).to_have_text(re.compile("tersimpan"))
    desk.goto("/meja/")
    desk.goto(f"/meja/kunjungan/{visit.pk}/buku-tamu/")
    expect(desk.get_by_label("Nama lengkap")).to_have_value("Sitti Aminah")
    expect(desk.get_by_label("Tahun lahir")).to_have_value("1998")


ANSWERS = {
    "name": "Sitti Aminah", "email": "sitti@example.test", "birth_year": "1998", "phone": "081234567890",
    "institution": "Universitas Halu Oleo",
}  # fmt: skip
CHOSEN = {"consent", "gender", "education", "job", "institution_category", "use_of_data", "card_type"}


def test_the_desk_form_with_the_keyboard_alone(screens, offices):
    """From the page to the signed guest book, no mouse; the keys are counted and printed."""
    office = offices["7411"]
    visit = called(office)
    desk = screens.desk(office)
    desk.goto(f"/meja/kunjungan/{visit.pk}/buku-tamu/")
    connected(desk)
    desk.wait_for_timeout(300)
    keys = typed = 0
    answered: set[str] = set()
    for _step in range(120):
        name, kind, text = desk.evaluate(
            "((a) => [a.name || '', a.type || '', a.tagName === 'BUTTON' ? a.textContent : ''])(document.activeElement)"
        )
        if "Simpan buku tamu" in text:
            break
        if kind == "radio" and name in CHOSEN - answered:
            desk.keyboard.press("Space")
            keys += 1
        elif name in ANSWERS and name not in answered:
            desk.keyboard.type(ANSWERS[name])
            typed += len(ANSWERS[name])
        answered.add(name)
        desk.keyboard.press("Tab")
        keys += 1
    desk.keyboard.press("Enter")
    expect(desk.locator("#visit-title")).to_have_text("Sitti Aminah")
    print(f"\nfirst visit at the desk, keyboard alone: {keys + 1} keys to move and choose, {typed} letters")
    assert keys <= 45
