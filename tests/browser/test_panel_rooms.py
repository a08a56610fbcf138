"""The supervisor's rooms in a real browser: today moves by itself, a number leads to its list, a setting is put back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from pst.panel.promises import published
from queueing.workflows.issue import issue
from services.accounts.models import Membership
from services.audit.actors import SYSTEM
from services.audit.models import AuditEntry
from tests.browser.conftest import connected
from tests.browser.test_accessibility import DESK, auditor, screens
from tests.panel.worlds import FIRST, KEPT, MISSED, received

__all__ = ["auditor", "screens"]
SIZES = [*DESK, (1920, 1080)]


@pytest.fixture
def world(offices):
    office = offices["7411"]
    library = office.services.get(slug="library")
    for n in range(12):
        received(
            library,
            MISSED if n % 4 == 0 else KEPT,
            60 + 90 * (n % 4 == 0) * 5,
            FIRST + timedelta(days=n % 3, hours=n % 5),
        )
    published.save(office, period="month", by=SYSTEM)
    return office


def test_today_moves_by_itself_and_its_numbers_lead_to_their_lists(screens, offices, world):
    desk = screens.desk(world, counter=None, role="supervisor")
    desk.goto("/panel/")
    connected(desk)
    tile = desk.locator("[data-tile=waiting] .stat-value")
    expect(tile).to_have_text("0")
    for n in range(3):
        issue(office=world, service=world.services.get(slug="library"), submission=f"b{n}", by=SYSTEM)
    expect(tile).to_have_text("3")
    desk.locator("[data-tile=waiting] a").click()
    expect(desk.locator("tbody tr")).to_have_count(3)


def test_promises_trace_and_a_setting_put_back(screens, world):
    desk = screens.desk(world, counter=None, role="supervisor")
    desk.goto("/panel/janji/kunjungan/?dari=2026-03-01&sampai=2026-03-31")
    expect(desk.locator(".promise-share")).to_contain_text("75,0 % ditepati")
    desk.locator("[data-sum=missed] a").click()
    expect(desk.locator("tbody tr")).to_have_count(3)
    desk.goto("/panel/jejak/")
    desk.get_by_label("Alasan mengunduh").fill("Pemeriksaan triwulan")
    with desk.expect_download() as taken:
        desk.get_by_role("button", name="Unduh").click()
    assert taken.value.suggested_filename.endswith(".xlsx")
    desk.get_by_role("link", name="Data yang dibawa keluar").click()
    expect(desk.locator("tbody tr").first).to_contain_text("Pemeriksaan triwulan")
    desk.get_by_role("link", name="Perubahan pengaturan").click()
    desk.get_by_role("button", name="Kembalikan").click()
    expect(desk.locator("main")).to_contain_text("Pengaturan dikembalikan.")
    assert AuditEntry.objects.filter(action="setting.public_promises").count() == 2


def test_everybody_can_read_them(screens, world, offices, auditor):
    desk = screens.desk(world, counter=None, role="supervisor")
    user = Membership.objects.filter(office=world, role="supervisor").last().user
    Membership.objects.create(user=user, office=world.parent.parent, role="supervisor")
    march = "?dari=2026-03-01&sampai=2026-03-31"
    for path in (
        "/panel/", "/panel/kantor/", f"/panel/janji/{march}", f"/panel/janji/kunjungan/{march}", f"/panel/janji/kunjungan/kasus/{march}",
        "/panel/janji/publik/", "/panel/jejak/", "/panel/jejak/ekspor/", "/panel/jejak/pengaturan/",
    ):  # fmt: skip
        auditor.visit(desk, path, SIZES)
