"""One tap at the exit, heard at the supervisor's desk; by the link in a mail on one's own phone; the office's pages."""

from __future__ import annotations

import os
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from queueing import mailed
from queueing.workflows import desk as work
from services.audit.actors import SYSTEM
from services.guestbook.models import Visit, VisitService
from services.ratings import asking
from services.ratings.models import MailStop, Rating, RatingRules
from services.surveys.models import Response
from services.surveys.skm import ELEMENTS
from tests.browser.conftest import connected
from tests.browser.guest_book import Motion
from tests.browser.test_accessibility import DESK, LONG_OFFICE, PAGE, TABLET, auditor, screens
from tests.daytime import by_day
from tests.guestbook.support import arrive

__all__ = ["auditor", "screens"]
PICTURES = os.environ.get("RATING_PICTURES", "")


def shoot(page: Page, name: str) -> None:
    """Only when somebody wants to look: RATING_PICTURES=folder."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


@pytest.fixture
def office(offices):
    office = by_day(offices["7411"])
    office.name = LONG_OFFICE
    office.save(update_fields=["name"])
    return office


def served(office, came: int = 1) -> VisitService:
    """Served a moment ago, and still in the house. `came`: minutes ago."""
    received = arrive(office, at=timezone.now() - timedelta(minutes=came)).services.get()
    work.start(received, by=SYSTEM)
    work.end(received, by=SYSTEM)
    return VisitService.objects.select_related("visit", "service").get(pk=received.pk)


def tapped(page: Page, place, motion: Motion) -> None:
    place.tap()
    motion.taps += 1


def test_one_tap_at_the_exit_and_the_supervisor_hears_of_a_low_one(screens, office, auditor):
    first, second = served(office, 9), served(office, 7)
    desk = screens.desk(office, counter=None, role="supervisor")
    kiosk, stale = screens.kiosk(office), screens.kiosk(office)
    for page in (kiosk, stale):
        page.goto("/kios/keluar/")
    connected(desk, kiosk)
    expect(kiosk.get_by_role("heading", level=1)).to_have_text("Bagaimana pelayanan kami hari ini?")
    auditor.look(kiosk, "exit with numbers", TABLET)
    shoot(kiosk, "exit")

    motion = Motion()
    tapped(kiosk, kiosk.locator(f"#star-{first.pk}-2"), motion)
    expect(kiosk.get_by_role("heading", name="Terima kasih")).to_be_visible()
    print(
        f"\nrating on the tablet: {motion.taps} tap, about {motion.seconds:.1f} s by the keystroke-level model"
    )
    assert motion.taps == 1
    assert motion.seconds < 5
    assert Rating.objects.get().stars == 2
    expect(desk.locator("[data-low-rating]")).to_contain_text("nilai 2 untuk")
    auditor.look(kiosk, "thanks and why", TABLET)
    shoot(kiosk, "why")
    shoot(desk, "desk-low")
    kiosk.locator(".chip", has_text="Menunggu lama").tap()
    kiosk.locator("[name=comment]").fill("Satu jam")
    kiosk.get_by_role("button", name="Kirim alasan").tap()
    kiosk.wait_for_url("**/kios/keluar/")
    expect(kiosk.locator(f"#rate-{first.pk}")).to_have_count(0)
    assert Rating.objects.get().reasons == ["time"]

    # The same from a screen that had not heard of it yet: refused kindly, and the first tap stands.
    stale.evaluate(
        "([at, token]) => { const f = document.querySelector('.rate-row'); f.action = at; "
        "const s = document.createElement('input'); s.name = 'stars'; s.value = '5'; f.append(s); f.submit(); }",
        [f"/kios/penilaian/{first.visit.token}/{first.pk}/", ""],
    )
    expect(stale.get_by_text("sudah dinilai")).to_be_visible()
    assert Rating.objects.get().stars == 2

    # Nobody touches it any more: back to the question, nothing of the one before.
    kiosk.clock.install()
    kiosk.goto("/kios/keluar/")
    kiosk.locator(f"#star-{second.pk}-5").tap()
    kiosk.locator("[name=comment]").fill("Rahasia saya")
    kiosk.clock.run_for(22_000)
    kiosk.wait_for_url("**/kios/keluar/")
    expect(kiosk.locator(".rate-row")).to_have_count(0)
    assert "Rahasia" not in kiosk.content()
    shoot(kiosk, "exit-idle")
    desk.locator("#low-seen").click()
    expect(desk.locator("[data-low-rating]")).to_have_count(0)


def gone(office) -> Visit:
    received = served(office)
    visit = received.visit
    Visit.objects.filter(pk=visit.pk).update(ended_at=timezone.now(), end_reason="finished")
    return visit


def test_one_tap_on_the_page_behind_the_tickets_code(screens, office, auditor):
    received = served(office)
    phone, motion = screens.phone(), Motion()
    phone.goto(f"/k/{received.visit.token}/")
    auditor.look(phone, "visit with stars", PAGE)
    shoot(phone, "visit-stars")
    tapped(phone, phone.locator("#rate-now-5"), motion)
    expect(phone.get_by_text("Terima kasih. Penilaian")).to_be_visible()
    expect(phone.locator("#rate-now")).to_have_count(0)
    assert (motion.taps, Rating.objects.get().stars, Rating.objects.get().channel) == (1, 5, "phone")


def test_by_the_link_in_a_mail_on_ones_own_phone(screens, office, auditor):
    visit = gone(office)
    phone = screens.phone()
    page = mailed.address(visit)
    auditor.visit(phone, f"{page}?n=4", PAGE)
    expect(phone.locator("[name=stars][value='4']")).to_be_checked()
    shoot(phone, "mail")
    phone.get_by_role("button", name="Kirim penilaian").tap()
    expect(phone.get_by_role("heading", name="Terima kasih")).to_be_visible()
    assert Rating.objects.get().stars == 4
    auditor.look(phone, "thanks by mail", PAGE)
    shoot(phone, "mail-thanks")
    motion = Motion()
    tapped(phone, phone.locator("#to-survey"), motion)
    for code in ELEMENTS[:4]:
        tapped(phone, phone.locator(f"[data-question={code}] .choice").last, motion)
    tapped(phone, phone.get_by_role("button", name="English"), motion)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Satisfaction survey")
    expect(phone.locator("input[name^=U]:checked")).to_have_count(4)
    shoot(phone, "survey-english")
    for code in ELEMENTS[4:]:
        tapped(phone, phone.locator(f"[data-question={code}] .choice").last, motion)
    phone.locator("#id_age").fill("31")
    phone.keyboard.press("Enter")  # sends; it is not the switch of languages that Enter presses
    motion.keys += 3
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    print(
        f"\nsurvey on the phone: {motion.taps} taps, about {motion.seconds:.0f} s by the keystroke-level model"
    )
    assert motion.seconds <= 60
    assert Response.objects.get().age == 31
    stop = asking.stop_address("tamu@rumah.test")
    auditor.visit(phone, stop, PAGE)
    phone.locator("main form button").tap()
    expect(phone.locator("main form")).to_have_count(0)
    assert MailStop.objects.count() == 1
    auditor.look(phone, "stopped", PAGE)


def test_without_a_script(browser, server, office):
    visit = gone(office)
    context = browser.new_context(base_url=server.url, java_script_enabled=False, locale="id-ID")
    page = context.new_page()
    page.goto(f"{mailed.address(visit)}?n=1")
    page.get_by_role("button", name="Kirim penilaian").click()
    page.locator(".chip").first.click()
    page.get_by_role("button", name="Kirim alasan").click()
    expect(page.get_by_role("heading", name="Terima kasih")).to_be_visible()
    rating = Rating.objects.get()
    assert (rating.stars, len(rating.reasons)) == (1, 1)
    context.close()


def test_the_offices_pages(screens, office, auditor):
    RatingRules.objects.create(office=office, of_officers=True)
    panel = screens.desk(office, counter=None, role="supervisor")
    now = timezone.now()
    Rating.objects.bulk_create(
        Rating(
            office=office, about="consultation", about_pk=n, service=office.services.first(), stars=1 + n % 5, at=now,
            reasons=["time", "conduct"][: n % 3], comment="Antrian lama sekali " * (1 + n % 4), channel="online",
        )
        for n in range(40)
    )  # fmt: skip
    auditor.visit(panel, "/panel/wawasan/", DESK)
    shoot(panel, "insight")
    auditor.visit(panel, "/panel/penilaian/", DESK)
    auditor.visit(panel, "/panel/penilaian/aturan/", DESK)
    panel.get_by_label(re.compile("Jarak antara dua e-mail")).fill("0")
    panel.get_by_role("button", name="Simpan aturan").click()
    expect(panel.locator(".field-error")).to_have_count(1)
    auditor.look(panel, "rules with an error", DESK)
    shoot(panel, "rules")
    panel.get_by_label(re.compile("Jarak antara dua e-mail")).fill("14")
    panel.get_by_role("button", name="Simpan aturan").click()
    expect(panel.get_by_text("Aturan penilaian disimpan.")).to_be_visible()
