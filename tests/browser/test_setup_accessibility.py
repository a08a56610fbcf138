"""The rooms of the set-up: WCAG 2.2 AA (axe) light and dark, no sideways scrolling, with long names and when empty."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from playwright.sync_api import expect

from services.accounts import staff
from services.accounts.models import Membership, Role, User
from services.audit.actors import SYSTEM
from services.guestbook import answers
from services.guestbook.models import ReferenceItem
from services.offices import founding
from services.offices.models import Office
from tests.browser.test_accessibility import DESK, LONG_NAME, LONG_OFFICE, auditor, screens

__all__ = ["auditor", "screens"]  # fixtures

ROOMS = (
    "", "mulai/", "kantor/?mulai=1", "jam/", "jam/tanggal/", "kalender/", "layanan/", "layanan/baru/", "layanan/library/",
    "loket/", "loket/baru/", "loker/", "petugas/", "piket/", "perangkat/", "saluran/", "daftar/", "tiket-uji/",
)  # fmt: skip
EMPTY = ("", "jam/", "layanan/", "loket/", "loker/", "piket/", "saluran/", "tiket-uji/")


@pytest.fixture
def furnished(offices, make_user):
    office = offices["7411"]
    Office.objects.filter(pk=office.pk).update(name=LONG_OFFICE)
    colleague = make_user(office)
    colleague.name = LONG_NAME
    colleague.save()
    staff.invite(office=office, email=f"{'a' * 60}@bps.test", name=LONG_NAME, role=Role.FRONTLINER, by=SYSTEM)
    office.duties.create(
        user=colleague, weekday=0, starts=time(8), ends=time(12), counter=office.counters.first()
    )
    soon = office.today() + timedelta(days=3)
    office.hours_exceptions.create(date=soon, reason="Rapat koordinasi " * 9)
    office.calendar_days.create(date=soon, kind="local", name="Hari jadi kabupaten " * 8)
    return office, colleague


def test_the_rooms_of_an_office_and_of_one_that_has_nothing_yet(screens, furnished, auditor, make_user):
    office, colleague = furnished
    page = screens.desk(office, counter=None, role="supervisor")
    person = colleague.memberships.get().pk
    for room in (*ROOMS, f"petugas/{person}/"):
        auditor.visit(page, f"/panel/atur/{room}", [DESK[0], DESK[2]])
    new = founding.found(code="9471", level="city", name="BPS Kota Jayapura", area="Jayapura", by=SYSTEM)
    new.hours.all().delete()
    Membership.objects.filter(role=Role.SUPERVISOR).update(office=new)
    for room in EMPTY:
        auditor.visit(page, f"/panel/atur/{room}", [DESK[2]], schemes=("light",))
    expect(page.get_by_text("BPS Kota Jayapura").first).to_be_visible()
    User.objects.update(is_superuser=True)
    answer = _answers(office.today())
    for path in ("semua-kantor/", "hari-nasional/", "daftar/", "jawaban/job/", f"jawaban/ubah/{answer.pk}/"):
        auditor.visit(page, f"/panel/atur/{path}", [DESK[0], DESK[2]])


def _answers(today: date) -> ReferenceItem:
    """One that was reworded, one that will end, one that has ended, one to come."""
    rows = {row.code: row for row in answers.offered(answers.rows_of("job"), today)}
    long = {"label": "Peneliti " * 13, "label_en": "Researcher " * 10}
    soon = today + timedelta(days=9)
    reworded = answers.reword(rows["student"], day=today, by=SYSTEM, **long)
    answers.retire(rows["researcher"], day=soon, today=today, by=SYSTEM)
    answers.retire(rows["private"], day=today, today=today, by=SYSTEM)
    answers.add("job", label="Petani", label_en="Farmer", day=soon, by=SYSTEM)
    return reworded
