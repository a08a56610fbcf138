"""The worker's tasks: run as functions, and by a real worker process that may be killed."""

from __future__ import annotations

import signal
import time
from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from queueing import tasks
from queueing.models import Ticket
from queueing.workflows import desk
from queueing.workflows.desk import serving
from queueing.workflows.issue import issue
from services.accounts.models import Pairing
from services.accounts.tasks import forget_expired
from services.audit.actors import SYSTEM
from services.guestbook.models import Visit
from services.lockers.models import Deposit
from services.lockers.workflows import deposit_bag
from tests.processes import worker
from tests.queueing.slow_task import NAME as SLOW

YESTERDAY = timezone.now() - timedelta(days=1)


def take(service, key: str, at=YESTERDAY) -> Ticket:
    return issue(office=service.office, service=service, submission=key, by=SYSTEM, at=at)


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


class TestCloseDay:
    def test_yesterdays_visits_end_with_their_tickets_and_todays_stay(self, consultation, counter, by):
        waiting, second, today = (
            take(consultation, "a"),
            take(consultation, "b"),
            take(consultation, "c", timezone.now()),
        )
        tasks.close_day(timestamp=0)
        for ticket in (waiting, second):
            visit = fresh(ticket.received.visit)
            assert (visit.end_reason, visit.ended_at is not None) == ("day_end", True)
            assert fresh(ticket).state == "cancelled"
            received = fresh(ticket.received)
            assert (received.state, received.clock_result) == ("cancelled", "excluded")
            assert received.clock_reason == "day_end"
        assert fresh(second.received).clock_started_at is None
        assert fresh(today.received.visit).ended_at is None
        assert fresh(today).state == "waiting"
        tasks.close_day(timestamp=0)  # nothing is left to do

    def test_one_being_served_at_the_end_of_the_day_was_served(self, consultation, counter, by):
        ticket = take(consultation, "a")
        at = YESTERDAY + timedelta(minutes=1)
        desk.call_next(counter, by=by, at=at)
        desk.start(fresh(ticket).received, by=by, at=at)
        tasks.close_day(timestamp=0)
        assert fresh(ticket).state == "finished"
        assert (fresh(ticket.received).state, fresh(ticket.received).clock_result) == ("done", "kept")

    def test_a_bag_stays_in_its_locker(self, library, by):
        visit = take(library, "a").received.visit
        deposit_bag(visit=visit, locker=library.office.lockers.first(), by=by, at=YESTERDAY)
        tasks.close_day(timestamp=0)
        assert fresh(visit).end_reason == "day_end"
        assert Deposit.objects.get(visit=visit).returned_at is None

    def test_a_bag_left_behind_is_on_the_desk_until_it_is_given_back(self, library, by, desk):
        visit = take(library, "a").received.visit
        deposit_bag(visit=visit, locker=library.office.lockers.first(), by=by, at=YESTERDAY)
        tasks.close_day(timestamp=0)
        present, card = reverse("queueing:desk_present"), reverse("queueing:desk_visit", args=[visit.pk])
        assert 'data-left-behind="1"' in desk.get(present).content.decode()
        give_back = reverse("lockers:give_back", args=[visit.pk, "bag"])
        assert give_back in desk.get(card).content.decode()
        assert desk.post(give_back).status_code == 302
        assert "data-left-behind" not in desk.get(present).content.decode()
        assert give_back not in desk.get(card).content.decode()
        assert fresh(visit).held_items == 0

    def test_a_visit_that_cannot_be_closed_stops_no_other_and_is_logged(self, library, monkeypatch, caplog):
        first, second = take(library, "a"), take(library, "b")
        close = serving.close_visit

        def fails_for_the_first(visit, **more):
            if visit.pk == first.received.visit_id:
                raise ValueError("something about this one")
            return close(visit, **more)

        monkeypatch.setattr(serving, "close_visit", fails_for_the_first)
        assert desk.close_day(library.office, by=SYSTEM) == 1
        assert fresh(second.received.visit).ended_at
        assert fresh(first.received.visit).ended_at is None
        assert f"visit {first.received.visit_id}" in caplog.text

    def test_each_offices_own_midnight_decides(self, offices):
        """16:30 UTC: half past midnight in Kolaka Timur (WITA), half past eleven in Sawahlunto (WIB)."""
        tickets = [take(offices[code].services.first(), code, YESTERDAY) for code in ("7411", "1373")]
        evening = YESTERDAY.replace(hour=16, minute=30, second=0, microsecond=0)
        Visit.objects.update(day=offices["1373"].today(evening), arrived_at=evening - timedelta(hours=5))
        with time_machine.travel(evening, tick=False):
            tasks.close_day(timestamp=0)
        assert [bool(fresh(t.received.visit).ended_at) for t in tickets] == [True, False]


def test_what_expired_is_forgotten(db):
    now = timezone.now()
    for number, age in enumerate([timedelta(0), timedelta(hours=1)]):
        Pairing.objects.create(
            code=f"CODE0{number}", purpose="kiosk", secret_hash=str(number), created_at=now - age
        )
        Session.objects.create(
            session_key=str(number), session_data="", expire_date=now + timedelta(minutes=1) - age
        )
    for model, days in ((AccessAttempt, 2), (AccessLog, 100)):
        for age in (0, days):
            fields = {"failures_since_start": 1} if model is AccessAttempt else {}
            row = model.objects.create(username="u", ip_address="127.0.0.1", user_agent=str(age), **fields)
            model.objects.filter(pk=row.pk).update(attempt_time=now - timedelta(days=age))
    forget_expired(timestamp=0)
    for model in (Pairing, Session, AccessAttempt, AccessLog):
        assert model.objects.count() == 1, model


def reaches(job: int, status: str, log, seconds: float = 40) -> ProcrastinateJob:
    deadline = time.monotonic() + seconds
    while (found := ProcrastinateJob.objects.get(pk=job)).status != status:
        assert time.monotonic() < deadline, f"still {found.status}, not {status}: {log.read_text()[-3000:]}"
        time.sleep(0.1)
    return found


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_does_a_job_and_another_takes_over_when_it_is_killed(offices, tmp_path):
    log = tmp_path / "worker.log"
    ticket = take(offices["7411"].services.first(), "left open")
    with worker(log) as first:
        done = tasks.close_day.defer(timestamp=0)
        reaches(done, "succeeded", log)
        assert fresh(ticket.received.visit).end_reason == "day_end"
        stuck = app.configure_task(SLOW).defer()
        reaches(stuck, "doing", log)
        first.send_signal(signal.SIGKILL)
        first.wait()
    with connection.cursor() as cursor:  # as if its last sign of life were long ago
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    with worker(log):
        tasks.retry_stalled_jobs.defer(timestamp=0)
        assert reaches(stuck, "succeeded", log).attempts == 2
