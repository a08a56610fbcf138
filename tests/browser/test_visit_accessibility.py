"""Lockers, the guest book at the desk and personal data: axe-clean in both schemes, nothing scrolls sideways."""

from __future__ import annotations

from io import StringIO

from playwright.sync_api import expect

from pst.privacy import workflows as privacy
from services.audit.actors import SYSTEM
from services.guestbook.importing import import_visits
from services.guestbook.models import Visitor
from services.guestbook.workflows import add_service, close
from services.lockers import workflows as lockers
from tests.browser.test_accessibility import DESK, LONG_NAME, LONG_OFFICE, auditor, screens
from tests.guestbook.support import arrive
from tests.guestbook.test_importing import csv_of

__all__ = ["auditor", "screens"]  # fixtures


def test_lockers_in_every_state(screens, offices, auditor):
    office = offices["7411"]
    office.name = LONG_OFFICE
    office.save(update_fields=["name"])
    locker = {locker.number: locker for locker in office.lockers.all()}
    lockers.deposit_bag(visit=arrive(office), locker=locker[1], by=SYSTEM)
    lockers.deposit_card(visit=arrive(office), card_type="ktp", locker=locker[2], by=SYSTEM)
    gone = [arrive(office), arrive(office)]
    bags = [lockers.deposit_bag(visit=v, locker=locker[n + 3], by=SYSTEM) for n, v in enumerate(gone)]
    for visit in gone:
        close(visit, by=SYSTEM, reason="day_end")
    lockers.leave_behind(bags[0], by=SYSTEM)
    lockers.lose_key(locker[5], by=SYSTEM)
    lockers.take_out_of_service(
        locker[6], reason="Engsel pintu rusak, menunggu tukang dari kabupaten", by=SYSTEM
    )
    found = lockers.report_item(office=office, what="Payung", place="Ruang baca", by=SYSTEM)
    lockers.resolve(found, outcome="owner", by=SYSTEM)
    desk = screens.desk(office)
    auditor.look(desk, "desk before closing", DESK)
    auditor.visit(desk, "/meja/loker/", DESK)
    desk.locator("[data-locker='9'] summary").click()
    auditor.look(desk, "lockers, one open", DESK, schemes=("light",))


def test_personal_data(screens, offices, auditor):
    office = offices["7411"]
    visit = arrive(office)
    visit.visitor = Visitor.objects.create(
        office=office, name=LONG_NAME, email="z@example.test", phone="+6281399998888"
    )
    visit.save()
    asked = [
        privacy.receive(visit.visitor, kind=kind, channel="phone", by=SYSTEM)
        for kind in ("access", "correction", "erasure")
    ]
    privacy.refuse(
        privacy.receive(visit.visitor, kind="withdrawal", channel="mail", by=SYSTEM),
        answer="Bukan",
        by=SYSTEM,
    )
    desk = screens.desk(office, role="supervisor")
    auditor.visit(desk, "/meja/data-pribadi/", DESK)
    desk.get_by_label("Telepon, e-mail, atau nama").fill("z@example.test")
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="Catat").wait_for()
    auditor.look(desk, "requests, somebody found", DESK)
    for request in asked:
        auditor.visit(desk, f"/meja/data-pribadi/{request.pk}/", DESK)
    auditor.visit(desk, "/panel/data-pribadi/", DESK)
    auditor.visit(desk, f"/meja/kunjungan/{arrive(office).pk}/buku-tamu/", DESK)


def test_the_list_of_visits(screens, offices, auditor):
    office = offices["7411"]
    office.name = LONG_OFFICE
    office.save(update_fields=["name"])
    rows = [
        {"date": f"2025-03-{day:02d}", "arrived": "09:15", "service": slug, "number": f"A{day}"}
        for day in range(1, 31)
        for slug in ("library", "consultation")
    ]
    import_visits(StringIO(csv_of(*rows)), office=office, by=SYSTEM)
    left = arrive(office)
    lockers.deposit_bag(visit=left, locker=office.lockers.first(), by=SYSTEM)
    close(left, by=SYSTEM, reason="day_end")
    add_service(visit=arrive(office), service=office.services.last(), by=SYSTEM)
    desk = screens.desk(office)
    desk.get_by_role("link", name="Daftar kunjungan").click()
    expect(desk.get_by_role("table")).to_contain_text("Ditutup pada akhir hari")
    auditor.visit(desk, "/meja/kunjungan/?dari=2025-01-01", DESK)
    desk.get_by_label("Nomor antrian").fill("a 7")
    desk.get_by_role("button", name="Tampilkan").click()
    expect(desk.locator("[data-row]")).to_have_count(2)
    desk.get_by_label("Sampai tanggal").fill("2024-01-01")
    desk.get_by_role("button", name="Tampilkan").click()
    expect(desk.get_by_role("alert")).to_contain_text("Sampai tanggal")
    auditor.look(desk, "visits, dates the wrong way round", DESK, schemes=("light",))
