"""The demo year, small: everything is there, no rule of the software is broken, and it can be made again and taken away."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from complaints.clocks import Clocks
from complaints.models import Complaint
from consultation.models import Consultation, Round
from library.models import MarkedCopy
from pst.demo_year import check, figures, remove, run
from pst.demo_year.plan import Plan
from queueing.models import Ticket
from services.accounts.models import User
from services.audit.models import AuditEntry
from services.guestbook import clocks, interruptions
from services.guestbook.models import Interruption, Visit, VisitService
from services.mail.models import Outgoing
from services.offices.calendar import OfficeCalendar
from services.surveys.models import Published
from tests.conftest import demo_offices
from tests.panel import softcopies

# Long over: a test must not depend on the day it runs. A whole quarter lies in it, and the bad month.
END, DAYS, VISITS = date(2026, 7, 20), 120, 480
SMALL = Plan(END, DAYS, VISITS, seed=7)
NOW = datetime(2026, 7, 20, 18, tzinfo=UTC)  # when that day is over in every office


@pytest.fixture(scope="module")
def year(django_db_setup, django_db_blocker):
    """The database before, and the small year in it; gone after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        for office in demo_offices().values():
            softcopies.ready(office)
        before = everything()
        assert run.fill(SMALL, lambda _text: None) is not None
        yield before
        transaction.set_rollback(True)


