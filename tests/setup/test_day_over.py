"""A local day entered when it is over: why, with its effect in sight, and nothing that was judged is judged anew."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from complaints import rounds as complaint_rounds
from complaints.models import Complaint
from complaints.workflows import handling, lodging
from consultation import rounds
from consultation.models import Consultation
from consultation.workflows import opening
from services.audit.actors import SYSTEM, VISITOR
from services.audit.models import AuditEntry
from services.offices import settings
from services.offices.models import CalendarDay
from tests.accounts.world import BACKEND

NOW = "2026-06-12 09:00"  # Friday; 16 June is a holiday


def at(office, when: str) -> datetime:
    return datetime.fromisoformat(when).replace(tzinfo=office.zone)


@pytest.fixture
def panel(make_user, office) -> Client:
    client = Client()
    client.force_login(make_user(office, role="supervisor"), backend=BACKEND)
    return client


@pytest.fixture
def asked(office) -> dict[str, Consultation]:
    """Three working days each: one is over since yesterday, one runs until Monday, one began today."""
    return {
        name: opening.submit(office=office, channel="portal", subject="", question=name, by=VISITOR, at=at(office, when))
        for name, when in (("late", "2026-06-08 10:00"), ("runs", "2026-06-09 10:00"), ("new", "2026-06-12 08:00"))
    }  # fmt: skip


def test_a_day_that_is_over_asks_why_and_shows_what_moves(panel, office, asked):
    with time_machine.travel(at(office, NOW), tick=False):
        rounds.follow_calendar(at(office, NOW))
        address = reverse("setup:calendar")
        form = {"date": "2026-06-10", "kind": "local", "name": "Hari jadi"}
        told = panel.post(address, form)
        assert (told.status_code, list(told.context["form"].errors)) == (422, ["reason"])
        form["reason"] = "Keputusan bupati baru sampai"
        shown = panel.post(address, form)
        assert shown.status_code == 200
        assert (shown.context["effect"].moving, shown.context["effect"].kept) == (1, 1)
        assert not office.calendar_days.exists()
        another = form | {"shown": "2026-06-11 local"}
        assert panel.post(address, another).context["effect"]  # of a day whose effect was not in sight
        assert not office.calendar_days.exists()
        assert panel.post(address, form | {"shown": "2026-06-10 local"}).status_code == 302
        day = office.calendar_days.get()
        assert AuditEntry.objects.filter(action="setting.calendar").last().detail["reason"] == form["reason"]
        assert rounds.follow_calendar(at(office, NOW)) == 1
        stored = {name: Consultation.objects.get(pk=one.pk).due_at for name, one in asked.items()}
        assert stored["late"] == asked["late"].due_at
        assert stored["runs"] == at(office, "2026-06-15 15:30")
        assert stored["new"] == asked["new"].due_at
        assert Consultation.objects.overdue(at(office, NOW)).count() == 1
        drop = reverse("setup:day_delete", args=[day.pk])
        assert "Tulis mengapa" in panel.post(drop, follow=True).content.decode()
        panel.post(drop, {"reason": "Salah tanggal"})
        assert not office.calendar_days.exists()
        rounds.follow_calendar(at(office, NOW))
        assert Consultation.objects.get(pk=asked["runs"].pk).due_at == asked["runs"].due_at


def test_longer_ago_than_a_month_is_closed(panel, office):
    today = office.today()
    for days, over in ((32, True), (31, False)):
        row = CalendarDay(office=office, date=today - timedelta(days=days), kind="local", name="Hari jadi")
        form = {"date": row.date.isoformat(), "kind": "local", "name": "Hari jadi", "reason": "Lupa"}
        answer = panel.post(reverse("setup:calendar"), form)
        assert ("date" in answer.context["form"].errors) == over
        if over:
            with pytest.raises(settings.DayOver, match="31 hari"):
                settings.save_day(row, by=SYSTEM, reason="Lupa")
            row.save()
            with pytest.raises(settings.DayOver, match="31 hari"):
                settings.drop_day(row, by=SYSTEM, reason="Lupa")


def test_a_complaint_that_is_late_stays_late_whatever_is_done_next(office, make_user):
    """Its deadline was Monday the 15th; a holiday of the 10th, entered on the 17th, would have made it the 17th."""
    officer = make_user(office)
    rows = [
        lodging.lodge(office=office, text=f"Lama {n}", channel="online", by=VISITOR, kind="information", at=at(office, when))[0]
        for n, when in enumerate(("2026-06-08 10:00", "2026-06-11 10:00"))
    ]  # fmt: skip
    late, runs = (row.due_at for row in rows)
    now = at(office, "2026-06-17 09:00")
    assert late == at(office, "2026-06-15 15:30")
    complaint_rounds.escalate_late(now)
    CalendarDay.objects.create(
        office=office, date=at(office, "2026-06-10 00:00").date(), kind="local", name="Hari jadi"
    )
    CalendarDay.objects.create(
        office=office, date=at(office, "2026-06-15 00:00").date(), kind="local", name="Cuti"
    )
    assert complaint_rounds.recompute(now) == 1
    handling.note(rows[0], "Dicek", by=SYSTEM, at=now)
    handling.assign(rows[0], officer, by=SYSTEM, at=now)
    first, second = (Complaint.objects.get(pk=row.pk) for row in rows)
    assert (first.due_at, first.escalated_at) == (late, now)
    assert second.due_at > runs
