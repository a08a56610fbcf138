"""Giving out a number: one per submission, no gaps, no duplicates."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from queueing.models import Ticket
from queueing.models.rules import of_service
from queueing.workflows.clocks import start_if_first
from services.audit.actors import Actor
from services.guestbook.models import Visit
from services.guestbook.workflows import arrive
from services.live.publish import QUEUE, channel
from services.offices.models import Office, Service
from services.workflow import IllegalMove

# One statement moves the counter and writes the ticket with it, as late in the transaction as possible: the
# counter's row is what everybody who asks for the same letter waits for, until commit. A rolled-back
# transaction gives its number back, so there are no gaps.
ISSUE = """
WITH next AS (
    INSERT INTO queueing_numbersequence (office_id, day, prefix, last)
    VALUES (%(office)s, %(day)s, %(prefix)s, %(first)s)
    ON CONFLICT (office_id, day, prefix)
    DO UPDATE SET last = greatest(queueing_numbersequence.last + 1, %(first)s)
    WHERE queueing_numbersequence.last < %(highest)s
    RETURNING last
), ticket AS (
    INSERT INTO queueing_ticket
        (office_id, service_id, received_id, day, prefix, number, state, priority,
         issued_at, queued_at, calls, more_time, rejoined, manual, submission)
    SELECT %(office)s, %(service)s, %(received)s, %(day)s, %(prefix)s, last, 'waiting', %(priority)s,
           %(at)s, %(at)s, 0, 0, false, false, %(submission)s
    FROM next
    RETURNING id, number
), step AS (
    INSERT INTO queueing_ticketstep (subject_id, state, at, by_user_id, by_device_id, actor, why)
    SELECT id, 'waiting', %(at)s, %(user)s, %(device)s, %(actor)s, '' FROM ticket
), numbered AS (
    UPDATE guestbook_visitservice SET number = %(prefix)s || lpad(ticket.number::text, greatest(3, length(ticket.number::text)), '0')
    FROM ticket WHERE guestbook_visitservice.id = %(received)s
    RETURNING guestbook_visitservice.number AS label
)
SELECT ticket.id, ticket.number, label, pg_notify(%(channel)s, %(topic)s) FROM ticket, numbered
"""


class NumbersUsedUp(IllegalMove):
    """The day's numbers of this service are used up: the quota, or the range on paper."""


def issue(
    *,
    office: Office,
    service: Service,
    submission: str,
    by: Actor,
    priority: bool = False,
    party_size: int = 1,
    language: str = "id",
    beyond_quota: bool = False,
    at: datetime | None = None,
) -> Ticket:
    """A number for this service. The same `submission` key always gives the same ticket.

    Opens the (anonymous) visit with it: the number comes before the guest book (requirement row 13).
    Raises NumbersUsedUp when the day's quota or range is reached; `beyond_quota` is for those who were promised a
    place before (an appointment).
    """
    at = at or timezone.now()
    try:
        with transaction.atomic():
            visit = arrive(
                office=office, service=service, by=by, party_size=party_size, language=language, at=at
            )
            rules = of_service(service)
            highest = rules.last if beyond_quota else rules.highest
            return _number(
                visit, service, submission=submission, by=by, priority=priority, numbers=(rules.first, highest),
                at=at,
            )  # fmt: skip
    except (IntegrityError, NumbersUsedUp):
        # A double tap or a retry: the first request's ticket is the answer to both.
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
    visit: Visit,
    service: Service,
    *,
    submission: str,
    by: Actor,
    priority: bool,
    numbers: tuple[int, int],
    at: datetime,
) -> Ticket:
    received = visit.main
    assert received is not None
    with connection.cursor() as cursor:
        cursor.execute(
            ISSUE,
            {
                "office": visit.office_id,
                "service": service.pk,
                "received": received.pk,
                "day": visit.day,
                "prefix": service.prefix,
                "first": numbers[0],
                "highest": numbers[1],
                "priority": priority,
                "at": at,
                "submission": submission,
                "user": by.user_id,
                "device": by.device_id,
                "actor": by.kind,
                "channel": channel(visit.office.code),
                "topic": QUEUE,
            },
        )
        row = cursor.fetchone()
    if row is None:
        raise NumbersUsedUp(_("Nomor antrian %s untuk hari ini sudah habis.") % service)
    pk, number, received.number, _none = row
    # The row as the statement wrote it; reading it again would only lengthen the wait of the next in line.
    ticket = Ticket(
        pk=pk, office=visit.office, service=service, received=received, day=visit.day, prefix=service.prefix,
        number=number, priority=priority, issued_at=at, queued_at=at, submission=submission,
    )  # fmt: skip
    ticket._state.adding, ticket._state.db = False, visit._state.db
    start_if_first(ticket, at)
    return ticket
