"""Reports that go out by themselves: issued as by hand, then sent to officers of the office with both files."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from pst.reports import asked, issuing, making
from pst.reports.models import Issued, Schedule
from pst.reports.scope import Scope
from services.accounts.models import Role, User
from services.audit import trail
from services.audit.actors import SYSTEM, Actor
from services.mail import outbox
from services.offices.models import Office
from services.periods import Period
from services.sheets import XLSX

KIND = "report_due"
log = logging.getLogger(__name__)


def save(schedule: Schedule, people: list[User], *, by: Actor, at: datetime | None = None) -> Schedule:
    """A new one begins with the period that runs: nothing of the past is sent."""
    at = at or timezone.now()
    with transaction.atomic():
        if schedule.pk is None and (last := schedule.due(schedule.office.today(at))):
            schedule.done = last.key
        schedule.save()
        schedule.people.set(people)
        trail.record(
            "report.scheduled", schedule, by=by, office_id=schedule.office_id, at=at, report=schedule.report, every=schedule.every,
        )  # fmt: skip
    return schedule


@transaction.atomic
def stop(schedule: Schedule, *, by: Actor) -> None:
    trail.record("report.unscheduled", schedule, by=by, office_id=schedule.office_id, report=schedule.report)
    schedule.delete()


def send_due(at: datetime | None = None) -> int:
    """Every schedule whose period has ended, once for each period. How many."""
    at, count = at or timezone.now(), 0
    for schedule in Schedule.objects.filter(active=True).select_related("office").order_by("pk"):
        if period := schedule.due(schedule.office.today(at)):
            try:
                count += bool(make(schedule, period, at=at))
            except Exception:  # another office's goes out all the same; this one is tried again in an hour
                log.exception("Schedule %s", schedule.pk)
    return count


def make(schedule: Schedule, period: Period, *, at: datetime) -> Issued | None:
    """None where another worker was faster. The report is counted and drawn before the schedule is locked."""
    office = schedule.office
    scope = Scope(office, asked.below(office) if schedule.below else [office], period)
    with translation.override(settings.LANGUAGE_CODE):
        claimed = Schedule.objects.filter(pk=schedule.pk, done=schedule.done).update(done=period.key)
        if not claimed:
            return None
        try:
            row = issuing.issue(schedule.report, scope, by=SYSTEM, at=at)
        except Exception:
            Schedule.objects.filter(pk=schedule.pk, done=period.key).update(done=schedule.done)
            raise
        _send(schedule, row, period, at)
    return row


@transaction.atomic
def _send(schedule: Schedule, row: Issued, period: Period, at: datetime) -> None:
    Schedule.objects.filter(pk=schedule.pk).update(last=row)
    people = schedule.people.filter(is_active=True)
    # Of whoever works there now.
    roles = [Role.SUPERVISOR] if for_supervisors(schedule.report, below=schedule.below) else Role.values
    for person in people.filter(memberships__office=schedule.office, memberships__role__in=roles).distinct():
        outbox.put(
            kind=KIND, to=person.email, office=schedule.office, language=settings.LANGUAGE_CODE, about=row, at=at,
            context=context(row.office, row.title, period.label, row.register_number),
            attachments=[
                outbox.Attached(row.pdf.name or "", f"{_plain(row)}.pdf", "application/pdf"),
                outbox.Attached(row.xlsx.name or "", f"{_plain(row)}.xlsx", XLSX),
            ],
        )  # fmt: skip


def for_supervisors(report: str, *, below: bool) -> bool:
    """What single officers did, and figures of the offices overseen (docs/decisions/041), are theirs alone."""
    return below or making.of_officers(report)


def context(office: Office, title: str, period: str, number: str) -> dict:
    link = settings.SITE + reverse("reports:issued")
    return {"office": office, "report": title, "period": period, "number": number, "link": link}


def _plain(row: Issued) -> str:
    """A file's name without signs that file systems forbid."""
    return row.register_number.replace("/", "-")
