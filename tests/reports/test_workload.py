"""What officers did, against SQL of its own; of several offices no officer is named, and it goes to supervisors alone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.models import Complaint, ComplaintStep
from consultation.models import Consultation, Message
from library.models import Copy, Loan, LoanStep, Publication
from pst.reports import catalogue, scheduling
from pst.reports.forms import ScheduleForm
from pst.reports.kinds import workload
from pst.reports.models import Schedule
from pst.reports.scope import Scope
from queueing.models import Duty
from services.audit.actors import SYSTEM
from services.guestbook.models import Visit, VisitService
from services.mail.models import Outgoing
from services.periods import Period

pytestmark = pytest.mark.django_db
MARCH = Period("own", date(2026, 3, 1), date(2026, 3, 31))
AFTER = datetime.fromisoformat("2026-05-01T02:00+00:00")


def given(service, officer, day: int, minutes: int, **more) -> VisitService:
    office = service.office
    at = datetime(2026, 3, day, 9, tzinfo=office.zone)
    visit = Visit.objects.create(
        office=office, day=at.date(), arrived_at=at, entered_at=more.pop("entered", None)
    )
    return VisitService.objects.create(
        visit=visit, office=office, service=service, officer=officer, state=more.pop("state", "done"), started_at=at,
        ended_at=at + timedelta(minutes=minutes), **more,
    )  # fmt: skip


def answered(office, officer, day: int, number: str, times: int = 1) -> None:
    at = datetime(2026, 3, day, 10, tzinfo=office.zone)
    row = Consultation.objects.create(
        office=office, number=number, channel="portal", subject="s", submitted_at=at, updated_at=at
    )
    for n in range(times):
        Message.objects.create(
            consultation=row,
            kind="officer",
            channel="portal",
            body="b",
            at=at + timedelta(hours=n),
            by_user=officer,
        )


def lent(office, officer, kind: str) -> None:
    at = datetime(2026, 3, 5, 10, tzinfo=office.zone)
    book = Publication.objects.create(title="Buku", keeper=office)
    copy = Copy.objects.create(
        office=office, publication=book, barcode=f"9{Copy.objects.count()}", state="out"
    )
    loan = Loan.objects.create(office=office, copy=copy, kind=kind, out_at=at, due_on=at.date())
    LoanStep.objects.create(subject=loan, state="out", at=at, by_user=officer, actor="officer")


def complained(office, officer, about=None) -> None:
    at = datetime(2026, 3, 6, 10, tzinfo=office.zone)
    n = Complaint.objects.count()
    row = Complaint.objects.create(
        office=office, place=office, number=f"P{n}", secret_hash="x", submission=f"s{n}", channel="online", text="t", state="answered",
        created_at=at, updated_at=at, decided_at=at, handler=officer,
    )  # fmt: skip
    if about:
        row.about.add(about)
    ComplaintStep.objects.create(subject=row, state="answered", at=at, by_user=officer, actor="officer")


@pytest.fixture
def ana(make_user, office):
    user = make_user(office)
    user.name = "Ana"
    user.save()
    return user


@pytest.fixture
def busy(office, library, consultation, frontliner, ana) -> None:
    """Ana: three services (one typed in from paper) on two days, two answers, two books, a complaint. The other: one service."""
    given(library, ana, 2, 10)
    given(library, ana, 2, 20)
    given(consultation, ana, 3, 500, entered=AFTER)
    given(library, ana, 4, 5, state="waiting")
    given(library, frontliner, 4, 7)
    answered(office, ana, 5, "K1", times=3)
    answered(office, ana, 6, "K2")
    for kind in ("loan", "permission", "reading"):
        lent(office, ana, kind)
    complained(office, ana)


def rows(office, offices=None) -> dict[str, list]:
    with time_machine.travel(AFTER, tick=False):
        table = next(iter(catalogue.get("workload").tables(Scope(office, offices or [office], MARCH))))
    return {row[0]: row[1:] for row in [*table.rows, *([table.total] if table.total else [])]}


def test_by_hand_and_by_name(office, busy, frontliner):
    found = rows(office)
    assert found["Ana"] == [3, 30.0, 2, 2, 1, 2, 0]
    assert found[frontliner.name] == [1, 7.0, 0, 0, 0, 1, 0]
    assert [*found] == ["Ana", frontliner.name, "Jumlah"]


def test_by_independent_sql(office, busy):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), sum(extract(epoch FROM s.ended_at - s.started_at) / 60) FILTER (WHERE v.entered_at IS NULL) "
            "FROM guestbook_visitservice s JOIN guestbook_visit v ON v.id = s.visit_id WHERE s.office_id = %s AND s.state = 'done'", [office.pk],
        )  # fmt: skip
        count, minutes = cursor.fetchone()
    assert rows(office)["Jumlah"][:2] == [count, float(minutes)]


def test_the_whole_is_that_of_the_report_of_visits(office, busy):
    scope = Scope(office, [office], MARCH)
    services = next(t for t in catalogue.get("visits").tables(scope) if t.key == "services")
    assert services.total[3] == rows(office)["Jumlah"][0] == 4


@pytest.mark.parametrize("column", range(7))
def test_the_parts_sum_to_the_whole(office, busy, column):
    found = rows(office)
    total = found.pop("Jumlah")
    assert sum(row[column] for row in found.values()) == total[column]


def test_days_of_duty(office, ana, frontliner):
    """Monday to Friday by the week but for one Monday, which Ana has twice; a holiday is nobody's; a Sunday only where it is said."""
    for weekday in range(5):
        Duty.objects.create(office=office, user=ana, weekday=weekday, starts=time(8), ends=time(12))
    for hour in (8, 13):
        Duty.objects.create(
            office=office, user=ana, date=date(2026, 3, 2), starts=time(hour), ends=time(hour + 1)
        )
    Duty.objects.create(office=office, user=frontliner, date=date(2026, 3, 1), starts=time(8), ends=time(9))
    open_days = [d for d in range(1, 32) if _open(office, date(2026, 3, d))]
    found = rows(office)
    assert found["Ana"][6] == len(open_days) < 22  # Nyepi and Idulfitri
    assert found[frontliner.name][6] == 1


