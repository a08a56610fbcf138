"""Paper guest books from the keyboard, and the supervisor's interruptions; both under test_accessibility's eyes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from services.audit.actors import SYSTEM
from services.guestbook import interruptions
from services.guestbook.models import Interruption, Visit
from tests.browser.test_accessibility import DESK, LONG_OFFICE, auditor, screens
from tests.daytime import by_day

__all__ = ["auditor", "screens"]


@pytest.fixture
def office(offices):
    return by_day(offices["7411"])


def test_a_paper_guest_book_is_entered_from_the_keyboard(screens, office):
    desk = screens.desk(office, counter=None)
    desk.get_by_role("link", name="Buku tamu kertas").click()
    desk.wait_for_url("**/meja/kertas/")
    yesterday = office.today() - timedelta(days=1)
    desk.get_by_label("Tanggal").fill(str(yesterday))
    desk.get_by_label("Perpustakaan").focus()
    desk.keyboard.press("Space")
    desk.keyboard.press("Tab")
    for n in range(2):  # the service and the day are there already for the second
        expect(desk.get_by_label("Datang pukul")).to_be_focused()
        for typed in ("0800", "0810", "0830"):
            desk.keyboard.type(typed)
            desk.keyboard.press("Tab")
        desk.keyboard.press("Enter")
        desk.wait_for_url("**/buku-tamu/")
        expect(desk.get_by_text("Tercatat. Sekarang isi buku tamunya.")).to_be_visible()
        desk.get_by_text("Tidak; layani saya tanpa mencatat data pribadi").click()
        desk.get_by_role("button", name="Simpan").first.click()
        desk.wait_for_url("**/meja/kertas/?*")
        expect(desk.get_by_label("Tanggal")).to_have_value(str(yesterday))
        expect(desk.locator("[data-entered] li")).to_have_count(n + 1)
    assert Visit.objects.filter(day=yesterday, guest_book_channel="paper").count() == 2


def test_both_pages_read_well(screens, office, auditor):
    office.name = LONG_OFFICE
    office.save(update_fields=["name"])
    now = timezone.now()
    for kind in Interruption.Kind.values:
        since = now - timedelta(hours=1)
        one = interruptions.record(
            office=office, kind=kind, started_at=since, ended_at=since + timedelta(minutes=5), by=SYSTEM,
            note="Gardu di Jalan Poros rusak sejak pagi, teknisi datang pukul sembilan",
        )  # fmt: skip
    interruptions.withdraw(one, by=SYSTEM)
    boss = screens.desk(office, counter=None, role="supervisor")
    auditor.visit(boss, "/panel/antrian/", DESK)
    auditor.visit(boss, "/panel/gangguan/", DESK)
    boss.get_by_label("Dari pukul").fill("99")
    boss.get_by_role("button", name="Catat gangguan").click()
    expect(boss.get_by_text("Periksa isian berikut")).to_be_visible()
    auditor.look(boss, "interruption with errors", DESK)
    auditor.visit(boss, "/meja/kertas/", DESK)
    boss.get_by_label("Datang pukul").fill("99")
    boss.keyboard.press("Enter")
    expect(boss.get_by_text("Periksa isian berikut")).to_be_visible()
    auditor.look(boss, "paper entry with errors", DESK)
