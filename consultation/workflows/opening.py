"""A question arrives, from whatever channel: one record, one number, one clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from consultation import clocks, notices
from consultation.models import Consultation, DataWanted, Message
from consultation.workflows.changing import calendar_of, topics
from services.accounts.models import User
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook.models import Visitor
from services.live.publish import publish
from services.offices.models import Office, Service
from services.workflow import add_step

WORK_URL = "consultation:onsite"  # a service with this screen is the consultation
LONGEST_SUBJECT = 150
COUNT = """
    INSERT INTO consultation_consultationcounter (office_id, year, last) VALUES (%s, %s, 1)
    ON CONFLICT (office_id, year) DO UPDATE SET last = consultation_consultationcounter.last + 1 RETURNING last
"""


def service_of(office: Office) -> Service | None:
    """Under whose standard a question on line is answered: the consultation's; where an office publishes none, that of
    the service that sends people to it when nothing was found (SW10, requirement row 32)."""
    services = list(office.services.filter(active=True).with_standard())
    ours = [s for s in services if s.work_url_name == WORK_URL]
    sending = [s for s in services if s.rules and s.rules.values.get("ask_when_not_found")]
    return next(iter([*ours, *sending]), None)


@transaction.atomic
def submit(
    *,
    office: Office,
    channel: str,
    subject: str,
    question: str,
    by: Actor,
    at: datetime | None = None,
    visitor: Visitor | None = None,
    account: User | None = None,
    service: Service | None = None,
    use_of_data: str = "",
    sought: str = "",
    wanted: Iterable[Mapping[str, str]] = (),
    language: str = "id",
    submission: str = "",
    message: Mapping[str, Any] | None = None,
    promised: bool = True,
    receipt: bool = True,
) -> Consultation:
    """A new consultation with its question. `submission`: the form's key; the same form sent again gives the same record.
    `message`: further fields of the first message (outside_id, address, quoted). `promised`: no when no deadline is to run.
    `receipt`: no where the caller decides whether one is sent."""
    at = at or timezone.now()
    key = key_of(submission, question)
    if there := already(submission, question):
        return there
    service = service or service_of(office)
    consultation = Consultation.objects.create(
        office=office, number=next_number(office, at), submission=key, service=service,
        standard=service.standard if service else None, channel=channel, visitor=visitor, account=account,
        language=language, subject=subject_of(subject, question), use_of_data=use_of_data, sought=sought[:300],
        submitted_at=at, updated_at=at,
    )  # fmt: skip
    DataWanted.objects.bulk_create(DataWanted(consultation=consultation, **row) for row in wanted)
    Message.objects.create(
        consultation=consultation, kind=Message.Kind.VISITOR, channel=channel, body=question, at=at, **(message or {})
    )  # fmt: skip
    if promised:
        clocks.begin(consultation, at, calendar_of(consultation))
        consultation.save(update_fields=clocks.FIELDS)
    add_step(consultation, by=by, at=at)
    trail.record("consultation.submitted", consultation, by=by, office_id=office.pk, at=at, channel=channel)
    publish(office.code, *topics(consultation))
    if by.kind != "officer":  # who notes a call down needs no mail about it
        notices.came_in(consultation, at=at, receipt=receipt)
    return consultation


def key_of(submission: str, question: str) -> str | None:
    return sha256(f"{submission}\0{question}".encode()).hexdigest() if submission else None


def already(submission: str, question: str) -> Consultation | None:
    """What this form was stored as, if it was."""
    key = key_of(submission, question)
    return Consultation.objects.filter(submission=key).first() if key else None


def subject_of(subject: str, question: str) -> str:
    """What the list shows; of a question without one its beginning."""
    words = " ".join((subject or question).split())
    return words if len(words) <= LONGEST_SUBJECT else words[: LONGEST_SUBJECT - 1].rsplit(" ", 1)[0] + "…"


def next_number(office: Office, at: datetime) -> str:
    """For instance K7411-26-00012: office, year of its own calendar, running number."""
    year = office.today(at).year
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [office.pk, year])
        last = cursor.fetchone()[0]
    return f"K{office.code}-{year % 100:02d}-{last:05d}"
