"""Giving out a number: one per submission, no gaps, no duplicates."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from queueing.models import NumberSequence, Ticket
from queueing.models.rules import of_service
from queueing.workflows.clocks import start_if_first
from services import prepared
from services.audit.actors import Actor
from services.guestbook.models import Visit, VisitService
from services.guestbook.workflows import expect
from services.live.publish import QUEUE, VISITS, channel
from services.offices.models import Office, Service
from services.workflow import IllegalMove

# Everything that belongs to a new number in one statement, one way to the database: the sequence moves, the visit, the
# service received, the ticket, their traces and the audit line are written, the screens are told. The sequence's row
# is what everybody who asks for the same letter waits for, so nothing else is done while it is held. A statement
# that fails gives its number back, so there are no gaps; one that finds the numbers used up writes nothing at all.
# The rows are the same as `services.guestbook.workflows.arrive` writes; a test compares them.
ISSUE = """
WITH next AS (
    INSERT INTO queueing_numbersequence (office_id, day, prefix, last)
    VALUES (%(office)s, %(day)s, %(prefix)s, %(first)s)
    ON CONFLICT (office_id, day, prefix)
    DO UPDATE SET last = greatest(queueing_numbersequence.last + 1, %(first)s)
    WHERE queueing_numbersequence.last < %(highest)s
    RETURNING last, %(prefix)s || lpad(last::text, greatest(3, length(last::text)), '0') AS label
), visit AS (
    INSERT INTO guestbook_visit
        (office_id, token, day, arrived_at, party_size, language, use_of_data, card_type,
         guest_book_channel, held_items, end_reason)
    SELECT %(office)s, %(token)s, %(day)s, %(at)s, %(party_size)s, %(language)s, '', '', '', 0, '' FROM next
    RETURNING id
), received AS (
    INSERT INTO guestbook_visitservice
        (visit_id, office_id, service_id, standard_id, number, state, clock_start_event, clock_minutes,
         clock_started_at, clock_due_at, clock_over_break, clock_result, clock_reason)
    SELECT visit.id, %(office)s, %(service)s, %(standard)s, next.label, 'waiting', %(clock_event)s,
           %(clock_minutes)s, %(clock_started_at)s, %(clock_due_at)s, %(clock_over_break)s, %(clock_result)s, ''
    FROM visit, next
    RETURNING id
), received_step AS (
    INSERT INTO guestbook_visitservicestep (subject_id, state, at, by_user_id, by_device_id, actor, why)
    SELECT id, 'waiting', %(at)s, %(user)s, %(device)s, %(actor)s, '' FROM received
), ticket AS (
    INSERT INTO queueing_ticket
        (office_id, service_id, received_id, day, prefix, number, state, priority,
         issued_at, queued_at, calls, more_time, rejoined, manual, submission)
    SELECT %(office)s, %(service)s, received.id, %(day)s, %(prefix)s, next.last, 'waiting', %(priority)s,
           %(at)s, %(at)s, 0, 0, false, false, %(submission)s
    FROM received, next
    RETURNING id
), ticket_step AS (
    INSERT INTO queueing_ticketstep (subject_id, state, at, by_user_id, by_device_id, actor, why)
    SELECT id, 'waiting', %(at)s, %(user)s, %(device)s, %(actor)s, '' FROM ticket
), audit AS (
    INSERT INTO audit_auditentry (at, office_id, user_id, device_id, actor, action, target_type, target_id, detail)
    SELECT %(at)s, %(office)s, %(user)s, %(device)s, %(actor)s, 'visit.arrived', 'guestbook.visit', visit.id,
           jsonb_build_object('service', %(slug)s::text)
    FROM visit
)
SELECT visit.id, received.id, ticket.id, next.last, next.label,
       pg_notify(%(channel)s, %(queue)s), pg_notify(%(channel)s, %(visits)s)
FROM visit, received, ticket, next
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
    rules = of_service(service)
    visit = Visit(
        office=office, day=office.today(at), arrived_at=at, party_size=party_size, language=language[:2]
    )
    visit.main = expect(visit, service, at, "arrival", "ticket")
    ticket = Ticket(
        office=office, service=service, received=visit.main, day=visit.day, prefix=service.prefix,
        priority=priority, issued_at=at, queued_at=at, submission=submission,
    )  # fmt: skip
    try:
        with _transaction(visit.main):
            _write(ticket, first=rules.first, highest=rules.last if beyond_quota else rules.highest, by=by)
            start_if_first(ticket, at)
    except (IntegrityError, NumbersUsedUp) as problem:
        # A double tap or a retry: the first request's ticket is the answer to both.
        if existing := _issued(office, submission):
            return existing
        if isinstance(problem, NumbersUsedUp) or not _pass_over_used_numbers(ticket, rules.first):
            raise
        return issue(
            office=office, service=service, submission=submission, by=by, priority=priority,
            party_size=party_size, language=language, beyond_quota=beyond_quota, at=at,
        )  # fmt: skip
    return ticket


@transaction.atomic
def _pass_over_used_numbers(ticket: Ticket, first: int) -> bool:
    """Paper slips may have used numbers that the range came to include later: go on after them. False: none did."""
    key = {"office": ticket.office, "day": ticket.day, "prefix": ticket.prefix}
    sequence, _new = NumberSequence.objects.select_for_update().get_or_create(**key, defaults={"last": 0})
    used = set(Ticket.objects.filter(**key).values_list("number", flat=True))
    last = max(sequence.last, first - 1)
    start = last
    while last + 1 in used:
        last += 1
    sequence.last = last
    sequence.save(update_fields=["last"])
    return last != start


def _transaction(received: VisitService) -> AbstractContextManager:
    """One statement is a transaction by itself; who may be first in line needs two (`start_if_first`)."""
    alone = received.clock_start_event != "previous_finished" and not connection.in_atomic_block
    return nullcontext() if alone else transaction.atomic()


def _issued(office: Office, submission: str) -> Ticket | None:
    return (
        Ticket.objects.filter(office=office, submission=submission)
        .select_related("service", "received__visit")
        .first()
    )


def _write(ticket: Ticket, *, first: int, highest: int, by: Actor) -> None:
    """Store the new ticket with its visit, and put into the three rows what the database gave them."""
    received = ticket.received
    visit, service = received.visit, ticket.service
    row = prepared.fetchone(
        ISSUE,
        {
            "office": ticket.office_id, "service": service.pk, "slug": service.slug,
            "standard": received.standard_id, "day": ticket.day, "at": ticket.issued_at,
            "prefix": ticket.prefix, "first": first, "highest": highest,
            "token": visit.token, "party_size": visit.party_size, "language": visit.language,
            "clock_event": received.clock_start_event, "clock_minutes": received.clock_minutes,
            "clock_started_at": received.clock_started_at, "clock_due_at": received.clock_due_at,
            "clock_over_break": received.clock_over_break, "clock_result": received.clock_result,
            "priority": ticket.priority, "submission": ticket.submission,
            "user": by.user_id, "device": by.device_id, "actor": by.kind,
            "channel": channel(ticket.office.code), "queue": QUEUE, "visits": VISITS,
        },
    )  # fmt: skip
    if row is None:
        raise NumbersUsedUp(_("Nomor antrian %s untuk hari ini sudah habis.") % service)
    visit.pk, received.pk, ticket.pk, ticket.number, received.number = row[:5]
    received.visit, ticket.received = visit, received  # anew, now that they have keys
    for stored in (visit, received, ticket):
        stored._state.adding, stored._state.db = False, connection.alias
