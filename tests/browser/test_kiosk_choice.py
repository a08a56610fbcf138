"""What somebody chose on the tablet is not lost: on the way to the help, or while the network is away."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route, expect

from queueing.models import Ticket
from tests.browser.conftest import connected

START = re.compile(r".*/kios/(\?.*)?$")


@pytest.fixture
def office(offices):
    return offices["7411"]


def _soon_idle(route: Route) -> None:
    if route.request.method == "HEAD" or route.request.headers.get("hx-request"):
        return route.fallback()
    answer = route.fetch()
    return route.fulfill(
        response=answer, body=answer.text().replace('data-idle-seconds="60"', 'data-idle-seconds="3"')
    )


def test_help_to_choose_brings_priority_and_people_along(screens, office):
    page = screens.kiosk(office)
    page.locator("#priority").check()
    page.locator("#party").select_option("3")
    page.locator("#to-help").click()
    page.wait_for_url("**/?priority=1&party=3")
    page.locator("#help-consultation").click()
    page.wait_for_url("**/kios/tiket/**")
    ticket = Ticket.objects.get()
    assert (ticket.priority, ticket.received.visit.party_size) == (True, 3)


def test_a_tap_asks_for_the_number_and_its_page_once_and_for_nothing_else(screens, office):
    """The tablet does not answer the live events of its own number."""
    page = screens.kiosk(office)
    connected(page)
    page.wait_for_timeout(1000)  # what the stream's opening fetches is there
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {urlsplit(request.url).path}"))

    def slowly(route: Route) -> None:
        answer = route.fetch()
        page.wait_for_timeout(1500)  # the event is here before the answer
        route.fulfill(response=answer)

    page.route("**/kios/ambil/", slowly)
    page.locator("#take-consultation").tap()
    page.wait_for_url("**/kios/tiket/**")
    connected(page)
    page.wait_for_timeout(1000)
    token = Ticket.objects.get().received.visit.token
    pages = [a for a in asked if "/kios/" in a and not a.endswith("/di-sini/")]
    assert pages == ["POST /kios/ambil/", f"GET /kios/tiket/{token}/"]


def test_the_idle_timer_leaves_a_kept_choice_alone(screens, office):
    page = screens.kiosk(office)
    page.context.route(START, _soon_idle)
    page.reload()
    page.context.route("**/kios/ambil/", lambda route: route.abort())
    page.locator("#take-consultation").click()
    expect(page.locator("#pending-dialog")).to_be_visible()
    page.wait_for_timeout(5000)
    expect(page.locator("#pending-dialog")).to_be_visible()
    assert "baru" not in page.url
    page.context.unroute("**/kios/ambil/")
    page.wait_for_url("**/kios/tiket/**")
    assert Ticket.objects.count() == 1


def test_called_off_while_the_network_is_away_nobody_is_called_for_it(screens, office):
    """The number was given, but the answer got lost; the visitor cancels and goes, or chooses anew."""
    page = screens.kiosk(office)

    def lost(route: Route) -> None:
        route.fetch()
        route.abort()

    page.context.route("**/kios/ambil/", lost)
    page.context.route("**/kios/batal/", lambda route: route.abort())
    page.locator("#take-consultation").click()
    page.locator("[data-pending-cancel]").click()
    expect(page.locator("#pending-dialog")).to_be_hidden()
    assert Ticket.objects.get().state == Ticket.State.WAITING
    page.context.unroute("**/kios/batal/")
    with page.expect_response("**/kios/batal/"):
        pass
    page.wait_for_timeout(500)
    assert Ticket.objects.get().state == Ticket.State.CANCELLED
    page.context.unroute("**/kios/ambil/")
    page.locator("#take-consultation").click()
    page.wait_for_url("**/kios/tiket/**")
    assert Ticket.objects.waiting().get().number == 2


def test_chosen_anew_before_the_server_knows_there_is_one_number(screens, office):
    page = screens.kiosk(office)

    def lost(route: Route) -> None:
        route.fetch()
        route.abort()

    page.context.route("**/kios/ambil/", lost)
    page.context.route("**/kios/batal/", lambda route: route.abort())
    page.locator("#take-consultation").click()
    page.locator("[data-pending-cancel]").click()
    page.context.unroute("**/kios/ambil/")
    page.locator("#take-library").click()
    page.wait_for_url("**/kios/tiket/**")
    page.context.unroute("**/kios/batal/")
    page.locator("a[href$='?baru=1']").click()  # what was called off is told from whatever page comes next
    with page.expect_response("**/kios/batal/"):
        pass
    page.wait_for_timeout(500)
    assert [t.service.slug for t in Ticket.objects.waiting()] == ["library"]
