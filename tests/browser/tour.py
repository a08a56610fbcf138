"""`make tour`: the screenshots of the README, taken from the running software. Not part of the tests."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page

from library import demo
from library.search import index
from library.workflows.circulation import read_here
from queueing.workflows import desk as work
from queueing.workflows.issue import issue
from services.audit.actors import SYSTEM
from services.guestbook.models import ConsentWording
from services.guestbook.workflows import sign
from tests.browser.conftest import connected, scan
from tests.daytime import by_day

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "screenshots"


def shoot(page: Page, name: str) -> None:
    page.wait_for_timeout(700)
    page.screenshot(path=PICTURES / f"{name}.png")


def test_tour(screens, offices):
    office = by_day(offices["7411"])
    library, consultation = office.services.get(slug="library"), office.services.get(slug="consultation")
    now = timezone.now()
    for n, (service, ago) in enumerate(
        [(library, 14), (consultation, 11), (library, 9), (library, 4), (consultation, 2)]
    ):
        issue(
            office=office, service=service, submission=f"tour{n}", by=SYSTEM, at=now - timedelta(minutes=ago)
        )
    kiosk, tv, desk = screens.kiosk(office), screens.tv(office), screens.desk(office)
    connected(kiosk, tv, desk)
    shoot(kiosk, "kiosk")
    kiosk.get_by_role("button", name="Perpustakaan").tap()
    kiosk.wait_for_url("**/kios/tiket/**")
    shoot(kiosk, "kiosk-ticket")
    desk.get_by_role("button", name="Panggil berikutnya").click()
    tv.locator("[data-now=A001]").wait_for()
    shoot(tv, "tv")
    ticket = office.tickets.get(state="called")
    phone = screens.phone()
    phone.goto(f"/k/{office.tickets.get(prefix='B', number=1).received.visit.token}/")
    shoot(phone, "phone")
    kiosk.goto(f"/kios/buku-tamu/{ticket.received.visit.token}/")
    shoot(kiosk, "kiosk-guest-book")
    work.arrived(ticket, by=SYSTEM)
    sign(
        visit=ticket.received.visit, person={"name": "Wahyu Lestari"}, answers={}, consent=True,
        wording=ConsentWording.objects.first(), channel="desk", by=SYSTEM,
    )  # fmt: skip
    desk.locator("[data-step=card_deposit][data-state=current]").wait_for()
    shoot(desk, "desk")
    public = screens.phone(viewport={"width": 1280, "height": 860}, is_mobile=False)
    public.goto("/7411/")
    shoot(public, "office")
    panel = screens.desk(office, counter=None, role="supervisor")
    panel.goto(f"/panel/standar/{library.standard.pk}/")
    shoot(panel, "panel")


def test_tour_of_the_library(screens, offices):
    office = by_day(offices["1906"])
    demo.furnish(office)
    index.refresh_words()
    public = screens.phone(viewport={"width": 1280, "height": 860}, is_mobile=False)
    public.goto("/cari/?q=ipm+belitung+timur")
    shoot(public, "search")
    visit = issue(office=office, service=office.services.get(slug="library"), submission="tour", by=SYSTEM)
    sign(
        visit=visit.received.visit, person={"name": "Wahyu Lestari", "phone": "+6281234567890"}, answers={}, consent=True,
        wording=ConsentWording.objects.first(), channel="desk", by=SYSTEM,
    )  # fmt: skip
    copies = list(office.copies.order_by("pk")[:3])
    read_here(copies[1], by=SYSTEM, visit=visit.received.visit)
    desk = screens.desk(office, counter=None)
    desk.goto("/meja/pustaka/")
    scan(desk, copies[0].barcode)
    shoot(desk, "library")
