"""However much there is, a report's page asks the database the same few questions."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pst.reports import asked, workbook
from pst.reports.cells import shown
from pst.reports.models import Issued, Letterhead
from pst.reports.tables import Column, Table
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


def test_no_empty_letter_of_a_service_the_report_does_not_know(office, library):
    client = browser(works(office, "head", Role.SUPERVISOR))
    asked_of = f"periode=2026-m03&layanan={library.slug}"
    assert "terbitkan" not in client.get(f"/panel/laporan/loans/?{asked_of}").content.decode()
    for form in ("pdf", "xlsx"):
        answer = client.get(f"/panel/laporan/loans.{form}?{asked_of}", follow=True)
        assert answer.redirect_chain[0][0] == "/panel/laporan/loans/?periode=2026-m03"
    assert "semua layanan" in answer.content.decode()
    client.post("/panel/laporan/loans/terbitkan/", {"periode": "2026-m03", "layanan": library.slug})
    assert not Issued.objects.exists()
    listed = client.get(f"/panel/laporan/?{asked_of}").content.decode()
    assert '/panel/laporan/loans/?periode=2026-m03"' in listed
    assert f'/panel/laporan/complaints/?{asked_of.replace("&", "&amp;")}"' in listed


def test_who_oversees_but_serves_nobody_starts_with_the_offices_below(office):
    """And can still ask for the own office alone."""
    province = office.parent
    assert asked.read({}, province).scope.several
    assert not asked.read({"periode": "2026-m03"}, province).scope.several
    assert not asked.read({}, office).scope.several


def test_a_second_editor_of_the_letterhead_is_told(office):
    client = browser(works(office, "head", Role.SUPERVISOR))
    seen = client.get("/panel/laporan/kop/").context["form"]["seen"].value()
    said = {"lines": "BADAN PUSAT STATISTIK", "place": "Tirawuta", "seen": seen}
    assert client.post("/panel/laporan/kop/", said).status_code == 302
    late = client.post("/panel/laporan/kop/", {**said, "place": "Kolaka"})
    assert late.status_code == 422
    assert "Baru saja diubah orang lain" in late.content.decode()
    assert Letterhead.objects.get().place == "Tirawuta"
    again = {**said, "place": "Kolaka", "seen": late.context["form"]["seen"].value()}
    assert client.post("/panel/laporan/kop/", again).status_code == 302
    assert Letterhead.objects.get().place == "Kolaka"


def test_what_has_no_sum_is_left_empty():
    """A dash says that there is none of it."""
    table = Table(
        "k",
        "",
        "",
        [Column("Hal"), Column("n", "count"), Column("%", "share")],
        [["a", 1, None]],
        ["Jumlah", 1, None],
    )
    drawn = shown(table)
    assert [cell["text"] for cell in drawn["rows"][0]] == ["a", "1", "–"]
    assert [cell["text"] for cell in drawn["total"]] == ["Jumlah", "1", ""]


def test_sheets_are_named_without_half_words():
    taken: set[str] = set()
    names = [workbook._name("Tanggapan pertama tepat waktu: per kantor", taken) for _n in range(11)]
    assert names[:2] == ["Tanggapan pertama tepat waktu", "Tanggapan pertama tepat 2"]
    assert len(set(names)) == 11
    assert max(map(len, names)) <= 31
    assert workbook._name("x" * 40, set()) == "x" * 31


def test_several_offices_are_counted_by_whole_months(office):
    """Two sums a day apart would tell what one visitor of an office below wrote about themselves."""
    said = {"periode": "own", "dari": "2026-03-05", "sampai": "2026-04-02"}
    alone, together = asked.read(said, office), asked.read(said | {"bawah": "on"}, office.parent)
    assert (alone.scope.period.since.day, alone.scope.period.until.day) == (5, 2)
    assert together.scope.several
    assert str(together.scope.period.since) == "2026-03-01"
    assert str(together.scope.period.until) == "2026-04-30"
