"""The desk: the lines of a visit's card that are fetched when they are opened, times that tick, and where things stand."""

from __future__ import annotations

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from queueing.models import Ticket
from queueing.workflows.issue import issue
from services.audit.actors import SYSTEM
from services.guestbook.models import Visit, VisitService
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


COVERED = """() => [...document.querySelectorAll('.desk-aside :is(a, button, input, select, summary)')].filter((element) => {
    if (!element.checkVisibility() || element.type === 'hidden') return false;
    element.scrollIntoView({block: 'center'});
    const box = element.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return !(element.contains(top) || top?.contains(element) && top.closest('.desk-aside') || element.labels?.[0]?.contains(top));
}).map((element) => element.id || element.textContent)"""


def test_ten_waiting_at_1280_cover_nothing_beside_the_queue(screens, offices):
    office = offices["7411"]
    for n in range(10):
        issue(office=office, service=office.services.get(slug="library"), submission=f"n{n}", by=SYSTEM)
    desk: Page = screens.desk(office)
    desk.set_viewport_size({"width": 1280, "height": 800})
    desk.locator("#call-next").click()
    expect(desk.locator("#do-arrived")).to_be_visible()
    expect(desk.locator("#queue .queue-item")).to_have_count(9)
    desk.locator("#do-arrived").click()
    desk.mouse.move(800, 600)
    desk.mouse.wheel(0, 2000)
    assert desk.evaluate(COVERED) == []
    desk.locator(".desk-side").evaluate("(side) => side.scrollTo(0, 300)")
    expect(desk.locator("#call-next")).to_be_in_viewport(ratio=1)


def test_a_promise_says_what_is_left_or_how_late_it_is(screens, offices):
    office = offices["7411"]
    ticket = issue(office=office, service=office.services.get(slug="library"), submission="late", by=SYSTEM)
    desk: Page = screens.desk(office)
    now = timezone.now()
    for due, said in (
        (now + timedelta(minutes=4, seconds=59), "sisa 4 mnt"),
        (now - timedelta(minutes=5), "lewat 5 mnt"),
    ):
        VisitService.objects.filter(pk=ticket.received_id).update(
            clock_started_at=now - timedelta(hours=1), clock_due_at=due, clock_result="running"
        )
        desk.goto(f"/meja/?kunjungan={ticket.received.visit_id}")
        expect(desk.locator("#visit .clock-badge")).to_have_text(re.compile(rf"^\s*{said}\s*$"))
        expect(desk.locator("#queue .queue-due")).to_have_text(re.compile(rf"^\s*{said}\s*$"))
        desk.goto("/meja/kunjungan/")
        expect(desk.locator("[data-row] .clock-badge")).to_have_text(re.compile(rf"^\s*{said}\s*$"))
