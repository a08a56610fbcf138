"""What every report has: hidden small numbers, agreeing totals, files with types, a number of its own, a schedule."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader

from pst.reports import catalogue, issuing, making, scheduling
from pst.reports.cells import words
from pst.reports.forms import ScheduleForm
from pst.reports.models import Issued, Letterhead, Schedule
from pst.reports.scope import Scope
from pst.reports.tables import FEW, FEWEST, Column, Table, hide_few, with_shares
from services.audit.actors import SYSTEM, Actor
from services.audit.models import AuditEntry
from services.guestbook.models import Visit
from services.mail.models import Outgoing
from services.periods import Period, of_kind

COLUMNS = [Column("Kelompok"), Column("Orang", "count"), Column("Bagian", "share")]


def table(counts: list[int], *, people: bool = True) -> Table:
    rows = with_shares((f"k{n}", count) for n, count in enumerate(counts))
    return Table("t", "Tabel", "Definisi.", COLUMNS, rows, total=["Jumlah", sum(counts), None], people=people)


class TestHidingFew:
    @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(st.lists(st.integers(0, 12), max_size=8))
    def test_nothing_below_five_is_told_or_follows_from_the_total(self, counts):
        found = hide_few(table(counts))
        told = [row[1] for row in found.rows if row[1] != FEW]
        assert all(n == 0 or n >= FEWEST for n in told)
        hidden = sum(counts) - sum(told)
        assert len(told) == len(counts) or hidden >= FEWEST or hidden == sum(counts)
        assert all(row[1:] == [FEW, FEW] for row in found.rows if row[1] == FEW)

    def test_what_is_not_about_people_is_told(self):
        assert hide_few(table([1, 2], people=False)).rows[0][1] == 1

    def test_a_single_small_one_takes_the_next_with_it(self):
        assert [row[1] for row in hide_few(table([3, 20, 7, 0])).rows] == [FEW, 20, FEW, 0]


class TestCells:
    @pytest.mark.parametrize(
        ("cell", "kind", "said"),
        [
            (1234, "count", "1.234"), (0.125, "share", "12,5 %"),
            (104 / 300, "share", "34,7 %"), (7.25, "minutes", "7,3"), (88.3, "index", "88,30"),
            ("2026-11-02", "date", "2 Nov 2026"), (None, "count", "–"), (FEW, "share", "<5"), ("=1+1", "text", "=1+1"),
        ],
    )  # fmt: skip
    def test_in_indonesian(self, cell, kind, said):
        assert words(cell, kind) == said


@pytest.fixture
def period() -> Period:
    return Period("own", date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def scope(office, period) -> Scope:
    return Scope(office, [office], period)


def visit(office, day: date, **more) -> Visit:
    at = timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 9), office.zone)
    return Visit.objects.create(office=office, day=day, arrived_at=at, **more)


@pytest.mark.django_db
class TestEveryReport:
    @pytest.mark.parametrize("key", [report.key for report in catalogue.all_reports()])
    def test_empty_and_on_paper_and_in_excel(self, scope, key):
        parts = making.parts(key, scope)
        assert all(table.definition for _title, tables in parts for table in tables)
        pages = PdfReader(BytesIO(making.as_pdf(key, scope, parts, day=date(2026, 4, 1))))
        assert "Pratinjau" in pages.pages[0].extract_text()
        assert pages.trailer["/Root"]["/MarkInfo"]["/Marked"]
        book = load_workbook(BytesIO(making.as_xlsx(key, scope, parts)))
        assert len(book.sheetnames) == 1 + sum(len(tables) for _title, tables in parts)

    def test_keys_and_sheet_names_differ(self):
        keys = [report.key for report in catalogue.all_reports()]
        assert len(keys) == len(set(keys))
        assert making.ALL not in keys


@pytest.mark.django_db
class TestExcel:
    def test_numbers_and_days_are_such(self, scope, office):
        for day in range(1, 8):
            visit(office, date(2026, 3, day))
        book = load_workbook(BytesIO(making.as_xlsx("visits", scope, making.parts("visits", scope))))
        sheet = book["Menurut hari"]
        assert sheet["A4"].is_date
        assert sheet["A4"].value.date() == date(2026, 3, 1)
        assert (sheet["B4"].value, sheet["B4"].data_type) == (1, "n")
        assert sheet["B11"].value == 7
        assert book["Menurut jam kedatangan"]["C4"].number_format == "0.0%"

    def test_no_formula(self, scope):
        from pst.reports.workbook import workbook

        bad = Table(
            "t", "=Tabel[1]:*", "d", [Column("=A"), Column("n", "count")], [["=1+1", 3], ["@x", 2]], ["=2", 5]
        )
        book = load_workbook(BytesIO(workbook("=judul", ["=baris"], [bad, bad])))
        assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


@pytest.mark.django_db
class TestIssued:
    def test_numbered_kept_and_traced(self, scope, office):
        visit(office, date(2026, 3, 2))
        first = issuing.issue("visits", scope, by=SYSTEM)
        visit(office, date(2026, 3, 3))
        second = issuing.issue("all", scope, by=SYSTEM)
        assert (first.number, second.number) == (1, 2)
        text = PdfReader(BytesIO(first.pdf.read())).pages[0].extract_text()
        assert first.register_number in text
        assert AuditEntry.objects.filter(action="report.issued").count() == 2
        assert Issued.objects.get(pk=first.pk).sha256 != second.sha256

    def test_a_double_click_is_one_report_and_the_next_minute_another(self, scope, office, make_user):
        by = Actor("officer", user_id=make_user(office, "supervisor").pk)
        at = timezone.now()
        first = issuing.issue("visits", scope, by=by, at=at)
        again = issuing.issue("visits", scope, by=by, at=at + timedelta(seconds=5))
        other = issuing.issue("queue", scope, by=by, at=at + timedelta(seconds=6))
        later = issuing.issue("visits", scope, by=by, at=at + timedelta(minutes=2))
        assert again.pk == first.pk
        assert [first.number, other.number, later.number] == [1, 2, 3]
        assert AuditEntry.objects.filter(action="report.issued").count() == 3

    def test_letterhead_and_signature_on_paper(self, scope, office):
        Letterhead.objects.create(
            office=office, lines="BADAN PUSAT STATISTIK\nBARIS DUA", place="Kolaka", signer_title="Kepala"
        )
        text = PdfReader(BytesIO(issuing.issue("visits", scope, by=SYSTEM).pdf.read()))
        whole = "".join(page.extract_text() for page in text.pages)
        assert "BARIS DUA" in whole
        assert "Kolaka," in whole


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_two_numbers(office, period):
    scope = Scope(office, [office], period)
    made: list[Issued] = []

    def one() -> None:
        try:
            made.append(issuing.issue("visits", scope, by=SYSTEM))
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(row.number for row in made) == [1, 2, 3]
    for row in made:
        assert row.register_number in PdfReader(BytesIO(row.pdf.read())).pages[0].extract_text()


@pytest.mark.django_db
class TestSchedule:
    def test_sent_once_after_the_period_to_officers_of_the_office(self, office, make_user):
        person, gone = make_user(office, "supervisor"), make_user(office, "supervisor")
        begun = timezone.make_aware(timezone.datetime(2026, 3, 10, 9), office.zone)
        schedule = scheduling.save(
            Schedule(office=office, report="visits"), [person, gone], by=SYSTEM, at=begun
        )
        gone.memberships.all().delete()
        assert scheduling.send_due(begun) == 0
        later = begun + timedelta(days=25)
        assert scheduling.send_due(later) == 1
        assert scheduling.send_due(later) == 0
        mails = Outgoing.objects.filter(kind="report_due")
        assert [mail.to for mail in mails] == [person.email]
        assert [a["name"].rpartition(".")[2] for a in mails[0].attachments] == ["pdf", "xlsx"]
        schedule.refresh_from_db()
        assert schedule.last.since == date(2026, 3, 1)

    def test_one_that_fails_is_made_at_the_next_hour(self, office, monkeypatch):
        at = timezone.make_aware(timezone.datetime(2026, 4, 2, 9), office.zone)
        schedule = Schedule.objects.create(office=office, report="visits")

        def broken(*_args, **_more):
            raise OSError("disk full")

        with monkeypatch.context() as patch:
            patch.setattr(issuing, "issue", broken)
            with pytest.raises(OSError, match="disk full"):
                scheduling.make(schedule, schedule.due(office.today(at))[0], at=at)
        assert scheduling.send_due(at) == 1

    def test_one_that_fails_keeps_no_other_from_going(self, office, offices, monkeypatch):
        at = timezone.make_aware(timezone.datetime(2026, 4, 2, 9), office.zone)
        for each in (offices["1906"], office):
            Schedule.objects.create(office=each, report="visits")
        real = issuing.issue

        def broken(key, scope, **more):
            if scope.office != office:
                raise OSError("disk full")
            return real(key, scope, **more)

        monkeypatch.setattr(issuing, "issue", broken)
        assert scheduling.send_due(at) == 1
        assert [row.office for row in Issued.objects.all()] == [office]

    def test_figures_of_the_offices_below_go_to_supervisors_alone(self, offices, office, make_user):
        """Also when somebody was made a frontliner since."""
        top = office.parent
        person, other = make_user(top, "supervisor"), make_user(top, "supervisor")
        frontliner = make_user(top)
        said = {"report": "visits", "every": "m", "below": "on"}
        form = ScheduleForm(
            said | {"people": [person.pk, frontliner.pk]}, office=top, instance=Schedule(office=top)
        )
        assert "people" in form.errors
        schedule = Schedule.objects.create(office=top, report="visits", below=True)
        schedule.people.set([person, other])
        other.memberships.update(role="frontliner")
        scheduling.send_due(timezone.make_aware(timezone.datetime(2026, 4, 2, 9), top.zone))
        assert [mail.to for mail in Outgoing.objects.filter(kind="report_due")] == [person.email]


@pytest.fixture
def supervisor(make_user, office) -> Client:
    client = Client()
    client.force_login(make_user(office, "supervisor"), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.django_db
class TestPages:
    def test_one_report_on_screen_with_its_period(self, supervisor, office):
        month = of_kind("m", office.today())
        page = supervisor.get(f"/panel/laporan/visits/?periode={month.key}").content.decode()
        assert month.label in page
        assert "Menurut layanan" in page

    def test_unknown_report(self, supervisor):
        assert supervisor.get("/panel/laporan/tidak-ada/").status_code == 404
        assert supervisor.get("/panel/laporan/tidak-ada.pdf").status_code == 404

    def test_own_days_the_wrong_way_round_are_told(self, supervisor):
        answer = supervisor.get("/panel/laporan/?periode=own&dari=2026-03-05&sampai=2026-03-01")
        assert answer.status_code == 422
        assert "Isi kedua tanggal" in answer.content.decode()

    def test_no_number_for_days_that_are_none(self, supervisor):
        said = {"periode": "own", "dari": "2026-03-31", "sampai": "2026-03-01"}
        answer = supervisor.post("/panel/laporan/visits/terbitkan/", said, follow=True)
        assert "Periode itu tidak ada" in answer.content.decode()
        assert not Issued.objects.exists()

    def test_handed_in_by_one_click_and_fetched(self, supervisor, office):
        answer = supervisor.post("/panel/laporan/all/terbitkan/", {"periode": "2026-m03"})
        assert answer.status_code == 302
        row = Issued.objects.get(office=office)
        file = supervisor.get(f"/panel/laporan/terbit/{row.pk}.pdf")
        assert b"".join(file.streaming_content).startswith(b"%PDF")
        assert AuditEntry.objects.filter(action="export.issued_report").exists()