def everything() -> dict[str, int]:
    """How many rows each table has."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed:
                cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
                found[model._meta.label] = cursor.fetchone()[0]
    return found


def test_there_is_something_of_everything(year, db):
    made = {label for label, rows in everything().items() if rows > year[label]}
    assert Visit.objects.count() == VISITS
    assert (
        Visit.objects.filter(day__gt=END).count()
        == Visit.objects.filter(day__lte=END - timedelta(days=DAYS)).count()
        == 0
    )
    assert set(Visit.objects.values_list("office__code", flat=True)) == {"7411", "1906", "6571", "1373"}
    assert made >= {
        "guestbook.Visitor", "guestbook.Consent", "guestbook.DataNeed", "guestbook.Interruption", "lockers.Deposit", "queueing.Ticket",
        "queueing.SlipBlock", "queueing.Appointment", "library.LibraryUse", "library.Loan", "library.MarkedCopy", "library.ScanRequest",
        "library.PublicationUse", "ratings.Rating", "surveys.Response", "surveys.Published", "consultation.Consultation",
        "consultation.Pause", "complaints.Complaint", "complaints.Identity", "privacy.PrivacyRequest", "accounts.Device", "accounts.DeviceGap",
        "audit.AuditEntry",
    }  # fmt: skip
    results = VisitService.objects.values_list("clock_result", flat=True)
    assert set(results) == {"kept", "missed", "excluded"}
    states = Consultation.objects.exclude(channel="onsite").values_list("channel", "state")
    assert {state for _channel, state in states} == set(Consultation.State.values)
    assert {
        (c, s)
        for c in ("portal", "email", "whatsapp", "phone")
        for s in ("submitted", "waiting", "answered", "reopened")
    } <= set(states)


def test_no_rule_is_broken(year, db):
    assert "\n".join(check.check_invariants(NOW)) == ""


def test_nobody_was_written_to_and_nobody_has_a_name(year, db):
    assert not Outgoing.objects.exists()
    names = Visit.objects.exclude(visitor=None).values_list("visitor__name", "visitor__email")
    assert all(
        name.endswith("(contoh)") and (not mail or mail.endswith("@example.test")) for name, mail in names
    )
    assert not User.objects.exclude(email__endswith="@example.test").exists()


def test_the_clocks_are_those_of_the_software(year, db):
    """Wound and stopped again by the real functions, from what happened."""
    rows = VisitService.objects.select_related("office", "standard", "visit").exclude(clock_minutes=None)
    for row in rows.filter(clock_result__in=("kept", "missed"))[:150]:
        fresh = VisitService(visit=row.visit, office=row.office, service=row.service, standard=row.standard)
        clocks.wind(fresh, row.visit.arrived_at)
        assert (fresh.clock_start_event, fresh.clock_minutes) == (row.clock_start_event, row.clock_minutes)
        fresh.clock_started_at, fresh.clock_result = (
            row.clock_started_at,
            "running" if row.clock_started_at else "",
        )
        if row.clock_started_at:
            fresh.clock_due_at = clocks.due(
                row.office, row.clock_started_at, timedelta(minutes=row.clock_minutes)
            )
        result = clocks.stopped(fresh, row.started_at)
        assert (result["clock_result"], fresh.clock_due_at) == (row.clock_result, row.clock_due_at)
    for interruption in Interruption.objects.select_related("office"):
        assert interruptions._settle(interruption) == 0


def test_the_deadlines_are_those_of_the_software(year, db):
    calendars = {office.pk: OfficeCalendar(office) for office in demo_offices().values()}
    rounds = Round.objects.exclude(due_at=None).select_related("consultation").prefetch_related("pauses")
    assert rounds.count() > 20
    for row in rounds:
        spans = [(p.since, p.until) for p in row.pauses.all() if p.until and p.until != row.ended_at]
        assert row.due_at == calendars[row.consultation.office_id].deadline(
            row.started_at, row.working_days, spans
        )
    for complaint in Complaint.objects.filter(state__in=Complaint.OURS).select_related("place"):
        due = Clocks(complaint.place).due(complaint)
        assert due is not None
        assert complaint.due_at == due.at
        late = due.at + timedelta(minutes=5) <= NOW
        assert bool(complaint.escalated_at) == late, complaint.number
    gone_up = AuditEntry.objects.filter(action="complaint.escalated")
    assert gone_up.count() >= Complaint.objects.exclude(escalated_at=None).count()
    assert gone_up.filter(target_id__in=Complaint.objects.exclude(ended_at=None).values("pk")).exists()


def test_what_is_published_are_the_real_figures(year, db):
    row = Published.objects.first()
    assert row is not None
    assert row.figures["respondents"] >= 5
    assert row.figures["ikm"]
    assert AuditEntry.objects.filter(action="survey.published").count() == Published.objects.count()


def test_a_second_run_says_so_and_does_nothing(year, db):
    before, said = everything(), StringIO()
    call_command("demo_year", visits=50, days=20, stdout=said)
    assert everything() == before
    assert "there already" in said.getvalue()


def test_made_again_it_is_the_same_and_taken_away_nothing_is_left(year, db):
    first = figures.digest()
    someone = Visit.objects.exclude(visitor=None).first()
    someone.visitor.contact_codes.create(
        purpose="tablet", batch="b", at="2026-07-21T00:00Z"
    )  # by hand, on top of it
    call_command("demo_year", visits=VISITS, days=DAYS, end=END, seed=7, again=True, stdout=StringIO())
    assert figures.digest() == first
    assert check.check_invariants(NOW) == []
    call_command("demo_year", remove=True, stdout=StringIO())
    after = everything()
    left = {label: after[label] - rows for label, rows in year.items() if after[label] != rows}
    # The trail says that there was a year; the calendar of the years before stays.
    assert set(left) <= {"audit.AuditEntry", "offices.CalendarDay"}
    assert left["audit.AuditEntry"] == 4


def test_another_seed_is_another_year(year, db):
    first = figures.digest()
    remove.remove()
    run.fill(Plan(END, DAYS, VISITS, seed=8), lambda _text: None)
    assert figures.digest() != first
    assert check.check_invariants(NOW) == []


BREAKS = {
    "an ended visit holds nothing": "UPDATE guestbook_visit SET held_items = 1, end_reason = 'day_end' WHERE id = (SELECT max(id) FROM guestbook_visit)",
    "kept and missed are what the times say": "UPDATE guestbook_visitservice SET clock_result = 'missed' WHERE id = (SELECT max(id) FROM guestbook_visitservice WHERE clock_result = 'kept')",
    "a promise is due after its minutes": "UPDATE guestbook_visitservice SET clock_due_at = clock_due_at + interval '1 second' WHERE id = (SELECT max(id) FROM guestbook_visitservice WHERE clock_result = 'kept' AND clock_due_at IS NOT NULL)",
    "numbers of a day have no gaps": "UPDATE queueing_ticket SET number = 700 WHERE id = (SELECT min(id) FROM queueing_ticket WHERE number = 2)",
    "no copy is in two hands at once": "UPDATE library_loan SET back_at = now() WHERE id = (SELECT min(id) FROM library_loan GROUP BY copy_id HAVING count(*) > 1 ORDER BY 1 LIMIT 1)",
    "the sequence stands at the last number": "UPDATE queueing_numbersequence SET last = last + 1 WHERE id = (SELECT max(id) FROM queueing_numbersequence)",
    "steps of queueing.Ticket are moves, in order of time": "UPDATE queueing_ticketstep SET state = 'finished' WHERE state = 'called'",
    "nobody is served where the calendar has the office closed": "UPDATE offices_servicehours SET closes = '09:00', break_start = NULL, break_end = NULL",
    "a questionnaire is whole": "DELETE FROM surveys_answer WHERE code = 'U3'",
    "a numbered visit has its ticket": "UPDATE guestbook_visitservice SET number = 'A001' WHERE number = ''",
}  # fmt: skip


def test_a_broken_rule_is_found(year, db):
    for rule, harm in BREAKS.items():
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(harm)
                assert cursor.rowcount > 0, rule
            assert rule in {fault.split(":")[0] for fault in check.check_invariants(NOW)}
            transaction.set_rollback(True)


def test_only_a_demo_is_filled(year, db, settings):
    settings.MODE = "production"
    with pytest.raises(CommandError, match="production"):
        call_command("demo_year", again=True)
    settings.MODE = "local"
    officer = User.objects.filter(memberships__isnull=False).first()
    User.objects.filter(pk=officer.pk).update(email="somebody@bps.example.com")
    with pytest.raises(CommandError, match="no demo"):
        call_command("demo_year", again=True)
    assert Ticket.objects.exists()
    assert MarkedCopy.objects.exists()
