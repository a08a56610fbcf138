"""However much there is, a report's page asks the database the same few questions."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pst.reports import asked
from services.accounts.models import Role
from tests.complaints.support import browser, lodge, works
from tests.consultation.support import ask
from tests.library.support import title
from tests.reports.support import at
from tests.reports.test_library import reading

pytestmark = pytest.mark.django_db
MOST = 15


def test_fifteen_questions_a_page_whatever_is_there(office):
    for n in range(3):
        when = f"2026-03-0{n + 2} 09:00"
        lodge(office, when, f"Kipas {n}")
        ask(office, at(office, when))
        reading(office, title(office, f"Judul {n}"), when)
    client = browser(works(office, "head", Role.SUPERVISOR))
    client.get("/panel/laporan/loans/?periode=2026-m03")
    asked = {}
    for key in ("library", "loans", "downloads", "consultations", "complaints"):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/panel/laporan/{key}/?periode=2026-m03").status_code == 200
        asked[key] = len(seen)
    assert {key: n for key, n in asked.items() if n > MOST} == {}, asked


def test_a_report_that_knows_no_services_says_so(office, library):
    client = browser(works(office, "head", Role.SUPERVISOR))
    page = client.get(f"/panel/laporan/loans/?periode=2026-m03&layanan={library.slug}").content.decode()
    assert "tidak dibedakan menurut layanan" in page
    page = client.get(f"/panel/laporan/complaints/?periode=2026-m03&layanan={library.slug}").content.decode()
    assert "tidak dibedakan menurut layanan" not in page


def test_several_offices_are_counted_by_whole_months(office):
    """Two sums a day apart would tell what one visitor of an office below wrote about themselves."""
    said = {"periode": "own", "dari": "2026-03-05", "sampai": "2026-04-02"}
    alone, together = asked.read(said, office), asked.read(said | {"bawah": "on"}, office.parent)
    assert (alone.scope.period.since.day, alone.scope.period.until.day) == (5, 2)
    assert together.scope.several
    assert str(together.scope.period.since) == "2026-03-01"
    assert str(together.scope.period.until) == "2026-04-30"
