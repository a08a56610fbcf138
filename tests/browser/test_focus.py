"""The desk's place under the keyboard, when a live refresh comes in the middle of an action."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from queueing.workflows.issue import issue
from services.audit.actors import SYSTEM
from services.lockers import workflows as lockers
from tests.accounts.world import sign
from tests.browser.conftest import connected
from tests.browser.test_accessibility import screens
from tests.daytime import by_day

__all__ = ["screens"]
# What stands in closed <details> has no place on the page just after it came, and one a moment later: here from the first moment on.
LAID_OUT = """(() => {
  const real = Element.prototype.getClientRects;
  Element.prototype.getClientRects = function () {
    const summary = this.matches("summary") ? null : this.closest("details:not([open])")?.querySelector("summary");
    return real.call(summary ?? this);
  };
})()"""


class Kept:
    """Answers to these requests wait until they are let go; the server has done its work by then."""

    def __init__(self, page: Page, address: str, method: str) -> None:
        self.page, self.method, self.waiting, self.open = page, method, [], False
        page.route(address, self._take)

    def _take(self, route: Route) -> None:
        if self.open or route.request.method != self.method:
            route.continue_()
        else:
            self.waiting.append((route, route.fetch()))

    def come(self) -> None:
        while not self.waiting:
            self.page.wait_for_timeout(20)

    def let_go(self) -> None:
        self.open = True
        for route, answer in self.waiting:
            route.fulfill(response=answer)


@pytest.mark.parametrize("first", ["refresh", "answer"])
def test_a_refresh_in_the_middle_of_an_action_leaves_the_focus_at_the_next_one(screens, offices, first):
    """The bag's button comes back within the closed "Tambah loker": it has the same id and takes no focus."""
    office = by_day(offices["7411"])
    ticket = issue(office=office, service=office.services.get(slug="library"), submission="keys", by=SYSTEM)
    visit = ticket.received.visit
    desk = screens.desk(office)
    desk.locator("#call-next").click()
    desk.locator("#do-arrived").click()
    expect(desk.locator("#do-guest-book")).to_be_visible()
    sign(visit, SYSTEM)
    lockers.deposit_card(visit=visit, card_type="ktp", locker=office.lockers.first(), by=SYSTEM)
    desk.add_init_script(LAID_OUT)
    desk.goto("/meja/")
    connected(desk)
    bag, piece = f"**/meja/kunjungan/{visit.pk}/titip-tas/", f"**/meja/kunjungan/{visit.pk}/"
    desk.locator("#do-bag-in").focus()
    kept = Kept(desk, bag, "POST") if first == "refresh" else Kept(desk, piece, "GET")
    if first == "refresh":
        desk.keyboard.press("Enter")
    else:
        with desk.expect_response(bag):
            desk.keyboard.press("Enter")
    kept.come()
    after = desk.locator(f"#do-start-{ticket.received_id}")
    if first == "refresh":
        expect(after).to_be_focused()
    else:
        expect(desk.locator("#do-bag-in")).to_be_focused()
    kept.let_go()
    expect(after).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="Layanan selesai")).to_be_focused()