def _open(office, day: date) -> bool:
    from services.offices.calendar import OfficeCalendar

    return OfficeCalendar(office).hours_on(day) is not None


def test_days_of_duty_to_come_are_not_counted(office, ana):
    Duty.objects.create(office=office, user=ana, date=date(2026, 3, 20), starts=time(8), ends=time(9))
    with time_machine.travel(datetime.fromisoformat("2026-03-10T02:00+00:00"), tick=False):
        table = next(iter(workload.build(Scope(office, [office], MARCH))))
    assert [row[7] for row in table.rows] == []


@pytest.mark.parametrize("role", ["supervisor", "frontliner"])
def test_a_complaint_about_who_reads_the_report_now_or_one_day_is_in_no_number(office, busy, make_user, role):
    complained(office, make_user(office), about=make_user(office, role))
    assert rows(office)["Jumlah"][4] == 1


def test_of_several_offices_nobody_is_named(office, offices, busy, ana):
    other = offices["6571"]
    given(other.services.first(), ana, 9, 3)
    found = rows(office, [office, other])
    assert "Ana" not in found
    assert found[office.name] == [4, 37.0, 2, 2, 1, 3, 0, 2]
    assert found[other.name] == [1, 3.0, 0, 0, 0, 1, 0, 1]


def test_it_says_that_it_is_no_ranking_and_draws_nothing(office, busy):
    (table,) = catalogue.get("workload").tables(Scope(office, [office], MARCH))
    assert table.chart is None
    assert "Bukan peringkat" in table.definition


def test_questions_do_not_grow_with_the_offices(office, offices, busy):
    counts = []
    for chosen in ([office, offices["6571"]], list(offices.values())):
        with CaptureQueriesContext(connection) as queries:
            list(workload.build(Scope(office, chosen, MARCH)))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


class TestOnlyForSupervisors:
    @pytest.mark.parametrize("report", ["workload", "all"])
    def test_it_is_mailed_to_no_other(self, office, make_user, report):
        head, officer = make_user(office, "supervisor"), make_user(office)
        wrong = ScheduleForm(
            {"report": report, "every": "m", "people": [head.pk, officer.pk]},
            office=office,
            instance=Schedule(office=office),
        )
        assert not wrong.is_valid()
        assert officer.name in str(wrong.errors["people"])
        right = ScheduleForm(
            {"report": report, "every": "m", "people": [head.pk]},
            office=office,
            instance=Schedule(office=office),
        )
        assert right.is_valid()

    def test_other_reports_may_go_to_officers(self, office, make_user):
        form = ScheduleForm(
            {"report": "visits", "every": "m", "people": [make_user(office).pk]},
            office=office,
            instance=Schedule(office=office),
        )
        assert form.is_valid()

    def test_who_is_a_supervisor_no_more_gets_it_no_more(self, office, make_user):
        head, once = make_user(office, "supervisor"), make_user(office, "supervisor")
        begun = datetime(2026, 3, 10, 9, tzinfo=office.zone)
        scheduling.save(Schedule(office=office, report="workload"), [head, once], by=SYSTEM, at=begun)
        once.memberships.update(role="frontliner")
        assert scheduling.send_due(begun + timedelta(days=25)) == 1
        assert [mail.to for mail in Outgoing.objects.filter(kind="report_due")] == [head.email]
