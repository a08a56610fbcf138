"""Mails about books: due tomorrow, overdue, ready to be fetched. Each is written down before it is sent.

The row stands in the transaction that makes the job, so a night that runs twice, or is killed midway, writes nothing
twice. The job holds keys only, like that of services/guestbook/contact.py: a job is kept for a week.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from procrastinate.contrib.django import app

from library.models import Hold, Loan, LoanNotice
from library.models.notices import MOST_NOTICES
from services.audit import trail
from services.audit.actors import SYSTEM
from services.guestbook import contact
from services.guestbook.models import Visitor
from services.offices.models import Office

LOANS_TASK, READY_TASK = "library.send_loan_notice", "library.send_ready_notice"
AGAIN = timedelta(days=7)
Kind = LoanNotice.Kind


def of_today(office: Office, today: date) -> Any:
    """Loans about which something may be said today."""
    return Loan.objects.filter(
        Q(due_on=today + timedelta(days=1)) | Q(due_on__lt=today),
        office=office, kind=Loan.Kind.LOAN, state=Loan.State.OUT,
    )  # fmt: skip


def write(*, at: datetime | None = None) -> int:
    """Every night: a reminder the day before, a notice on the first day overdue and then every seven days, four in all.
    Returns how many mails were made; a person gets one for all books. Without mail nobody is told, nothing is counted."""
    at = at or timezone.now()
    made = 0
    if not settings.MAIL_IS_SENT:
        return made
    out = Loan.objects.filter(kind=Loan.Kind.LOAN, state=Loan.State.OUT)
    for office in Office.objects.filter(pk__in=out.values("office")):
        today = office.today(at)
        people = of_today(office, today).exclude(visitor__email="").exclude(visitor__name="")
        for pk in sorted(set(people.exclude(visitor=None).values_list("visitor", flat=True))):
            made += _write_for(pk, office, today)
    return made


@transaction.atomic
def _write_for(pk: int, office: Office, today: date) -> bool:
    person = Visitor.objects.select_for_update(of=("self",)).get(pk=pk)  # two nights at once take turns
    if not (person.email and person.name):
        return False
    batch = secrets.token_hex(16)
    loans = of_today(office, today).filter(visitor=person).prefetch_related("notices").order_by("pk")
    rows = [notice for loan in loans if (notice := _due(loan, today, batch))]
    if not rows:
        return False
    LoanNotice.objects.bulk_create(rows)
    app.configure_task(LOANS_TASK).defer(batch=batch)
    return True


def _due(loan: Loan, today: date, batch: str) -> LoanNotice | None:
    """What is to be said about this loan today, if anything."""
    if loan.due_on is None:  # no loan is without (`a_loan_has_a_due_day`)
        return None
    so_far = list(loan.notices.all())
    kind = Kind.LATE if loan.overdue(today) else Kind.SOON
    same = [n for n in so_far if n.kind == kind and n.due_on == loan.due_on]
    said = same and (kind == Kind.SOON or today - max(n.day for n in same) < AGAIN)
    if said or len(so_far) >= MOST_NOTICES:
        return None
    return LoanNotice(
        loan=loan, number=len(so_far) + 1, kind=kind, due_on=loan.due_on, day=today, batch=batch
    )


def send(batch: str, at: datetime | None = None) -> int:
    """What the worker does: one mail with every book the person has. Marked as sent before it goes out: a worker killed
    in between sends nothing rather than twice. Raises what the mail server answers, for another try."""
    rows = LoanNotice.objects.filter(batch=batch, sent_at=None)
    current = rows.filter(loan__state=Loan.State.OUT, loan__due_on=F("due_on"))
    first = current.select_related("loan__visitor__office").first()  # else back or renewed by now
    person = first.loan.visitor if first else None
    if person is None or not (person.email and person.name):
        return 0
    if not rows.update(sent_at=at or timezone.now()):
        return 0
    office = person.office
    today = office.today(at)
    loans = Loan.objects.filter(visitor=person, kind=Loan.Kind.LOAN, state=Loan.State.OUT)
    books = [
        (loan.copy.publication, loan.due_on, loan.overdue(today))
        for loan in loans.select_related("copy__publication").order_by("due_on", "pk")
    ]
    context = {"books": books, "late": any(late for _book, _day, late in books)}
    try:
        _mail("loans", context, person)
    except Exception:
        LoanNotice.objects.filter(batch=batch).update(sent_at=None)
        raise
    trail.record("loan.notice", None, by=SYSTEM, office_id=office.pk, at=at, books=len(books))
    return len(books)


def tell_ready(hold: Hold) -> None:
    """A copy is kept for somebody: a mail to them, in the transaction that keeps it."""
    if settings.MAIL_IS_SENT and hold.visitor and hold.visitor.email and hold.kept_until:
        app.configure_task(READY_TASK).defer(hold=hold.pk, until=hold.kept_until.isoformat())


def send_ready(hold: int, until: str, at: datetime | None = None) -> bool:
    """What the worker does. Once for each time a copy is kept, and not when it is somebody else's by now."""
    rows = Hold.objects.filter(pk=hold, state=Hold.State.READY, kept_until=until)
    found = rows.select_related("visitor__office", "publication").first()
    if found is None or found.visitor is None or not (found.visitor.email and found.visitor.name):
        return False
    if not rows.filter(told_at=None).update(told_at=at or timezone.now()):
        return False
    try:
        _mail("hold_ready", {"hold": found}, found.visitor)
    except Exception:
        rows.update(told_at=None)
        raise
    trail.record("hold.notice", found, by=SYSTEM, office_id=found.office_id, at=at)
    return True


def _mail(kind: str, context: dict[str, Any], person: Visitor) -> None:
    """In the language of their last visit."""
    last = person.visits.order_by("-arrived_at").first()
    with translation.override(last.language if last else settings.LANGUAGE_CODE):
        contact.written(kind, context, person).send()
