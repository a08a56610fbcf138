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


@transaction.atomic
def save(schedule: Schedule, people: list[User], *, by: Actor, at: datetime | None = None) -> Schedule:
    """A new one begins with the period that runs: nothing of the past is sent. One that is there already, of the same report to the
    same people as often, is it: a second one would only take a second number (a form posted twice)."""
    at = at or timezone.now()
    Office.objects.select_for_update(of=("self",), no_key=True).get(pk=schedule.office_id)
    if schedule.pk is None:
        if same := _same(schedule, people):
            return same
        schedule.done = schedule.due(schedule.office.today(at))[-1].key
    schedule.save()
    schedule.people.set(people)
    trail.record(
        "report.scheduled", schedule, by=by, office_id=schedule.office_id, at=at, report=schedule.report, every=schedule.every,
    )  # fmt: skip
    return schedule


def _same(schedule: Schedule, people: list[User]) -> Schedule | None:
    alike = Schedule.objects.filter(
        office=schedule.office,
        report=schedule.report,
        every=schedule.every,
        below=schedule.below,
        active=True,
    )
    wanted = {person.pk for person in people}
    return next((row for row in alike if set(row.people.values_list("pk", flat=True)) == wanted), None)


@transaction.atomic
def stop(schedule: Schedule, *, by: Actor) -> None:
    Schedule.objects.select_for_update(of=("self",)).filter(
        pk=schedule.pk
    ).first()  # while one is made, after it
    trail.record("report.unscheduled", schedule, by=by, office_id=schedule.office_id, report=schedule.report)
    schedule.delete()


def send_due(at: datetime | None = None) -> int:
    """Every schedule, for each period that has ended since. How many reports."""
    at = at or timezone.now()
    return sum(
        _sent(schedule, at)
        for schedule in Schedule.objects.filter(active=True).select_related("office").order_by("pk")
    )


def _sent(schedule: Schedule, at: datetime) -> int:
    """The oldest period first: where one fails, those after it wait for it."""
    count = 0
    try:
        for period in schedule.due(schedule.office.today(at)):
            count += bool(make(schedule, period, at=at))
    except Exception:  # another office's goes out all the same; this one is tried again in an hour
        log.exception("Schedule %s", schedule.pk)
    return count


@transaction.atomic
def make(schedule: Schedule, period: Period, *, at: datetime) -> Issued | None:
    """None where another worker is at it, or was faster. Number, mails and the mark that it was made are one transaction, under the
    schedule's lock: a worker that dies on the way leaves nothing, and the next one makes it."""
    row = (
        Schedule.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=schedule.pk, active=True)
        .first()
    )
    today = schedule.office.today(at)
    if row is None or [period] != row.due(today)[:1]:
        return None
    office = schedule.office
    scope = Scope(office, asked.below(office) if row.below else [office], period)
    with translation.override(settings.LANGUAGE_CODE):
        issued = issuing.issue(row.report, scope, by=SYSTEM, at=at)
        row.last, row.done = issued, period.key
        row.save(update_fields=["last", "done"])
        _send(row, issued, period, at)
    return issued


def _send(schedule: Schedule, row: Issued, period: Period, at: datetime) -> None:
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
