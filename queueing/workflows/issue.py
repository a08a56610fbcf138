"""Giving out a number: one per submission, no gaps, no duplicates."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from queueing.models import Ticket
from queueing.workflows.clocks import start_if_first
from services.audit.actors import Actor
from services.guestbook.models import Visit
from services.guestbook.workflows import arrive
from services.live.publish import QUEUE, publish
from services.offices.models import Office, Service

# One statement moves the counter and writes the ticket with it, as late in the transaction as possible: the
# counter's row is what everybody who asks for the same letter waits for, until commit. A rolled-back
# transaction gives its number back, so there are no gaps.
ISSUE = """
WITH next AS (
    INSERT INTO queueing_numbersequence (office_id, day, prefix, last)
    VALUES (%(office)s, %(day)s, %(prefix)s, 1)
    ON CONFLICT (office_id, day, prefix) DO UPDATE SET last = queueing_numbersequence.last + 1
    RETURNING last
), ticket AS (
    INSERT INTO queueing_ticket
        (office_id, service_id, received_id, day, prefix, number, state, priority,
         issued_at, queued_at, calls, rejoined, submission)
    SELECT %(office)s, %(service)s, %(received)s, %(day)s, %(prefix)s, last, 'waiting', %(priority)s,
           %(at)s, %(at)s, 0, false, %(submission)s
    FROM next
    RETURNING id, number
), step AS (
    INSERT INTO queueing_ticketstep (subject_id, state, at, by_user_id, by_device_id, actor, why)
    SELECT id, 'waiting', %(at)s, %(user)s, %(device)s, %(actor)s, '' FROM ticket
), numbered AS (
    UPDATE guestbook_visitservice SET number = %(prefix)s || lpad(ticket.number::text, 3, '0')
    FROM ticket WHERE guestbook_visitservice.id = %(received)s
)
SELECT id FROM ticket
"""


def issue(
    *,
    office: Office,
    service: Service,
    submission: str,
    by: Actor,
    priority: bool = False,
    party_size: int = 1,
    language: str = "id",
    at: datetime | None = None,
) -> Ticket:
    """A number for this service. The same `submission` key always gives the same ticket.

    Opens the (anonymous) visit with it: the number comes before the guest book (requirement row 13).
    """
    if existing := _issued(office, submission):
        return existing
    at = at or timezone.now()
    try:
        with transaction.atomic():
            visit = arrive(
                office=office, service=service, by=by, party_size=party_size, language=language, at=at
            )
            return _number(visit, service, submission=submission, by=by, priority=priority, at=at)
    except IntegrityError:
        # The double tap's first request committed in between; its ticket is the answer to both.
        if existing := _issued(office, submission):
            return existing
        raise


def _issued(office: Office, submission: str) -> Ticket | None:
    return (
        Ticket.objects.filter(office=office, submission=submission)
        .select_related("service", "received__visit")
        .first()
    )


def _number(
    visit: Visit, service: Service, *, submission: str, by: Actor, priority: bool, at: datetime
) -> Ticket:
    received = visit.services.get()
    with connection.cursor() as cursor:
        cursor.execute(
            ISSUE,
            {
                "office": visit.office_id,
                "service": service.pk,
                "received": received.pk,
                "day": visit.day,
                "prefix": service.prefix,
                "priority": priority,
                "at": at,
                "submission": submission,
                "user": by.user_id,
                "device": by.device_id,
                "actor": by.kind,
            },
        )
        (ticket_id,) = cursor.fetchone()
    ticket = Ticket.objects.select_related("service", "office", "received__visit", "received__standard").get(
        pk=ticket_id
    )
    start_if_first(ticket, at)
    publish(visit.office.code, QUEUE)
    return ticket
