"""Reports by schedule: once for each period, whatever happens to the worker on the way; and a form posted twice is one schedule."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test import Client

from pst.reports import making, scheduling
from pst.reports.models import MOST_MISSED, Issued, Schedule
from services.audit.actors import SYSTEM
from services.audit.models import AuditEntry
from services.mail.models import Outgoing
from tests.reports.support import at
from tests.together import LIMIT_SECONDS, at_once


class Killed(BaseException):
    """Nothing of the program runs after it."""


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_while_it_draws_loses_no_report_and_no_number(office, make_user, monkeypatch):
    schedule = scheduling.save(
        Schedule(office=office, report="visits"), [make_user(office, "supervisor")], by=SYSTEM, at=at(office, "2026-03-10 09:00")
    )  # fmt: skip
    now = at(office, "2026-04-02 09:00")
    drawing, go, real = threading.Event(), threading.Event(), making.as_pdf

    def dies(*given, **more):
        if threading.current_thread() is not first:
            return real(*given, **more)
        drawing.set()
        go.wait(LIMIT_SECONDS)
        connection.connection.close()  # what the database sees of it
        raise Killed

    def work() -> None:
        try:
            scheduling.send_due(now)
        except Killed:
            connections.close_all()

    monkeypatch.setattr(making, "as_pdf", dies)
    first = threading.Thread(target=work)
    first.start()
    assert drawing.wait(LIMIT_SECONDS)
    assert scheduling.send_due(now) == 0  # the other one has it, and nobody waits for it
    go.set()
    first.join(LIMIT_SECONDS)
    assert not Issued.objects.exists()
    assert at_once(lambda: scheduling.send_due(now), lambda: scheduling.send_due(now)) in ([0, 1], [1, 0])
    assert [row.number for row in Issued.objects.all()] == [1]
    assert Outgoing.objects.filter(kind="report_due").count() == 1
    schedule.refresh_from_db()
    assert (schedule.done, schedule.last.number) == ("2026-m03", 1)


@pytest.mark.django_db
class TestMissed:
    def test_periods_missed_are_made_up_for_the_oldest_first(self, office, monkeypatch):
        Schedule.objects.create(office=office, report="visits", done="2025-m12")
        monkeypatch.setattr(making, "as_pdf", lambda *_given, **_more: b"%PDF")
        now = at(office, "2026-04-02 09:00")
        assert scheduling.send_due(now) == 3
        assert [row.since.month for row in Issued.objects.order_by("number")] == [1, 2, 3]
        assert scheduling.send_due(now) == 0

    def test_after_years_the_last_twelve_and_none_from_a_clock_put_back(self, office):
        today = at(office, "2026-04-02 09:00").date()
        due = Schedule(office=office, report="visits", done="2019-m05").due(today)
        assert len(due) == MOST_MISSED == 12
        assert (due[0].key, due[-1].key) == ("2025-m04", "2026-m03")
        assert Schedule(office=office, report="visits", done="2026-m05").due(today) == []

    def test_one_that_fails_keeps_those_after_it_waiting(self, office, monkeypatch):
        Schedule.objects.create(office=office, report="visits", done="2026-m01")
        now, real = at(office, "2026-04-02 09:00"), making.parts

        def broken(key, scope):
            if scope.period.key == "2026-m02":
                raise OSError("disk full")
            return real(key, scope)

        with monkeypatch.context() as patch:
            patch.setattr(making, "parts", broken)
            assert scheduling.send_due(now) == 0
        assert scheduling.send_due(now + timedelta(hours=1)) == 2
        assert [row.since.month for row in Issued.objects.order_by("number")] == [2, 3]


@pytest.mark.django_db(transaction=True)
def test_a_schedule_posted_twice_is_one(office, make_user):
    head = make_user(office, "supervisor")
    said = {"report": "visits", "every": "m", "people": [head.pk]}

    def post() -> int:
        client = Client()
        client.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
        return client.post("/panel/laporan/jadwal/", said).status_code

    assert at_once(post, post) == [302, 302]
    assert post() == 302
    assert Schedule.objects.count() == AuditEntry.objects.filter(action="report.scheduled").count() == 1
    said["people"] = [head.pk, make_user(office, "supervisor").pk]
    assert post() == 302
    assert Schedule.objects.count() == 2
