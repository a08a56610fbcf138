"""The lines of a visit's card that are fetched when they are opened: their buttons send what they say."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from queueing.models import Ticket
from queueing.workflows.issue import issue
from services.audit.actors import SYSTEM
from services.guestbook.models import Visit
from tests.browser.conftest import connected


def test_another_service_and_passing_on(screens, offices):
    """A form in them must not inherit where the line itself is put: there is no such place in it, nothing was sent."""
    office = offices["7411"]
    issue(office=office, service=office.services.get(slug="library"), submission="line", by=SYSTEM)
    desk: Page = screens.desk(office)
    connected(desk)
    desk.get_by_role("button", name="Panggil berikutnya").click()
    desk.get_by_role("button", name="Sudah datang").click()
    expect(desk.locator("[data-visit]")).to_contain_text("Di loket")

    desk.get_by_text("Tindakan lain").click()
    desk.get_by_role("button", name="Tambah Konsultasi Statistik").click()
    expect(desk.locator(".visit-services")).to_contain_text("Konsultasi Statistik")
    assert Visit.objects.get().services.count() == 2

    desk.locator(".pass-on-to summary").click()
    desk.get_by_label("Ke", exact=True).select_option("service:consultation")
    desk.locator("#do-transfer").click()
    expect(desk.locator("#queue .queue-item")).to_contain_text("Konsultasi Statistik")
    assert Ticket.objects.get().service.slug == "consultation"
