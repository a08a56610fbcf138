"""A report is handed in: it gets the office's next number of the year, and its files stay as they are."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from pst.reports import making
from pst.reports.models import Issued
from pst.reports.scope import Scope
from services.audit import trail
from services.audit.actors import Actor
from services.offices.models import Office

AT_ONCE = timedelta(seconds=30)


def issue(key: str, scope: Scope, *, by: Actor, at: datetime | None = None) -> Issued:
    """Raises KeyError for a report that is none. Counted and drawn outside the office's lock; only the number is taken in it,
    and a file that was drawn for a number somebody else took meanwhile is drawn again. Asked for twice by one person within
    AT_ONCE it is one."""
    at = at or timezone.now()
    found = making.parts(key, scope)
    day = scope.office.today(at)
    while True:
        number = _next(scope.office, day.year)
        row = Issued(
            office=scope.office, year=day.year, number=number, report=key, title=making.title_of(key), since=scope.period.since,
            until=scope.period.until, service=scope.service, offices=len(scope.offices), made_at=at, made_by_id=by.user_id,
        )  # fmt: skip
        drawn = making.as_pdf(key, scope, found, day=day, number=row.register_number)
        sheet = making.as_xlsx(key, scope, found, number=row.register_number)
        if kept := _kept(row, drawn, sheet, by=by):
            return kept


def _next(office: Office, year: int) -> int:
    last = Issued.objects.filter(office=office, year=year).aggregate(n=Max("number"))["n"]
    return (last or 0) + 1


@transaction.atomic
def _kept(row: Issued, drawn: bytes, sheet: bytes, *, by: Actor) -> Issued | None:
    """Nothing when the number is taken by now; the other one when a double click made it just now."""
    Office.objects.select_for_update(of=("self",), no_key=True).get(pk=row.office_id)
    same = Issued.objects.filter(
        office=row.office, report=row.report, since=row.since, until=row.until, service=row.service, offices=row.offices,
        made_by=row.made_by_id, made_at__gt=row.made_at - AT_ONCE,
    ).first()  # fmt: skip
    if same and by.user_id:
        return same
    if _next(row.office, row.year) != row.number:
        return None
    row.sha256 = hashlib.sha256(drawn).hexdigest()
    row.pdf.save("report.pdf", ContentFile(drawn), save=False)
    row.xlsx.save("report.xlsx", ContentFile(sheet), save=False)
    row.save(force_insert=True)
    trail.record(
        "report.issued", row, by=by, office_id=row.office_id, at=row.made_at, report=row.report, since=str(row.since), until=str(row.until),
    )  # fmt: skip
    return row
